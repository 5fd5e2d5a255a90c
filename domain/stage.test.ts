import { describe, expect, it } from 'vitest';
import type { ShareView } from './lifecycle.ts';
import { STAGE_WORDS, STAGES, stageOf } from './stage.ts';

type View = Parameters<typeof stageOf>[0];

/** A share that is paid for and not released; what a test says of it replaces that. */
function share(seq: number, given: Partial<ShareView> = {}): ShareView {
  return {
    id: `ful_1_${seq}`,
    seq,
    location: 'east',
    state: 'open',
    amountMinor: 1_000,
    paymentAttempt: 1,
    shipmentAttempt: 1,
    payments: [{ id: `pay_1_${seq}_1`, attempt: 1, state: 'authorized' }],
    shipment: null,
    submitClaimed: false,
    stalled: [],
    ...given,
  };
}

function view(shares: ShareView[], given: Partial<View> = {}): View {
  return { lifecycle: 'processing', direction: 'forward', method: 'card', paid: false, shares, ...given };
}

const parcel = (state: NonNullable<ShareView['shipment']>['state']) => ({ id: 'shp_1_1_1', state });
const out = (given: Partial<ShareView>) => share(1, { submitClaimed: true, ...given });
const inTransit = out({ state: 'packed', shipment: parcel('in_transit') });

describe('the state an order is in', () => {
  it.each([
    ['stock', view([])],
    ['payment', view([share(1, { payments: [] })])],
    ['payment', view([share(1, { payments: [{ id: 'p', attempt: 1, state: 'declined' }] })])],
    ['payment', view([share(1)], { method: 'prepaid' })],
    ['release', view([share(1)])],
    ['release', view([share(1, { payments: [] })], { method: 'prepaid', paid: true })],
    ['release', view([share(1, { payments: [] })], { authorizeAt: '2026-03-30T12:00:00Z' })],
    ['warehouse', view([share(1, { submitClaimed: true })])],
    ['warehouse', view([out({ state: 'submitted' })])],
    ['warehouse', view([out({ state: 'picking' })])],
    ['warehouse', view([out({ state: 'rejected' })])],
    ['handover', view([out({ state: 'packed' })])],
    ['handover', view([out({ state: 'packed', shipment: parcel('booked') })])],
    ['handover', view([out({ state: 'packed', shipment: parcel('cancelled') })])],
    ['transport', view([inTransit])],
    ['transport', view([out({ state: 'packed', shipment: parcel('lost') })])],
    ['transport', view([out({ state: 'packed', shipment: parcel('delivered') })])],
    ['undoing', view([inTransit], { direction: 'undo' })],
    ['ended', view([inTransit], { lifecycle: 'completed' })],
    ['ended', view([], { lifecycle: 'cancelled', direction: 'undo' })],
  ] as const)('is %s', (stage, order) => {
    expect(stageOf(order)).toBe(stage);
  });

  it('is that of the share furthest behind', () => {
    expect(stageOf(view([inTransit, share(2)]))).toBe('release');
    expect(stageOf(view([inTransit, out({ seq: 2, state: 'picking' })]))).toBe('warehouse');
    expect(stageOf(view([inTransit, share(2, { payments: [] })]))).toBe('payment');
    expect(stageOf(view([out({ state: 'packed', shipment: parcel('delivered') }), inTransit]))).toBe(
      'transport',
    );
  });

  it('goes back to payment when a capture was refused', () => {
    const failed = out({ state: 'packed', payments: [{ id: 'p', attempt: 1, state: 'failed' }] });
    expect(stageOf(view([failed]))).toBe('payment');
  });

  it('has words for each', () => {
    expect(Object.keys(STAGE_WORDS)).toEqual([...STAGES]);
  });
});
