/** Refunds with their movements: of one order, and the queue of all. */
import type { PaymentMethod } from '../../domain/order.ts';
import type { RefundFee, RefundPlanLine, RefundReason } from '../../domain/refund.ts';
import type { MovementState, RefundState } from '../../domain/refundStates.ts';
import type { Db } from '../connect.ts';
import { Conditions } from './conditions.ts';
import { KEY_OF } from './find.ts';

/** A refund as JSON of its row, with its order's number and channel and its movements, oldest first. */
export interface RefundJson {
  id: string;
  order_id: string;
  order_number: number;
  channel: string;
  seq: number;
  state: RefundState;
  reason: RefundReason;
  note: string | null;
  currency: string;
  amount_minor: number;
  lines: RefundPlanLine[];
  shipping_minor: number;
  goodwill_minor: number;
  fees: RefundFee[];
  rounding_minor: number;
  requested_by: string;
  requested_by_name: string | null;
  decided_by: string | null;
  decided_by_name: string | null;
  decided_at: string | null;
  created_at: string;
  settled_at: string | null;
  attempts: {
    id: string;
    payment_id: string;
    method: PaymentMethod;
    amount_minor: number;
    state: MovementState;
    attempt: number;
    key: string;
    provider_ref: string | null;
    failure_code: string | null;
    created_at: string;
    settled_at: string | null;
  }[];
}

/** Selects refunds as RefundJson; a condition on `r` or `placed` (their order) follows. */
export const REFUNDS = `select r.*, placed.number as order_number, placed.channel,
    (select name from api_keys k where k.id = ${KEY_OF('r.requested_by')}) as requested_by_name,
    (select name from api_keys k where k.id = ${KEY_OF('r.decided_by')}) as decided_by_name,
    coalesce((select jsonb_agg(to_jsonb(a) || jsonb_build_object('method', p.method) order by a.seq, a.attempt)
      from refund_attempts a join payments p on p.id = a.payment_id where a.refund_id = r.id), '[]') as attempts
  from refunds r join orders placed on placed.id = r.order_id`;

const NEEDS_PERSON = `(r.state in ('awaiting_approval', 'failed') or r.state in ('granted', 'executing')
    and exists (select from refund_attempts a where a.refund_id = r.id and a.state = 'by_hand'))`;

/** Where a page of the queue starts, and what it holds. */
export interface RefundPage {
  after: { createdAt: string; id: string } | null;
  limit: number;
  filter: {
    state?: RefundState | undefined;
    /** Whether a person has something to do: approve, see to what failed, or give back by hand. */
    needsPerson?: boolean | undefined;
    channel?: string | undefined;
    ownChannel: string | null;
  };
}

/** A row of the queue and the key of the page after it. */
export interface RefundListRow {
  refund: RefundJson;
  /** To the microsecond, as it is compared. */
  created_key: string;
}

/** Refunds of all orders, newest first; one more than `limit` when more follow. */
export async function listRefunds(
  db: Pick<Db, 'pool'>,
  { after, limit, filter }: RefundPage,
): Promise<RefundListRow[]> {
  const where = new Conditions();
  if (filter.state !== undefined) where.add('r.state = ?', filter.state);
  if (filter.needsPerson !== undefined)
    where.addFixed(filter.needsPerson ? NEEDS_PERSON : `not ${NEEDS_PERSON}`);
  if (filter.channel !== undefined) where.add('placed.channel = ?', filter.channel);
  if (filter.ownChannel !== null) where.add('placed.channel = ?', filter.ownChannel);
  if (after)
    where.addFixed(
      `(r.created_at, r.id) < (${where.value(after.createdAt)}::timestamptz, ${where.value(after.id)})`,
    );
  const { rows } = await db.pool.query<RefundListRow>(
    `select to_jsonb(r) as refund, r.created_at::text as created_key
     from (${REFUNDS} ${where.where()} order by r.created_at desc, r.id desc limit ${where.value(limit + 1)}) r
     order by r.created_at desc, r.id desc`,
    where.values,
  );
  return rows;
}

/** All refunds of one order, oldest first. */
export async function readRefunds(db: Pick<Db, 'pool'>, orderId: string): Promise<RefundJson[]> {
  const { rows } = await db.pool.query<{ refund: RefundJson }>({
    name: 'refunds_of_order',
    text: `select to_jsonb(r) as refund from (${REFUNDS} where r.order_id = $1) r order by r.seq`,
    values: [orderId],
  });
  return rows.map((row) => row.refund);
}
