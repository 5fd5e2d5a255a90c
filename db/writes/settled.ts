/**
 * Which payments the gateway has paid out, and with which payout. No rule of the order reads it, but its page shows it and its
 * log says it, so it is written through the order's one door like everything else; a second time nothing is written.
 */
import type { Db } from '../connect.ts';
import { withOrder } from './order.ts';

type Pool = Pick<Db, 'pool'>;

/** A payout whose payments are to be written. `isLost`: it was paid, and failed afterwards. */
export interface PayoutToSettle {
  id: string;
  isLost: boolean;
}

/** A payment and its order. */
export interface SettlingPayment {
  paymentId: string;
  orderId: string;
}

/** Payouts of the provider that were paid and not read yet, and those that came back after they were; the oldest first. */
export async function readPayoutsToSettle(db: Pool, provider: string): Promise<PayoutToSettle[]> {
  const { rows } = await db.pool.query<PayoutToSettle>(
    `select id, state <> 'paid' as "isLost" from payouts
     where provider = $1 and (state = 'paid' and contents = 'known' and settled_at is null
       or state in ('failed', 'canceled') and (settled_at is not null or exists (select from payments p where p.payout_id = payouts.id)))
     order by arrives_at, id`,
    [provider],
  );
  return rows;
}

/** Our payments among those the gateway names, as far as they do not have this payout yet. */
export async function readUnsettled(
  db: Pool,
  of: { provider: string; payoutId: string; refs: readonly string[] },
): Promise<SettlingPayment[]> {
  const { rows } = await db.pool.query<SettlingPayment>(
    `select id as "paymentId", order_id as "orderId" from payments
     where provider = $1 and provider_ref = any ($3) and payout_id is distinct from $2 order by id`,
    [of.provider, of.payoutId, of.refs],
  );
  return rows;
}

/** Our payments that have this payout. */
export async function readSettled(db: Pool, payoutId: string): Promise<SettlingPayment[]> {
  const { rows } = await db.pool.query<SettlingPayment>(
    `select id as "paymentId", order_id as "orderId" from payments where payout_id = $1 order by id`,
    [payoutId],
  );
  return rows;
}

/** Writes that a payment was paid out with this payout, on the day it arrived. */
export async function settlePayment(db: Pool, payment: SettlingPayment, payoutId: string): Promise<void> {
  await withOrder(db.pool, payment.orderId, async (work) => {
    const { rowCount } = await work.tx.query(
      `update payments p set payout_id = o.id, settled_at = least(coalesce(o.arrives_at, now()), now())
       from payouts o where o.id = $3 and p.id = $1 and p.order_id = $2 and p.payout_id is distinct from o.id`,
      [payment.paymentId, payment.orderId, payoutId],
    );
    if (rowCount) work.record('payment.settled', { paymentId: payment.paymentId, payoutId }, 'gateway');
  });
}

/** Takes it back: the payout failed, and the money is at the gateway again. A payment of another payout stays as it is. */
export async function unsettlePayment(db: Pool, payment: SettlingPayment, payoutId: string): Promise<void> {
  await withOrder(db.pool, payment.orderId, async (work) => {
    const { rowCount } = await work.tx.query(
      'update payments set payout_id = null, settled_at = null where id = $1 and order_id = $2 and payout_id = $3',
      [payment.paymentId, payment.orderId, payoutId],
    );
    if (rowCount) work.record('payment.unsettled', { paymentId: payment.paymentId, payoutId }, 'gateway');
  });
}

/** Notes that all payments of a payout were written, or taken back. One whose state has changed meanwhile is read again. */
export async function closePayout(db: Pool, { id, isLost }: PayoutToSettle): Promise<void> {
  await db.pool.query(
    `update payouts set settled_at = case when $2 then null else now() end where id = $1 and (state <> 'paid') = $2`,
    [id, isLost],
  );
}

/** Adds to what a run of the reconciliation has found paid out. */
export async function countSettled(db: Pool, runId: string, count: number): Promise<void> {
  await db.pool.query('update reconciliations set settled = settled + $2 where id = $1', [runId, count]);
}
