/**
 * What the report of payments counts: whoever writes an event of money counts it, on the day it happened where its channel
 * is. A trigger and nothing else does it, so that no writer can forget it.
 */
import type { Knex } from 'knex';

const EARLIER = 'q.attempt < p.attempt';

/** Adds the trigger and counts what was written before it; whoever writes events waits meanwhile. Forward only. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(TRIGGER);
  await knex.raw(count('payment_events'));
}

/** Counts in future what `earlier`, a condition on an earlier payment q of the same parcel, calls the one before p. */
export function countEvents(earlier: string): string {
  return `create or replace function count_payment_events() returns trigger language plpgsql as $$
begin
  ${count('added', earlier)};
  return null;
end $$`;
}

/** `n` are events, `units` those of first attempts; the key is the method, and once more for declines the reason. */
function count(added: string, earlier = EARLIER): string {
  return `insert into report_deltas (report, day, channel, country, currency, key, n, units, amount_minor)
  select c.report, (a.at at time zone ch.time_zone)::date, o.channel, coalesce(o.ship_country, ''), a.currency, c.key, count(*),
    count(*) filter (where p.attempt = 1), sum(c.sign * a.amount_minor)
  from ${added} a join payments p on p.id = a.payment_id join orders o on o.id = a.order_id join channels ch on ch.id = o.channel
  cross join lateral (
    select m.report, p.method as key, m.sign from (values
      ('charge_success', 'captured', 1), ('cancel_success', 'released', 1), ('refund_success', 'refunded', 1),
      ('refund_reverse', 'refunded', -1), ('charge_back', 'charged_back', 1), ('charge_back_reverse', 'charged_back', -1)
    ) m (type, report, sign) where m.type = a.type
    union all
    select w.report, p.method, 1 from (values ('granted', true), ('reauthorized', p.attempt > 1 and exists (
      select from payments q join payment_events e on e.payment_id = q.id and e.type = 'authorization_success' and e.id < a.id
      where q.order_id = p.order_id and q.fulfillment_id = p.fulfillment_id and ${earlier}))) w (report, counts)
    where w.counts and a.type = 'authorization_success' and a.source in ('operation', 'gateway')
    union all
    select w.report, w.key, 1 from (values ('declined', p.method), ('decline_reason', a.code)) w (report, key)
    where a.type = 'authorization_failure' and a.code is not null
  ) c
  where a.amount_minor > 0 group by 1, 2, 3, 4, 5, 6`;
}

const TRIGGER = `
${countEvents(EARLIER)};
create trigger payment_events_counted after insert on payment_events referencing new table as added
  for each statement execute function count_payment_events();`;
