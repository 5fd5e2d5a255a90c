/** From Stripe's objects to ours: payments, charges, refunds, disputes, payouts and what they pay out. */
import type Stripe from 'stripe';
import { PAYOUT_STATES } from '../../domain/truth.ts';
import type {
  GatewayDispute,
  GatewayPayout,
  GatewayRefund,
  GatewayState,
  GatewayTruth,
  ListedPayment,
  PayoutContents,
} from '../../domain/truth.ts';
import { OutcomeUnknown } from '../outcome.ts';
import type { ProviderPayment, SettledPage } from './port.ts';

/** Statuses with a meaning for us; the others ("processing", ones added later) are neither yes nor no. */
const STATES: Partial<Record<string, GatewayState>> = {
  requires_action: 'requires_action',
  requires_confirmation: 'requires_action',
  requires_capture: 'authorized',
  succeeded: 'captured',
  canceled: 'voided',
  requires_payment_method: 'declined',
};

/** Where a payment stands; undefined while Stripe itself does not know yet ("processing"). */
export function stateOf(intent: Stripe.PaymentIntent): GatewayState | undefined {
  return STATES[intent.status];
}

/** Where a payment stands; throws OutcomeUnknown while Stripe itself does not know yet. */
function knownState(intent: Stripe.PaymentIntent): GatewayState {
  const state = stateOf(intent);
  if (state === undefined) throw new OutcomeUnknown(`Stripe ${intent.id}: ${intent.status}`, { sent: true });
  return state;
}

/** A payment of the port, as far as payment method and charge were expanded. Throws OutcomeUnknown. */
export function toPayment(intent: Stripe.PaymentIntent): ProviderPayment {
  const card = expanded(intent.payment_method)?.card;
  return {
    providerRef: intent.id,
    state: knownState(intent),
    amountMinor: intent.amount,
    capturedMinor: intent.amount_received,
    currency: intent.currency.toUpperCase(),
    brand: card?.brand ?? null,
    last4: card?.last4 ?? null,
    captureBefore: captureBeforeOf(intent),
  };
}

/** When Stripe gives an authorization back by itself; null where the charge is not expanded or nothing is held. */
export function captureBeforeOf(intent: Stripe.PaymentIntent): string | null {
  const seconds = expanded(intent.latest_charge)?.payment_method_details?.card?.capture_before;
  return seconds === undefined || intent.status !== 'requires_capture' ? null : isoOf(seconds);
}

/** What both a single payment and one of a list say. Throws OutcomeUnknown. */
function toReport(intent: Stripe.PaymentIntent): Omit<GatewayTruth, 'refunds' | 'disputes'> {
  return {
    providerRef: intent.id,
    state: knownState(intent),
    amountMinor: intent.amount,
    capturedMinor: intent.amount_received,
    currency: intent.currency.toUpperCase(),
    captureBefore: captureBeforeOf(intent),
    key: intent.metadata['holdfast_key'] ?? null,
    orderId: intent.metadata['order_id'] ?? null,
  };
}

/** One payment with everything that became of it. Throws OutcomeUnknown. */
export function toTruth(
  intent: Stripe.PaymentIntent,
  refunds: readonly Stripe.Refund[],
  disputes: readonly Stripe.Dispute[],
): GatewayTruth {
  return { ...toReport(intent), refunds: refunds.map(toRefund), disputes: disputes.map(toDispute) };
}

/** One payment of a list whose charges are expanded. Throws OutcomeUnknown. */
export function toListed(intent: Stripe.PaymentIntent): ListedPayment {
  const charge = expanded(intent.latest_charge);
  return {
    ...toReport(intent),
    // An authorization that is given back shows as refunded on its charge; nothing was taken, so nothing was refunded.
    refundedMinor: intent.amount_received > 0 ? (charge?.amount_refunded ?? 0) : 0,
    hasDispute: charge?.disputed ?? false,
    createdAt: isoOf(intent.created),
  };
}

/** Statuses of a refund; one that waits for the customer ("requires_action") is on its way like any pending one. */
const REFUND_STATES: Partial<Record<string, GatewayRefund['state']>> = {
  succeeded: 'succeeded',
  pending: 'pending',
  requires_action: 'pending',
  failed: 'failed',
  canceled: 'failed',
};

/** A refund of ours. Throws OutcomeUnknown for a status that says neither. */
export function toRefund(refund: Stripe.Refund): GatewayRefund {
  const state = REFUND_STATES[refund.status ?? ''];
  if (state === undefined)
    throw new OutcomeUnknown(`Stripe refund ${refund.id}: ${refund.status ?? 'no status'}`, { sent: true });
  return {
    id: refund.id,
    key: refund.metadata?.['holdfast_key'] ?? null,
    amountMinor: refund.amount,
    state,
    failureCode: state === 'failed' ? (refund.failure_reason ?? refund.status) : null,
  };
}

/** Statuses in which the bank only asks, or was answered before it took anything. */
const INQUIRIES: readonly string[] = [
  'warning_needs_response',
  'warning_under_review',
  'warning_closed',
  'prevented',
];
const CLOSED: Partial<Record<string, GatewayDispute['state']>> = {
  won: 'won',
  lost: 'lost',
  warning_closed: 'won',
  prevented: 'won',
};

/** A dispute of ours. A status that is added later counts as open. */
export function toDispute(dispute: Stripe.Dispute): GatewayDispute {
  const due = dispute.evidence_details.due_by;
  return {
    id: dispute.id,
    amountMinor: dispute.amount,
    state: CLOSED[dispute.status] ?? 'open',
    reason: dispute.reason,
    respondBy: due === null ? null : isoOf(due),
    ...(INQUIRIES.includes(dispute.status) && { isInquiry: true }),
  };
}

/** A payout of ours. A status that is added later counts as pending. */
export function toPayout(payout: Stripe.Payout): GatewayPayout {
  return {
    id: payout.id,
    amountMinor: payout.amount,
    currency: payout.currency.toUpperCase(),
    state: PAYOUT_STATES.find((state) => state === payout.status) ?? 'pending',
    arrivesAt: isoOf(payout.arrival_date),
    contents: CONTENTS[payout.reconciliation_status] ?? 'later',
  };
}

/** Stripe knows the contents of automatic payouts, some time after they were made. */
const CONTENTS: Partial<Record<string, PayoutContents>> = {
  completed: 'known',
  in_progress: 'later',
  not_applicable: 'never',
};

/** Kinds of movements of the balance that are a charge of a payment, and those that are a payout that came back. */
const CHARGES: readonly string[] = ['charge', 'payment'];
const RETURNED_PAYOUTS: readonly string[] = ['payout_failure', 'payout_cancel'];

/** What the movements of a payout name. Their sources are expanded; of another kind of movement nothing is named. */
export function toSettled(
  transactions: readonly Stripe.BalanceTransaction[],
): Pick<SettledPage, 'payments' | 'earlierPayouts'> {
  const payments = transactions
    .filter((one) => CHARGES.includes(one.type))
    .flatMap(({ source }) => (isCharge(source) ? idOf(source.payment_intent) : []));
  const earlierPayouts = transactions
    .filter((one) => RETURNED_PAYOUTS.includes(one.type))
    .flatMap(({ source }) => idOf(source));
  return { payments, earlierPayouts };
}

function isCharge(source: Stripe.BalanceTransaction['source']): source is Stripe.Charge {
  return typeof source === 'object' && source !== null && source.object === 'charge';
}

function idOf(one: string | { id: string } | null): string[] {
  if (one === null) return [];
  return [typeof one === 'string' ? one : one.id];
}

/** The object where Stripe was asked to expand it; undefined for a bare id. */
function expanded<T extends object>(value: string | T | null): T | undefined {
  return typeof value === 'object' && value !== null ? value : undefined;
}

/** Stripe counts seconds since 1970. */
function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
