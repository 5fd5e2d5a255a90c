/**
 * Whether an order adds up, to the minor unit. Taxes and discounts are the sender's; Holdfast never computes a tax, it
 * only refuses sums that contradict each other, and says for each line which sum it expected.
 */
import { givenTenders, type GivenTender } from './givenTenders.ts';
import { AMOUNT_MAX_MINOR, cardStepMinor, formatMoney, type Money } from './money.ts';
import { isHeld } from './method.ts';
import type { NewLine, NewOrder, NewTaxLine, NewTender } from './newOrder.ts';

/** One contradiction: a JSON pointer into the order and a sentence. */
export interface TotalsMismatch {
  pointer: string;
  detail: string;
}

/** The sums of an order in minor units, derived from its lines and shipping. */
export interface OrderSums {
  subtotalMinor: number;
  discountMinor: number;
  shippingMinor: number;
  taxMinor: number;
  totalMinor: number;
  lineTotalsMinor: number[];
}

/** The part of an order that is about money. */
export type PricedOrder = Pick<
  NewOrder,
  'currency' | 'pricesIncludeTax' | 'lines' | 'shipping' | 'totals' | 'payment' | 'payments'
>;

/** The sum of tax lines in minor units. */
export function taxMinor(taxLines: readonly NewTaxLine[] | undefined): number {
  return (taxLines ?? []).reduce((sum, tax) => sum + tax.amount.amount, 0);
}

/** The sum of a line's discounts in minor units. */
export function lineDiscountMinor(line: Pick<NewLine, 'discounts'>): number {
  return (line.discounts ?? []).reduce((sum, discount) => sum + discount.amount.amount, 0);
}

/** What the customer pays for a line: units at their price, less discounts, plus tax unless the price contains it. */
export function lineTotalMinor(line: NewLine, pricesIncludeTax: boolean): number {
  const net = line.unitPrice.amount * line.quantity - lineDiscountMinor(line);
  return pricesIncludeTax ? net : net + taxMinor(line.taxLines);
}

/** All sums of the order. Exact only when `totalsMismatches` finds nothing (beyond 2^53 nothing is exact). */
export function sumOrder(order: PricedOrder): OrderSums {
  const included = order.pricesIncludeTax ?? false;
  const lineTotalsMinor = order.lines.map((line) => lineTotalMinor(line, included));
  const shippingMinor = order.shipping?.price.amount ?? 0;
  const shippingTax = taxMinor(order.shipping?.taxLines);
  return {
    subtotalMinor: order.lines.reduce((sum, line) => sum + line.unitPrice.amount * line.quantity, 0),
    discountMinor: order.lines.reduce((sum, line) => sum + lineDiscountMinor(line), 0),
    shippingMinor,
    taxMinor: order.lines.reduce((sum, line) => sum + taxMinor(line.taxLines), shippingTax),
    totalMinor:
      lineTotalsMinor.reduce((sum, total) => sum + total, shippingMinor) + (included ? 0 : shippingTax),
    lineTotalsMinor,
  };
}

/** Everything that does not add up, each with its own pointer; empty when the order is sound. */
export function totalsMismatches(order: PricedOrder): TotalsMismatch[] {
  const foreign = foreignCurrencies(order);
  if (foreign.length > 0) return foreign;
  const sums = sumOrder(order);
  const lines = order.lines.flatMap((line, index) => lineMismatch(order, line, index));
  return [...lines, ...totalMismatches(order, sums), ...cardMismatch(order)];
}

function lineMismatch(order: PricedOrder, line: NewLine, index: number): TotalsMismatch[] {
  const pointer = `/lines/${index}/total`;
  if (line.unitPrice.amount * line.quantity > AMOUNT_MAX_MINOR)
    return [{ pointer, detail: 'unit price × quantity is larger than any amount an order may have' }];
  const expected = lineTotalMinor(line, order.pricesIncludeTax ?? false);
  if (expected < 0) return [{ pointer, detail: 'the discounts are larger than the line' }];
  if (expected === line.total.amount) return [];
  return [{ pointer, detail: said(order.currency, expected, line.total.amount) }];
}

function totalMismatches(order: PricedOrder, sums: OrderSums): TotalsMismatch[] {
  const { totals } = order;
  const rows: readonly [string, Money | undefined, number][] = [
    ['subtotal', totals.subtotal, sums.subtotalMinor],
    ['discount', totals.discount, sums.discountMinor],
    ['shipping', totals.shipping, sums.shippingMinor],
    ['tax', totals.tax, sums.taxMinor],
    ['total', totals.total, sums.totalMinor],
  ];
  return rows.flatMap(([name, given, expected]) =>
    given === undefined || given.amount === expected
      ? []
      : [{ pointer: `/totals/${name}`, detail: said(order.currency, expected, given.amount) }],
  );
}

/**
 * Cards settle in steps. Shares of warehouses are cut in whole steps, and a card pays from where its tender begins to where it ends:
 * when both ends are whole steps, so is every leg of the card. The rule is therefore kept for tenders; ways to pay that don't add
 * up are another refusal (paymentsMismatches).
 */
function cardMismatch(order: PricedOrder): TotalsMismatch[] {
  const step = cardStepMinor(order.currency);
  if (step === 1) return [];
  const given = givenTenders(order) ?? [];
  const detail = `cards settle ${order.currency} in steps of ${formatMoney(step, order.currency)}`;
  return given.flatMap((tender, index) => {
    const from = given.slice(0, index).reduce((sum, one) => sum + one.amountMinor, 0);
    const fits = tender.method !== 'card' || (from % step === 0 && tender.amountMinor % step === 0);
    return fits ? [] : [{ pointer: placeOf(order, tender), detail }];
  });
}

/** Where the amount of a way to pay stands: what takes the rest has none of its own. */
function placeOf(order: PricedOrder, { seq }: GivenTender): string {
  return order.payments?.[seq - 1]?.amount ? `/payments/${seq - 1}/amount` : '/totals/total';
}

/** Why the ways to pay don't make up the total; empty when they do. Asked of orders whose own sums are sound. */
export function paymentsMismatches(order: PricedOrder): TotalsMismatch[] {
  if (givenTenders(order)) return [];
  const given = order.payments ?? [];
  const more = (isMeant: (one: NewTender) => boolean, field: string, detail: string) =>
    given
      .flatMap((one, index) => (isMeant(one) ? [{ pointer: `/payments/${index}${field}`, detail }] : []))
      .slice(1);
  const shape = [
    ...more((one) => one.amount === undefined, '', 'only one may go without an amount'),
    ...more((one) => !isHeld(one.method), '/method', 'only one may be awaited before or after the goods go'),
  ];
  return shape.length > 0 ? shape : [{ pointer: '/payments', detail: amountsSaid(order, given) }];
}

function amountsSaid({ currency, totals }: PricedOrder, given: readonly NewTender[]): string {
  const fixed = given.reduce((sum, one) => sum + (one.amount?.amount ?? 0), 0);
  const sum = Number.isSafeInteger(fixed) ? formatMoney(fixed, currency) : 'an amount beyond any limit';
  const hasRest = given.some((one) => one.amount === undefined);
  const rest = hasRest ? ', which leaves nothing for the one without an amount' : '';
  return `add up to ${sum}, but the total is ${formatMoney(totals.total.amount, currency)}${rest}`;
}

function said(currency: string, expectedMinor: number, givenMinor: number): string {
  const expected = Number.isSafeInteger(expectedMinor)
    ? formatMoney(expectedMinor, currency)
    : 'an amount beyond any limit';
  return `adds up to ${expected}, but ${formatMoney(givenMinor, currency)} was given`;
}

/** Every amount must be in the order's currency. */
function foreignCurrencies(order: PricedOrder): TotalsMismatch[] {
  const found: TotalsMismatch[] = [];
  const look = (money: Money | undefined, pointer: string) => {
    if (money !== undefined && money.currency !== order.currency)
      found.push({ pointer: `${pointer}/currency`, detail: `the order is in ${order.currency}` });
  };
  const lookAtTaxes = (taxLines: readonly NewTaxLine[] | undefined, pointer: string) =>
    (taxLines ?? []).forEach((tax, index) => look(tax.amount, `${pointer}/${index}/amount`));
  order.lines.forEach((line, index) => {
    const at = `/lines/${index}`;
    look(line.unitListPrice, `${at}/unitListPrice`);
    look(line.unitPrice, `${at}/unitPrice`);
    look(line.total, `${at}/total`);
    (line.discounts ?? []).forEach((discount, number) =>
      look(discount.amount, `${at}/discounts/${number}/amount`),
    );
    lookAtTaxes(line.taxLines, `${at}/taxLines`);
  });
  look(order.shipping?.price, '/shipping/price');
  lookAtTaxes(order.shipping?.taxLines, '/shipping/taxLines');
  for (const name of ['total', 'subtotal', 'discount', 'shipping', 'tax'] as const)
    look(order.totals[name], `/totals/${name}`);
  (order.payments ?? []).forEach((one, index) => look(one.amount, `/payments/${index}/amount`));
  return found;
}

/** The unit price without and with tax, rounded to the minor unit from the rates given; equal when there is no tax. */
export function unitPricesMinor(
  line: Pick<NewLine, 'unitPrice' | 'taxLines'>,
  pricesIncludeTax: boolean,
): { netMinor: number; grossMinor: number } {
  const rate = (line.taxLines ?? []).reduce((sum, tax) => sum + tax.rate, 0);
  const unit = line.unitPrice.amount;
  return pricesIncludeTax
    ? { netMinor: Math.round(unit / (1 + rate)), grossMinor: unit }
    : { netMinor: unit, grossMinor: Math.round(unit * (1 + rate)) };
}
