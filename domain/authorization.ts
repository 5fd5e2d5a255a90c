/**
 * Authorizations end by themselves: a gateway drops them after days. What is done before: one that can't live until a far
 * release is given back at once and asked for again shortly before it; any other is replaced by a new one in time.
 */
import { currentPayments, legsOfShare, paymentOfLeg } from './legs.ts';
import { isReadyForRelease, type OrderView, type ShareView } from './lifecycle.ts';
import type { Policy } from './policy.ts';
import { hasGoneWrong } from './shipment.ts';
import type { Leg } from './tender.ts';

/** Giving back for less than this is not worth it. */
const WORTH_SECONDS = 1;

type Bounds = Pick<Policy, 'authorizationMarginSeconds' | 'reauthorizeLeadSeconds'>;

/** Which authorization of the share must be taken or replaced first, and when, as an ISO instant; undefined when none needs a watch. */
export function firstToReplace(
  view: Pick<OrderView, 'captureAt'>,
  share: ShareView,
  policy: Bounds,
): { paymentId: string; at: string } | undefined {
  const [payment] = currentPayments(share)
    .flatMap(({ id, state, captureBefore }) =>
      state === 'authorized' && captureBefore !== undefined ? [{ id, captureBefore }] : [],
    )
    .toSorted((a, b) => Date.parse(a.captureBefore) - Date.parse(b.captureBefore));
  if (!payment) return undefined;
  const parcel = share.shipment?.state;
  // Charged on delivery, and not delivered: what follows is agreed between people, nothing is held for it.
  if (view.captureAt === 'delivery' && parcel !== undefined && hasGoneWrong(parcel)) return undefined;
  const end = Date.parse(payment.captureBefore) - policy.authorizationMarginSeconds * 1000;
  return { paymentId: payment.id, at: new Date(end).toISOString() };
}

/**
 * When the cards of an order are to be authorized again because its release is too far away for what is authorized now;
 * undefined when nothing is to be given back. Only before anything went to a warehouse.
 */
export function restUntil(view: OrderView, policy: Bounds, nowMs: number): string | undefined {
  const { releaseAt } = view;
  if (view.direction === 'undo' || view.captureAt === 'order') return undefined;
  if (releaseAt === null || view.authorizeAt !== undefined || !isReadyForRelease(view)) return undefined;
  if (view.shares.some((share) => share.state !== 'open' || share.submitClaimed)) return undefined;
  const outlived = view.shares.some((share) => {
    const end = firstToReplace(view, share, policy);
    const isCard = legsToRest(view, share).length > 0;
    return isCard && end !== undefined && Date.parse(end.at) < Date.parse(releaseAt);
  });
  const again = Date.parse(releaseAt) - policy.reauthorizeLeadSeconds * 1000;
  return outlived && again > nowMs + WORTH_SECONDS * 1000 ? new Date(again).toISOString() : undefined;
}

/** The legs of a share whose authorization is given back when the order rests: those of nothing, those that never end and those that are taken keep it. */
export function legsToRest(view: Pick<OrderView, 'method'>, share: ShareView): Leg[] {
  return legsOfShare(view, share).filter((leg) => {
    const payment = paymentOfLeg(share, leg);
    const mayEnd = payment?.captureBefore !== undefined || leg.method === 'card';
    return payment?.state === 'authorized' && mayEnd && leg.amountMinor > 0;
  });
}
