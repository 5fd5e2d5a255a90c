/** What happens to a case by itself: when it is tried again, or what its order's deadline brings. */
import type { Standing } from '../../api/schemas/orders.ts';
import { isStillToCome } from '../../domain/awaitedWords.ts';
import { WAIT_WORDS } from '../../domain/waits.ts';

/** What happens by itself, and when; without an instant it is only said. */
export interface CaseNext {
  at: string | null;
  text: string;
}

/** The waits whose deadline ends a case of this cause, by what the standing says the order waits for. */
const WAITS: Readonly<Record<string, string>> = {
  short_stock: WAIT_WORDS.stock,
  card_declined: WAIT_WORDS.payment,
  payment_refused: WAIT_WORDS.payment,
  unpaid_at_channel: WAIT_WORDS.payment,
  payment_overdue: WAIT_WORDS.receipt,
};

/**
 * What happens by itself. `standing` is where the order of the case stands, when it is known. Undefined when nothing can
 * be said: stock is looked for once more at a deadline that only the order knows.
 */
export function caseNext(
  one: { code: string; nextRetryAt: string | null },
  standing: Pick<Standing, 'waitsFor' | 'next' | 'nextAt'> | undefined,
): CaseNext | undefined {
  if (one.nextRetryAt !== null) return { at: one.nextRetryAt, text: 'it is tried again by itself' };
  const wait = WAITS[one.code];
  const waitsFor = standing?.waitsFor ?? null;
  const isSent = one.code === 'payment_overdue' && waitsFor !== null && isStillToCome(waitsFor);
  if (standing && wait !== undefined && (waitsFor === wait || isSent) && standing.next !== null)
    return { at: standing.nextAt, text: standing.next };
  return one.code === 'short_stock' ? undefined : { at: null, text: 'not tried again by itself' };
}
