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
  'partially_captured',
  'captured',
  'declined',
  'voided',
  'expired',
  'failed',
  'unknown',
] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

/** States of one call to an outside system. `unknown` means: neither done nor undone, find out before anything else. */
export const OPERATION_STATES = [
  'requested',
  'succeeded',
  'failed',
  'unknown',
  'pending_at_provider',
] as const;
export type OperationState = (typeof OPERATION_STATES)[number];

/** Every outside effect Holdfast can cause. */
export const OPERATION_KINDS = [
  'authorize',
  'capture',
  'void',
  'refund',
  'submit',
  'book',
  'void_label',
] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

/**
 * The stable key of an outside effect: `100042/authorize/1/1` = order number, operation, share, business attempt; of
 * another tender than the first `100042/authorize/1.2/1`. Sent as idempotency key or reference; at most 60 characters.
 */
export function operationKey(
  orderNumber: number,
  kind: OperationKind,
  at: { shareSeq: number; tender?: number; attempt: number },
): string {
  return `${orderNumber}/${kind}/${legName(at, '.')}/${at.attempt}`;
}

/** The key of one movement of a refund: `100042/refund/2.1/1` = refund 2 of the order, its first movement, first try. */
export function refundKey(
  orderNumber: number,
  at: { refundSeq: number; seq: number; attempt: number },
): string {
  return `${orderNumber}/refund/${at.refundSeq}.${at.seq}/${at.attempt}`;
}

/** The id of a share's payment: `pay_<order>_<share>_<attempt>`; of another tender than the first `…_<share>t<tender>_<attempt>`. */
export function paymentId(
  orderId: string,
  at: { shareSeq: number; tender?: number; attempt: number },
): string {
  return `pay_${orderId.slice(4)}_${legName(at, 't')}_${at.attempt}`;
}

function legName(at: { shareSeq: number; tender?: number | undefined }, joint: string): string {
  return at.tender === undefined || at.tender === 1 ? `${at.shareSeq}` : `${at.shareSeq}${joint}${at.tender}`;
}

/** The id of what is to be paid by an offline method for the whole order: `pay_<order>_offline`. */
export function offlinePaymentId(orderId: string): string {
  return `pay_${orderId.slice(4)}_offline`;
}

/** The id of the payment that a channel took for the whole order: `pay_<order>_channel`. */
export function channelPaymentId(orderId: string): string {
  return `pay_${orderId.slice(4)}_channel`;
}

/** What can be written down about a payment (Saleor's transaction events are the model of the field). */
export const PAYMENT_EVENT_TYPES = [
  'authorization_request',
  'authorization_success',
  'authorization_failure',
  'authorization_action_required',
  'authorization_adjustment',
  'charge_request',
  'charge_success',
  'charge_failure',
  'refund_request',
  'refund_success',
  'refund_failure',
  'refund_reverse',
  'cancel_request',
  'cancel_success',
  'cancel_failure',
  'charge_back',
  'charge_back_reverse',
  'info',
] as const;
export type PaymentEventType = (typeof PAYMENT_EVENT_TYPES)[number];

/** One event of a payment, oldest first in every list. `reference` is what it is about: an operation key, a refund, a dispute, a receipt. */
export interface PaymentEvent {
  type: PaymentEventType;
  reference: string;
  amountMinor: number;
}

/** What a payment's events add up to, in minor units. */
export interface PaymentBalance {
  /** Everything that was ever granted, less nothing: the last adjustment, or the sum of successes. */
  authorizedMinor: number;
  capturedMinor: number;
  refundedMinor: number;
  voidedMinor: number;
  chargedBackMinor: number;
  /** Asked for and neither done nor refused. */
  pending: { authorizeMinor: number; chargeMinor: number; refundMinor: number; cancelMinor: number };
}

type Verb = 'authorization' | 'charge' | 'refund' | 'cancel';

/**
 * The balance of a payment from its events, oldest first. A request counts as pending only while no success or failure
 * of the same verb and reference follows it; a success counts only while no newer failure of it does; an adjustment
 * replaces what was authorized before it; a charge-back and a reversed refund have their own columns.
 */
export function foldPayment(events: readonly PaymentEvent[]): PaymentBalance {
  const lastAdjustment = events.findLastIndex((event) => event.type === 'authorization_adjustment');
  const sum = (of: (event: PaymentEvent, index: number) => boolean) =>
    events.reduce((total, event, index) => (of(event, index) ? total + event.amountMinor : total), 0);
  const isOverruled = (index: number, by: readonly string[]) =>
    events.some(
      (later, at) => at > index && later.reference === events[index]?.reference && by.includes(later.type),
    );
  const done = (verb: Verb) =>
    sum((event, index) => event.type === `${verb}_success` && !isOverruled(index, [`${verb}_failure`]));
  const pending = (verb: Verb) =>
    sum(
      (event, index) =>
        event.type === `${verb}_request` && !isOverruled(index, [`${verb}_success`, `${verb}_failure`]),
    );
  const granted = sum(
    (event, index) =>
      index > lastAdjustment &&
      event.type === 'authorization_success' &&
      !isOverruled(index, ['authorization_failure']),
  );
  return {
    authorizedMinor: (events[lastAdjustment]?.amountMinor ?? 0) + granted,
    capturedMinor: done('charge'),
    refundedMinor: done('refund') - sum((event) => event.type === 'refund_reverse'),
    voidedMinor: done('cancel'),
    chargedBackMinor:
      sum((event) => event.type === 'charge_back') - sum((event) => event.type === 'charge_back_reverse'),
    pending: {
      authorizeMinor: pending('authorization'),
      chargeMinor: pending('charge'),
      refundMinor: pending('refund'),
      cancelMinor: pending('cancel'),
    },
  };
}

/**
 * Whether a reported event may be written: `repeated` when the same was written before; `conflict` when the same type and
 * reference stand there with another amount, a second authorization is reported (that is an adjustment), or money that was booked as
 * moved is reported as not moved (that is reversed).
 */
export function admitEvent(
  events: readonly PaymentEvent[],
  event: PaymentEvent,
): 'new' | 'repeated' | 'conflict' {
  const same = events.find((one) => one.type === event.type && one.reference === event.reference);
  if (same) return same.amountMinor === event.amountMinor ? 'repeated' : 'conflict';
  // What was booked as moved is reversed by an event of its own: a failure would take it from the balance and leave it in the books.
  const isMoved = (moved: PaymentEventType) =>
    events.some((one) => one.type === moved && one.reference === event.reference);
  if (event.type === 'charge_failure' && isMoved('charge_success')) return 'conflict';
  if (event.type === 'refund_failure' && isMoved('refund_success')) return 'conflict';
  const isSecond = event.type === 'authorization_success' && foldPayment(events).authorizedMinor > 0;
  return isSecond ? 'conflict' : 'new';
}

/** References under which a charge has always been posted by its own name: the operation's key, or the payment of a channel. */
const OWN_KEY = /^[0-9]+\/capture\//;

/**
 * The key of an event's postings, `<payment>/<type>/<reference>`. A charge that we asked for, or that is named like its
 * payment, keeps the reference alone: so it was posted before there were events, and so an older worker posts it still.
 */
export function postingKey(
  paymentId: string,
  { type, reference }: Omit<PaymentEvent, 'amountMinor'>,
): string {
  const isOwn = type === 'charge_success' && (reference === paymentId || OWN_KEY.test(reference));
  return isOwn ? reference : `${paymentId}/${type}/${reference}`;
}

/** How a posting moves the account that holds the customer's money: +1 in, −1 out, 0 when the event moves none. */
export function postingSign(type: PaymentEventType): -1 | 0 | 1 {
  if (type === 'charge_success' || type === 'refund_reverse' || type === 'charge_back_reverse') return 1;
  return type === 'refund_success' || type === 'charge_back' ? -1 : 0;
}

/** What the payment axis is folded from: sums over all payments of the order, in minor units. */
export interface MoneySums {
  totalMinor: number;
  authorizedMinor: number;
  capturedMinor: number;
  refundedMinor: number;
  voidedMinor: number;
  pending: boolean;
  /** Taken back by the bank, net of what was won back. */
  chargedBackMinor?: number;
  /** True while a dispute is open. */
  isDisputed?: boolean;
}

/** The payment axis. Authorized means authorized and not captured; captured counts as authorized too. */
export function paymentStatus(sums: MoneySums): PaymentStatus {
  const { totalMinor, capturedMinor, refundedMinor } = sums;
  if (sums.isDisputed) return 'disputed';
  const back = refundedMinor + (sums.chargedBackMinor ?? 0);
  if (back > 0) return back >= capturedMinor ? 'refunded' : 'partially_refunded';
  if (capturedMinor > totalMinor) return 'overpaid';
  if (capturedMinor > 0) return capturedMinor === totalMinor ? 'captured' : 'partially_captured';
  if (totalMinor === 0) return 'captured';
  if (sums.authorizedMinor > 0)
    return sums.authorizedMinor >= totalMinor ? 'authorized' : 'partially_authorized';
  if (sums.pending) return 'pending';
  return sums.voidedMinor > 0 ? 'voided' : 'none';
}

/** How far an order is covered: by money set aside, and by money taken. */
export const AUTHORIZE_STATUSES = ['none', 'partial', 'full'] as const;
/** The same for money taken. */
export const CHARGE_STATUSES = ['none', 'partial', 'full', 'overcharged'] as const;

/** Authorized and charged, each against the total less what was granted as refund. */
export function coverStatuses(sums: {
  totalMinor: number;
  grantedRefundsMinor: number;
  authorizedMinor: number;
  capturedMinor: number;
}): { authorize: (typeof AUTHORIZE_STATUSES)[number]; charge: (typeof CHARGE_STATUSES)[number] } {
  const due = Math.max(0, sums.totalMinor - sums.grantedRefundsMinor);
  const kept = sums.capturedMinor - sums.grantedRefundsMinor;
  const covered = sums.authorizedMinor + Math.max(0, kept);
  return {
    authorize: covered >= due ? 'full' : covered > 0 ? 'partial' : 'none',
    charge: kept > due ? 'overcharged' : kept === due ? 'full' : kept > 0 ? 'partial' : 'none',
  };
}
