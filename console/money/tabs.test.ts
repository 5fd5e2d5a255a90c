/** What the address of the money page names, and what the API is asked for. */
import { expect, test } from 'vitest';
import { REFUND_STATES } from '../../domain/refundStates.ts';
import { choiceOf, DISPUTE_CHOICES, paramsOf, REFUND_CHOICES, tabOf } from './tabs.ts';

test('an address without a tab or with an unknown one shows the refunds', () => {
  expect([tabOf(undefined), tabOf('nonsense'), tabOf('payouts')]).toEqual(['refunds', 'refunds', 'payouts']);
});

test('refunds begin with those that need a person, disputes with the open ones', () => {
  expect(paramsOf(choiceOf(REFUND_CHOICES, undefined))).toEqual({ needsPerson: 'true' });
  expect(paramsOf(choiceOf(DISPUTE_CHOICES, 'nonsense'))).toEqual({ state: 'open' });
  expect(paramsOf(choiceOf(DISPUTE_CHOICES, 'all'))).toEqual({});
});

test('every state of a refund can be chosen', () => {
  for (const state of REFUND_STATES) expect(paramsOf(choiceOf(REFUND_CHOICES, state))).toEqual({ state });
});
