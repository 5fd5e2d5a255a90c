/** A change has read again what it may have changed, and nothing else. */
import { expect, test } from 'vitest';
import { isTouched, pauseMillis, WAITING } from './touched.ts';

const kinds = (...names: string[]) => new Set(names);
const REFS = new Set(['ord_1', '100001']);

test('an order is read again under its id and its number, others are not', () => {
  expect(isTouched(['order', 'ord_1'], kinds('payment'), REFS)).toBe(true);
  expect(isTouched(['timeline', '100001'], kinds('payment'), REFS)).toBe(true);
  expect(isTouched(['order', '100002'], kinds('payment'), REFS)).toBe(false);
});

test('lists are read again by the kind of the event', () => {
  expect(isTouched(['orders', { view: 'late' }], kinds('shipment'), REFS)).toBe(true);
  expect(isTouched(['inventory', {}], kinds('payment'), REFS)).toBe(false);
  expect(isTouched(['session'], kinds('order'), REFS)).toBe(false);
  expect(isTouched(['savedViews'], kinds('order'), REFS)).toBe(false);
});

test('a refund has its order, its preview, the queues and the reports read again, and no stock', () => {
  expect(isTouched(['refundPreview', 'ord_1', '{}'], kinds('refund'), REFS)).toBe(true);
  expect(isTouched(['refundPreview', 'ord_2', '{}'], kinds('refund'), REFS)).toBe(false);
  expect(isTouched(['refunds', {}], kinds('refund'), REFS)).toBe(true);
  expect(isTouched(['refunds', WAITING], kinds('refund'), REFS)).toBe(true);
  expect(isTouched(['disputes', {}], kinds('payment'), REFS)).toBe(true);
  expect(isTouched(['report', 'payments', {}], kinds('refund'), REFS)).toBe(true);
  expect(isTouched(['inventory', {}], kinds('refund'), REFS)).toBe(false);
});

test('rows are shown sooner than counts and reports', () => {
  expect(pauseMillis(['orders', {}])).toBeLessThan(pauseMillis(['orderViews']));
  expect(pauseMillis(['orderViews'])).toBeLessThan(pauseMillis(['report', 'sales']));
  expect(pauseMillis(['refunds', {}])).toBeLessThan(pauseMillis(['refunds', WAITING]));
});
