/** The numbers of the home page: money of two currencies never meets. */
import { expect, test } from 'vitest';
import type { OrderViews } from '../../api/schemas/desk.ts';
import { countIn, hasNoOrders, homeQuery, ordersByDay, ordersOn, revenueOn } from './numbers.ts';

const row = (
  key: string,
  currency: string,
  [orders, revenue, before]: readonly [number, number, number],
) => ({
  key,
  label: key,
  currency,
  values: { orders, revenue },
  before: { orders: before },
});
const REPORT = {
  rows: [
    row('2026-03-13', 'USD', [4, 400, 1]),
    row('2026-03-14', 'USD', [2, 200, 3]),
    row('2026-03-13', 'JPY', [0, 0, 5]),
    row('2026-03-14', 'JPY', [1, 9_000, 0]),
    row('2026-03-14', 'EUR', [0, 0, 0]),
  ],
};

test('orders of all currencies are one number', () => {
  expect(ordersOn(REPORT, '2026-03-14')).toBe(3);
  expect(ordersOn(REPORT, '2026-03-15')).toBe(0);
});

test('revenue stands apart for each currency that has some', () => {
  expect(revenueOn(REPORT, '2026-03-14')).toEqual([
    { amount: 200, currency: 'USD' },
    { amount: 9_000, currency: 'JPY' },
  ]);
  expect(revenueOn(REPORT, '2026-03-15')).toEqual([]);
});

test('days come once each, in order', () => {
  expect(ordersByDay(REPORT)).toEqual([
    { day: '2026-03-13', now: 4, before: 6 },
    { day: '2026-03-14', now: 3, before: 3 },
  ]);
});

test('fourteen days end today', () => {
  expect(homeQuery('2026-03-14')).toEqual({ from: '2026-03-01', to: '2026-03-14', groupBy: 'day' });
});

test('counts say when there are more than were counted, and an empty system is seen', () => {
  const views = (count: number, isMore: boolean): OrderViews => ({
    data: [{ view: 'all', title: 'All', definition: '', count, isMore }],
  });
  expect(countIn(views(7, false), 'all')).toBe('7');
  expect(countIn(views(7, true), 'all')).toBe('7+');
  expect(countIn(views(7, true), 'late')).toBe('–');
  expect(hasNoOrders(views(0, false))).toBe(true);
  expect(hasNoOrders(views(1, false))).toBe(false);
  expect(hasNoOrders({ data: [] })).toBe(false);
});
