/**
 * Turns the rows of one group into an order as POST /v1/orders takes it, or into a refusal of the whole group with its
 * reason. Pure. The rules that keep every sum to the minor unit:
 *
 * - goods: one line a row, also when a code stands on two rows; price 0 beside paid rows is a free line and ships;
 * - rows that are no goods (shipping, discount, manual, not_merchandise) are netted by code: what is above 0 adds to the
 *   order's shipping and handling price, what is below 0 is a discount whose source is the code, prorated over the
 *   lines by largest remainder;
 * - a row's amount is price × quantity rounded once, half up; a unit price with more digits than the currency knows is
 *   rounded up and what that adds is taken off again as a discount with source "rounding".
 */
import { prorate } from '../../domain/money.ts';
import type { HistoryTimes } from '../../domain/newOrder.ts';
import type { Group } from './groups.ts';
import { buildHead } from './head.ts';
import { readItems, type Item } from './items.ts';
import type { Mapping } from './mapping.ts';
import type { DiscountBody, ImportOrder, LineBody, MoneyBody } from './order.ts';
import { fill } from './template.ts';

/** A group that does not become an order. */
export interface Refusal {
  externalId: string;
  reason: string;
  detail: string;
}

/** `history` holds the times of finished orders. */
export type Built = { order: ImportOrder; history: HistoryTimes } | { refusal: Refusal };

/** Builds one order. Refuses by answer, never by throwing. */
export function buildOrder(group: Group, mapping: Mapping): Built {
  const cells = group.rows[0]?.cells ?? {};
  const externalId = fill(mapping.externalId, cells) || group.key;
  const refuse = (reason: string, detail: string): Built => ({ refusal: { externalId, reason, detail } });
  const ruled = refusedByRule(group, mapping);
  if (ruled) return refuse(ruled.reason, ruled.detail);
  const currency = fill(mapping.currency, cells);
  const read = readItems(group, { mapping, currency });
  if ('problem' in read) return refuse('invalid_row', read.problem);
  const unfit = unfitReason(read.items);
  if (unfit) return refuse(unfit.reason, unfit.detail);
  const built = buildLines(read.items, currency);
  if ('problem' in built) return refuse('invalid_row', built.problem);
  const head = buildHead({ cells, mapping, externalId });
  if ('problem' in head) return refuse('invalid_row', head.problem);
  const service = mapping.shippingService === undefined ? '' : fill(mapping.shippingService, cells);
  const order = { ...head.head, ...withTotals(built, { currency, service }) };
  return { order, history: head.history };
}

interface Why {
  reason: string;
  detail: string;
}

function refusedByRule(group: Group, mapping: Mapping): Why | undefined {
  for (const rule of mapping.refuse) {
    for (const row of group.rows) {
      const value = fill(rule.value, row.cells);
      const hit = rule.startsWith === undefined ? value === rule.equals : value.startsWith(rule.startsWith);
      if (hit) return { reason: rule.reason, detail: `row ${row.row}: ${value}` };
    }
  }
  return undefined;
}

function unfitReason(items: readonly Item[]): Why | undefined {
  const goods = items.filter((item) => item.class === 'merchandise');
  if (goods.length === 0) {
    const codes = [...new Set(items.map((item) => item.sku))].join(', ');
    return { reason: 'no_merchandise', detail: `only ${codes}` };
  }
  if (items.every((item) => item.unitMinor * item.quantity <= 0))
    return { reason: 'stock_write_off', detail: 'every row is priced 0 or negative' };
  const wrong = goods.find((item) => item.quantity < 0 || item.amountMinor < 0);
  if (!wrong) return undefined;
  const detail = `row ${wrong.row}: ${wrong.quantity} × ${wrong.sku} at a negative amount beside paid rows`;
  return { reason: 'invalid_row', detail };
}

interface Lines {
  lines: LineBody[];
  chargeMinor: number;
}

function buildLines(items: readonly Item[], currency: string): Lines | { problem: string } {
  const goods = items.filter((item) => item.class === 'merchandise');
  const nets = netByCode(items.filter((item) => item.class !== 'merchandise'));
  const remaining = goods.map((item) => item.amountMinor);
  const discounts = goods.map((item) => ownDiscounts(item, currency));
  let chargeMinor = 0;
  for (const [source, net] of nets) {
    if (net >= 0) {
      chargeMinor += net;
      continue;
    }
    if (-net > remaining.reduce((sum, minor) => sum + minor, 0))
      return { problem: `the discount ${source} is larger than the goods` };
    for (const [index, part] of prorate(-net, remaining).entries()) {
      if (part > 0) discounts[index]?.push({ amount: { amount: part, currency }, source });
      remaining[index] = (remaining[index] ?? 0) - part;
    }
  }
  const lines = goods.map((item, index) => toLine(item, discounts[index] ?? [], currency));
  return { lines, chargeMinor };
}

function netByCode(others: readonly Item[]): Map<string, number> {
  const nets = new Map<string, number>();
  for (const item of others) nets.set(item.sku, (nets.get(item.sku) ?? 0) + item.amountMinor);
  return nets;
}

/** What makes unit price × quantity into the row's own amount. */
function ownDiscounts(item: Item, currency: string): DiscountBody[] {
  const rounding = item.unitMinor * item.quantity - item.grossMinor;
  const promotion = item.grossMinor - item.amountMinor;
  return [
    ...(rounding > 0 ? [{ amount: { amount: rounding, currency }, source: 'rounding' }] : []),
    ...(promotion > 0 ? [{ amount: { amount: promotion, currency }, source: 'promotion' }] : []),
  ];
}

function toLine(item: Item, discounts: DiscountBody[], currency: string): LineBody {
  const off = discounts.reduce((sum, discount) => sum + discount.amount.amount, 0);
  return {
    sku: item.sku,
    quantity: item.quantity,
    ...item.optional,
    unitPrice: { amount: item.unitMinor, currency },
    ...(discounts.length > 0 && { discounts }),
    total: { amount: item.unitMinor * item.quantity - off, currency },
  };
}

function withTotals(
  built: Lines,
  context: { currency: string; service: string },
): Pick<ImportOrder, 'currency' | 'lines' | 'shipping' | 'totals'> {
  const { currency, service } = context;
  const goods = built.lines.reduce((sum, line) => sum + line.total.amount, 0);
  const money = (amount: number): MoneyBody => ({ amount, currency });
  return {
    currency,
    lines: built.lines,
    shipping: { price: money(built.chargeMinor), ...(service !== '' && { service }) },
    totals: { total: money(goods + built.chargeMinor), shipping: money(built.chargeMinor) },
  };
}
