import { expect, test } from 'vitest';
import { WAIT_WORDS } from '../../domain/waits.ts';
import { caseNext } from './caseNext.ts';

const AT = '2026-11-26T14:03:27.123Z';
const stock = { waitsFor: WAIT_WORDS.stock, next: 'it is looked for once more', nextAt: AT };

test('a case about stock says what its order’s deadline brings, and never that nothing happens', () => {
  const short = { code: 'short_stock', nextRetryAt: null };
  expect(caseNext(short, stock)).toEqual({ at: AT, text: 'it is looked for once more' });
  expect(caseNext(short, undefined)).toBeUndefined();
});

test('the deadline of another wait is not told of a case', () => {
  const lost = { code: 'parcel_lost', nextRetryAt: null };
  expect(caseNext(lost, stock)).toEqual({ at: null, text: 'not tried again by itself' });
  const declined = { code: 'card_declined', nextRetryAt: null };
  expect(caseNext(declined, stock)?.at).toBeNull();
  expect(caseNext(declined, { ...stock, waitsFor: WAIT_WORDS.payment })?.at).toBe(AT);
  const overdue = { code: 'payment_overdue', nextRetryAt: null };
  expect(caseNext(overdue, { ...stock, waitsFor: '20.80 USD by invoice' })?.at).toBe(AT);
  expect(caseNext(overdue, stock)?.at).toBeNull();
});

test('a step that is tried again by itself says when', () => {
  expect(caseNext({ code: 'carrier_refused', nextRetryAt: AT }, undefined)?.at).toBe(AT);
});
