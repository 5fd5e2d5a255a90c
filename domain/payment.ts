/**
 * Payments: one per warehouse share and business attempt. The states of a payment and of its operations, and the
 * payment axis of the order folded from them. The business attempt rises only after a definite refusal; keys are
 * made of business ids and never of Temporal's attempt or run.
 */
import type { PaymentStatus } from './order.ts';

/** States of one payment. `unknown`: the gateway has not said yet whether it authorized. */
export const PAYMENT_STATES = [
  'created',
  'requires_action',
  'authorized',
  'captured',
  'declined',
  'voided',
  'expired',
  'failed',
  'unknown',
] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

/** States of one call to an outside system. `unknown` means: neither done nor undone, find out before anything else. */
export const OPERATION_STATES = ['requested', 'succeeded', 'failed', 'unknown'] as const;
export type OperationState = (typeof OPERATION_STATES)[number];

/** Every outside effect Holdfast can cause. */
export const OPERATION_KINDS = ['authorize', 'capture', 'void', 'submit', 'book', 'void_label'] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

/**
 * The stable key of an outside effect: `100042/authorize/1/1` = order number, operation, share, business attempt.
 * Sent as idempotency key or reference; at most 60 characters.
 */
export function operationKey(
  orderNumber: number,
  kind: OperationKind,
  at: { shareSeq: number; attempt: number },
): string {
  return `${orderNumber}/${kind}/${at.shareSeq}/${at.attempt}`;
}

/** The id of a share's payment: `pay_<order>_<share>_<attempt>`. */
export function paymentId(orderId: string, shareSeq: number, attempt: number): string {
  return `pay_${orderId.slice(4)}_${shareSeq}_${attempt}`;
}

/** What the payment axis is folded from: sums over all payments of the order, in minor units. */
export interface MoneySums {
  totalMinor: number;
  authorizedMinor: number;
  capturedMinor: number;
  refundedMinor: number;
  voidedMinor: number;
  pending: boolean;
}

/** The payment axis. Authorized means authorized and not captured; captured counts as authorized too. */
export function paymentStatus(sums: MoneySums): PaymentStatus {
  const { totalMinor, capturedMinor, refundedMinor } = sums;
  if (refundedMinor > 0) return refundedMinor >= capturedMinor ? 'refunded' : 'partially_refunded';
  if (capturedMinor > totalMinor) return 'overpaid';
  if (capturedMinor > 0) return capturedMinor === totalMinor ? 'captured' : 'partially_captured';
  if (totalMinor === 0) return 'captured';
  if (sums.authorizedMinor > 0)
    return sums.authorizedMinor >= totalMinor ? 'authorized' : 'partially_authorized';
  if (sums.pending) return 'pending';
  return sums.voidedMinor > 0 ? 'voided' : 'none';
}
