/** What an address chooses, also when it is nonsense. */
import { expect, test } from 'vitest';
import type { ReportDescription } from '../../api/schemas/reports.ts';
import { groupingIn, isDay, periodChoiceIn, periodIn, queryIn, reportIn, withPeriod } from './choices.ts';

const report = (id: string, filters: ReportDescription['filters']): ReportDescription => ({
  id,
  title: id,
  definition: '',
  groupings: [
    { id: 'day', title: 'Day' },
    { id: 'channel', title: 'Channel' },
  ],
  columns: [],
  chart: { column: 'n', kind: 'bar' },
  hasCurrency: id === 'sales',
  filters,
});
const SALES = report('sales', ['channel', 'country', 'currency']);
const STAGES = report('stages', ['channel']);
const ATTENTION = report('attention', ['channel', 'country']);
const TODAY = '2026-03-14';

test('the report of the address, else the first', () => {
  expect(reportIn({ report: 'stages' }, [SALES, STAGES])).toBe(STAGES);
  expect(reportIn({ report: 'gone' }, [SALES, STAGES])).toBe(SALES);
  expect(reportIn({}, [])).toBeUndefined();
});

test('periods: by name, by days, by default', () => {
  expect(periodChoiceIn({})).toBe('30d');
  expect(periodChoiceIn({ period: 'century' })).toBe('30d');
  expect(periodChoiceIn({ period: '7d', from: '2026-01-01' })).toBe('custom');
  expect(periodIn({ period: '7d' }, TODAY)).toEqual({ from: '2026-03-08', to: TODAY });
  expect(periodIn({ from: '2026-01-01' }, TODAY)).toEqual({ from: '2026-01-01', to: TODAY });
  expect(periodIn({ from: '2025-01-01', to: '2025-02-01' }, TODAY)).toEqual({
    from: '2025-01-01',
    to: '2025-02-01',
  });
});

test('the grouping of another report is not asked for', () => {
  expect(groupingIn({ groupBy: 'channel' }, SALES)).toBe('channel');
  expect(groupingIn({ groupBy: 'reason' }, SALES)).toBe('day');
});

test('filters go to the reports that go by them', () => {
  const search = { period: '7d', channel: 'web', country: 'DE', currency: 'EUR' };
  const asked = { from: '2026-03-08', to: TODAY, groupBy: 'day', channel: 'web' };
  expect(queryIn(search, SALES, TODAY)).toEqual({ ...asked, country: 'DE', currency: 'EUR' });
  expect(queryIn(search, STAGES, TODAY)).toEqual(asked);
  expect(queryIn(search, ATTENTION, TODAY)).toEqual({ ...asked, country: 'DE' });
});

test('choosing a period keeps everything else', () => {
  const shown = { from: '2026-03-08', to: TODAY };
  expect(withPeriod({ channel: 'web', period: '7d' }, '90d', shown)).toEqual({
    channel: 'web',
    period: '90d',
  });
  expect(withPeriod({ channel: 'web', ...shown }, '30d', shown)).toEqual({ channel: 'web' });
  expect(withPeriod({ period: '7d' }, 'custom', shown)).toEqual(shown);
});

test.each([
  ['2026-03-14', true],
  ['2026-02-31', false],
  ['2026-13-01', false],
  ['14.3.2026', false],
  ['', false],
])('%j is a day: %s', (text, is) => {
  expect(isDay(text)).toBe(is);
});
