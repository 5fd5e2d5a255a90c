/** The money of an order, and a refund, as the API shows them: words of staff are for those who see texts of staff. */
import { SIGNAL_SENDER } from '../../domain/actor.ts';
import { moneyHistory, type MoneyState } from '../../domain/moneyHistory.ts';
import { coverStatuses } from '../../domain/payment.ts';
import type { RefundFee, RefundPlanLine } from '../../domain/refund.ts';
import type { OrderRows } from '../../db/reads/orderRows.ts';
import type { RefundJson } from '../../db/reads/refunds.ts';
import type { OrderMoney, Refund } from '../schemas/refunds.ts';
import type { Sight } from '../sight.ts';
import { iso, isoOrNull, moneyIn } from './orderParts.ts';

/** The money section of an order. */
export function showMoney({ order, payments, money: rows }: OrderRows, sight: Sight): OrderMoney {
  const money = moneyIn(order.currency);
  const sum = (pick: (payment: OrderRows['payments'][number]) => number) =>
    payments.reduce((total, payment) => total + pick(payment), 0);
  const authorizedMinor = sum((one) =>
    one.state === 'authorized' || one.state === 'partially_captured'
      ? Math.max(0, one.authorized_minor - one.captured_minor - one.voided_minor)
      : 0,
  );
  const capturedMinor = sum((one) => one.captured_minor);
  const { pendingMinor, grantedMinor, refundableMinor } = rows.money_sums;
  const cover = coverStatuses({
    totalMinor: order.total_minor,
    grantedRefundsMinor: grantedMinor,
    authorizedMinor,
    capturedMinor,
  });
  return {
    authorized: money(authorizedMinor),
    captured: money(capturedMinor),
    settled: money(sum((one) => (one.settled_at === null ? 0 : one.captured_minor))),
    refunded: money(sum((one) => one.refunded_minor)),
    chargedBack: money(sum((one) => one.charged_back_minor)),
    refundPending: money(pendingMinor),
    refundable: money(refundableMinor),
    authorizeStatus: cover.authorize,
    chargeStatus: cover.charge,
    isDisputed: rows.disputes.some((one) => one.state === 'open'),
    operations: showHistory(rows, payments, order.currency),
    refunds: rows.refunds.map((one) => showRefund(one, sight)),
    disputes: rows.disputes.map((one) => showDispute(one, order)),
  };
}

/** What was asked for and what happened, newest last. */
function showHistory(
  rows: OrderRows['money'],
  payments: OrderRows['payments'],
  currency: string,
): OrderMoney['operations'] {
  const states = new Map<string, MoneyState>(
    rows.refunds.flatMap((refund) => refund.attempts.map((one) => [one.key, one.state])),
  );
  const events = rows.payment_events.map((event) => ({
    paymentId: event.payment_id,
    type: event.type,
    reference: event.reference,
    amountMinor: event.amount_minor,
    source: event.source,
    providerRef: event.provider_ref,
    code: event.code,
    at: event.at,
  }));
  const settled = new Set(payments.filter((one) => one.settled_at !== null).map((one) => one.id));
  return moneyHistory(events, states, settled).map(({ amountMinor, time, ...row }) => ({
    ...row,
    time: iso(time),
    amount: { amount: amountMinor, currency },
  }));
}

function showDispute(
  dispute: OrderRows['money']['disputes'][number],
  order: OrderRows['order'],
): OrderMoney['disputes'][number] {
  return {
    id: dispute.id,
    orderId: dispute.order_id,
    orderNumber: order.number,
    channel: order.channel,
    paymentId: dispute.payment_id,
    amount: { amount: dispute.amount_minor, currency: dispute.currency },
    state: dispute.state,
    reason: dispute.reason,
    respondBy: isoOrNull(dispute.respond_by),
    openedAt: iso(dispute.opened_at),
    closedAt: isoOrNull(dispute.closed_at),
  };
}

/** A refund with its movements. */
export function showRefund(refund: RefundJson, sight: Sight): Refund {
  const money = moneyIn(refund.currency);
  return {
    id: refund.id,
    seq: refund.seq,
    orderId: refund.order_id,
    orderNumber: refund.order_number,
    channel: refund.channel,
    state: refund.state,
    reason: refund.reason,
    note: sight.staffTexts ? refund.note : null,
    ...showParts(refund.currency, {
      amountMinor: refund.amount_minor,
      lines: refund.lines,
      shippingMinor: refund.shipping_minor,
      goodwillMinor: refund.goodwill_minor,
      fees: refund.fees,
      roundingMinor: refund.rounding_minor,
    }),
    requestedBy: requesterOf(refund, sight),
    requestedByName: sight.staffNames ? refund.requested_by_name : null,
    decidedBy: refund.decided_by,
    decidedByName: sight.staffNames ? refund.decided_by_name : null,
    decidedAt: isoOrNull(refund.decided_at),
    createdAt: iso(refund.created_at),
    settledAt: isoOrNull(refund.settled_at),
    attempts: refund.attempts.map((one) => ({
      id: one.id,
      paymentId: one.payment_id,
      method: one.method,
      amount: money(one.amount_minor),
      state: one.state,
      attempt: one.attempt,
      number: one.key,
      reference: one.provider_ref,
      failureCode: one.failure_code,
      createdAt: iso(one.created_at),
      settledAt: isoOrNull(one.settled_at),
    })),
  };
}

/** Who a signal says sent it is for staff; all others see that it was one. */
function requesterOf({ requested_by: requester }: RefundJson, sight: Sight): string {
  return !sight.staffNames && requester.endsWith(`(${SIGNAL_SENDER})`) ? SIGNAL_SENDER : requester;
}

interface Parts {
  amountMinor: number;
  lines: readonly RefundPlanLine[];
  shippingMinor: number;
  goodwillMinor: number;
  fees: readonly RefundFee[];
  roundingMinor: number;
}

/** What an amount is made of: of a refund that is kept, and of one that is only planned. */
export function showParts(
  currency: string,
  parts: Parts,
): Pick<Refund, 'amount' | 'lines' | 'shipping' | 'goodwill' | 'fees' | 'rounding'> {
  const money = moneyIn(currency);
  return {
    amount: money(parts.amountMinor),
    lines: parts.lines.map((line) => ({
      lineNo: line.lineNo,
      units: line.units,
      net: money(line.netMinor),
      tax: money(line.taxMinor),
      total: money(line.totalMinor),
    })),
    shipping: money(parts.shippingMinor),
    goodwill: money(parts.goodwillMinor),
    fees: parts.fees.map((fee) => ({
      kind: fee.kind,
      amount: money(fee.amountMinor),
      tax: money(fee.taxMinor ?? 0),
    })),
    rounding: money(parts.roundingMinor),
  };
}
