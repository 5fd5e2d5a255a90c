/**
 * The conditions of the views that everybody has (domain/orderViews.ts), and how many orders each shows. They are written
 * with literal values, because the partial indexes of migration 003 are only used for a condition that repeats theirs.
 */
import { ORDER_VIEWS, type OrderViewName } from '../../domain/orderViews.ts';
import type { Db } from '../connect.ts';

/** What must hold of `orders o` to be in the view; null: nothing. */
export const VIEW_CONDITIONS: Readonly<Record<OrderViewName, string | null>> = Object.freeze({
  all: null,
  needs_attention: `o.attention <> '{}'`,
  to_ship: `o.stage in ('warehouse', 'handover')`,
  late: `o.promised_by is not null and o.promised_by < now() and o.stage <> 'ended'`,
  cancelled: `o.lifecycle in ('cancelled', 'expired', 'rejected')`,
});

/** Counting goes no further than this. */
export const COUNTED_MAX = 1_000;

/** How many orders a view shows, counted up to COUNTED_MAX. */
export interface ViewCount {
  view: OrderViewName;
  count: number;
  isMore: boolean;
}

/**
 * Counts all views, in one statement that reads at most COUNTED_MAX + 1 index entries a view. For one channel it also reads
 * those of others where an index has all channels: only open work has, which does not grow for ever.
 */
export async function countViews(db: Pick<Db, 'pool'>, channel: string | null): Promise<ViewCount[]> {
  const own = channel === null ? [] : ['o.channel = $2'];
  const counts = ORDER_VIEWS.map((view) => {
    const conditions = [VIEW_CONDITIONS[view], ...own].filter((text) => text !== null);
    const where = conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
    return `(select count(*)::int from (select from orders o ${where} limit $1) counted) as ${view}`;
  });
  const { rows } = await db.pool.query<Record<OrderViewName, number>>(`select ${counts.join(', ')}`, [
    COUNTED_MAX + 1,
    ...(channel === null ? [] : [channel]),
  ]);
  return ORDER_VIEWS.map((view) => {
    const found = rows[0]?.[view] ?? 0;
    return { view, count: Math.min(found, COUNTED_MAX), isMore: found > COUNTED_MAX };
  });
}
