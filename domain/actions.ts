/**
 * What a person may do with an order now, and why not. The same rules decide when the command arrives and what the API and
 * the console offer.
 */
import { changePaymentRefusal } from './changePayment.ts';
import type { FailureCode } from './failures.ts';
import { hasUndoOpen, type OrderView, type ShareView, type WaitKind, type WaitView } from './lifecycle.ts';
import { legsToChargeAnew } from './legs.ts';
import { isTerminal } from './order.ts';
import { writeOffRefusal } from './writeOff.ts';
import { isMoneyWait } from './waits.ts';

/** An action a person may take, or why not. */
export interface AllowedAction {
  action: 'cancel' | 'retry' | 'change_payment' | 'write_off';
  enabled: boolean;
  reasonIfDisabled?: FailureCode;
  needsReason: boolean;
}

/** What can be done with the order now. The same rule decides when the command arrives. */
export function allowedActions(view: OrderView): AllowedAction[] {
  const row = (
    action: AllowedAction['action'],
    refusal: FailureCode | undefined,
    needsReason = false,
  ): AllowedAction => ({
    action,
    enabled: refusal === undefined,
    needsReason,
    ...(refusal && { reasonIfDisabled: refusal }),
  });
  return [
    row('cancel', cancelRefusal(view), true),
    row('retry', retryRefusal(view)),
    row('change_payment', changePaymentRefusal(view)),
    // Rare, and a right of few: only there when there is something to give up.
    ...(writeOffRefusal(view) === undefined ? [row('write_off', undefined)] : []),
  ];
}

/**
 * Why a cancel is refused now, or undefined. Until the full cancel table exists, a cancel works before release, and for
 * shares that their warehouse has rejected.
 */
export function cancelRefusal(
  view: Pick<OrderView, 'lifecycle' | 'direction' | 'shares'>,
): FailureCode | undefined {
  if (isTerminal(view.lifecycle)) return 'already_ended';
  if (view.direction === 'undo') return 'refused_by_state';
  const isOut = (share: ShareView) =>
    share.state !== 'rejected' && (share.submitClaimed || share.state !== 'open');
  return view.shares.some(isOut) ? 'already_released' : undefined;
}

/**
 * Why a retry is refused now, or undefined: it needs a step, stock or a payment that waits; of an order that has ended, a step
 * of its money. A new payment attempt also waits until everything of the old one is given back.
 */
export function retryRefusal(view: OrderView): FailureCode | undefined {
  const isStalledMoney = (wait: WaitView) => wait.kind === 'retry' && isMoneyWait(wait);
  if (isTerminal(view.lifecycle)) return view.waits.some(isStalledMoney) ? undefined : 'already_ended';
  const waitsFor = (...kinds: WaitKind[]) => view.waits.some((wait) => kinds.includes(wait.kind));
  if (waitsFor('retry', 'stock')) return undefined;
  const isRefused = view.shares.some((share) => legsToChargeAnew(view, share).length > 0);
  if (!isRefused || !waitsFor('payment', 'decline')) return 'nothing_to_retry';
  return hasUndoOpen(view) ? 'refused_by_state' : undefined;
}
