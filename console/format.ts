/** Amounts, instants and words as people read them, in the reader's own language and time zone. */
import { minorDigits } from '../domain/money.ts';

/** An amount of minor units: "129.99 USD" in the reader's way of writing numbers. */
export function formatMoney(amountMinor: number, currency: string): string {
  const digits = minorDigits(currency);
  return new Intl.NumberFormat(undefined, {
    style: 'currency',
    currency,
    currencyDisplay: 'code',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amountMinor / 10 ** digits);
}

/** A whole number with separators. */
export function formatCount(value: number): string {
  return new Intl.NumberFormat().format(value);
}

const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** The exact instant in the reader's time zone. */
export function formatInstant(iso: string): string {
  return EXACT.format(new Date(iso));
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', 30],
  ['month', 12],
  ['year', Infinity],
];
const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'long' });

/** How long ago, or how soon: "3 minutes ago", "in 2 hours". */
export function formatRelative(iso: string, nowMillis: number): string {
  let value = (Date.parse(iso) - nowMillis) / 1000;
  for (const [unit, size] of STEPS) {
    // What is ahead is rounded: a fresh three days are "in 3 days" from the first second on.
    const whole = value > 0 ? Math.round(value) : Math.trunc(value);
    if (Math.abs(whole) < size) return RELATIVE.format(whole, unit);
    value /= size;
  }
  return formatInstant(iso);
}

/** A duration in seconds: "45 s", "3 min", "2.5 h", "4 days". */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds * 10) / 10} s`;
  if (seconds < 3_600) return `${Math.round(seconds / 6) / 10} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 360) / 10} h`;
  return `${Math.round(seconds / 8_640) / 10} days`;
}

/** A word of the system as people write it: `needs_attention` becomes "Needs attention". */
export function words(name: string): string {
  const text = name.replaceAll('_', ' ').replaceAll('.', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
