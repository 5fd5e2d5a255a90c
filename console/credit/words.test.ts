/** Gift cards and store credit in words. */
import { expect, test } from 'vitest';
import { MOVEMENT_KINDS } from '../../domain/credit.ts';
import { accountName, accountState, movementTitle, signedMoney } from './words.ts';

test('an account is called by what people know of it, never by a whole code', () => {
  expect(accountName({ kind: 'gift_card', codeLast4: 'H4RB', holder: null })).toBe('Gift card •••• H4RB');
  expect(accountName({ kind: 'store_credit', codeLast4: null, holder: '4711' })).toBe('Store credit of 4711');
  expect(accountName({ kind: 'store_credit', codeLast4: null, holder: null })).toBe('Store credit');
});

test('an account whose end has come is expired; one that was disabled stays disabled', () => {
  const now = Date.parse('2026-03-14T00:00:00Z');
  const past = '2026-03-14T00:00:00Z';
  expect(accountState({ state: 'active', expiresAt: null }, now)).toBe('active');
  expect(accountState({ state: 'active', expiresAt: '2026-03-14T00:00:01Z' }, now)).toBe('active');
  expect(accountState({ state: 'active', expiresAt: past }, now)).toBe('expired');
  expect(accountState({ state: 'disabled', expiresAt: past }, now)).toBe('disabled');
});

test('every movement has words of its own', () => {
  expect(new Set(MOVEMENT_KINDS.map(movementTitle)).size).toBe(MOVEMENT_KINDS.length);
});

test('a change says which way it went', () => {
  expect(signedMoney({ amount: 1_250, currency: 'USD' })).toMatch(/^\+USD\s12\.50$/);
  expect(signedMoney({ amount: -1_250, currency: 'USD' })).toMatch(/^−USD\s12\.50$/);
  expect(signedMoney({ amount: 0, currency: 'USD' })).toBe('–');
});
