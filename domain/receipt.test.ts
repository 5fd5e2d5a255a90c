/** What a receipt is: the same once more, of which method, and what it makes of the payment it is booked on. */
import { describe, expect, it } from 'vitest';
import {
  dueAfter,
  isSameReceipt,
  methodOfReceipt,
  offlineTender,
  receivedState,
  stillToCome,
} from './receipt.ts';

const KNOWN = { orderRef: '100042', orderId: 'ord_1', currency: 'EUR', amountMinor: 500 };

describe('a receipt under a known number', () => {
  it.each([
    ['the same words for the order', { orderId: null }, true],
    ['other words for the same order', { orderRef: 'ord_1' }, true],
    ['another order', { orderRef: '100043', orderId: 'ord_2' }, false],
    ['words that mean nothing', { orderRef: 'x', orderId: null }, false],
    ['another amount', { amountMinor: 501 }, false],
    ['another currency', { currency: 'USD' }, false],
  ])('with %s', (_, change, isSame) => {
    expect(isSameReceipt(KNOWN, { ...KNOWN, ...change })).toBe(isSame);
  });
  it('is another one while neither has an order', () => {
    expect(isSameReceipt({ ...KNOWN, orderId: null }, { ...KNOWN, orderRef: 'y', orderId: null })).toBe(
      false,
    );
  });
});

it('is taken as its order is to be paid, else as a bank transfer', () => {
  expect(methodOfReceipt(undefined)).toBe('bank_transfer');
  expect(methodOfReceipt('card')).toBe('bank_transfer');
  expect(methodOfReceipt('prepaid')).toBe('bank_transfer');
  expect(methodOfReceipt('cash_on_delivery')).toBe('cash_on_delivery');
  expect(methodOfReceipt('invoice')).toBe('invoice');
});

it('finds the part of an order that is paid offline', () => {
  const order = { token: null, totalMinor: 1_000, tenders: null };
  expect(offlineTender({ ...order, method: 'card' })).toBeUndefined();
  expect(offlineTender({ ...order, method: 'prepaid' })).toBeUndefined();
  expect(offlineTender({ ...order, method: 'invoice' })).toMatchObject({ seq: 1, amountMinor: 1_000 });
  const tenders = [
    { seq: 1, method: 'gift_card' as const, token: 'crd_1', amountMinor: 300 },
    { seq: 2, method: 'bank_transfer' as const, token: null, amountMinor: 700 },
  ];
  expect(offlineTender({ ...order, method: 'bank_transfer', tenders })).toMatchObject({
    ...{ seq: 2, method: 'bank_transfer', amountMinor: 700 },
  });
});

it('makes of the payment what all of them come to', () => {
  expect([0, 1, 9, 10, 11].map((received) => receivedState(received, 10))).toEqual([
    ...['created', 'partially_captured', 'partially_captured', 'captured', 'captured'],
  ]);
});

it('is due so many days after the goods have left, and never at the very moment', () => {
  const left = new Date('2026-03-01T10:00:00Z');
  expect(dueAfter(left, 30).toISOString()).toBe('2026-03-31T10:00:00.000Z');
  expect(dueAfter(left, 0).getTime()).toBeGreaterThan(left.getTime());
});

it('what is still to come is what people send less what has come and stayed, and nothing once it is paid', () => {
  const order = { method: 'invoice', token: null, totalMinor: 2_580, tenders: null, paid: false } as const;
  const came = (capturedMinor: number, refundedMinor = 0) =>
    ({ method: 'invoice', capturedMinor, refundedMinor }) as const;
  expect(stillToCome(order, [])).toEqual({ method: 'invoice', minor: 2_580 });
  expect(stillToCome(order, [came(500)])?.minor).toBe(2_080);
  expect(stillToCome(order, [came(500, 200), { ...came(1_000), method: 'card' }])?.minor).toBe(2_280);
  expect(stillToCome(order, [came(2_600)])).toBeUndefined();
  expect(stillToCome({ ...order, paid: true }, [])).toBeUndefined();
  expect(stillToCome({ ...order, method: 'card' }, [])).toBeUndefined();
});
