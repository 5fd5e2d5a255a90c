/** What is sent for a new gift card or store credit. */
import { expect, test } from 'vitest';
import { EMPTY_ISSUE, issueOf } from './issue.ts';

const USD = { amount: 5_000, currency: 'USD' };

test('what was left empty is not sent', () => {
  expect(issueOf({ ...EMPTY_ISSUE, holder: ' ', amount: '50', currency: 'usd' }, USD)).toEqual({
    kind: 'gift_card',
    amount: USD,
  });
});

test('it is valid through the end of the last day', () => {
  const asked = issueOf(
    { ...EMPTY_ISSUE, kind: 'store_credit', holder: ' 4711 ', validThrough: '2027-12-31', reason: 'Sorry' },
    USD,
  );
  expect(asked).toEqual({
    kind: 'store_credit',
    amount: USD,
    holder: '4711',
    expiresAt: new Date(2028, 0, 1).toISOString(),
    reason: 'Sorry',
  });
});
