/** Days and where they begin, also where clocks change at midnight. */
import { expect, test } from 'vitest';
import { presetPeriod, startOfDay, timeZoneFor, todayIn } from './period.ts';

test.each([
  ['7d', { from: '2026-02-23', to: '2026-03-01' }],
  ['30d', { from: '2026-01-31', to: '2026-03-01' }],
  ['90d', { from: '2025-12-02', to: '2026-03-01' }],
  ['year', { from: '2026-01-01', to: '2026-03-01' }],
] as const)('%s ends today, both ends included', (preset, period) => {
  expect(presetPeriod(preset, '2026-03-01')).toEqual(period);
});

const CHANNELS = [
  { id: 'berlin', timeZone: 'Europe/Berlin' },
  { id: 'vienna', timeZone: 'Europe/Berlin' },
  { id: 'tokyo', timeZone: 'Asia/Tokyo' },
];

test('today is meant where the chosen channel is, else where it is the latest by now, else in UTC', () => {
  const now = Date.parse('2026-03-14T18:00:00Z');
  expect(timeZoneFor(CHANNELS, { channel: 'berlin', nowMillis: now })).toBe('Europe/Berlin');
  expect(timeZoneFor(CHANNELS.slice(0, 2), { nowMillis: now })).toBe('Europe/Berlin');
  expect(timeZoneFor(CHANNELS, { nowMillis: now })).toBe('Asia/Tokyo');
  expect(timeZoneFor([{ id: 'la', timeZone: 'America/Los_Angeles' }, ...CHANNELS], { nowMillis: now })).toBe(
    'Asia/Tokyo',
  );
  expect(timeZoneFor(CHANNELS, { channel: 'gone', nowMillis: now })).toBe('UTC');
  expect(timeZoneFor([], { nowMillis: now })).toBe('UTC');
});

test('the day depends on the place', () => {
  const now = Date.parse('2026-03-14T23:30:00Z');
  expect(todayIn('UTC', now)).toBe('2026-03-14');
  expect(todayIn('Europe/Berlin', now)).toBe('2026-03-15');
  expect(todayIn('America/Los_Angeles', now)).toBe('2026-03-14');
});

test.each([
  ['2026-03-14', 'UTC', '2026-03-14T00:00:00.000Z'],
  ['2026-03-14', 'Europe/Berlin', '2026-03-13T23:00:00.000Z'],
  ['2026-07-01', 'Europe/Berlin', '2026-06-30T22:00:00.000Z'],
  // The day of the change begins before it.
  ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  // At midnight of this day clocks in Brazil went to one: the day has no 00:00.
  ['2017-10-15', 'America/Sao_Paulo', '2017-10-15T03:00:00.000Z'],
  // Clocks went back to 23:00 at midnight: the evening before is an hour longer.
  ['2018-02-18', 'America/Sao_Paulo', '2018-02-18T03:00:00.000Z'],
  // Clocks went from one back to midnight: the day begins at the first of the two.
  ['2025-11-02', 'America/Havana', '2025-11-02T04:00:00.000Z'],
  ['2026-03-14', 'Asia/Kathmandu', '2026-03-13T18:15:00.000Z'],
])('%s in %s begins at %s', (day, timeZone, instant) => {
  expect(startOfDay(day, timeZone)).toBe(instant);
});
