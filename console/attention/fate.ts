/** What became of an order that was tried again: read from the order as it is some moments later. */
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { isTerminal } from '../../domain/order.ts';
import { WAIT_WORDS } from '../../domain/waits.ts';
import { detailWords, failureWords } from '../actions/words.ts';

/** What is looked at. */
export type OrderAfter = Pick<OrderDetail, 'cases' | 'lifecycle' | 'paymentStatus' | 'fulfillments'> & {
  standing: Pick<OrderDetail['standing'], 'state' | 'waitsFor'>;
};

/** What became of it, in words; `isKnown` is false while it may still turn out either way. */
export interface Fate {
  isKnown: boolean;
  isCured: boolean;
  text: string;
}

/** How a cause is said that has come again. */
const AGAIN: Readonly<Record<string, string>> = {
  short_stock: 'Still short',
  card_declined: 'Declined again',
  payment_refused: 'Refused again',
  capture_refused: 'Charging was refused again',
};
const PAYMENT_CODES: readonly string[] = ['card_declined', 'payment_refused'];
const PAID: readonly string[] = ['authorized', 'partially_captured', 'captured'];
const WAITS_OF_FAILURE: readonly string[] = [WAIT_WORDS.retry, WAIT_WORDS.case, WAIT_WORDS.payment];

/** What became of the order. `caseIds` are its cases of the cause `code` that were open before it was tried again. */
export function fateOf(
  order: OrderAfter,
  { code, caseIds }: { code: string; caseIds: readonly string[] },
): Fate {
  const open = order.cases.filter((one) => one.resolvedAt === null && one.code === code);
  const now = `now: ${order.standing.state}`;
  const known = (isCured: boolean, text: string): Fate => ({ isKnown: true, isCured, text: `${text}.` });
  // A retry ends the case; whatever still is wrong opens a new one.
  const anew = open.find((one) => !caseIds.includes(one.id));
  const why = anew && detailWords(anew.detail).replace(/\.$/, '');
  if (why !== undefined)
    return known(false, `${AGAIN[code] ?? `Failed again: ${failureWords(code)}`}; ${why}`);
  if (isTerminal(order.lifecycle)) return known(order.lifecycle === 'completed', `Has ended; ${now}`);
  if (open.length === 0 && isCuredBy(code, order))
    return known(true, `${CURED[code] ?? 'It worked'}; ${now}`);
  return { isKnown: false, isCured: false, text: `Is being tried again; ${now}.` };
}

const CURED: Readonly<Record<string, string>> = {
  short_stock: 'Stock found',
  card_declined: 'Paid',
  payment_refused: 'Paid',
};

function isCuredBy(code: string, { paymentStatus, fulfillments, standing }: OrderAfter): boolean {
  if (code === 'short_stock') return fulfillments.length > 0;
  if (PAYMENT_CODES.includes(code)) return PAID.includes(paymentStatus);
  // A step that worked leaves the order waiting for what comes after it: no person, and no further try.
  return standing.waitsFor !== null && !WAITS_OF_FAILURE.includes(standing.waitsFor);
}
