/**
 * Shopify's order, as its webhooks carry it, in our words. Pure: verifying, storing and refusing are done by the door.
 * Decimal text becomes minor units exactly. Amounts are taken in the shop's currency; Shopify converts each amount of an
 * order in another (presentment) currency on its own, so where the converted ones no longer add up, the customer's own
 * are taken. What Shopify says that has no place of its own is kept in metadata.
 */
import { z } from 'zod';
import { isCurrency, parseDecimal, type Money } from '../../domain/money.ts';
import type { NewLine, NewOrder, NewTaxLine } from '../../domain/newOrder.ts';
import { sumOrder } from '../../domain/totals.ts';
import { attributesOf, labelsOf, metadataOf } from './shopifyExtras.ts';
import { billingOf, deliveryOf, ShopAddress, ShopCustomer } from './shopifyPeople.ts';

/** Why a body can't be an order: a JSON pointer into Shopify's body and a sentence without personal data. */
export interface ShopifyMistake {
  pointer: string;
  detail: string;
}

/** The order, or every reason why it can't be one. */
export type ShopifyTranslation =
  | { ok: true; externalId: string; order: NewOrder }
  | { ok: false; externalId: string | null; errors: ShopifyMistake[] };

const text = z.string().nullish();
const MoneyText = z.looseObject({ amount: z.string(), currency_code: z.string() });
const MoneySet = z.looseObject({ shop_money: MoneyText, presentment_money: MoneyText }).nullish();

const TaxLine = z.looseObject({
  title: text,
  rate: z.number().min(0).max(10).nullish(),
  price: z.string(),
  price_set: MoneySet,
});
const Allocation = z.looseObject({
  amount: z.string(),
  amount_set: MoneySet,
  discount_application_index: z.int().min(0).nullish(),
});
const LineItem = z.looseObject({
  sku: text,
  title: text,
  variant_title: text,
  quantity: z.int().min(0),
  price: z.string(),
  price_set: MoneySet,
  total_discount: text,
  total_discount_set: MoneySet,
  discount_allocations: z.array(Allocation).nullish(),
  tax_lines: z.array(TaxLine).nullish(),
  grams: z.int().min(0).nullish(),
  requires_shipping: z.boolean().nullish(),
  properties: z.array(z.looseObject({ name: z.unknown(), value: z.unknown() })).nullish(),
});
const ShippingLine = z.looseObject({
  title: text,
  price: z.string(),
  price_set: MoneySet,
  is_removed: z.boolean().nullish(),
  discount_allocations: z.array(Allocation).nullish(),
  tax_lines: z.array(TaxLine).nullish(),
});
const ShopOrder = z.looseObject({
  id: z.union([z.int().min(1).transform(String), z.string().regex(/^\d{1,20}$/)]),
  name: text,
  currency: z.string(),
  presentment_currency: text,
  financial_status: text,
  cancelled_at: text,
  created_at: z.string(),
  processed_at: text,
  taxes_included: z.boolean().nullish(),
  total_price: z.string(),
  total_price_set: MoneySet,
  line_items: z.array(LineItem).min(1),
  shipping_lines: z.array(ShippingLine).nullish(),
  discount_applications: z.array(z.looseObject({ type: text, code: text, title: text })).nullish(),
  email: text,
  contact_email: text,
  phone: text,
  customer: ShopCustomer.nullish(),
  shipping_address: ShopAddress.nullish(),
  billing_address: ShopAddress.nullish(),
  note: text,
  note_attributes: z.array(z.looseObject({ name: z.unknown(), value: z.unknown() })).nullish(),
  tags: text,
  source_name: text,
  po_number: text,
});

/** A Shopify order whose form was checked. */
export type ShopifyOrder = z.output<typeof ShopOrder>;
type Line = ShopifyOrder['line_items'][number];

/** Translates the bare order object of an order webhook; never throws. */
export function translateShopifyOrder(body: unknown): ShopifyTranslation {
  const parsed = ShopOrder.safeParse(body);
  if (!parsed.success)
    return {
      ok: false,
      externalId: null,
      errors: parsed.error.issues.map((issue) => ({
        pointer: issue.path.map((part) => `/${String(part)}`).join(''),
        detail: issue.message,
      })),
    };
  const shop = parsed.data;
  const errors = mistakesOf(shop);
  if (errors.length > 0) return { ok: false, externalId: shop.id, errors };
  const inShop = build(shop, shopMoney(shop));
  if (inShop.errors.length === 0 && addsUp(inShop.order))
    return { ok: true, externalId: shop.id, order: inShop.order };
  const presentment = presentmentMoney(shop);
  const inPresentment = presentment && build(shop, presentment);
  if (inPresentment && inPresentment.errors.length === 0 && addsUp(inPresentment.order))
    return { ok: true, externalId: shop.id, order: inPresentment.order };
  return inShop.errors.length === 0
    ? { ok: true, externalId: shop.id, order: inShop.order }
    : { ok: false, externalId: shop.id, errors: inShop.errors };
}

function addsUp(order: NewOrder): boolean {
  return sumOrder(order).totalMinor === order.totals.total.amount;
}

function mistakesOf(shop: ShopifyOrder): ShopifyMistake[] {
  const errors: ShopifyMistake[] = [];
  if (!isCurrency(shop.currency)) errors.push({ pointer: '/currency', detail: 'is no currency' });
  if (shop.cancelled_at)
    errors.push({ pointer: '/cancelled_at', detail: 'the order was cancelled at the shop' });
  if (!deliveryOf(shop)) errors.push({ pointer: '/shipping_address', detail: 'there is no usable address' });
  shop.line_items.forEach((line, index) => {
    if (line.quantity > 0 && !line.sku?.trim())
      errors.push({ pointer: `/line_items/${index}/sku`, detail: 'the line has no SKU' });
  });
  return errors;
}

/** Picks an amount out of the two that Shopify gives, in minor units. */
interface MoneyReader {
  currency: string;
  read(plain: string | null | undefined, set: z.output<typeof MoneySet>): number | undefined;
}

function shopMoney(shop: ShopifyOrder): MoneyReader {
  const { currency } = shop;
  return { currency, read: (plain) => parseDecimal(plain ?? '0', currency) };
}

function presentmentMoney(shop: ShopifyOrder): MoneyReader | undefined {
  const currency = shop.presentment_currency;
  if (!currency || currency === shop.currency || !isCurrency(currency)) return undefined;
  return {
    currency,
    read(plain, set) {
      if (set?.presentment_money.currency_code === currency)
        return parseDecimal(set.presentment_money.amount, currency);
      return parseDecimal(plain ?? '0', currency) === 0 ? 0 : undefined;
    },
  };
}

/** Collects amounts and notes each that is none; a missing amount counts as 0 in an order that is refused anyway. */
class Amounts {
  readonly errors: ShopifyMistake[] = [];
  readonly #reader: MoneyReader;
  constructor(reader: MoneyReader) {
    this.#reader = reader;
  }
  money(pointer: string, plain: string | null | undefined, set: z.output<typeof MoneySet>): Money {
    const amount = this.#reader.read(plain, set);
    if (amount === undefined || amount < 0)
      this.errors.push({ pointer, detail: `is no amount in ${this.#reader.currency}` });
    return { amount: amount ?? 0, currency: this.#reader.currency };
  }
}

function build(shop: ShopifyOrder, reader: MoneyReader): { order: NewOrder; errors: ShopifyMistake[] } {
  const amounts = new Amounts(reader);
  const included = shop.taxes_included ?? false;
  const delivery = deliveryOf(shop);
  if (!delivery) throw new RangeError('an order without an address was refused before');
  const lines = shop.line_items.flatMap((line, index) =>
    line.quantity === 0 ? [] : [lineOf(shop, { line, index, included, amounts })],
  );
  const placedAt = shop.processed_at ?? shop.created_at;
  const shipping = shippingOf(shop, amounts, reader.currency);
  const order: NewOrder = {
    externalId: shop.id,
    currency: reader.currency,
    placedAt,
    pricesIncludeTax: included,
    ...delivery,
    ...billingOf(shop),
    lines,
    ...(shipping && { shipping }),
    totals: { total: amounts.money('/total_price', shop.total_price, shop.total_price_set) },
    payment: {
      method: 'prepaid',
      number: shop.name?.trim() || shop.id,
      time: placedAt,
      paid: shop.financial_status === 'paid',
    },
    ...(shop.note?.trim() && { customerNote: shop.note.slice(0, 2000) }),
    metadata: metadataOf(shop),
    tags: labelsOf(shop.tags),
    ...(shipping?.service && { carrier: { service: shipping.service } }),
  };
  return { order, errors: amounts.errors };
}

interface LineContext {
  line: Line;
  index: number;
  included: boolean;
  amounts: Amounts;
}

function lineOf(shop: ShopifyOrder, { line, index, included, amounts }: LineContext): NewLine {
  const at = `/line_items/${index}`;
  const unitPrice = amounts.money(`${at}/price`, line.price, line.price_set);
  const discounts = discountsOf(shop, line, { at, amounts });
  const taxLines = taxesOf(line.tax_lines, `${at}/tax_lines`, amounts);
  const off = discounts.reduce((sum, discount) => sum + discount.amount.amount, 0);
  const tax = included ? 0 : taxLines.reduce((sum, one) => sum + one.amount.amount, 0);
  const attributes = attributesOf(line.properties);
  return {
    sku: line.sku ?? '',
    quantity: line.quantity,
    ...(line.title?.trim() && { name: line.title }),
    ...(line.variant_title?.trim() && { variant: line.variant_title }),
    unitPrice,
    discounts,
    taxLines,
    total: { amount: unitPrice.amount * line.quantity - off + tax, currency: unitPrice.currency },
    ...(line.grams && { weightGrams: line.grams }),
    ...(typeof line.requires_shipping === 'boolean' && { requiresShipping: line.requires_shipping }),
    ...(attributes && { attributes }),
  };
}

/** The allocations say what was taken off this line; only where there are none does `total_discount` count. */
function discountsOf(
  shop: ShopifyOrder,
  line: Line,
  { at, amounts }: { at: string; amounts: Amounts },
): NonNullable<NewLine['discounts']> {
  const allocations = line.discount_allocations ?? [];
  const found = allocations.map((one, number) => {
    const from = shop.discount_applications?.[one.discount_application_index ?? -1];
    const code = from?.code?.trim();
    return {
      amount: amounts.money(`${at}/discount_allocations/${number}`, one.amount, one.amount_set),
      source: from?.type?.trim() || 'shop',
      ...(code && { code }),
    };
  });
  if (found.length === 0)
    found.push({
      amount: amounts.money(`${at}/total_discount`, line.total_discount, line.total_discount_set),
      source: 'shop',
    });
  return found.filter((discount) => discount.amount.amount > 0);
}

function taxesOf(
  taxLines: z.output<typeof TaxLine>[] | null | undefined,
  at: string,
  amounts: Amounts,
): NewTaxLine[] {
  return (taxLines ?? []).map((tax, number) => ({
    name: tax.title?.trim() || 'tax',
    rate: tax.rate ?? 0,
    amount: amounts.money(`${at}/${number}/price`, tax.price, tax.price_set),
  }));
}

function shippingOf(shop: ShopifyOrder, amounts: Amounts, currency: string): NewOrder['shipping'] {
  const kept = (shop.shipping_lines ?? []).filter((line) => !line.is_removed);
  if (kept.length === 0) return undefined;
  let priceMinor = 0;
  const taxLines: NewTaxLine[] = [];
  kept.forEach((line, index) => {
    const at = `/shipping_lines/${index}`;
    priceMinor += amounts.money(`${at}/price`, line.price, line.price_set).amount;
    (line.discount_allocations ?? []).forEach((one, number) => {
      priceMinor -= amounts.money(`${at}/discount_allocations/${number}`, one.amount, one.amount_set).amount;
    });
    taxLines.push(...taxesOf(line.tax_lines, `${at}/tax_lines`, amounts));
  });
  const service = kept[0]?.title?.trim();
  return {
    price: { amount: priceMinor, currency },
    taxLines,
    ...(service && { service: service.slice(0, 100) }),
  };
}
