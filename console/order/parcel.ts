/** How far a parcel is, for its progress bar: the state in words, a share of the way, and whether something is wrong. */
import type { OrderDetail } from '../../api/schemas/orders.ts';

/** A parcel as the order shows it. */
export type Parcel = OrderDetail['shipments'][number];

interface ParcelProgress {
  percent: number;
  color: 'blue' | 'green' | 'red' | 'orange' | 'gray';
  text: string;
}

const PROGRESS: Readonly<Record<Parcel['state'], ParcelProgress>> = Object.freeze({
  planned: { percent: 0, color: 'gray', text: 'No label yet' },
  booked: { percent: 15, color: 'blue', text: 'Label bought, waits for the carrier' },
  handed_over: { percent: 35, color: 'blue', text: 'With the carrier' },
  in_transit: { percent: 55, color: 'blue', text: 'On its way' },
  out_for_delivery: { percent: 80, color: 'blue', text: 'Out for delivery' },
  available_for_pickup: { percent: 90, color: 'orange', text: 'Waits to be picked up by the customer' },
  delivered: { percent: 100, color: 'green', text: 'Delivered' },
  delivery_failed: { percent: 80, color: 'red', text: 'The carrier could not deliver' },
  returned_to_sender: { percent: 55, color: 'red', text: 'Goes back to the sender' },
  lost: { percent: 55, color: 'red', text: 'Lost by the carrier' },
  damaged: { percent: 55, color: 'red', text: 'Damaged on its way' },
  cancelled: { percent: 0, color: 'gray', text: 'Label voided' },
});

/** Where a parcel is that the state names, in words; undefined when it names none. */
export function parcelWords(state: string): string | undefined {
  return Object.entries(PROGRESS).find(([known]) => known === state)?.[1].text;
}

/** What to say of an order that has no parcel: that one comes, or why none does. */
export function noParcelWords(order: Pick<OrderDetail, 'lifecycle' | 'direction'>): string {
  switch (order.lifecycle) {
    case 'cancelled':
      return 'Cancelled before a parcel was made.';
    case 'expired':
      return 'Expired before a parcel was made.';
    case 'rejected':
      return 'Rejected before a parcel was made.';
    case 'completed':
      return 'No parcel is known of it.';
    case 'draft':
    case 'received':
    case 'confirmed':
    case 'processing':
      return order.direction === 'undo'
        ? 'Being cancelled before a parcel was made.'
        : 'No parcel yet: a label is bought once a warehouse has packed.';
  }
}

/** Where the parcel is. */
export function parcelProgress(state: Parcel['state']): ParcelProgress {
  return PROGRESS[state];
}
