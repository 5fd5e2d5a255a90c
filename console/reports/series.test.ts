/** What is drawn of a report. */
import { expect, test } from 'vitest';
import type { Report } from '../../api/schemas/reports.ts';
import { addDays } from '../../domain/report.ts';
import { drawingOf } from './series.ts';
import { formatDayShort } from './values.ts';

const BASE: Report = {
  id: 'sales',
  title: 'Sales',
  definition: '',
  groupings: [],
  columns: [
    { id: 'orders', title: 'Orders', kind: 'count', definition: '', higherIsBetter: true },
    { id: 'revenue', title: 'Revenue', kind: 'money', definition: '', higherIsBetter: true },
  ],
  chart: { column: 'revenue', kind: 'line' },
  hasCurrency: true,
  filters: ['channel', 'country', 'currency'],
  generatedAt: '2026-03-14T00:00:00Z',
  groupBy: 'day',
  period: { from: '2026-03-13', to: '2026-03-14' },
  periodBefore: { from: '2026-03-11', to: '2026-03-12' },
  rows: [],
  totals: [],
  truncated: false,
};

const row = (key: string, currency: string | null, [now, before]: readonly [number, number]) => ({
  key,
  label: key,
  currency,
  values: { orders: now, revenue: now * 100 },
  before: { orders: before, revenue: before * 100 },
});
const total = (currency: string) => ({ currency, values: {}, before: {} });

const DAYS: Report = {
  ...BASE,
  totals: [total('USD'), total('EUR')],
  rows: [
    row('2026-03-13', 'USD', [3, 1]),
    row('2026-03-13', 'EUR', [2, 2]),
    row('2026-03-14', 'USD', [0, 4]),
    row('2026-03-14', 'EUR', [1, 0]),
  ],
};

test('amounts are drawn in one currency, the first', () => {
  const drawing = drawingOf(DAYS);
  expect(drawing).toMatchObject({ kind: 'line', currency: 'USD', left: 0 });
  expect(drawing?.points).toEqual([
    { label: formatDayShort('2026-03-13'), now: 300, before: 100 },
    { label: formatDayShort('2026-03-14'), now: 0, before: 400 },
  ]);
});

test('counts are drawn over all currencies, days in order', () => {
  const drawing = drawingOf({ ...DAYS, chart: { column: 'orders', kind: 'bar' } });
  expect(drawing).toMatchObject({ kind: 'bar', currency: null });
  expect(drawing?.points.map(({ now, before }) => [now, before])).toEqual([
    [5, 3],
    [1, 4],
  ]);
});

test('many days become a line', () => {
  const rows = Array.from({ length: 40 }, (_, index) => row(addDays('2026-01-01', index), 'USD', [1, 1]));
  expect(drawingOf({ ...DAYS, rows, chart: { column: 'orders', kind: 'bar' } })?.kind).toBe('line');
});

test('of many names the first are drawn, and how many are left is said', () => {
  const rows = Array.from({ length: 15 }, (_, index) => row(`sku-${index}`, 'USD', [15 - index, 0]));
  const drawing = drawingOf({ ...DAYS, groupBy: 'product', rows });
  expect(drawing).toMatchObject({ kind: 'lying', left: 3 });
  expect(drawing?.points).toHaveLength(12);
  expect(drawing?.points[0]).toEqual({ label: 'sku-0', now: 1500, before: 0 });
});

test('counts of several currencies are sorted again after they were added up', () => {
  const rows = [row('web', 'USD', [5, 0]), row('shop', 'USD', [4, 0]), row('shop', 'EUR', [3, 1])];
  const drawing = drawingOf({ ...DAYS, groupBy: 'channel', chart: { column: 'orders', kind: 'bar' }, rows });
  expect(drawing?.points.map(({ label, now }) => [label, now])).toEqual([
    ['shop', 7],
    ['web', 5],
  ]);
});

test('nothing to draw', () => {
  expect(drawingOf({ ...BASE, chart: { column: 'gone', kind: 'bar' } })).toBeUndefined();
  expect(drawingOf(BASE)).toBeUndefined();
});
