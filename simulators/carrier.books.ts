/** What the carrier simulator knows, folded from its ledger: shipments, trackers, and what they add up to. */
import { z } from 'zod';
import { SHIPMENT, TRACKER } from './carrier.wire.ts';
import type { Shipment, Tracker } from './carrier.wire.ts';

const HEAD = { seq: z.number().int(), at: z.string() };

/** One line of the carrier simulator's ledger. */
export const CARRIER_ENTRY = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('created'), ...HEAD, shipment: SHIPMENT }),
  z.object({ kind: z.literal('bought'), ...HEAD, shipment: SHIPMENT, tracker: TRACKER }),
  z.object({ kind: z.literal('refunded'), ...HEAD, shipment: SHIPMENT }),
  /** The parcel was given to the carrier. */
  z.object({ kind: z.literal('handed_over'), ...HEAD, tracker: TRACKER, reference: z.string().nullable() }),
  /** A scan was added. */
  z.object({ kind: z.literal('scanned'), ...HEAD, tracker: TRACKER, reference: z.string().nullable() }),
  z.object({ kind: z.literal('callback_delivered'), ...HEAD, callback: z.string() }),
]);
export type CarrierEntry = z.infer<typeof CARRIER_ENTRY>;

/** The carrier's state; only `apply` changes it. */
export interface CarrierBooks {
  apply(entry: CarrierEntry): void;
  /** By id or by reference; a reference that several shipments carry gives the first. */
  shipment(idOrReference: string): Shipment | undefined;
  /** By id or tracking code. */
  tracker(idOrCode: string): Tracker | undefined;
  trackers(): Tracker[];
  hasLeft(trackerId: string): boolean;
  summary(): Record<string, number>;
}

/** Empty books. */
export function createCarrierBooks(): CarrierBooks {
  const shipments = new Map<string, Shipment>();
  const idByReference = new Map<string, string>();
  const trackers = new Map<string, Tracker>();
  const idByCode = new Map<string, string>();
  const left = new Set<string>();
  const counts: Record<string, number> = {};

  function count(name: string): void {
    counts[name] = (counts[name] ?? 0) + 1;
  }

  function keep(shipment: Shipment): void {
    shipments.set(shipment.id, shipment);
    if (shipment.reference !== null && !idByReference.has(shipment.reference))
      idByReference.set(shipment.reference, shipment.id);
  }

  return {
    apply(entry) {
      if (entry.kind === 'callback_delivered') return;
      count(entry.kind);
      if ('shipment' in entry) keep(entry.shipment);
      if (!('tracker' in entry)) return;
      trackers.set(entry.tracker.id, entry.tracker);
      idByCode.set(entry.tracker.trackingCode, entry.tracker.id);
      if (entry.kind === 'handed_over') left.add(entry.tracker.id);
      const last = entry.tracker.details.at(-1);
      if (entry.kind === 'scanned' && last !== undefined) count(`scanned_${last.status}`);
    },
    shipment: (idOrReference) => shipments.get(idByReference.get(idOrReference) ?? idOrReference),
    tracker: (idOrCode) => trackers.get(idByCode.get(idOrCode) ?? idOrCode),
    trackers: () => [...trackers.values()],
    hasLeft: (trackerId) => left.has(trackerId),
    summary: () => counts,
  };
}
