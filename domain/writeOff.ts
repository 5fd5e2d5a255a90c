/** Giving up money that was to come after the goods: when it can be, and how much it is. The goods have left, so nothing else is undone. */
import type { FailureCode } from './failures.ts';
import type { OrderView } from './lifecycle.ts';
import { METHODS } from './method.ts';
import { isTerminal } from './order.ts';

/** Why what is still owed can't be written off now, or undefined: it needs goods that have left and money that has not come. */
export function writeOffRefusal(
  view: Pick<OrderView, 'lifecycle' | 'direction' | 'method' | 'paid' | 'dueAt'>,
): FailureCode | undefined {
  if (isTerminal(view.lifecycle)) return 'already_ended';
  const isOwed = METHODS[view.method].moment === 'after' && !view.paid && view.dueAt !== undefined;
  return isOwed && view.direction === 'forward' ? undefined : 'nothing_to_write_off';
}
