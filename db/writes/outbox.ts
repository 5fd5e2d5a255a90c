/**
 * The outbox: workflows that have to be started, leased by a relay, tried with back-off, deleted when done. The fast
 * path of the API deletes its own rows; what it missed is due here after five seconds.
 */
import type pg from 'pg';

/** The lanes: new orders first, imports and reconciliation beside them, so that a bulk does not delay a customer. */
export type OutboxLane = 'start' | 'import' | 'reconcile';

/** A leased row with what is needed to start the order's workflow. */
export interface LeasedStart {
  id: number;
  attempts: number;
  orderId: string;
  number: number;
  channel: string;
  currency: string;
  totalMinor: number;
  lineCount: number;
  placedAt: Date;
  promisedBy: Date | null;
}

const ORDER_REF = `o.number, o.channel, o.currency, o.total_minor as "totalMinor", o.line_count as "lineCount",
  o.placed_at as "placedAt", o.promised_by as "promisedBy"`;

/** Leases due rows of a lane for 30 s; another relay skips them. */
export async function leaseStarts(pool: pg.Pool, lane: OutboxLane, limit: number): Promise<LeasedStart[]> {
  const { rows } = await pool.query<LeasedStart>(
    `with leased as (
       update outbox set leased_until = now() + interval '30 seconds', attempts = attempts + 1 where id in (
         select id from outbox where lane = $1 and not_before <= now() and (leased_until is null or leased_until < now())
         order by not_before limit $2 for update skip locked)
       returning id, attempts, order_id)
     select l.id, l.attempts, l.order_id as "orderId", ${ORDER_REF} from leased l join orders o on o.id = l.order_id order by l.id`,
    [lane, limit],
  );
  return rows;
}

/** The rows are done. */
export async function deleteStarts(pool: pg.Pool, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await pool.query('delete from outbox where id = any ($1)', [ids]);
}

/** The row could not be started: back-off per row, doubling from 1 s to 60 s. */
export async function postponeStart(
  pool: pg.Pool,
  given: { id: number; attempts: number; error: string },
): Promise<void> {
  const seconds = Math.min(60, 2 ** Math.min(given.attempts - 1, 6));
  await pool.query(
    `update outbox set leased_until = null, not_before = now() + make_interval(secs => $2), last_error = $3 where id = $1`,
    [given.id, seconds, given.error.slice(0, 500)],
  );
}

/** A doorbell that has to be rung: an order with inbox rows nobody has taken yet. */
export type DueRing = Omit<LeasedStart, 'id' | 'attempts'>;

/** Orders whose unapplied messages are due to be rung (again); their next ring is set with back-off in the same statement. */
export async function leaseRings(pool: pg.Pool, limit: number): Promise<DueRing[]> {
  const { rows } = await pool.query<DueRing>(
    `with due as (
       select id from messages where applied_at is null and order_id is not null and ring_at <= now() order by ring_at limit $1 for update skip locked
     ), rung as (
       update messages m set ring_attempts = ring_attempts + 1, ring_at = now() + make_interval(secs => least(60, 5 * 2 ^ least(ring_attempts, 4)))
       from due where m.id = due.id returning m.order_id)
     select distinct o.id as "orderId", ${ORDER_REF} from rung join orders o on o.id = rung.order_id`,
    [limit],
  );
  return rows;
}

/** Queues overdue open orders for another start, each once in five such spans, so that the same ones do not hide others; none while more than `limit` rows wait already. Returns how many. */
export async function enqueueOverdue(
  pool: pg.Pool,
  given: { overdueSeconds: number; limit: number },
): Promise<number> {
  const { rowCount } = await pool.query(
    `with late as (
       select o.id from orders o
       where o.due_at < now() - make_interval(secs => $1::float8)
         and (o.looked_at is null or o.looked_at < now() - make_interval(secs => 5 * $1::float8))
       and (select count(*) from outbox where not_before <= now()) < $2
       and not exists (select 1 from outbox b where b.order_id = o.id)
       order by o.due_at limit $2
     ), looked as (update orders set looked_at = now() where id in (select id from late))
     insert into outbox (lane, order_id) select 'reconcile', id from late`,
    [given.overdueSeconds, given.limit],
  );
  return rowCount ?? 0;
}

/** An open order whose next move is late. */
export interface OverdueOrder {
  orderId: string;
  number: number;
}

/** The most overdue open orders. */
export async function overdueOrders(
  pool: pg.Pool,
  given: { overdueSeconds: number; limit: number },
): Promise<OverdueOrder[]> {
  const { rows } = await pool.query<OverdueOrder>(
    `select id as "orderId", number from orders where due_at < now() - make_interval(secs => $1::float8) order by random() limit $2`,
    [given.overdueSeconds, given.limit],
  );
  return rows;
}

/** Queues one order for another start. */
export async function enqueueStart(pool: pg.Pool, orderId: string): Promise<void> {
  await pool.query(`insert into outbox (lane, order_id) values ('reconcile', $1)`, [orderId]);
}
