/** An amount and its currency as people type them. */
import { expect, test } from 'vitest';
import { readMoney } from './typedMoney.ts';

test('the decimals are those of the currency', () => {
  expect(readMoney({ amount: '12.50', currency: ' eur ' })).toEqual({
    ok: true,
    money: { amount: 1_250, currency: 'EUR' },
  });
  expect(readMoney({ amount: '1250', currency: 'JPY' })).toMatchObject({ money: { amount: 1_250 } });
  expect(readMoney({ amount: '12.50', currency: 'JPY' })).toEqual({
    ok: false,
    amount: 'Write it like 1250.',
  });
});

test('what is missing or wrong is said beside its field', () => {
  expect(readMoney({ amount: '5', currency: '' })).toEqual({ ok: false, currency: 'Say which currency.' });
  expect(readMoney({ amount: '5', currency: 'EURO' })).toEqual({
    ok: false,
    currency: 'Write its three letters, like EUR.',
  });
  expect(readMoney({ amount: '', currency: 'EUR' })).toEqual({ ok: false, amount: 'Say how much.' });
  expect(readMoney({ amount: '0', currency: 'EUR' })).toEqual({ ok: false, amount: 'Say how much.' });
});
