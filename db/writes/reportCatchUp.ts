/**
 * Counts what a version wrote that did not count for the reports: everything from before migration 002, and what an old
 * process still accepts or ends while it is being replaced. New code marks an order as counted when it accepts it and as
 * ended when it ends, each in the transaction of the change; whatever lacks the mark is found here through an index that is
 * empty in normal operation.
 */
import type pg from 'pg';

/** The predicate is that of the index orders_to_catch_up, word for word. */
const CATCH_UP = `
with late as (
  select o.id, o.channel, o.placed_at, coalesce(o.ship_country, '') as country, o.currency, o.unit_count, o.total_minor,
    o.stage, o.counted, o.cancelled_at, o.undo_cause, c.time_zone,
    case when o.lifecycle in ('completed', 'cancelled', 'expired', 'rejected') then 'ended'
      when o.stage <> 'stock' then o.stage
      when o.direction = 'undo' then 'undoing'
      when o.lifecycle <> 'processing' then 'stock'
      when o.fulfillment_status <> 'unfulfilled' then 'transport'
      when exists (select from operations op where op.order_id = o.id and op.kind = 'submit') then 'warehouse'
      else 'payment' end as right_stage
  from orders o join channels c on c.id = o.channel
  where not o.counted or (o.stage <> 'ended' and o.lifecycle in ('completed', 'cancelled', 'expired', 'rejected'))
  order by o.id limit $1 for update of o skip locked
), counted as (
  insert into report_deltas (report, day, channel, country, currency, key, n, units, amount_minor)
  select 'sales', (placed_at at time zone time_zone)::date, channel, country, currency, '', 1, unit_count, total_minor
    from late where not counted
  union all
  select 'product', (late.placed_at at time zone late.time_zone)::date, late.channel, late.country, late.currency, l.sku, 1,
    sum(l.quantity), sum(l.total_minor)
    from late join order_lines l on l.order_id = late.id where not late.counted
    group by late.id, late.placed_at, late.time_zone, late.channel, late.country, late.currency, l.sku
  union all
  select 'cancelled', (cancelled_at at time zone time_zone)::date, channel, country, currency, coalesce(undo_cause, 'other'),
    1, unit_count, total_minor
    from late where cancelled_at is not null and stage <> 'ended'
)
update orders o set counted = true, stage = late.right_stage,
  stage_since = case when o.stage = late.right_stage then o.stage_since else coalesce(o.completed_at, o.cancelled_at, o.updated_at) end
from late where o.id = late.id`;

const ROWS_MAX = 500;
const ROUNDS_MAX = 10;

/**
 * Counts the oldest orders that nobody counted, in rounds of 500, at most 5,000 a call; returns how many. Repeatable, and
 * harmless side by side: each call takes orders that no other holds, and orders that are being changed come next time.
 */
export async function catchUpReports(pool: pg.Pool): Promise<number> {
  let found = 0;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const { rowCount } = await pool.query({ name: 'report_catch_up', text: CATCH_UP, values: [ROWS_MAX] });
    found += rowCount ?? 0;
    if ((rowCount ?? 0) < ROWS_MAX) break;
  }
  return found;
}
