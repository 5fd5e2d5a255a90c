/** How long ago, and how soon, against a clock that may be a little behind the server's. */
import { formatRelative } from '../format.ts';

/** How far ahead an instant of the past may seem to lie: the server's clock and the reader's are never quite the same. */
const SLACK_MILLIS = 15_000;

/** An instant of the past: one that seems to lie just ahead is "just now". One that is clearly ahead says how soon. */
export function pastWords(iso: string, nowMillis: number): string {
  const ahead = Date.parse(iso) - nowMillis;
  return ahead > -1_000 && ahead <= SLACK_MILLIS ? 'just now' : formatRelative(iso, nowMillis);
}

/** An instant at which something happens by itself: one that has passed is due now, since it has not happened yet. */
export function deadlineWords(iso: string, nowMillis: number): string {
  return Date.parse(iso) - nowMillis < 1_000 ? 'due now' : formatRelative(iso, nowMillis);
}
