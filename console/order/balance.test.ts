import { expect, test } from 'vitest';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { balanceOf, balanceWords } from './balance.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });
type Payment = OrderDetail['payment']['payments'][number];

function payment(
  state: Payment['state'],
  sums: Partial<Record<'authorized' | 'captured' | 'refunded' | 'voided', number>>,
): Payment {
  return {
    id: `pay_${state}`,
    number: `pay_${state}`,
    time: '2026-11-24T14:03:27.123Z',
    method: 'card',
    provider: 'simulator',
    reference: null,
    state,
    amount: usd(sums.authorized ?? 0),
    authorized: usd(sums.authorized ?? 0),
    captured: usd(sums.captured ?? 0),
    refunded: usd(sums.refunded ?? 0),
    voided: usd(sums.voided ?? 0),
    card: null,
    failureCode: null,
    fulfillmentId: null,
    attempt: 1,
  };
}

function order(payments: Payment[], given: Partial<Pick<OrderDetail, 'lifecycle' | 'direction'>> = {}) {
  return {
    lifecycle: 'processing' as const,
    direction: 'forward' as const,
    total: usd(10_000),
    payment: {
      method: 'card' as const,
      number: null,
      time: null,
      paid: false,
      amount: usd(10_000),
      payments,
      operations: [],
    },
    ...given,
  };
}

test('two parcels, one charged: the other is held and still to be charged', () => {
  const sums = balanceOf(
    order([
      payment('captured', { authorized: 6_000, captured: 6_000 }),
      payment('authorized', { authorized: 4_000 }),
      payment('declined', {}),
    ]),
  );
  expect(sums).toMatchObject({
    authorizedMinor: 10_000,
    capturedMinor: 6_000,
    heldMinor: 4_000,
    balanceMinor: -4_000,
  });
  expect(balanceWords(sums)).toBe('still to be charged');
});

test('delivered and charged: paid in full', () => {
  const sums = balanceOf(
    order([payment('captured', { authorized: 10_000, captured: 10_000 })], { lifecycle: 'completed' }),
  );
  expect(sums).toMatchObject({ heldMinor: 0, balanceMinor: 0 });
  expect(balanceWords(sums)).toBe('paid in full');
});

test('a cancelled card order holds nothing and owes nothing', () => {
  const sums = balanceOf(
    order([payment('voided', { authorized: 10_000, voided: 10_000 })], {
      lifecycle: 'cancelled',
      direction: 'undo',
    }),
  );
  expect(sums).toMatchObject({ heldMinor: 0, voidedMinor: 10_000, dueMinor: 0, balanceMinor: 0 });
  expect(balanceWords(sums)).toBe('nothing is owed');
});

test('a cancelled order that was paid at the channel is to be given back, less what was', () => {
  const captured = payment('captured', { authorized: 10_000, captured: 10_000, refunded: 2_500 });
  const sums = balanceOf(order([captured], { lifecycle: 'cancelled' }));
  expect(sums.balanceMinor).toBe(7_500);
  expect(balanceWords(sums)).toBe('to be given back');
});
