/** Amounts are read in the decimals of their currency, exactly or not at all. */
import { expect, test } from 'vitest';
import { amountText, readAmount, sampleAmount } from './amount.ts';

const minor = (typed: string, currency: string) => {
  const read = readAmount(typed, currency);
  return read.kind === 'amount' ? read.amountMinor : read.kind;
};

test.each([
  ['12.50', 'EUR', 1_250],
  ['12,5', 'EUR', 1_250],
  [' 12 ', 'USD', 1_200],
  ['0.29', 'USD', 29],
  ['1250', 'JPY', 1_250],
  ['12.500', 'KWD', 12_500],
  ['12,345', 'KWD', 12_345],
])('%j in %s', (typed, currency, expected) => {
  expect(minor(typed, currency)).toBe(expected);
});

test.each([
  ['1.234', 'EUR'],
  ['1,234', 'EUR'],
  ['12.5', 'JPY'],
  ['1.2345', 'KWD'],
  ['1,234.50', 'USD'],
  ['-1', 'USD'],
  ['1e3', 'USD'],
  ['twelve', 'USD'],
  ['99999999999999', 'USD'],
])('%j in %s is said to be wrong, never rounded', (typed, currency) => {
  expect(minor(typed, currency)).toBe('wrong');
});

test('nothing typed is no amount and not wrong', () => {
  expect(minor('  ', 'USD')).toBe('empty');
});

test('amounts are written as they are read', () => {
  expect([amountText(5, 'EUR'), amountText(1_250, 'JPY'), amountText(12_345, 'KWD')]).toEqual([
    '0.05',
    '1250',
    '12.345',
  ]);
  expect(['EUR', 'JPY', 'KWD'].map(sampleAmount)).toEqual(['12.50', '1250', '12.500']);
});
