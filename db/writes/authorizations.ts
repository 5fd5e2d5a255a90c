/**
 * Authorizations that would end before their money is taken: given back and asked for again near a far release, or replaced
 * by a new one. Either way the payment attempt rises, and what is stale is voided by the rules of due steps.
 */
import { currentPayment, type ShareView } from '../../domain/lifecycle.ts';
import { legsToRest, restUntil } from '../../domain/authorization.ts';
import { legsOfShare, legsToChargeAnew, paymentOfLeg } from '../../domain/legs.ts';
import type { Leg } from '../../domain/tender.ts';
import type { OrderWork } from './order.ts';

/** Gives the authorizations of an order back whose release is too far away for them. */
export async function restAuthorizations(work: OrderWork): Promise<void> {
  const { view, snapshot, order } = work;
  const until = restUntil(view, snapshot.policy, snapshot.now.getTime());
  if (until === undefined) return;
  await work.tx.query('update orders set authorize_at = $2 where id = $1', [order.id, until]);
  for (const share of view.shares) {
    const legs = legsToRest(view, share);
    await raiseAttempts(work, share, legs);
    if (legs.length > 0)
      work.record('payment.expiring', { ...eventData(share), authorizeAt: until, releaseAt: view.releaseAt });
  }
  await work.reload();
}

/** The release is near: from now on the cards are asked again. */
export async function endRest(work: OrderWork): Promise<void> {
  const { view, order } = work;
  await work.tx.query('update orders set authorize_at = null where id = $1', [order.id]);
  const isUnasked = (share: ShareView) =>
    legsOfShare(view, share).some((leg) => paymentOfLeg(share, leg) === undefined);
  for (const share of view.shares.filter(isUnasked)) work.record('payment.reauthorizing', eventData(share));
  work.changed = true;
}

/**
 * Replaces an authorization that the gateway will drop soon. One that is being taken in this very moment is left alone: its
 * answer decides.
 */
export async function replaceAuthorization(work: OrderWork, paymentId: string): Promise<void> {
  const { view, order } = work;
  if (order.direction === 'undo') return;
  const [current] = currentLegs(work, paymentId);
  if (!current || paymentOfLeg(current.share, current.leg)?.state !== 'authorized') return;
  const { rowCount } = await work.tx.query(
    `select 1 from operations where order_id = $1 and kind = 'capture' and subject = $2 and state in ('requested', 'unknown', 'succeeded')`,
    [view.orderId, paymentId],
  );
  if (rowCount) return;
  const data = { ...eventData(current.share), paymentId };
  work.record('payment.expiring', data);
  await raiseAttempts(work, current.share, [current.leg]);
  work.record('payment.reauthorizing', data);
}

/** A payment that the gateway gave back by itself is asked for again, as a new business attempt. */
export async function renewDropped(work: OrderWork, paymentId: string): Promise<void> {
  for (const { share, leg } of currentLegs(work, paymentId)) {
    await raiseAttempts(work, share, [leg]);
    work.record('payment.reauthorizing', { fulfillmentId: share.id, amountMinor: leg.amountMinor });
  }
}

/** The next payments of what was refused or given back are new business attempts with new keys. */
export async function chargeAnew(work: OrderWork, share: ShareView): Promise<void> {
  await raiseAttempts(work, share, legsToChargeAnew(work.view, share));
}

/** The next payment of each of these legs of a share is a new business attempt. */
async function raiseAttempts(
  work: OrderWork,
  share: Pick<ShareView, 'id'>,
  legs: readonly Leg[],
): Promise<void> {
  if (legs.length === 0) return;
  const later = legs.filter((leg) => leg.tender !== 1).map((leg) => [leg.tender, leg.attempt + 1]);
  await work.tx.query(
    `update fulfillment_orders set payment_attempt = payment_attempt + $3, leg_attempts = leg_attempts || $4
     where order_id = $1 and id = $2`,
    [work.order.id, share.id, later.length < legs.length ? 1 : 0, Object.fromEntries(later)],
  );
  work.changed = true;
}

/** The leg of which this payment is the current one. */
function currentLegs(work: OrderWork, paymentId: string): { share: ShareView; leg: Leg }[] {
  const { view } = work;
  return view.shares.flatMap((share) =>
    legsOfShare(view, share)
      .filter((leg) => paymentOfLeg(share, leg)?.id === paymentId)
      .map((leg) => ({ share, leg })),
  );
}

function eventData(share: ShareView): Record<string, unknown> {
  return {
    fulfillmentId: share.id,
    paymentId: currentPayment(share)?.id ?? null,
    amountMinor: share.amountMinor,
  };
}
