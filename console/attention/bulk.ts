/** The outcomes of one action over many orders, in words: one line an order, and one line over all of them. */
import type { CommandAnswer } from '../actions/calls.ts';
import { failureWords } from '../actions/words.ts';
import { ApiProblem, Unreachable } from '../api/client.ts';
import { formatCount } from '../format.ts';
import type { Fate } from './fate.ts';

/**
 * How it went for one order. `done` was taken and is being tried; `cured` and `again` say what became of that; `unknown`
 * means that nobody can say whether it arrived.
 */
export type OutcomeState = 'cured' | 'again' | 'done' | 'accepted' | 'refused' | 'unknown' | 'stopped';

/** One order's outcome. */
export interface Outcome {
  order: string;
  orderNumber: number;
  state: OutcomeState;
  text: string;
}

/** What became of one order. `answer` is what the API said, or what was thrown; undefined when it was not sent any more. */
export function outcomeOf(
  order: { order: string; orderNumber: number },
  answer: CommandAnswer | Error | undefined,
): Outcome {
  const { order: id, orderNumber } = order;
  const said = (state: OutcomeState, text: string): Outcome => ({ order: id, orderNumber, state, text });
  if (answer === undefined) return said('stopped', 'Not sent: you stopped before.');
  if (answer instanceof ApiProblem) {
    const request = answer.requestId === undefined ? '' : ` (request ${answer.requestId})`;
    return said('refused', `${answer.detail ?? failureWords(answer.code)}${request}`);
  }
  if (answer instanceof Unreachable) return said('unknown', 'The connection failed; try this one again.');
  if (answer instanceof Error) return said('unknown', answer.message);
  return answer.kind === 'done'
    ? said('done', 'Is being tried again.')
    : said('accepted', 'Accepted; not finished yet.');
}

/** True when it was taken, and what became of it is not known yet. */
export function isOpen({ state }: Outcome): boolean {
  return state === 'done' || state === 'accepted';
}

/** The outcome with what became of the order since. */
export function withFate(outcome: Outcome, fate: Fate): Outcome {
  if (!fate.isKnown) return { ...outcome, text: fate.text };
  return { ...outcome, state: fate.isCured ? 'cured' : 'again', text: fate.text };
}

const SUMMARY: readonly [OutcomeState, string][] = [
  ['cured', 'worked'],
  ['again', 'tried again without success'],
  ['done', 'being tried again'],
  ['accepted', 'accepted, not finished yet'],
  ['refused', 'refused'],
  ['unknown', 'without an answer'],
  ['stopped', 'not sent'],
];

/** All outcomes in one line: "47 worked, 3 refused". */
export function summaryOf(outcomes: readonly Outcome[]): string {
  const parts = SUMMARY.flatMap(([state, word]) => {
    const count = outcomes.filter((one) => one.state === state).length;
    return count === 0 ? [] : [`${formatCount(count)} ${word}`];
  });
  return parts.length === 0 ? 'Nothing was there to be done' : parts.join(', ');
}
