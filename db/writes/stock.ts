/**
 * Stock of an order: allocated all or nothing, given back on undo, sold when the parcel leaves. Rows are locked in one
 * fixed order (SKU, then location), so two orders never deadlock; every movement has a unique key, so a repeat is no
 * movement; CHECK constraints are the second wall against selling twice.
 */
import { sourceLines, type Allocation, type Need, type Supply } from '../../domain/inventory.ts';
import { fulfillmentId } from '../../domain/fulfillment.ts';
import { cardStepMinor, prorate } from '../../domain/money.ts';
import type { OrderWork } from './order.ts';

/** What allocation came to. */
export type AllocationResult =
  | { ok: true; shares: { id: string; location: string; units: number; amountMinor: number }[] }
  | { ok: false; missing: { sku: string; wanted: number; available: number }[] };

interface LineRow extends Need {
  totalMinor: number;
  weightGrams: number;
}

/** Allocates every line of the order or nothing. Makes one share a warehouse, each with its part of the total. */
export async function allocateStock(work: OrderWork): Promise<AllocationResult> {
  const lines = await work.tx.query<LineRow>(
    `select line_no as "lineNo", sku, quantity, total_minor as "totalMinor", weight_grams as "weightGrams"
     from order_lines where order_id = $1 order by line_no`,
    [work.order.id],
  );
  const supplies = await work.tx.query<Supply>(
    `select s.sku, s.location, s.on_hand - s.allocated as available, l.priority
     from stock s join locations l on l.id = s.location
     where s.sku = any ($1) and l.active order by s.sku, s.location for update of s`,
    [[...new Set(lines.rows.map((line) => line.sku))]],
  );
  const sourcing = sourceLines(lines.rows, supplies.rows);
  if (!sourcing.ok) return sourcing;
  const shares = shareOut(work, lines.rows, sourcing.allocations);
  await storeShares(work, shares);
  await moveStock(work, { kind: 'allocation', onHand: 0, allocated: 1 });
  return {
    ok: true,
    shares: shares.map(({ id, location, units, amountMinor }) => ({ id, location, units, amountMinor })),
  };
}

interface Share {
  id: string;
  seq: number;
  location: string;
  units: number;
  amountMinor: number;
  weightGrams: number;
  lines: Allocation[];
}

/** What the weight column holds; no parcel weighs 2,000 t. */
const WEIGHT_MAX_GRAMS = 2_000_000_000;

/** One share a warehouse; the order's total is prorated over them by the worth of their lines, to the minor unit. */
function shareOut(work: OrderWork, lines: LineRow[], allocations: Allocation[]): Share[] {
  const byNo = new Map(lines.map((line) => [line.lineNo, line]));
  const locations = [...new Set(allocations.map((part) => part.location))];
  const parts = locations.map((location) => allocations.filter((part) => part.location === location));
  const worth = (part: Allocation) => {
    const line = byNo.get(part.lineNo);
    return line ? Math.floor((line.totalMinor * part.quantity) / line.quantity) : 0;
  };
  const weight = (part: Allocation) => (byNo.get(part.lineNo)?.weightGrams ?? 0) * part.quantity;
  const sum = (part: Allocation[], of: (one: Allocation) => number) =>
    part.reduce((total, one) => total + of(one), 0);
  const amounts = prorate(
    work.order.totalMinor,
    parts.map((part) => sum(part, worth)),
    cardStepMinor(work.order.currency),
  );
  return parts.map((part, index) => ({
    id: fulfillmentId(work.order.id, index + 1),
    seq: index + 1,
    location: locations[index] ?? '',
    units: sum(part, (one) => one.quantity),
    amountMinor: amounts[index] ?? 0,
    weightGrams: Math.min(sum(part, weight), WEIGHT_MAX_GRAMS),
    lines: part,
  }));
}

async function storeShares(work: OrderWork, shares: Share[]): Promise<void> {
  const lines = shares.flatMap((share) => share.lines.map((line) => ({ share: share.id, ...line })));
  await work.tx.query(
    `with shares as (
       insert into fulfillment_orders (id, order_id, seq, location, amount_minor, weight_grams)
       select s.id, $1, s.seq, s.location, s."amountMinor", s."weightGrams"
       from jsonb_to_recordset($2::jsonb) s (id text, seq int, location text, "amountMinor" bigint, "weightGrams" int) returning id)
     update order_lines set allocated = quantity where order_id = $1`,
    [work.order.id, JSON.stringify(shares)],
  );
  await work.tx.query(
    `insert into fulfillment_lines (fulfillment_id, line_no, sku, quantity)
     select l.share, l."lineNo", l.sku, sum(l.quantity)
     from jsonb_to_recordset($1::jsonb) l (share text, "lineNo" int, sku text, quantity int) group by 1, 2, 3`,
    [JSON.stringify(lines)],
  );
}

interface Move {
  kind: 'allocation' | 'release' | 'sale';
  /** +1, 0 or −1: what one unit does to on hand and to allocated. */
  onHand: -1 | 0;
  allocated: -1 | 1;
  /** Only this share; all of the order's without. */
  shareId?: string;
}

/** Moves the units of the order's shares once: a movement whose key exists already moves nothing. */
async function moveStock(work: OrderWork, move: Move): Promise<void> {
  await work.tx.query(
    `with units as (
       select l.fulfillment_id || '/' || l.line_no || '/' || $2 as key, l.sku, f.location, l.quantity
       from fulfillment_lines l join fulfillment_orders f on f.id = l.fulfillment_id
       where f.order_id = $1 and ($5::text is null or f.id = $5) order by l.sku, f.location
     ), moved as (
       insert into stock_movements (key, sku, location, kind, on_hand_delta, allocated_delta, order_id, actor)
       select key, sku, location, $2, quantity * $3::int, quantity * $4::int, $1, 'system' from units
       on conflict (key) do nothing returning sku, location, on_hand_delta, allocated_delta
     ), sums as (
       select sku, location, sum(on_hand_delta)::int as on_hand, sum(allocated_delta)::int as allocated from moved group by 1, 2
     )
     update stock s set on_hand = s.on_hand + sums.on_hand, allocated = s.allocated + sums.allocated
     from sums where s.sku = sums.sku and s.location = sums.location`,
    [work.order.id, move.kind, move.onHand, move.allocated, move.shareId ?? null],
  );
}

async function lockStockOf(work: OrderWork): Promise<void> {
  await work.tx.query(
    `select 1 from stock s where (s.sku, s.location) in (
       select l.sku, f.location from fulfillment_lines l join fulfillment_orders f on f.id = l.fulfillment_id where f.order_id = $1
     ) order by s.sku, s.location for update`,
    [work.order.id],
  );
}

/** Gives the allocations of an order that is undone back and cancels its units. Does nothing when nothing is allocated. */
export async function releaseStock(work: OrderWork): Promise<void> {
  await lockStockOf(work);
  await moveStock(work, { kind: 'release', onHand: 0, allocated: -1 });
  await work.tx.query(
    `update order_lines set allocated = 0, fulfilled = 0, cancelled = quantity where order_id = $1`,
    [work.order.id],
  );
}

/** The share's parcel has left: its units are no longer on hand and no longer allocated. */
export async function shipStock(work: OrderWork, shareId: string): Promise<void> {
  await lockStockOf(work);
  await moveStock(work, { kind: 'sale', onHand: -1, allocated: -1, shareId });
  await addUnits(work, shareId, 'shipped');
}

/** Adds the share's units to one counter of its lines. Called once per share and counter, guarded by the share's state. */
export async function addUnits(
  work: OrderWork,
  shareId: string,
  counter: 'fulfilled' | 'shipped' | 'delivered',
): Promise<void> {
  const column = { fulfilled: 'fulfilled', shipped: 'shipped', delivered: 'delivered' }[counter];
  await work.tx.query(
    `update order_lines o set ${column} = o.${column} + l.quantity from fulfillment_lines l
     where o.order_id = $1 and l.fulfillment_id = $2 and l.line_no = o.line_no`,
    [work.order.id, shareId],
  );
}
