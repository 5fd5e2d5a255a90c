/** Which payments a refund is taken from: the chosen one, then those the gateway gives back by itself, then those by hand. */
import { isByHand } from './method.ts';
import { cardStepMinor } from './money.ts';
import type { RefundablePayment, RefundFacts } from './refund.ts';

/** One movement of a refund on one payment. By hand: a person gives it back, Holdfast only records it. */
export interface RefundMovement {
  paymentId: string;
  amountMinor: number;
  byHand: boolean;
}

/** True when the gateway moves this payment's refunds by itself. */
export function isMovedByCard(payment: Pick<RefundablePayment, 'method'>): boolean {
  return !isByHand(payment.method);
}

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
 * Takes the amount from the payments in their order: whole steps of the card networks first, then what is smaller than a
 * step from payments that people move. Less than the amount comes out when the payments don't hold it in such parts.
 */
export function walkPayments(
  facts: Pick<RefundFacts, 'currency' | 'payments'>,
  amountMinor: number,
  chosen: string | undefined,
): RefundMovement[] {
  const rank = (payment: RefundablePayment) => (payment.id === chosen ? 0 : isMovedByCard(payment) ? 1 : 2);
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
      const byHand = !isMovedByCard(payment);
      const rest = byHand ? take(refundableOfPayment(payment) - taken, 1) : 0;
      return { paymentId: payment.id, amountMinor: taken + rest, byHand };
    })
    .filter((movement) => movement.amountMinor > 0);
}
