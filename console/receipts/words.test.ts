/** Receipts in words. */
import { expect, test } from 'vitest';
import { RECEIPT_STATES } from '../../domain/receipt.ts';
import { receiptProblemWords, receiptStateWords, resultCounts } from './words.ts';

test('every state has words of its own', () => {
  expect(new Set(RECEIPT_STATES.map(receiptStateWords)).size).toBe(RECEIPT_STATES.length);
});

test('why a receipt belongs to no order, in words', () => {
  const why = (problem: string | null, orderCurrency: string | null = null) =>
    receiptProblemWords({ state: 'unmatched', problem, orderCurrency });
  expect(why('not_found')).toBe('There is no such order.');
  expect(why('receipt_mismatch', 'USD')).toBe(
    'The receipt does not fit the order it names: the order is in USD.',
  );
  expect(why('receipt_mismatch')).toBe(
    'The receipt does not fit the order it names: more than one order is called this.',
  );
  expect(receiptProblemWords({ state: 'booked', problem: 'not_found', orderCurrency: null })).toBeUndefined();
  expect(why(null)).toBeUndefined();
});

test('the rows of a file are counted by what became of them', () => {
  const rows = ['booked', 'unmatched', 'booked', 'refused'] as const;
  expect(resultCounts(rows.map((result) => ({ result })))).toBe('2 booked, 1 unmatched, 1 refused');
});
