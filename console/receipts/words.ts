/** Receipts in words: where each stands, what the rows of a file came to. Pure. */
import type { Receipt, ReceiptResults } from '../../api/schemas/receipts.ts';
import { failureWords } from '../actions/words.ts';
import { formatCount } from '../format.ts';

type State = Receipt['state'];

const STATES: Readonly<Record<State, string>> = Object.freeze({
  given: 'On its way to its order',
  booked: 'Booked',
  unmatched: 'Unmatched',
  returned: 'Returned',
});

/** Where a receipt stands. */
export function receiptStateWords(state: State): string {
  return STATES[state];
}

/** Why a receipt belongs to no order yet, as a sentence; undefined when nothing is wrong with it. */
export function receiptProblemWords({
  state,
  problem,
  orderCurrency,
}: Pick<Receipt, 'state' | 'problem' | 'orderCurrency'>): string | undefined {
  if (problem === null || state === 'booked') return undefined;
  if (problem === 'receipt_mismatch')
    return `${failureWords(problem)}: ${orderCurrency === null ? 'more than one order is called this' : `the order is in ${orderCurrency}`}.`;
  return problem === 'not_found' ? 'There is no such order.' : `${failureWords(problem)}.`;
}

type Result = ReceiptResults['results'][number];

const RESULTS: Readonly<Record<Result['result'], string>> = Object.freeze({
  booked: 'booked',
  given: 'on the way to its order',
  repeated: 'known already',
  unmatched: 'unmatched',
  refused: 'refused',
});

/** What became of one receipt. */
export function resultWords(result: Result['result']): string {
  return RESULTS[result];
}

/** What became of several: "3 booked, 1 unmatched"; kinds that did not come up are left out. */
export function resultCounts(results: readonly Pick<Result, 'result'>[]): string {
  const counts = new Map<string, number>();
  for (const { result } of results) counts.set(RESULTS[result], (counts.get(RESULTS[result]) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${formatCount(count)} ${name}`).join(', ');
}

/** What to say when one receipt was sent, and its colour. `refused` is no toast: the form says it. */
export function receiptOutcome({ result, receipt }: Pick<Result, 'result' | 'receipt'>): {
  color: string;
  message: string;
} {
  const order = receipt?.orderNumber ?? receipt?.orderRef ?? '';
  switch (result) {
    case 'booked':
      return { color: 'green', message: `The receipt is booked on order ${order}.` };
    case 'given':
      return { color: 'blue', message: `The receipt is on its way to order ${order}. It goes on by itself.` };
    case 'repeated':
      return { color: 'blue', message: 'This receipt was recorded before. Nothing was booked twice.' };
    case 'unmatched':
      return {
        color: 'orange',
        message: 'The receipt is kept, but belongs to no order yet: assign it under Money, Receipts.',
      };
    case 'refused':
      return { color: 'red', message: 'The receipt was refused.' };
  }
}
