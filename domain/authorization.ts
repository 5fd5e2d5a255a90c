/**
 * Authorizations end by themselves: a gateway drops them after days. What is done before: one that can't live until a far
 * release is given back at once and asked for again shortly before it; any other is replaced by a new one in time.
 */
import { currentPayment, isReadyForRelease, type OrderView, type ShareView } from './lifecycle.ts';
import type { Policy } from './policy.ts';
import { hasGoneWrong } from './shipment.ts';

/** Giving back for less than this is not worth it. */
const WORTH_SECONDS = 1;

type Bounds = Pick<Policy, 'authorizationMarginSeconds' | 'reauthorizeLeadSeconds'>;

/** When the authorization of the share must be taken or replaced, as an ISO instant; undefined when it needs no watch. */
export function replaceAt(
  view: Pick<OrderView, 'captureAt'>,
  share: ShareView,
  policy: Bounds,
): string | undefined {
  const payment = currentPayment(share);
  if (payment?.state !== 'authorized' || payment.captureBefore === undefined) return undefined;
  const parcel = share.shipment?.state;
  // Charged on delivery, and not delivered: what follows is agreed between people, nothing is held for it.
  if (view.captureAt === 'delivery' && parcel !== undefined && hasGoneWrong(parcel)) return undefined;
  const end = Date.parse(payment.captureBefore) - policy.authorizationMarginSeconds * 1000;
  return new Date(end).toISOString();
}

/**
 * When the cards of an order are to be authorized again because its release is too far away for what is authorized now;
 * undefined when nothing is to be given back. Only before anything went to a warehouse.
 */
export function restUntil(view: OrderView, policy: Bounds, nowMs: number): string | undefined {
  const { releaseAt } = view;
  if (view.method !== 'card' || view.direction === 'undo' || view.captureAt === 'order') return undefined;
  if (releaseAt === null || view.authorizeAt !== undefined || !isReadyForRelease(view)) return undefined;
  if (view.shares.some((share) => share.state !== 'open' || share.submitClaimed)) return undefined;
  const outlived = view.shares.some((share) => {
    const end = replaceAt(view, share, policy);
    return end !== undefined && Date.parse(end) < Date.parse(releaseAt);
  });
  const again = Date.parse(releaseAt) - policy.reauthorizeLeadSeconds * 1000;
  return outlived && again > nowMs + WORTH_SECONDS * 1000 ? new Date(again).toISOString() : undefined;
}

/** The shares whose authorization is given back when the order rests: those of nothing and those that are taken keep it. */
export function sharesToRest(view: OrderView): ShareView[] {
  return view.shares.filter(
    (share) => currentPayment(share)?.state === 'authorized' && share.amountMinor > 0,
  );
}
