/** What waits under Money, counted. */
import { expect, test } from 'vitest';
import { allWaiting, waitingText } from './waiting.ts';

test('refunds and receipts are one number; what is not known yet counts as nothing', () => {
  const refunds = { count: 2, isMore: false };
  expect(allWaiting({ refunds, receipts: { count: 50, isMore: true } })).toEqual({ count: 52, isMore: true });
  expect(allWaiting({ refunds, receipts: undefined })).toEqual(refunds);
  expect(allWaiting({ refunds: undefined, receipts: undefined })).toEqual({ count: 0, isMore: false });
});

test('a count says when there are more', () => {
  expect(waitingText({ count: 52, isMore: true })).toBe('52+');
  expect(waitingText({ count: 3, isMore: false })).toBe('3');
});
