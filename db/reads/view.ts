/** A snapshot as the rules see it: the view that steps, waits and words are decided from. */
import { currentPayments } from '../../domain/legs.ts';
import type { MoneyWork, OrderView, ShareView, StepKind } from '../../domain/lifecycle.ts';
import { isOffline } from '../../domain/method.ts';
import { legsOf, type Leg } from '../../domain/tender.ts';
import { isMoneyWait } from '../../domain/waits.ts';
import type { PaymentFacts, ShareFacts, Snapshot } from './snapshot.ts';

/** The subject of a stalled step's wait and case: `ful_…#capture`, `pay_…#refund`. */
export function stepSubject(laneId: string, step: StepKind): string {
  return `${laneId}#${step}`;
}

/** The view of a snapshot: what the workflow, the console and the rules of domain/lifecycle.ts work on. */
export function viewOf(snapshot: Snapshot): OrderView {
  const { order, policy } = snapshot;
  const money = moneyOf(snapshot);
  const isResting = order.authorizeAt !== null && order.direction === 'forward';
  return {
    orderId: order.id,
    number: order.number,
    channel: order.channel,
    currency: order.currency,
    totalMinor: order.totalMinor,
    lineCount: order.lineCount,
    version: order.version,
    lifecycle: order.lifecycle,
    direction: order.direction,
    method: order.method,
    paid: order.paid || order.writtenOffMinor > 0,
    ...(isPaidInPart(snapshot) && { isPaidInPart: true as const }),
    releaseAt: order.releaseAt?.toISOString() ?? null,
    ...(policy.captureAt !== 'shipment' && { captureAt: policy.captureAt }),
    ...(isResting && { authorizeAt: order.authorizeAt?.toISOString() ?? '' }),
    ...(order.dueAt !== null && { dueAt: order.dueAt.toISOString() }),
    attention: [...new Set(snapshot.cases.map((open) => open.attention))].toSorted(),
    shares: shareViews(snapshot),
    waits: snapshot.waits,
    ...(money && { money }),
    timing: {
      callTimeoutSeconds: policy.callTimeoutSeconds,
      stepTimeoutSeconds: policy.stepTimeoutSeconds,
      callRetryMillis: policy.callRetryMillis,
    },
  };
}

function isPaidInPart({ order, payments }: Snapshot): boolean {
  return (
    !order.paid && payments.some((one) => isOffline(one.method) && one.capturedMinor > one.refundedMinor)
  );
}

function moneyOf({ order, payments, refunds, waits }: Snapshot): MoneyWork | undefined {
  const { toApprove, pending } = refunds;
  const money = {
    refunds: refunds.refunds,
    inspections: payments.filter((one) => one.inspectWanted).map((one) => one.id),
    stalled: waits.filter((wait) => wait.kind === 'retry' && isMoneyWait(wait)).map((wait) => wait.subject),
    isDisputed: order.isDisputed,
    ...(toApprove.length > 0 && { toApprove }),
    ...(pending.length > 0 && { pending }),
  };
  const rows = [money.refunds, money.inspections, money.stalled, toApprove, pending];
  return money.isDisputed || rows.some((row) => row.length > 0) ? money : undefined;
}

/** True when the payment is the one that counts for its share now, or is for the whole order. */
export function isCurrentPayment(
  snapshot: Snapshot,
  { id, shareId }: Pick<PaymentFacts, 'id' | 'shareId'>,
): boolean {
  const share = shareViews(snapshot).find((one) => one.id === shareId);
  return share === undefined || currentPayments(share).some((payment) => payment.id === id);
}

function shareViews(snapshot: Snapshot): ShareView[] {
  const { shares, order } = snapshot;
  const legs =
    order.tenders &&
    legsOf(
      shares.map((share) => share.amountMinor),
      order.tenders,
    );
  return shares.map((share, index) => {
    const { legAttempts, ...view } = shareView(snapshot, share);
    const own = legs?.[index];
    const attemptOf = (tender: number) => (tender === 1 ? share.paymentAttempt : (legAttempts[tender] ?? 1));
    return own
      ? { ...view, legs: own.map((leg): Leg => ({ ...leg, attempt: attemptOf(leg.tender) })) }
      : view;
  });
}

function shareView(
  snapshot: Snapshot,
  share: ShareFacts,
): Omit<ShareView, 'legs'> & Pick<ShareFacts, 'legAttempts'> {
  const parcel = snapshot.shipments.find(
    (one) => one.shareId === share.id && one.attempt === share.shipmentAttempt,
  );
  const prefix = `${share.id}#`;
  return {
    ...share,
    payments: snapshot.payments
      .filter((payment) => payment.shareId === share.id)
      .map(({ id, tender, attempt, state, captureBefore }) => ({
        id,
        attempt,
        ...(tender !== 1 && { tender }),
        state,
        ...(captureBefore !== null && state === 'authorized' && { captureBefore }),
      })),
    shipment: parcel ? { id: parcel.id, state: parcel.state } : null,
    stalled: snapshot.waits
      .filter((wait) => wait.kind === 'retry' && wait.subject.startsWith(prefix))
      .map((wait) => wait.subject.slice(prefix.length) as StepKind),
  };
}
