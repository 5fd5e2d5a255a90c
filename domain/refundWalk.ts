/**
 * Which payments a refund is taken from: the chosen one, then cards, then gift cards and store credit, then those that people
 * give back by hand. Cards go first because that is the customer's own money; credit of ours is good for them at any time.
 */
import { isByHand, METHODS } from './method.ts';
import { cardStepMinor } from './money.ts';
import type { PaymentMethod } from './order.ts';
import type { RefundablePayment, RefundFacts } from './refund.ts';

/** One movement of a refund on one payment. By hand: a person gives it back, Holdfast only records it. */
export interface RefundMovement {
  paymentId: string;
  amountMinor: number;
  byHand: boolean;
}

/** True when the card networks move this payment's refunds, in their steps. */
export function isMovedByCard(payment: Pick<RefundablePayment, 'method'>): boolean {
  return METHODS[payment.method].provider === 'gateway';
}

/** Where each kind of payment stands in the walk: what nobody has to do by hand goes first. */
const RANKS: Readonly<Record<(typeof METHODS)[PaymentMethod]['provider'], number>> = {
  gateway: 1,
  credit: 2,
  channel: 3,
  offline: 3,
};

/** What of one payment was taken, was not given back, is not on its way back, and was not taken back by the bank. */
export function refundableOfPayment(payment: RefundablePayment): number {
  const { capturedMinor, refundedMinor, refundClaimedMinor, chargedBackMinor } = payment;
  return Math.max(0, capturedMinor - refundedMinor - refundClaimedMinor - chargedBackMinor);
}

/** What of all payments can be given back. */
export function refundableMinor(facts: Pick<RefundFacts, 'payments'>): number {
  return facts.payments.reduce((sum, payment) => sum + refundableOfPayment(payment), 0);
}

/**
 * Takes the amount from the payments in their order, of one kind the oldest first: whole steps of the card networks first, then
 * what is smaller than a step from payments that are not moved by cards. Less than the amount comes out when the payments don't hold it in such parts.
 */
export function walkPayments(
  facts: Pick<RefundFacts, 'currency' | 'payments'>,
  amountMinor: number,
  chosen: string | undefined,
): RefundMovement[] {
  const rank = (payment: RefundablePayment) =>
    payment.id === chosen ? 0 : RANKS[METHODS[payment.method].provider];
  const inOrder = facts.payments.toSorted((a, b) => rank(a) - rank(b));
  const step = cardStepMinor(facts.currency);
  let left = amountMinor;
  const take = (most: number, unit: number) => {
    const held = Math.min(left, most);
    const taken = held - (held % unit);
    left -= taken;
    return taken;
  };
  const whole = inOrder.map((payment) => ({
    payment,
    amountMinor: take(refundableOfPayment(payment), step),
  }));
  return whole
    .map(({ payment, amountMinor: taken }) => {
      const rest = isMovedByCard(payment) ? 0 : take(refundableOfPayment(payment) - taken, 1);
      return { paymentId: payment.id, amountMinor: taken + rest, byHand: isByHand(payment.method) };
    })
    .filter((movement) => movement.amountMinor > 0);
}
