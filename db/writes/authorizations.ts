/**
 * Authorizations that would end before their money is taken: given back and asked for again near a far release, or replaced
 * by a new one. Either way the payment attempt rises, and what is stale is voided by the rules of due steps.
 */
import { currentPayment, type ShareView } from '../../domain/lifecycle.ts';
import { restUntil, sharesToRest } from '../../domain/authorization.ts';
import type { OrderWork } from './order.ts';

/** Gives the authorizations of an order back whose release is too far away for them. */
export async function restAuthorizations(work: OrderWork): Promise<void> {
  const { view, snapshot, order } = work;
  const until = restUntil(view, snapshot.policy, snapshot.now.getTime());
  if (until === undefined) return;
  const resting = sharesToRest(view);
  await work.tx.query('update orders set authorize_at = $2 where id = $1', [order.id, until]);
  await raiseAttempts(work, resting);
  for (const share of resting)
    work.record('payment.expiring', { ...eventData(share), authorizeAt: until, releaseAt: view.releaseAt });
  await work.reload();
}

/** The release is near: from now on the cards are asked again. */
export async function endRest(work: OrderWork): Promise<void> {
  await work.tx.query('update orders set authorize_at = null where id = $1', [work.order.id]);
  for (const share of work.view.shares.filter((one) => currentPayment(one) === undefined))
    work.record('payment.reauthorizing', eventData(share));
  work.changed = true;
}

/**
 * Replaces an authorization that the gateway will drop soon. One that is being taken in this very moment is left alone: its
 * answer decides.
 */
export async function replaceAuthorization(work: OrderWork, paymentId: string): Promise<void> {
  if (work.order.direction === 'undo') return;
  const share = work.view.shares.find((one) => currentPayment(one)?.id === paymentId);
  if (!share || currentPayment(share)?.state !== 'authorized') return;
  const { rowCount } = await work.tx.query(
    `select 1 from operations where order_id = $1 and kind = 'capture' and subject = $2 and state in ('requested', 'unknown', 'succeeded')`,
    [work.order.id, paymentId],
  );
  if (rowCount) return;
  work.record('payment.expiring', eventData(share));
  await raiseAttempts(work, [share]);
  work.record('payment.reauthorizing', eventData(share));
}

/** The next payment of each share is a new business attempt with new keys. */
export async function raiseAttempts(work: OrderWork, shares: readonly ShareView[]): Promise<void> {
  if (shares.length === 0) return;
  await work.tx.query(
    'update fulfillment_orders set payment_attempt = payment_attempt + 1 where order_id = $1 and id = any ($2)',
    [work.order.id, shares.map((share) => share.id)],
  );
  work.changed = true;
}

function eventData(share: ShareView): Record<string, unknown> {
  return {
    fulfillmentId: share.id,
    paymentId: currentPayment(share)?.id ?? null,
    amountMinor: share.amountMinor,
  };
}
