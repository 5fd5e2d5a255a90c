import { describe, expect, it } from 'vitest';
import { compareListed, missingAtGateway, type OurPayment } from './reconcile.ts';
import type { ListedPayment } from './truth.ts';

function ours(given: Partial<OurPayment> = {}): OurPayment {
  return {
    id: 'pay_1',
    orderId: 'ord_1',
    state: 'captured',
    providerRef: 'pi_1',
    currency: 'JPY',
    amountMinor: 5_000,
    capturedMinor: 5_000,
    refundedMinor: 0,
    isDisputed: false,
    hasDispute: false,
    refundOpenMinor: 0,
    lifecycle: 'processing',
    isBusy: false,
    ...given,
  };
}

function listed(given: Partial<ListedPayment> = {}): ListedPayment {
  const state = given.state ?? 'captured';
  return {
    providerRef: 'pi_1',
    state,
    amountMinor: 5_000,
    capturedMinor: state === 'captured' ? 5_000 : 0,
    currency: 'JPY',
    captureBefore: null,
    key: 'k',
    orderId: 'ord_1',
    refundedMinor: 0,
    hasDispute: false,
    createdAt: '2026-03-01T00:00:00.000Z',
    ...given,
  };
}

const held = { state: 'authorized' as const, capturedMinor: 0 };

describe('a payment that the gateway lists', () => {
  it.each([
    ['charged on both sides', ours(), listed()],
    ['authorized on both sides', ours(held), listed(held)],
    ['refused on both sides', ours({ state: 'declined', capturedMinor: 0 }), listed({ state: 'declined' })],
    [
      'asked for and not answered',
      ours({ state: 'unknown', capturedMinor: 0 }),
      listed({ state: 'declined' }),
    ],
    ['given back on both sides', ours({ state: 'expired', capturedMinor: 0 }), listed({ state: 'voided' })],
    ['refunded on both sides', ours({ refundedMinor: 700 }), listed({ refundedMinor: 700 })],
    ['refunded there, under way here', ours({ refundOpenMinor: 700 }), listed({ refundedMinor: 700 })],
    ['disputed on both sides', ours({ hasDispute: true }), listed({ hasDispute: true })],
    [
      'of a cancelled order and given back',
      ours({ lifecycle: 'cancelled', refundedMinor: 5_000 }),
      listed({ refundedMinor: 5_000 }),
    ],
    [
      'of a cancelled order and on its way back',
      ours({ lifecycle: 'cancelled', refundOpenMinor: 5_000 }),
      listed(),
    ],
    ['being worked on', ours({ isBusy: true, state: 'unknown', capturedMinor: 0 }), listed()],
    ['of nobody and refused', undefined, listed({ state: 'declined' })],
    ['of nobody and given back', undefined, listed({ refundedMinor: 5_000 })],
  ])('is no finding when it is %s', (_, here, there) => {
    expect(compareListed(here, there)).toBeUndefined();
  });

  it.each([
    ['paid_but_unknown', undefined, listed(), [null, 5_000]],
    ['paid_but_unknown', undefined, listed({ ...held, amountMinor: 300 }), [null, 300]],
    [
      'captured_but_cancelled',
      ours({ lifecycle: 'cancelled', state: 'declined', capturedMinor: 0 }),
      listed(),
      [0, 5_000],
    ],
    [
      'captured_but_cancelled',
      ours({ lifecycle: 'expired' }),
      listed({ refundedMinor: 1_000 }),
      [5_000, 4_000],
    ],
    [
      'authorized_but_ended',
      ours({ ...held, state: 'declined', lifecycle: 'cancelled' }),
      listed(held),
      [0, 5_000],
    ],
    ['amount_differs', ours({ capturedMinor: 4_000 }), listed(), [4_000, 5_000]],
    ['amount_differs', ours(held), listed({ ...held, amountMinor: 4_000 }), [5_000, 4_000]],
    ['currency_differs', ours({ currency: 'EUR' }), listed(), [null, null]],
    ['refund_differs', ours(), listed({ refundedMinor: 700 }), [0, 700]],
    ['refund_differs', ours({ refundedMinor: 700 }), listed(), [700, 0]],
    ['refund_differs', ours({ refundOpenMinor: 100 }), listed({ refundedMinor: 700 }), [0, 700]],
    ['dispute_differs', ours(), listed({ hasDispute: true }), [null, null]],
    ['state_differs', ours({ ...held, state: 'declined' }), listed(held), [0, 5_000]],
    ['state_differs', ours(held), listed({ state: 'voided' }), [5_000, 0]],
  ] as const)('is %s', (kind, here, there, [oursMinor, theirsMinor]) => {
    expect(compareListed(here, there)).toMatchObject({ kind, oursMinor, theirsMinor, reference: 'pi_1' });
  });

  it('is repaired by its own order, unless it has none', () => {
    expect(compareListed(ours({ capturedMinor: 0 }), listed())?.repair).toBe('inspect');
    expect(compareListed(undefined, listed())?.repair).toBe('case');
  });
});

describe('a payment of ours that the gateway does not list', () => {
  it('is missing when money of it is held, and nothing works on it', () => {
    const all = [
      ours({ id: 'listed' }),
      ours({ id: 'missing', providerRef: 'pi_2' }),
      ours({ ...held, id: 'held', providerRef: 'pi_3' }),
      ours({ id: 'refused', providerRef: 'pi_4', state: 'declined', capturedMinor: 0 }),
      ours({ id: 'of nothing', providerRef: 'none' }),
      ours({ id: 'busy', providerRef: 'pi_5', isBusy: true }),
    ];
    const found = missingAtGateway(all, new Set(['pi_1']));
    expect(found.map((one) => one.paymentId)).toEqual(['missing', 'held']);
    expect(found[0]).toMatchObject({ kind: 'missing_at_gateway', oursMinor: 5_000, theirsMinor: null });
  });
});
