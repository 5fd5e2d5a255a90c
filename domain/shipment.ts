/**
 * Parcels and their scans. Tracking words are EasyPost's (tracker status); a later rank is never undone by an
 * earlier one, and the identity of a scan is its instant and code, not its place.
 */
export const SHIPMENT_STATES = [
  'planned',
  'booked',
  'handed_over',
  'in_transit',
  'out_for_delivery',
  'available_for_pickup',
  'delivered',
  'delivery_failed',
  'returned_to_sender',
  'lost',
  'damaged',
  'cancelled',
] as const;
export type ShipmentState = (typeof SHIPMENT_STATES)[number];

/** Tracker statuses as EasyPost names them. */
export const TRACKING_STATUSES = [
  'unknown',
  'pre_transit',
  'in_transit',
  'out_for_delivery',
  'available_for_pickup',
  'delivered',
  'return_to_sender',
  'failure',
  'cancelled',
  'error',
] as const;
export type TrackingStatus = (typeof TRACKING_STATUSES)[number];

/** One carrier scan. `detail` is the carrier's finer word (EasyPost status_detail). */
export interface Scan {
  status: TrackingStatus;
  detail: string;
  /** ISO instant of the scan, as the carrier gives it. */
  occurredAt: string;
  message: string;
}

// No two states share a rank: with a tie the end would depend on the order in which scans arrive.
const RANK: Record<ShipmentState, number> = {
  planned: 0,
  booked: 1,
  handed_over: 2,
  in_transit: 3,
  out_for_delivery: 4,
  available_for_pickup: 5,
  delivery_failed: 6,
  lost: 7,
  damaged: 8,
  returned_to_sender: 9,
  delivered: 10,
  cancelled: 11,
};

/** The state a scan stands for; undefined for scans that say nothing about where the parcel is. */
export function stateOfScan(scan: Pick<Scan, 'status' | 'detail'>): ShipmentState | undefined {
  switch (scan.status) {
    case 'in_transit':
    case 'out_for_delivery':
    case 'available_for_pickup':
    case 'delivered':
      return scan.status;
    case 'return_to_sender':
      return 'returned_to_sender';
    case 'failure':
      if (scan.detail.includes('lost')) return 'lost';
      return scan.detail.includes('damaged') ? 'damaged' : 'delivery_failed';
    case 'unknown':
    case 'pre_transit':
    case 'cancelled':
    case 'error':
      return undefined;
  }
}

/** The state after a scan, or undefined when it changes nothing (older, repeated or without meaning). */
export function afterScan(
  state: ShipmentState,
  scan: Pick<Scan, 'status' | 'detail'>,
): ShipmentState | undefined {
  const next = stateOfScan(scan);
  return next !== undefined && RANK[next] > RANK[state] ? next : undefined;
}

/** True once the parcel has left the warehouse: its goods are out of stock and a cancel is too late. */
export function hasLeft(state: ShipmentState): boolean {
  return RANK[state] >= RANK.handed_over && state !== 'cancelled';
}

/**
 * Scans that need an answer at once ring the order's workflow at once; the others only move a parcel along and are
 * taken with the next ring, five seconds later at the latest (one ring for a whole burst).
 */
export function isUrgentScan(status: TrackingStatus): boolean {
  return status === 'delivered' || status === 'failure' || status === 'return_to_sender';
}

/** The id of a share's parcel: `shp_<order>_<share>_<attempt>`. */
export function shipmentId(orderId: string, shareSeq: number, attempt: number): string {
  return `shp_${orderId.slice(4)}_${shareSeq}_${attempt}`;
}

/**
 * True when the carrier will not deliver the parcel by itself any more: its case says so, and what follows is agreed
 * between people. A late scan still moves it, but none is waited for.
 */
export function hasGoneWrong(state: ShipmentState): boolean {
  return state === 'lost' || state === 'damaged' || state === 'returned_to_sender';
}
