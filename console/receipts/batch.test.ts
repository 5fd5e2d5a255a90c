/** Sums over the receipts of a file. */
import { expect, test } from 'vitest';
import { sumsOf } from './batch.ts';

test('currencies are never added up with one another', () => {
  const eur = (amount: number) => ({ amount, currency: 'EUR' });
  expect(sumsOf([eur(1_000), { amount: 700, currency: 'JPY' }, eur(250)])).toEqual([
    eur(1_250),
    { amount: 700, currency: 'JPY' },
  ]);
  expect(sumsOf([])).toEqual([]);
});
