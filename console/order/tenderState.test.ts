/** Whether money that is awaited has come, and what is still open. */
import { describe, expect, test } from 'vitest';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { awaitedState, receiptWanted } from './tenderState.ts';

type Payment = OrderDetail['payment'];
type Method = Payment['method'];
const eur = (amount: number) => ({ amount, currency: 'EUR' });
const tender = (seq: number, method: Method, amount: number) => ({
  seq,
  method,
  amount: eur(amount),
  creditAccount: null,
  codeLast4: null,
});

function paymentOf(given: Partial<Payment>): Payment {
  return {
    method: 'bank_transfer',
    number: null,
    time: null,
    paid: false,
    amount: eur(10_000),
    tenders: [tender(1, 'bank_transfer', 10_000)],
    termsDays: null,
    dueAt: null,
    writtenOff: null,
    payments: [],
    operations: [],
    ...given,
  };
}

function came(method: Method, minor: number): Payment['payments'][number] {
  return {
    id: 'pay_1',
    number: 'n',
    time: '2026-03-14T00:00:00Z',
    method,
    provider: 'offline',
    reference: null,
    state: 'partially_captured',
    amount: eur(10_000),
    authorized: eur(0),
    captured: eur(minor),
    refunded: eur(0),
    voided: eur(0),
    card: null,
    failureCode: null,
    fulfillmentId: null,
    tender: 1,
    attempt: 1,
    settledAt: null,
    payoutId: null,
  };
}

describe('a way to pay', () => {
  test('that is awaited says whether it has come', () => {
    const [one] = [tender(1, 'bank_transfer', 10_000)];
    const stateOf = (paid: boolean, lifecycle: OrderDetail['lifecycle']) =>
      awaitedState({ payment: paymentOf({ paid }), lifecycle }, one)?.label;
    expect(stateOf(false, 'confirmed')).toBe('It is awaited');
    expect(stateOf(true, 'confirmed')).toBe('It has come');
    expect(stateOf(false, 'expired')).toBe('It has not come');
  });

  test('that is set aside first says nothing: its payments do', () => {
    const held = tender(1, 'gift_card', 10_000);
    expect(
      awaitedState({ payment: paymentOf({ tenders: [held] }), lifecycle: 'confirmed' }, held),
    ).toBeUndefined();
  });
});

describe('what a receipt is recorded for', () => {
  test('is what is still open of the way that is awaited', () => {
    const tenders = [tender(1, 'gift_card', 4_000), tender(2, 'invoice', 6_000)];
    const payments = [came('gift_card', 4_000), came('invoice', 2_500)];
    expect(receiptWanted({ number: 100_042, payment: paymentOf({ tenders, payments }) })).toEqual({
      order: '100042',
      currency: 'EUR',
      openMinor: 3_500,
    });
  });

  test('is nothing when all is paid by card, and zero when more came than was owed', () => {
    const tenders = [tender(1, 'card', 10_000)];
    expect(receiptWanted({ number: 1, payment: paymentOf({ tenders }) })).toBeUndefined();
    const payments = [came('bank_transfer', 12_000)];
    expect(receiptWanted({ number: 1, payment: paymentOf({ payments }) })?.openMinor).toBe(0);
  });
});
