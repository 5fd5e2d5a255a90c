import { describe, expect, it } from 'vitest';
import type { OrderView, ShareView } from './lifecycle.ts';
import { DEFAULT_POLICY } from './policy.ts';
import { wantedWaits } from './waits.ts';

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
