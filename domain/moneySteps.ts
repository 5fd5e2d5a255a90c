/**
 * What is due for money that was taken: refunds to move and payments to look at. These steps belong to a payment, not to a
 * share, and are due whether the order goes forward, back or has ended.
 */
import type { FailureCode } from './failures.ts';
import type { OrderView, Step } from './lifecycle.ts';

/** All due steps of this kind, at most one a payment: looking comes before giving back. */
export function moneySteps(view: Pick<OrderView, 'money'>): Step[] {
  const { money } = view;
  if (!money) return [];
  const looks = money.inspections.map((id): Step => ({ kind: 'inspect', shareId: id, subject: id }));
  const moves = money.refunds.map((one): Step => ({
    kind: 'refund',
    shareId: one.paymentId,
    subject: one.attemptId,
  }));
  const due = [...looks, ...moves].filter(
    (step, index, all) => all.findIndex((other) => other.shareId === step.shareId) === index,
  );
  return due.filter((step) => !money.stalled.includes(`${step.shareId}#${step.kind}`));
}

/** True while such work is open, due now or stalled. */
export function hasMoneyWork({ money }: Pick<OrderView, 'money'>): boolean {
  return money !== undefined && money.refunds.length + money.inspections.length > 0;
}

/** Causes of cases about money that was taken: they outlive the end of their order. */
export const MONEY_CASES: readonly FailureCode[] = [
  'refund_failed',
  'refund_by_hand',
  'refund_at_channel',
  'dispute_open',
  'moved_outside',
  'amount_mismatch',
  'paid_unknown',
  'overpaid',
];
