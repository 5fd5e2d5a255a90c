/** Totals: what is added up, and what never is. */
import { expect, test } from 'vitest';
import type { ReportColumn } from '../../domain/report.ts';
import { isEmpty, tilesOf } from './tiles.ts';

const column = (id: string, kind: ReportColumn['kind']): ReportColumn => ({
  id,
  kind,
  title: id,
  definition: id,
  higherIsBetter: true,
});
const COLUMNS = [column('orders', 'count'), column('revenue', 'money'), column('share', 'percent')];

const total = (currency: string | null, values: number | null, before: number | null) => ({
  currency,
  values: { orders: values, revenue: values, share: values },
  before: { orders: before, revenue: before, share: before },
});

test('counts of all currencies are one number; amounts and shares stand apart', () => {
  expect(tilesOf(COLUMNS, [total('USD', 10, 4), total('JPY', 3, null)])).toEqual([
    { column: COLUMNS[0], lines: [{ currency: null, now: 13, before: 4 }] },
    {
      column: COLUMNS[1],
      lines: [
        { currency: 'USD', now: 10, before: 4 },
        { currency: 'JPY', now: 3, before: null },
      ],
    },
    {
      column: COLUMNS[2],
      lines: [
        { currency: 'USD', now: 10, before: 4 },
        { currency: 'JPY', now: 3, before: null },
      ],
    },
  ]);
});

test('a number that makes no sense for the whole has no tile', () => {
  const totals = [{ currency: null, values: { orders: 5, p50: null }, before: { orders: 0, p50: null } }];
  const tiles = tilesOf([column('orders', 'count'), column('p50', 'seconds')], totals);
  expect(tiles.map((tile) => tile.column.id)).toEqual(['orders']);
});

test('empty is what counted nothing in both periods', () => {
  const row = { key: 'a', label: 'a', currency: null };
  expect(isEmpty({ totals: [], rows: [] })).toBe(true);
  expect(isEmpty({ totals: [], rows: [{ ...row, values: { n: 0 }, before: { n: null } }] })).toBe(true);
  expect(isEmpty({ totals: [], rows: [{ ...row, values: { n: 0 }, before: { n: 1 } }] })).toBe(false);
});
