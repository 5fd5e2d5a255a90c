/**
 * Another way to pay for an order that waits for one: which of its tenders is replaced. Only what was refused or given back,
 * or a bank transfer that has not come, can be paid in another way.
 */
import type { FailureCode } from './failures.ts';
import { hasUndoOpen, type OrderView, type ShareView } from './lifecycle.ts';
import { legsToChargeAnew, paymentOfLeg } from './legs.ts';
import { isHeld, isOffline, METHODS } from './method.ts';
import { isTerminal, type PaymentMethod } from './order.ts';
import type { Tender } from './tender.ts';

/** What is given instead. `tender`: which one is replaced; the refused one when it is left out. */
export interface PaymentChange {
  method: PaymentMethod;
  token: string | null;
  termsDays?: number | undefined;
  tender?: number | undefined;
}

/**
 * Why another way to pay is refused now, or undefined: it needs a share whose payment was refused or given back or a bank
 * transfer that has not come, in an order that goes forward, and everything of the old attempt given back.
 */
export function changePaymentRefusal(view: OrderView): FailureCode | undefined {
  if (isTerminal(view.lifecycle)) return 'already_ended';
  // A payment whose outcome is not known is asked about with the card it was made with.
  const isAsked = ({ payments }: ShareView) =>
    payments.some(({ state }) => state === 'created' || state === 'unknown');
  if (view.direction === 'undo' || view.shares.some(isAsked) || hasUndoOpen(view))
    return 'payment_not_changeable';
  const isRefused = view.shares.some((share) => legsToChargeAnew(view, share).length > 0);
  return isRefused || awaitsTransfer(view) ? undefined : 'payment_not_changeable';
}

/** True while an order waits for a bank transfer of which nothing has come: what came in part is waited for. */
function awaitsTransfer(view: Pick<OrderView, 'method' | 'paid' | 'isPaidInPart'>): boolean {
  const isTransfer = METHODS[view.method].moment === 'before' && isOffline(view.method);
  return isTransfer && !view.paid && !view.isPaidInPart;
}

/**
 * The tender that is replaced, or undefined when none can be: the one that was asked for, or else the first that was refused.
 * One that pays or holds a part already is replaced only by one that is set aside as well; two can't both be awaited.
 */
export function tenderToReplace(
  view: OrderView,
  tenders: readonly Tender[],
  change: Pick<PaymentChange, 'method' | 'tender'>,
): Tender | undefined {
  const anew = view.shares.flatMap((share) =>
    legsToChargeAnew(view, share).map(({ tender, attempt }) => ({
      tender,
      // What was only given back for the sake of a tender that was refused is not what has to be replaced.
      isRefused: paymentOfLeg(share, { tender, attempt })?.state !== 'voided',
    })),
  );
  const seqs = [...anew.filter((one) => one.isRefused), ...anew].map((one) => one.tender);
  if (awaitsTransfer(view))
    seqs.push(...tenders.filter((one) => one.method === view.method).map((one) => one.seq));
  const seq = seqs.find((one) => change.tender === undefined || change.tender === one);
  const target = tenders.find((tender) => tender.seq === seq);
  if (!target || isHeld(change.method)) return target;
  const isOtherAwaited = tenders.some((tender) => tender !== target && !isHeld(tender.method));
  // Also by an attempt before the one that was refused: what it has taken is not owed once more.
  const isPartlyUsed = view.shares.some((share) =>
    share.payments.some(
      ({ tender = 1, state }) =>
        tender === target.seq && ['authorized', 'captured', 'partially_captured'].includes(state),
    ),
  );
  return isOtherAwaited || isPartlyUsed ? undefined : target;
}
