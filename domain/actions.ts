/**
 * What a person may do with an order now, and why not. The same rules decide when the command arrives and what the API and
 * the console offer.
 */
import type { FailureCode } from './failures.ts';
import { hasUndoOpen, type OrderView, type ShareView, type WaitKind } from './lifecycle.ts';
import { isTerminal } from './order.ts';
import { sharesToChargeAnew } from './waits.ts';

/** An action a person may take, or why not. */
export interface AllowedAction {
  action: 'cancel' | 'retry' | 'change_payment';
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
 * Why a retry is refused now, or undefined: it needs a step, stock or a card payment that waits. A new payment attempt
 * also waits until everything of the old one is given back.
 */
export function retryRefusal(view: OrderView): FailureCode | undefined {
  if (isTerminal(view.lifecycle)) return 'already_ended';
  const waitsFor = (...kinds: WaitKind[]) => view.waits.some((wait) => kinds.includes(wait.kind));
  if (waitsFor('retry', 'stock')) return undefined;
  if (view.method !== 'card' || !waitsFor('payment', 'decline')) return 'nothing_to_retry';
  return hasUndoOpen(view) ? 'refused_by_state' : undefined;
}

/**
 * Why another card is refused now, or undefined: it needs a share whose payment was refused or given back, in an order that
 * goes forward, and everything of the old attempt given back.
 */
export function changePaymentRefusal(view: OrderView): FailureCode | undefined {
  if (isTerminal(view.lifecycle)) return 'already_ended';
  // A payment whose outcome is not known is asked about with the card it was made with.
  const isAsked = ({ payments }: ShareView) =>
    payments.some(({ state }) => state === 'created' || state === 'unknown');
  if (view.shares.some(isAsked)) return 'payment_not_changeable';
  return sharesToChargeAnew(view).length > 0 ? undefined : 'payment_not_changeable';
}
