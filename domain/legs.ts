/**
 * Legs of a warehouse's share: what each tender that sets money aside pays of it, and the payment that stands for each now. With
 * one tender a share has one leg; the share is as far as the leg that is least far.
 */
import type { OrderView, PaymentView, ShareView } from './lifecycle.ts';
import { isHeld } from './method.ts';
import type { PaymentState } from './payment.ts';
import type { Leg } from './tender.ts';

/** What each tender that sets money aside pays of the share; none when all of it is awaited. */
export function legsOfShare(view: Pick<OrderView, 'method'>, share: ShareView): Leg[] {
  if (share.legs) return share.legs;
  const { amountMinor, paymentAttempt: attempt } = share;
  return isHeld(view.method) ? [{ tender: 1, method: view.method, amountMinor, attempt }] : [];
}

/** The payment of a leg's current business attempt, if it was ever begun. */
export function paymentOfLeg(
  share: Pick<ShareView, 'payments'>,
  leg: Pick<Leg, 'tender' | 'attempt'>,
): PaymentView | undefined {
  return share.payments.find(({ tender = 1, attempt }) => tender === leg.tender && attempt === leg.attempt);
}

/** The current business attempt of each leg of a share; with one tender, of the share. */
function attemptsOf(share: ShareView): Pick<Leg, 'tender' | 'attempt'>[] {
  return share.legs ?? [{ tender: 1, attempt: share.paymentAttempt }];
}

/** The current payments of a share, one a leg that was begun. */
export function currentPayments(share: ShareView): PaymentView[] {
  return attemptsOf(share).flatMap((leg) => paymentOfLeg(share, leg) ?? []);
}

/** From the state that needs most to be done to the one that needs nothing; one that was never begun comes after those refused. */
const LEAST_FAR: readonly (PaymentState | undefined)[] = [
  'declined',
  'requires_action',
  'expired',
  'failed',
  'voided',
  'partially_captured',
  undefined,
  'created',
  'unknown',
  'authorized',
  'captured',
];

/** The payment that speaks for the share: the current one of the leg that is least far; undefined while that was never begun. */
export function currentPayment(share: ShareView): PaymentView | undefined {
  const [least] = attemptsOf(share)
    .map((leg) => ({ payment: paymentOfLeg(share, leg) }))
    .toSorted((a, b) => LEAST_FAR.indexOf(a.payment?.state) - LEAST_FAR.indexOf(b.payment?.state));
  return least?.payment;
}

/** Legs whose payment got a definite no or was given back: each needs a new business attempt. */
export function legsToChargeAnew(view: Pick<OrderView, 'method'>, share: ShareView): Leg[] {
  return legsOfShare(view, share).filter((leg) => needsNewAttempt(paymentOfLeg(share, leg)?.state));
}

/** True when a payment in this state goes on only with a new business attempt. */
export function needsNewAttempt(state: PaymentState | undefined): boolean {
  return state !== undefined && ANEW.includes(state);
}

const ANEW: readonly PaymentState[] = [
  'declined',
  'requires_action',
  'expired',
  'failed',
  'voided',
  // The rest was released: it is charged anew for what is still owed (remainder.ts).
  'partially_captured',
];
