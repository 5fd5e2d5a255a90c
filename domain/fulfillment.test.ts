/** Reports of a warehouse: whatever the order they arrive in, the share ends in the same state. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterReport,
  FULFILLMENT_STATES,
  fulfillmentId,
  WAREHOUSE_REPORTS,
  type FulfillmentState,
  type WarehouseReport,
} from './fulfillment.ts';

const reports = fc.array(fc.constantFrom(...WAREHOUSE_REPORTS), { maxLength: 12 });
const states = fc.constantFrom(...FULFILLMENT_STATES);
const end = (start: FulfillmentState, given: readonly WarehouseReport[]) =>
  given.reduce<FulfillmentState>((state, report) => afterReport(state, report) ?? state, start);

describe('reports', () => {
  it('in any order end in the same state', () => {
    const shuffled = reports.chain((given) =>
      fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
    );
    fc.assert(
      fc.property(states, shuffled, (start, [given, other]) => {
        expect(end(start, other)).toBe(end(start, given));
      }),
      { numRuns: 1_000 },
    );
  });
  it('change nothing the second time', () => {
    fc.assert(
      fc.property(states, reports, (start, given) => {
        const once = end(start, given);
        expect(end(once, given)).toBe(once);
      }),
    );
  });
  it('never reopen a share that is closed or cancelled', () => {
    fc.assert(
      fc.property(fc.constantFrom<FulfillmentState>('closed', 'cancelled'), reports, (start, given) => {
        expect(end(start, given)).toBe(start);
      }),
    );
  });
  it('may skip steps, and a warehouse that packs after all has the last word', () => {
    expect(afterReport('submitted', 'packed')).toBe('packed');
    expect(afterReport('rejected', 'packed')).toBe('packed');
    expect(afterReport('packed', 'rejected')).toBeUndefined();
    expect(afterReport('packed', 'picking')).toBeUndefined();
  });
});

describe('a share', () => {
  it('has an id made of its order and its place', () => {
    expect(fulfillmentId('ord_0193', 2)).toBe('ful_0193_2');
  });
});
