/** The order of rows. */
import { expect, test } from 'vitest';
import type { ReportColumn } from '../../domain/report.ts';
import { nextSorting, rowsWithNews, sortingOf, sortRows } from './sorting.ts';

const COLUMNS: ReportColumn[] = [
  { id: 'orders', title: 'Orders', kind: 'count', definition: '', higherIsBetter: true },
  { id: 'revenue', title: 'Revenue', kind: 'money', definition: '', higherIsBetter: true },
];
const row = (key: string, currency: string, [orders, revenue]: readonly [number | null, number]) => ({
  key,
  label: key,
  currency,
  values: { orders, revenue },
  before: {},
});
const ROWS = [row('b', 'USD', [2, 5]), row('c', 'EUR', [null, 900]), row('a', 'USD', [7, 9])];
const OF = { columns: COLUMNS, groupBy: 'channel' };
const keys = (text: string | undefined) =>
  sortRows(ROWS, sortingOf(text, OF), OF)
    .map((one) => one.key)
    .join('');

test.each([
  [undefined, 'bca'],
  ['gone', 'bca'],
  ['name', 'abc'],
  ['-name', 'cba'],
  // What makes no sense is last either way.
  ['orders', 'bac'],
  ['-orders', 'abc'],
  // 900 EUR cents are not more than 9 USD cents: currencies stay apart.
  ['revenue', 'bac'],
  ['-revenue', 'abc'],
])('by %s: %s', (text, order) => {
  expect(keys(text)).toBe(order);
});

test('pressing a header three times comes back to where it was', () => {
  let text = nextSorting(undefined, 'orders');
  expect(text).toBe('-orders');
  text = nextSorting(sortingOf(text, OF), 'orders');
  expect(text).toBe('orders');
  expect(nextSorting(sortingOf(text, OF), 'orders')).toBeUndefined();
  expect(nextSorting(sortingOf('-orders', OF), 'name')).toBe('name');
  expect(nextSorting(sortingOf('name', OF), 'name')).toBe('-name');
});

test('days begin with the newest unless something else is asked for', () => {
  const days = { columns: COLUMNS, groupBy: 'day' };
  const rows = ['2026-03-13', '2026-03-15', '2026-03-14'].map((day) => row(day, 'USD', [1, 1]));
  const of = (text: string | undefined) => sortRows(rows, sortingOf(text, days), days).map((one) => one.key);
  expect(of(undefined)).toEqual(['2026-03-15', '2026-03-14', '2026-03-13']);
  expect(of('name')).toEqual(['2026-03-13', '2026-03-14', '2026-03-15']);
});

test('empty rows are left out only where currencies multiply them', () => {
  const empty = row('a', 'USD', [0, 0]);
  expect(rowsWithNews([empty, row('b', 'USD', [1, 1])])).toHaveLength(2);
  expect(rowsWithNews([empty, row('a', 'EUR', [null, 3]), row('b', 'EUR', [null, 0])])).toEqual([
    row('a', 'EUR', [null, 3]),
  ]);
});
