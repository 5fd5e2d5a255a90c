/**
 * One action over many orders: at most four requests at once, and what became of each in words. An order keeps its key
 * over all tries, so that trying again after a lost answer does nothing twice.
 */
import type { OrderListItem } from '../../api/schemas/orders.ts';
import { ApiProblem } from '../api/client.ts';
import { runAll } from '../attention/queue.ts';

/** What was asked for, with the orders as they were selected then. */
export interface BulkJob {
  kind: 'cancel' | 'retry' | 'tag';
  orders: readonly OrderListItem[];
}

/** How many orders, in words. */
export function ordersText(count: number): string {
  return count === 1 ? '1 order' : `${count} orders`;
}

/** `accepted` is under way and not finished; `failed` may be tried again; `unsent` was stopped before. */
export type OutcomeKind = 'done' | 'accepted' | 'refused' | 'failed' | 'unsent';

/** What became of one order. */
export interface Outcome {
  order: OrderListItem;
  kind: OutcomeKind;
  /** Why, in words; empty when it is done. */
  why: string;
  requestId?: string;
}

const AT_ONCE = 4;

/** How to act on one order, when to stop, and whom to tell. */
export interface BulkRun {
  /** Answers whether it is finished, or only accepted; throws when it is not. */
  act(this: void, order: OrderListItem): Promise<'done' | 'accepted'>;
  isStopped(this: void): boolean;
  onDone(this: void, outcome: Outcome): void;
}

/** Acts on all orders; resolves when each has its outcome, and never throws. */
export async function runBulk(orders: readonly OrderListItem[], run: BulkRun): Promise<void> {
  await runAll(orders, AT_ONCE, {
    act: async (order): Promise<Outcome> => {
      if (run.isStopped()) return { order, kind: 'unsent', why: 'Stopped before it was sent.' };
      try {
        const kind = await run.act(order);
        return { order, kind, why: kind === 'done' ? '' : 'Accepted; it is not finished yet.' };
      } catch (error) {
        return { order, ...failureOf(error) };
      }
    },
    onDone: run.onDone,
  });
}

/** Statuses of answers that say nothing about the order: the same request may be taken later. */
const PASSING_STATUSES: readonly number[] = [401, 408, 425, 429];

/** What an error means for the order: a refusal is the API's last word, everything else may be tried again. */
export function failureOf(error: unknown): Omit<Outcome, 'order'> {
  if (!(error instanceof ApiProblem))
    return { kind: 'failed', why: 'The connection failed; nothing is known of what became of it.' };
  const isRefusal = error.status >= 400 && error.status < 500 && !PASSING_STATUSES.includes(error.status);
  return {
    kind: isRefusal ? 'refused' : 'failed',
    why: `${error.title}.`,
    // A refusal says all there is to say; a failure is for whoever reads the logs.
    ...(!isRefusal && error.requestId !== undefined && { requestId: error.requestId }),
  };
}

const WORDS: readonly [OutcomeKind, string][] = [
  ['done', 'done'],
  ['accepted', 'accepted, not finished'],
  ['refused', 'refused'],
  ['failed', 'failed'],
  ['unsent', 'not sent'],
];

/** The outcome in one word. */
export function outcomeWord(kind: OutcomeKind): string {
  return WORDS.find(([one]) => one === kind)?.[1] ?? kind;
}

/** All outcomes in one line: "47 done, 3 refused: the order was released to the warehouse already". */
export function summaryText(outcomes: readonly Outcome[]): string {
  const parts = WORDS.flatMap(([kind, word]) => {
    const those = outcomes.filter((one) => one.kind === kind);
    if (those.length === 0) return [];
    const reasons = kind === 'refused' || kind === 'failed' ? [...new Set(those.map(({ why }) => why))] : [];
    const why = reasons.map((text) => lowerFirst(text.replace(/\.$/, ''))).join('; ');
    return [`${those.length} ${word}${why === '' ? '' : `: ${why}`}`];
  });
  return parts.join(', ');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
