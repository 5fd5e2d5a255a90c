/**
 * When money that was set aside is taken: once the whole order is covered, at its release, when a parcel is booked (unless
 * the channel says otherwise), or on delivery. And what has to be taken before goods may go on.
 */
import type { OrderView, ShareView } from './lifecycle.ts';
import type { PaymentState } from './payment.ts';
import { hasLeft } from './shipment.ts';

type Moment = Pick<OrderView, 'method' | 'captureAt'>;

/** True when the authorized amount of a covered share is to be taken now. */
export function isCaptureDue(
  view: Moment,
  share: Pick<ShareView, 'state' | 'shipment'>,
  order: { allCovered: boolean; isReleased: boolean },
): boolean {
  if (view.method !== 'card') return false;
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
export function isTakenInTime(view: Moment, payment: PaymentState | undefined): boolean {
  const isEarly = view.captureAt === 'order' || view.captureAt === 'release';
  return view.method !== 'card' || !isEarly || payment === 'captured';
}

/** True when a booked parcel may be handed to its carrier as far as money is concerned. */
export function mayLeave(view: Moment, payment: PaymentState | undefined): boolean {
  if (view.method !== 'card' || view.captureAt === 'delivery') return true;
  return payment === 'captured';
}
