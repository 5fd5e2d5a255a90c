/** An order as columns of the accepting statement: the frozen snapshot of its lines, and its contacts apart. */
import { isPaidAtOnce, paymentOf, tendersIn, tendersToStore } from '../../domain/givenTenders.ts';
import type { Address, NewLine, NewOrder, Party } from '../../domain/newOrder.ts';
import { canonicalSku } from '../../domain/order.ts';
import { lineDiscountMinor, taxMinor, unitPricesMinor, type OrderSums } from '../../domain/totals.ts';
import { newId } from '../ids.ts';

/** The order's own columns and its lines as JSON. `accounts` are the credit accounts of its ways to pay, by seq. */
export function columns(order: NewOrder, sums: OrderSums, accounts: ReadonlyMap<number, string>) {
  const included = order.pricesIncludeTax ?? false;
  return {
    externalId: order.externalId,
    currency: order.currency,
    subtotalMinor: sums.subtotalMinor,
    discountMinor: sums.discountMinor,
    shippingMinor: sums.shippingMinor,
    taxMinor: sums.taxMinor,
    totalMinor: sums.totalMinor,
    totals: JSON.stringify({ pricesIncludeTax: included, totals: order.totals, shipping: order.shipping }),
    lineCount: order.lines.length,
    unitCount: order.lines.reduce((sum, line) => sum + line.quantity, 0),
    shipCountry: order.shippingAddress.country,
    ...paymentColumns(order, accounts),
    customerNote: order.customerNote ?? null,
    attributes: jsonOf(order.attributes),
    metadata: jsonOf(order.metadata),
    tags: order.tags ?? [],
    flags: order.flags ?? [],
    carrierWishes: jsonOf(order.carrier),
    lines: JSON.stringify(order.lines.map((line, index) => lineColumns(line, index, included))),
  };
}

/**
 * How the order is paid. Method, token and number are those of the awaited way to pay, else of the first; `tenders` only says more
 * when there are several. What a customer typed to name a gift card is not among them.
 */
function paymentColumns(order: NewOrder, accounts: ReadonlyMap<number, string>) {
  const payment = paymentOf(order);
  const tenders = tendersToStore(order, accounts);
  const own = tenders[tendersIn(order).indexOf(payment)];
  const { number, time } = { number: undefined, time: undefined, ...payment };
  return {
    paymentMethod: payment.method,
    paymentToken: own?.token ?? null,
    paymentNumber: number ?? null,
    paymentPaid: isPaidAtOnce(payment, own?.amountMinor ?? 0),
    paymentTime: time === undefined ? null : new Date(time),
    tenders: tenders.length > 1 ? JSON.stringify(tenders) : null,
    termsDays: payment.method === 'invoice' ? (payment.termsDays ?? null) : null,
  };
}

function jsonOf(map: object | undefined): string {
  return map === undefined ? '{}' : JSON.stringify(map);
}

/** One line as its columns; `included` says whether prices contain their tax. */
export function lineColumns(line: NewLine, index: number, included: boolean) {
  const { netMinor, grossMinor } = unitPricesMinor(line, included);
  return {
    line_no: index + 1,
    sku: canonicalSku(line.sku),
    name: line.name,
    variant: line.variant,
    gtin: line.gtin,
    attributes: line.attributes,
    list: line.unitListPrice?.amount,
    net: netMinor,
    gross: grossMinor,
    discount: lineDiscountMinor(line),
    discounts: line.discounts ?? [],
    tax: taxMinor(line.taxLines),
    taxes: line.taxLines ?? [],
    total: line.total.amount,
    weight: line.weightGrams,
    ships: line.requiresShipping,
    quantity: line.quantity,
  };
}

/**
 * What reports count of the order, side by side: the whole order under no SKU, and each SKU once with the units and
 * totals of all its lines.
 */
export function countedColumns(order: NewOrder, totalMinor: number) {
  const units = new Map([['', 0]]);
  const amounts = new Map([['', totalMinor]]);
  for (const line of order.lines) {
    const sku = canonicalSku(line.sku);
    units.set('', (units.get('') ?? 0) + line.quantity);
    units.set(sku, (units.get(sku) ?? 0) + line.quantity);
    amounts.set(sku, (amounts.get(sku) ?? 0) + line.total.amount);
  }
  const countedSkus = [...units.keys()];
  return {
    countedSkus,
    countedUnits: [...units.values()],
    countedMinor: countedSkus.map((sku) => amounts.get(sku) ?? 0),
  };
}

/** Contacts as JSON and their ids; the only part with names and addresses. */
export function contactColumns(order: NewOrder) {
  const recipient = contact('recipient', order.recipient, order.shippingAddress);
  const sender = order.sender && contact('sender', order.sender);
  const billing = order.billing && contact('billing', order.billing, order.billing.address);
  return {
    recipientContact: recipient.id,
    senderContact: sender?.id ?? null,
    billingContact: billing?.id ?? null,
    contacts: JSON.stringify([recipient, sender, billing].filter((one) => one !== undefined)),
  };
}

function contact(role: string, party: Party, address?: Address) {
  const { name, company, email, phone } = party;
  return { id: newId('con'), role, name, company, email, phone, ...(address && addressColumns(address)) };
}

function addressColumns({ postalCode, ...rest }: Address) {
  const { line1, line2, city, region, country } = rest;
  return { line1, line2, city, region, country, postal_code: postalCode };
}
