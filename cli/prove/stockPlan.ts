/**
 * Stock for a file's orders: exactly what they need in all, so that nothing may be left over or short. The first
 * warehouse gets everything, except for a few goods that few orders want: those lie in the second, so that some orders
 * split into two parcels.
 */
import { stringify } from 'csv-stringify/sync';
import type { ExpectedFile, ExpectedOrder } from './retailSums.ts';

/** One level to seed. */
export interface PlannedLevel {
  sku: string;
  location: string;
  quantity: number;
  name: string;
  weightGrams: number;
}

/** Stock for every unit of a file, laid out so that some orders split. */
export interface StockPlan {
  levels: PlannedLevel[];
  /** Orders that no single warehouse can serve. */
  splitOrders: number;
  units: number;
}

const FIRST = 'wh-east';
const SECOND = 'wh-west';
/** The file knows no weights; a wholesale order has thousands of units, and it must fit into one parcel. */
const WEIGHT_GRAMS = 1;
/** One order of so many is to be split. */
const SPLIT_ONE_OF = 25;
/** A SKU that more orders want than this stays in the first warehouse. */
const WANTED_BY_MAX = 4;
/** Both parts of a split order must be worth a card payment of their own. */
const PART_MIN_MINOR = 200;

/** Plans the stock. */
export function planStock(expected: ExpectedFile): StockPlan {
  const need = new Map<string, number>();
  const wantedBy = new Map<string, ExpectedOrder[]>();
  for (const order of expected.orders) {
    for (const [sku, units] of order.units) {
      need.set(sku, (need.get(sku) ?? 0) + units);
      wantedBy.set(sku, [...(wantedBy.get(sku) ?? []), order]);
    }
  }
  const { elsewhere, splitOrders } = chooseElsewhere(wantedBy, expected.orders.length / SPLIT_ONE_OF);
  const levels = [...need].map(([sku, quantity]) => ({
    sku,
    location: elsewhere.has(sku) ? SECOND : FIRST,
    quantity,
    name: expected.names.get(sku) || sku,
    weightGrams: WEIGHT_GRAMS,
  }));
  const units = levels.reduce((sum, level) => sum + level.quantity, 0);
  return { levels, splitOrders, units };
}

/** SKUs for the second warehouse, until so many orders split as wanted; no order is touched by two of them. */
function chooseElsewhere(
  wantedBy: ReadonlyMap<string, readonly ExpectedOrder[]>,
  wanted: number,
): { elsewhere: Set<string>; splitOrders: number } {
  const elsewhere = new Set<string>();
  const split = new Set<ExpectedOrder>();
  for (const [sku, orders] of wantedBy) {
    if (split.size >= wanted) break;
    const fits =
      orders.length <= WANTED_BY_MAX && orders.every((order) => !split.has(order) && splits(order, sku));
    if (!fits) continue;
    elsewhere.add(sku);
    for (const order of orders) split.add(order);
  }
  return { elsewhere, splitOrders: split.size };
}

/** True when the order's goods with and without the SKU are both worth a payment. */
function splits(order: ExpectedOrder, sku: string): boolean {
  const total = [...order.worthMinor.values()].reduce((sum, minor) => sum + minor, 0);
  const part = order.worthMinor.get(sku) ?? 0;
  return part >= PART_MIN_MINOR && total - part >= PART_MIN_MINOR;
}

/** The plan as a file that `holdfast stock import` takes. */
export function stockCsv(plan: StockPlan): string {
  return stringify(plan.levels, {
    header: true,
    columns: ['sku', 'location', 'quantity', 'name', 'weightGrams'],
  });
}
