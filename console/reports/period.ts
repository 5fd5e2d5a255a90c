/** Periods of reports: usual ones by name, and what day it is where the orders are counted. Pure: the present is given. */
import { addDays } from '../../domain/report.ts';

/** First and last day, both included. */
export interface Period {
  from: string;
  to: string;
}

/** The usual periods; all end today. */
export const PRESETS = ['7d', '30d', '90d', 'year'] as const;
export type Preset = (typeof PRESETS)[number];

/** What they are called. */
export const PRESET_WORDS: Readonly<Record<Preset, string>> = Object.freeze({
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
  year: 'This year',
});

const DAYS: Readonly<Record<Exclude<Preset, 'year'>, number>> = { '7d': 7, '30d': 30, '90d': 90 };

/** The days of a usual period that ends today. */
export function presetPeriod(preset: Preset, today: string): Period {
  if (preset === 'year') return { from: `${today.slice(0, 4)}-01-01`, to: today };
  return { from: addDays(today, 1 - DAYS[preset]), to: today };
}

/** A channel, as far as its days matter here. */
export interface ChannelZone {
  id: string;
  timeZone: string;
}

/**
 * The time zone in which "today" is meant: the chosen channel's, else the one of all channels' where it is the latest by
 * now, so that no order of today is left out; UTC without channels. The API does the same when it is told no last day.
 */
export function timeZoneFor(
  channels: readonly ChannelZone[],
  given: { channel?: string | undefined; nowMillis: number },
): string {
  const meant = channels
    .filter((one) => given.channel === undefined || one.id === given.channel)
    .map(({ timeZone }) => ({ timeZone, clock: wallClock(timeZone, given.nowMillis) }))
    .toSorted((a, b) => b.clock.localeCompare(a.clock));
  return meant[0]?.timeZone ?? 'UTC';
}

/** The wall clock there, as `2026-03-14 09:26:53`: the Swedish way of writing is the ISO one. */
function wallClock(timeZone: string, millis: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(
    millis,
  );
}

/** The day it is there. */
export function todayIn(timeZone: string, nowMillis: number): string {
  return wallClock(timeZone, nowMillis).slice(0, 10);
}

const DAY_MILLIS = 86_400_000;

/** The first instant of a day there, also when the clocks change at midnight; ISO in UTC. */
export function startOfDay(day: string, timeZone: string): string {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const offsets = [midnight - DAY_MILLIS, midnight + DAY_MILLIS].map(
    (near) => Date.parse(`${wallClock(timeZone, near).replace(' ', 'T')}Z`) - near,
  );
  const candidates = offsets.map((offset) => midnight - offset).toSorted((a, b) => a - b);
  const first = candidates.find((millis) => todayIn(timeZone, millis) === day) ?? midnight;
  return new Date(first).toISOString();
}
