/** Scans: whatever the order they arrive in, the parcel ends in the same state. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterScan,
  hasLeft,
  isUrgentScan,
  SHIPMENT_STATES,
  shipmentId,
  stateOfScan,
  TRACKING_STATUSES,
  type Scan,
  type ShipmentState,
} from './shipment.ts';

type Seen = Pick<Scan, 'status' | 'detail'>;
const scans = fc.array(
  fc.record({
    status: fc.constantFrom(...TRACKING_STATUSES),
    detail: fc.constantFrom(
      '',
      'package_lost',
      'package_damaged',
      'address_incorrect',
      'arrived_at_facility',
    ),
  }),
  { maxLength: 20 },
);
const states = fc.constantFrom(...SHIPMENT_STATES);
const end = (start: ShipmentState, seen: readonly Seen[]) =>
  seen.reduce<ShipmentState>((state, scan) => afterScan(state, scan) ?? state, start);

describe('scans', () => {
  it('in any order end in the same state', () => {
    const shuffled = scans.chain((seen) =>
      fc.tuple(fc.constant(seen), fc.shuffledSubarray(seen, { minLength: seen.length })),
    );
    fc.assert(
      fc.property(states, shuffled, (start, [seen, other]) => {
        expect(end(start, other)).toBe(end(start, seen));
      }),
      { numRuns: 2_000 },
    );
  });
  it('change nothing the second time', () => {
    fc.assert(
      fc.property(states, scans, (start, seen) => {
        const once = end(start, seen);
        expect(end(once, seen)).toBe(once);
        for (const scan of seen) expect(afterScan(once, scan)).toBeUndefined();
      }),
    );
  });
  it('never take a delivery back, nor bring a voided label to life', () => {
    fc.assert(
      fc.property(fc.constantFrom<ShipmentState>('delivered', 'cancelled'), scans, (start, seen) => {
        expect(end(start, seen)).toBe(start);
      }),
    );
  });
  it('never bring a parcel that has left back into the warehouse', () => {
    fc.assert(
      fc.property(states.filter(hasLeft), scans, (start, seen) => {
        expect(hasLeft(end(start, seen))).toBe(true);
      }),
    );
  });
  it('say where the parcel is', () => {
    expect(stateOfScan({ status: 'failure', detail: 'package_lost' })).toBe('lost');
    expect(stateOfScan({ status: 'failure', detail: 'package_damaged' })).toBe('damaged');
    expect(stateOfScan({ status: 'failure', detail: '' })).toBe('delivery_failed');
    expect(stateOfScan({ status: 'return_to_sender', detail: '' })).toBe('returned_to_sender');
    for (const status of ['unknown', 'pre_transit', 'cancelled', 'error'] as const)
      expect(stateOfScan({ status, detail: 'x' })).toBeUndefined();
  });
  it('that end something or go wrong are urgent, the others are not', () => {
    expect(TRACKING_STATUSES.filter(isUrgentScan)).toEqual(['delivered', 'return_to_sender', 'failure']);
  });
});

describe('a parcel', () => {
  it('has left from the hand-over on', () => {
    expect(SHIPMENT_STATES.filter((state) => !hasLeft(state))).toEqual(['planned', 'booked', 'cancelled']);
  });
  it('has an id made of its order, share and attempt', () => {
    expect(shipmentId('ord_0193', 2, 3)).toBe('shp_0193_2_3');
  });
});
