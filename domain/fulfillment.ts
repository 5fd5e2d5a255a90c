/**
 * Fulfillment orders: the work of one warehouse for one order, apart from the parcels it results in.
 * Until sourcing is rules, each warehouse that takes part has one share and each share one parcel.
 */
export const FULFILLMENT_STATES = [
  'open',
  'submitted',
  'accepted',
  'picking',
  'packed',
  'closed',
  'scheduled',
  'on_hold',
  'rejected',
  'incomplete',
  'cancel_requested',
  'cancelled',
] as const;
export type FulfillmentState = (typeof FULFILLMENT_STATES)[number];

/** What a warehouse reports about a share, in the order in which it happens. */
export const WAREHOUSE_REPORTS = ['accepted', 'picking', 'packed', 'rejected'] as const;
export type WarehouseReport = (typeof WAREHOUSE_REPORTS)[number];

// Packed stands above rejected: a warehouse that packs after all has the last word, and a "rejected" that comes late,
// when the goods are packed already, changes nothing. With a tie the end would depend on the order of arrival.
const RANK: Partial<Record<FulfillmentState, number>> = {
  open: 0,
  submitted: 1,
  accepted: 2,
  picking: 3,
  rejected: 4,
  packed: 5,
  closed: 6,
  cancelled: 7,
};

/**
 * The state after a report: reports come early, twice and out of order, so only a step forward counts;
 * anything older returns undefined (stored, not applied).
 */
export function afterReport(state: FulfillmentState, report: WarehouseReport): FulfillmentState | undefined {
  return (RANK[report] ?? 0) > (RANK[state] ?? 99) ? report : undefined;
}

/** The id of a share: `ful_<order>_<seq>`. */
export function fulfillmentId(orderId: string, seq: number): string {
  return `ful_${orderId.slice(4)}_${seq}`;
}
