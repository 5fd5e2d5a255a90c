/**
 * When money that was set aside is taken: once the whole order is covered, at its release, when a parcel is booked (unless
 * the channel says otherwise), or on delivery. And what has to be taken before goods may go on.
 */
import { currentPayment, legsOfShare } from './legs.ts';
import type { OrderView, ShareView } from './lifecycle.ts';
import { hasLeft } from './shipment.ts';

type Moment = Pick<OrderView, 'method' | 'captureAt'>;

/** True when what is authorized for a covered share is to be taken now. */
export function isCaptureDue(
  view: Pick<OrderView, 'captureAt'>,
  share: Pick<ShareView, 'state' | 'shipment'>,
  order: { allCovered: boolean; isReleased: boolean },
): boolean {
  const parcel = share.shipment?.state;
  switch (view.captureAt ?? 'shipment') {
    case 'order':
      return share.state !== 'open' || order.allCovered;
    case 'release':
      return share.state !== 'open' || (order.allCovered && order.isReleased);
    case 'shipment':
      // A parcel that left before its capture was settled is charged all the same.
      return parcel !== undefined && (parcel === 'booked' || hasLeft(parcel));
    case 'delivery':
      return parcel === 'delivered';
  }
}

/** True when nothing of the share has to be taken any more before it may go to its warehouse. */
export function isTakenInTime(view: Moment, share: ShareView): boolean {
  const isEarly = view.captureAt === 'order' || view.captureAt === 'release';
  return !isEarly || isTaken(view, share);
}

/** True when a booked parcel may be handed to its carrier as far as money is concerned. */
export function mayLeave(view: Moment, share: ShareView): boolean {
  return view.captureAt === 'delivery' || isTaken(view, share);
}

/** True when everything that was set aside for the share is taken. */
export function isTaken(view: Pick<OrderView, 'method'>, share: ShareView): boolean {
  return legsOfShare(view, share).length === 0 || currentPayment(share)?.state === 'captured';
}
