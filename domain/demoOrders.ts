/**
 * Varied orders of the demo shop, from a seed: one to six lines, five currencies, discounts, taxes inside or on top,
 * cards that are declined, goods that are nearly sold out, parcels that get lost, orders that split between warehouses.
 * Pure: the same options give the same orders. Also the load of the benchmark.
 */
import type { DemoStory } from './demo.ts';
import { DEMO_ITEMS, DEMO_SCARCE_SKU, type DemoItem } from './demoCatalogue.ts';
import { CUSTOMERS, NOTES, type Customer } from './demoPeople.ts';
import { seededRandom, type Random } from './random.ts';

/** What an order is meant to meet on its way. */
export type DemoKind = 'happy' | 'split' | 'declined' | 'short' | 'lost';

/** An order as `POST /v1/orders` takes it, and what it is meant to meet. */
export interface DemoOrder {
  kind: DemoKind;
  body: DemoBody;
}

interface Money {
  amount: number;
  currency: string;
}

interface TaxLine {
  name: string;
  rate: number;
  amount: Money;
}

/** One line of the request body. */
export interface DemoLine {
  sku: string;
  quantity: number;
  unitListPrice: Money;
  unitPrice: Money;
  discounts?: { amount: Money; source: string; code?: string }[];
  taxLines: TaxLine[];
  total: Money;
}

/** The request body. */
export interface DemoBody {
  externalId: string;
  currency: string;
  pricesIncludeTax: boolean;
  recipient: { name: string; email: string; phone?: string; company?: string };
  shippingAddress: Customer['address'];
  lines: DemoLine[];
  shipping: { price: Money; service: string; taxLines: TaxLine[] };
  totals: { total: Money; subtotal: Money; discount: Money; shipping: Money; tax: Money };
  payment: { method: 'card'; token: string };
  customerNote?: string;
  attributes?: Record<string, string | number | boolean>;
  tags?: string[];
  metadata: Record<string, string>;
}

/** Options of a batch of orders. */
export interface DemoOptions {
  count: number;
  seed: number;
  /** Goes into every externalId; another tag makes other orders of the same content. */
  tag: string;
}

const DECLINED_TOKENS = ['pm_card_chargeDeclined', 'pm_card_chargeDeclinedExpiredCard'] as const;
const GOOD_TOKENS = ['pm_card_visa', 'pm_card_mastercard', 'pm_card_amex'] as const;
/**
 * How prices are made from cents: `perCent` minor units for one cent, in steps that the card networks settle (a
 * dinar's third digit must be 0). Shipping and tax follow the same step, so every sum does too.
 */
const CURRENCIES = [
  { code: 'USD', perCent: 1, step: 1, taxRate: 0.0825, taxName: 'Sales tax', includesTax: false },
  { code: 'EUR', perCent: 1, step: 1, taxRate: 0.19, taxName: 'VAT', includesTax: true },
  { code: 'GBP', perCent: 0.85, step: 1, taxRate: 0.2, taxName: 'VAT', includesTax: true },
  { code: 'JPY', perCent: 1.5, step: 1, taxRate: 0.1, taxName: 'Consumption tax', includesTax: false },
  { code: 'KWD', perCent: 3, step: 10, taxRate: 0.05, taxName: 'Tax', includesTax: false },
] as const;
type CurrencyRule = (typeof CURRENCIES)[number];
/** Out of 20 orders: one is declined, one is short of stock, one is lost, three split; the rest just arrive. */
const KINDS: readonly DemoKind[] = ['declined', 'short', 'lost', 'split', 'split', 'split'];
const KINDS_OF = 20;
const SHIPPING_CENTS = [0, 495, 795, 1295] as const;
const LINES_MAX = 6;

const COMMON = DEMO_ITEMS.filter((item) => Object.keys(item.stock).length > 1);
const EAST_ONLY = DEMO_ITEMS.filter((item) => Object.keys(item.stock).join() === 'wh-east');
const WEST_ONLY = DEMO_ITEMS.filter((item) => Object.keys(item.stock).join() === 'wh-west');
const SCARCE = DEMO_ITEMS.filter((item) => item.sku === DEMO_SCARCE_SKU);

/** Builds the orders of a batch. The same options give the same orders. */
export function buildDemoOrders(options: DemoOptions): DemoOrder[] {
  const random = seededRandom(options.seed);
  const offset = random.whole(0, KINDS_OF - 1);
  return Array.from({ length: options.count }, (_, index) => {
    const kind = KINDS[(index + offset) % KINDS_OF] ?? 'happy';
    return { kind, body: buildDemoOrder(kind, { externalId: `demo-${options.tag}-${index + 1}`, random }) };
  });
}

/** What an order of each story is meant to meet. */
export const STORY_KINDS: Readonly<Record<DemoStory, DemoKind>> = Object.freeze({
  all_well: 'happy',
  two_parcels: 'split',
  declined_card: 'declined',
  short_stock: 'short',
  lost_parcel: 'lost',
});

/** Units of the scarce item in a batch's orders that are to be short: what there is at first is enough for one of them. */
const SCARCE_UNITS = 3;

/** Builds one order that meets `kind`. `scarceUnits`: how many of the scarce item an order asks for that is to be short. */
export function buildDemoOrder(
  kind: DemoKind,
  given: { externalId: string; random: Random; scarceUnits?: number },
): DemoBody {
  const { externalId, random, scarceUnits = SCARCE_UNITS } = given;
  const rule = random.pick(CURRENCIES);
  const customer = random.pick(CUSTOMERS);
  const lines = chooseItems(kind, random).map((item) =>
    buildLine(item, rule, { random, units: item.sku === DEMO_SCARCE_SKU ? scarceUnits : undefined }),
  );
  const shipping = buildShipping(rule, random);
  const note = random.chance(0.25) ? random.pick(NOTES) : undefined;
  return {
    externalId,
    currency: rule.code,
    pricesIncludeTax: rule.includesTax,
    recipient: { name: customer.name, email: customer.email, phone: customer.phone },
    shippingAddress: addressFor(kind, customer),
    lines,
    shipping,
    totals: sumUp(lines, shipping, rule),
    payment: { method: 'card', token: random.pick(kind === 'declined' ? DECLINED_TOKENS : GOOD_TOKENS) },
    ...(note === undefined ? {} : { customerNote: note }),
    ...(random.chance(0.3) ? { attributes: { giftWrap: random.chance(0.5), bags: random.whole(1, 3) } } : {}),
    ...(random.chance(0.2) ? { tags: [random.pick(['vip', 'gift', 'first-order'] as const)] } : {}),
    metadata: { demo: kind },
  };
}

const HOUR_MILLIS = 3_600_000;
/** Hours until a demo order is promised, by its service. An hour only: a demo parcel that gets stuck is late soon. */
const PROMISE_HOURS: Readonly<Record<string, number>> = { express: 1, standard: 72 };

/** When the shop has promised the order, as ISO instant: by its service, counted from the moment it is placed. */
export function promiseOf(body: Pick<DemoBody, 'shipping'>, placedMillis: number): string {
  const hours = PROMISE_HOURS[body.shipping.service] ?? 72;
  return new Date(placedMillis + hours * HOUR_MILLIS).toISOString();
}

function chooseItems(kind: DemoKind, random: Random): DemoItem[] {
  const count = random.whole(1, LINES_MAX);
  if (kind === 'split')
    return [random.pick(EAST_ONLY), random.pick(WEST_ONLY), ...random.sample(COMMON, count - 2)];
  if (kind === 'short') return [...SCARCE, ...random.sample(COMMON, count - 1)];
  return random.sample(COMMON, count);
}

function addressFor(kind: DemoKind, customer: Customer): Customer['address'] {
  // The carrier simulator loses parcels to such an address.
  return kind === 'lost'
    ? { ...customer.address, line1: `LOST ${customer.address.line1}` }
    : customer.address;
}

function buildLine(
  item: DemoItem,
  rule: CurrencyRule,
  { random, units }: { random: Random; units: number | undefined },
): DemoLine {
  const money = moneyIn(rule);
  const quantity = units ?? random.whole(1, 4);
  const list = inStep(item.priceCents * rule.perCent, rule);
  const sale = random.chance(0.2) ? inStep(list * 0.8, rule) : list;
  const gross = sale * quantity;
  const discount = random.chance(0.25) ? inStep(gross * random.pick([0.05, 0.1, 0.15] as const), rule) : 0;
  const tax = taxOn(gross - discount, rule);
  return {
    sku: item.sku,
    quantity,
    unitListPrice: money(list),
    unitPrice: money(sale),
    ...(discount === 0
      ? {}
      : { discounts: [{ amount: money(discount), source: 'promotion', code: 'WELCOME' }] }),
    taxLines: [{ name: rule.taxName, rate: rule.taxRate, amount: money(tax) }],
    total: money(gross - discount + (rule.includesTax ? 0 : tax)),
  };
}

function buildShipping(rule: CurrencyRule, random: Random): DemoBody['shipping'] {
  const money = moneyIn(rule);
  const price = inStep(random.pick(SHIPPING_CENTS) * rule.perCent, rule);
  const tax = taxOn(price, rule);
  const taxLines = tax === 0 ? [] : [{ name: rule.taxName, rate: rule.taxRate, amount: money(tax) }];
  return { price: money(price), service: random.pick(['standard', 'express'] as const), taxLines };
}

function sumUp(
  lines: readonly DemoLine[],
  shipping: DemoBody['shipping'],
  rule: CurrencyRule,
): DemoBody['totals'] {
  const money = moneyIn(rule);
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
  const shippingTax = sum(shipping.taxLines.map((line) => line.amount.amount));
  const lineTax = sum(lines.flatMap((line) => line.taxLines.map((tax) => tax.amount.amount)));
  const lineTotals = sum(lines.map((line) => line.total.amount));
  return {
    total: money(lineTotals + shipping.price.amount + (rule.includesTax ? 0 : shippingTax)),
    subtotal: money(sum(lines.map((line) => line.unitPrice.amount * line.quantity))),
    discount: money(sum(lines.flatMap((line) => (line.discounts ?? []).map((cut) => cut.amount.amount)))),
    shipping: shipping.price,
    tax: money(lineTax + shippingTax),
  };
}

/** Tax contained in, or due on top of, an amount in minor units. */
function taxOn(amount: number, rule: CurrencyRule): number {
  return inStep(rule.includesTax ? amount - amount / (1 + rule.taxRate) : amount * rule.taxRate, rule);
}

function inStep(amount: number, rule: CurrencyRule): number {
  return Math.round(amount / rule.step) * rule.step;
}

function moneyIn(rule: CurrencyRule): (amount: number) => Money {
  return (amount) => ({ amount, currency: rule.code });
}
