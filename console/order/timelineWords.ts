/** The timeline in plain words: what each entry says, who did it, and which entries say the same thing twice. */
import type { TimelineEntry } from '../../api/schemas/feeds.ts';
import type { WaitKind } from '../../domain/lifecycle.ts';
import { WAIT_WORDS } from '../../domain/waits.ts';
import { reasonWords } from '../actions/reasons.ts';
import { failureWords } from '../actions/words.ts';
import { refundReasonWords } from '../refund/words.ts';
import { words } from '../format.ts';
import { parcelWords } from './parcel.ts';
import { detailOf, eventWords, said, textOf, type EntryWords } from './eventWords.ts';

function isWaitKind(kind: string): kind is WaitKind {
  return Object.hasOwn(WAIT_WORDS, kind);
}

/** How a wait has ended: by what came, by what was written for its deadline, or because nothing needs it any more. */
const ENDS: Readonly<Record<string, string>> = {
  done: 'Over: it is not waited for any more.',
  news: 'Over: news of it came.',
  retried: 'Over: somebody had it tried again.',
  retry: 'The time came: it was tried again by itself.',
  release: 'The time came: it went to the warehouse by itself.',
  case: 'The time was up: a case was opened.',
  remind: 'The time was up: whoever works on it was reminded.',
  expire: 'The time was up: it was not paid in time.',
  withdraw: 'The time was up: the refund was withdrawn, because nobody approved it.',
  look: 'The time came: the payment provider was asked what became of it.',
  authorize: 'The time came: the card was asked again.',
  changed: 'Over: another way to pay was given.',
  paid: 'Over: all of it has come.',
  cancel: 'The time was up: stock was looked for once more.',
};

function endWords(ended: string): string {
  const parcel = parcelWords(ended);
  if (parcel !== undefined) return `Over: news of the parcel came (${parcel.toLowerCase()}).`;
  return ENDS[ended] ?? `Over: ${words(ended).toLowerCase()}.`;
}

function waitWords(entry: TimelineEntry): EntryWords {
  const what = isWaitKind(entry.type) ? WAIT_WORDS[entry.type] : words(entry.type).toLowerCase();
  const ended = textOf(entry.data, 'endedAs');
  return ended === undefined ? said(`Waits for ${what}`) : said(`Waited for ${what}`, endWords(ended));
}

function commandWords(entry: TimelineEntry): EntryWords {
  const name = words(entry.type.replace('command.', ''));
  const reason = textOf(entry.data, 'reason');
  const isAnswered = textOf(entry.data, 'appliedAt') !== undefined;
  const why = reason === undefined ? undefined : refundReasonWords(reasonWords(reason));
  return isAnswered ? said(`${name} asked for`, why) : said(`${name} asked for, not answered yet`, why);
}

/** What the entry says. A type that nobody knows here is still readable. */
export function entryWords(entry: TimelineEntry): EntryWords {
  switch (entry.kind) {
    case 'wait':
      return waitWords(entry);
    case 'command':
      return commandWords(entry);
    case 'case':
      return said(`Needs attention: ${failureWords(entry.type)}`, detailOf(entry.data));
    case 'event':
      return eventWords(entry);
  }
}

const ACTORS: Readonly<Record<string, string>> = {
  system: 'Holdfast',
  carrier: 'the carrier',
  warehouse: 'the warehouse',
  gateway: 'the payment provider',
  channel: 'the channel',
  time: 'the clock',
  bank: 'the bank',
  customer: 'the customer',
};

/** Who it was, for people: the name of the key, or the outside system. */
export function actorWords(entry: Pick<TimelineEntry, 'kind' | 'actor' | 'actorName'>): string {
  if (entry.kind === 'wait') return 'Holdfast';
  if (entry.kind === 'case') return 'Holdfast';
  return entry.actorName ?? ACTORS[entry.actor] ?? entry.actor.replace(/^key:/, 'key ');
}

/** Which entries are shown. */
export type TimelineFilter = 'all' | 'people' | 'system';

/** The filter an address names; all when it names none. */
export function filterOf(value: string | undefined): TimelineFilter {
  return value === 'people' || value === 'system' ? value : 'all';
}

/** Of what was written in the same instant: what was asked for, what happened, what that opened, what is waited for then. */
const RANKS: Readonly<Record<TimelineEntry['kind'], number>> = { command: 0, event: 1, case: 2, wait: 3 };

function inOrder(a: TimelineEntry, b: TimelineEntry): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return RANKS[a.kind] - RANKS[b.kind];
}

/**
 * What is shown, newest first. A case and the event of its opening are one entry, and so are a command and the event that
 * says what became of it.
 */
export function timelineShown(entries: readonly TimelineEntry[], filter: TimelineFilter): TimelineEntry[] {
  const told = new Set(entries.flatMap((entry) => textOf(entry.data, 'commandId') ?? []));
  const opened = new Set(
    entries.flatMap((entry) =>
      entry.kind === 'case' ? [`${textOf(entry.data, 'subject')} ${entry.type}`] : [],
    ),
  );
  return entries
    .filter((entry) => {
      if (entry.kind === 'command') return !told.has(entry.id);
      if (entry.type !== 'case.opened') return true;
      return !opened.has(`${textOf(entry.data, 'subject')} ${textOf(entry.data, 'code')}`);
    })
    .filter((entry) => filter === 'all' || entry.isPerson === (filter === 'people'))
    .toSorted(inOrder)
    .toReversed();
}
