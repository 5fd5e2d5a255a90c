/**
 * The sentence that opens the order page. Its words are the API's (domain/standing.ts says them once, in UTC); here its
 * instants are cut out, so that the page shows each in the reader's time zone, with how long ago, and exactly on hover.
 */
import type { Standing } from '../../api/schemas/orders.ts';

/** What an instant of the sentence is. Of one known to the minute only, how long ago it was could be told wrongly. */
type Precision = 'since' | 'deadline' | 'minute';

/** A piece of the sentence: words, or an instant to be shown. */
export type SentencePart = { text: string } | { iso: string; precision: Precision };

const INSTANT = /(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}) UTC/g;

/**
 * The pieces in the order in which they are read. The sentence ends its instants with since when it waits and until when;
 * these two are given exactly. Those before them, and those of an order that has ended, are known to the minute.
 */
export function sentenceParts(standing: Pick<Standing, 'text' | 'since' | 'nextAt'>): SentencePart[] {
  const matches = [...standing.text.matchAll(INSTANT)];
  const exact = exactOf(standing);
  const parts: SentencePart[] = [];
  let from = 0;
  for (const [index, match] of matches.entries()) {
    if (match.index > from) parts.push({ text: standing.text.slice(from, match.index) });
    const minute = `${match[1]}T${match[2]}`;
    const given = exact[index - (matches.length - exact.length)];
    parts.push(
      given?.iso.startsWith(minute) ? given : { iso: `${minute}:00.000Z`, precision: 'minute' as const },
    );
    from = match.index + match[0].length;
  }
  if (from < standing.text.length) parts.push({ text: standing.text.slice(from) });
  return parts;
}

function exactOf({ since, nextAt }: Pick<Standing, 'since' | 'nextAt'>) {
  return [
    ...(since === null ? [] : [{ iso: since, precision: 'since' as const }]),
    ...(nextAt === null ? [] : [{ iso: nextAt, precision: 'deadline' as const }]),
  ];
}

/** "24 Nov 2026, 14:03" as the reader's language writes it: with the date, so that it reads after "on", "at" and "since". */
const MINUTE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** An instant inside the sentence, in the reader's time zone. */
export function formatMinute(iso: string): string {
  return MINUTE.format(new Date(iso));
}
