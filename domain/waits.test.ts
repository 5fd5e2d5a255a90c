import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LATER, reached, withWaits } from '../test/given/life.ts';
import { dueSteps, isFulfilled, isUndone, type OrderView, type ShareView } from './lifecycle.ts';
import { DEFAULT_POLICY } from './policy.ts';
import type { ShipmentState } from './shipment.ts';
import { isAtRest, wantedWaits } from './waits.ts';

function share(seq: number): ShareView {
  return {
    id: `ful_1_${seq}`,
    seq,
    location: `wh-${seq}`,
    state: 'open',
    amountMinor: 1_000,
    paymentAttempt: 1,
    shipmentAttempt: 1,
    payments: [{ id: `pay_1_${seq}_1`, attempt: 1, state: 'authorized' }],
    shipment: null,
    submitClaimed: false,
    stalled: [],
    undoing: [],
  };
}

const SPLIT: OrderView = {
  orderId: 'ord_1',
  number: 100_001,
  channel: 'web',
  currency: 'EUR',
  totalMinor: 2_000,
  lineCount: 2,
  version: 1,
  lifecycle: 'processing',
  direction: 'forward',
  method: 'card',
  paid: false,
  releaseAt: '2026-03-01T12:00:30Z',
  attention: [],
  shares: [share(1), share(2)],
  waits: [],
  timing: DEFAULT_POLICY,
};

describe('what an order waits for', () => {
  it('is one release for all its shares: a second open row of a kind would be refused', () => {
    expect(wantedWaits(SPLIT, DEFAULT_POLICY)).toEqual([
      expect.objectContaining({ subject: 'ord_1', kind: 'release', at: SPLIT.releaseAt }),
    ]);
  });
});

/** An order whose parcels have come so far; all is paid for. */
function sent(...states: ShipmentState[]): OrderView {
  const shares = states.map((state, index): ShareView => {
    const payments = [{ id: `pay_1_${index}_1`, attempt: 1, state: 'captured' as const }];
    return {
      ...share(index),
      state: 'packed',
      submitClaimed: true,
      payments,
      shipment: { id: `shp_1_${index}_1`, state },
    };
  });
  return { ...SPLIT, shares };
}

describe('a parcel that will not arrive by itself', () => {
  it.each(['lost', 'damaged', 'returned_to_sender'] as const)('is not waited for: %s', (state) => {
    expect(wantedWaits(sent(state), DEFAULT_POLICY)).toEqual([]);
    expect(isAtRest(sent(state))).toBe(true);
    expect(isAtRest(sent('delivered', state))).toBe(true);
    // Its case is reminded of until somebody has closed it.
    const open: OrderView = { ...sent(state), attention: ['carrier'] };
    expect(wantedWaits(open, DEFAULT_POLICY).map((wait) => wait.kind)).toEqual(['case']);
    expect(isAtRest(open)).toBe(false);
  });
  it.each([
    'handed_over',
    'in_transit',
    'out_for_delivery',
    'available_for_pickup',
    'delivery_failed',
  ] as const)('is not one that the carrier still has to deliver: %s', (state) => {
    expect(wantedWaits(sent(state, 'lost'), DEFAULT_POLICY)).toEqual([
      expect.objectContaining({ subject: 'shp_1_0_1', kind: 'delivery' }),
    ]);
    expect(isAtRest(sent(state, 'lost'))).toBe(false);
  });
  it('is the only reason for an open order to have no step due and no wait', () => {
    fc.assert(
      fc.property(reached, (life) => {
        const view = withWaits(life);
        const isIdle = view.waits.length === 0 && dueSteps(view, LATER).length === 0;
        if (isAtRest(view)) expect(isIdle).toBe(true);
        expect(isIdle).toBe(isAtRest(view) || (isIdle && (isFulfilled(view) || isUndone(view))));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('money that is awaited', () => {
  const kinds = (view: OrderView) => wantedWaits(view, DEFAULT_POLICY).map((wait) => wait.kind);
  const covered: OrderView = { ...SPLIT, shares: SPLIT.shares.map((one) => ({ ...one, payments: [] })) };

  it('is waited for as long as its method takes, and the order expires without it', () => {
    const waitOf = (method: 'prepaid' | 'bank_transfer') =>
      wantedWaits({ ...covered, method, paid: false }, DEFAULT_POLICY).find(
        (wait) => wait.kind === 'payment',
      );
    expect(waitOf('prepaid')).toMatchObject({
      seconds: DEFAULT_POLICY.paymentWaitSeconds,
      thenWhat: 'expire',
    });
    expect(waitOf('bank_transfer')).toMatchObject({
      ...{ seconds: DEFAULT_POLICY.transferWaitSeconds, thenWhat: 'expire', awaitedFrom: 'customer' },
    });
    expect(kinds({ ...covered, method: 'bank_transfer', paid: true })).not.toContain('payment');
  });

  it('holds nothing back when it comes after the goods; it is waited for once they have left', () => {
    const dueAt = '2026-04-01T00:00:00.000Z';
    const invoice: OrderView = { ...covered, method: 'invoice', paid: false };
    expect(kinds(invoice)).toEqual(['release']);
    expect(wantedWaits({ ...invoice, dueAt }, DEFAULT_POLICY)).toContainEqual({
      ...{ subject: 'ord_1', kind: 'receipt', awaitedFrom: 'customer', thenWhat: 'case', at: dueAt },
      seconds: DEFAULT_POLICY.caseReminderSeconds,
    });
    const ended = [
      { ...invoice, dueAt, paid: true },
      { ...invoice, dueAt, direction: 'undo' as const },
      { ...invoice, dueAt, lifecycle: 'cancelled' as const },
    ];
    for (const view of ended) expect(kinds(view)).not.toContain('receipt');
  });
});
