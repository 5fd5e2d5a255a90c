/**
 * Days as people choose them, in their own time zone, and the instants the API takes: "from" is the day's first instant,
 * "until" includes the day, so it is the first instant of the day after.
 */
import { formatInstant } from '../format.ts';

/** Which end of a span it is. */
export type DayEnd = 'from' | 'to';

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The instant for a day such as `2026-11-24`; undefined when it is none. */
export function instantOfDay(end: DayEnd, day: string): string | undefined {
  const [, year, month, date] = DAY.exec(day)?.map(Number) ?? [];
  if (year === undefined || month === undefined || date === undefined) return undefined;
  const at = new Date(year, month - 1, date + (end === 'to' ? 1 : 0));
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** The day of an instant that instantOfDay made, and of any other the day it falls on; empty when it is no instant. */
export function dayOfInstant(end: DayEnd, iso: string | undefined): string {
  const at = new Date(iso ?? '');
  if (Number.isNaN(at.getTime())) return '';
  if (end === 'to' && isMidnight(at)) at.setDate(at.getDate() - 1);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The instant in words: a day where it is one, else the exact time. */
export function dayText(end: DayEnd, iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  if (!isMidnight(at)) return formatInstant(iso);
  if (end === 'to') at.setDate(at.getDate() - 1);
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(at);
}

function isMidnight(at: Date): boolean {
  return at.getHours() + at.getMinutes() + at.getSeconds() + at.getMilliseconds() === 0;
}
