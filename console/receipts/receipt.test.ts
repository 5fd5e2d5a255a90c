/** What is sent for a receipt that a person types. */
import { expect, test } from 'vitest';
import { METHOD_CHOICES, receiptOf } from './receipt.ts';

const EUR = { amount: 12_999, currency: 'EUR' };
const TYPED = {
  order: ' 100042 ',
  number: ' TX-1 ',
  amount: '129.99',
  currency: 'eur',
  method: '',
  receivedOn: '',
  note: ' ',
};

test('what was left empty is not sent, and blanks around a number do not count', () => {
  expect(receiptOf(TYPED, EUR)).toEqual({ order: '100042', number: 'TX-1', ...EUR });
});

test('a day begins where the reader is', () => {
  const sent = receiptOf({ ...TYPED, method: 'invoice', receivedOn: '2026-03-14', note: 'late' }, EUR);
  expect(sent).toMatchObject({
    method: 'invoice',
    receivedAt: new Date(2026, 2, 14).toISOString(),
    note: 'late',
  });
});

test('left alone, the order says how it came', () => {
  expect(METHOD_CHOICES.map(({ value }) => value)).toEqual([
    '',
    'bank_transfer',
    'invoice',
    'cash_on_delivery',
  ]);
});
