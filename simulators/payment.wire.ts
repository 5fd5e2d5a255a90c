/** Stripe's objects on the wire, as far as a card payment and what becomes of it need them. */
import { cardOf, isTestToken } from './payment.cards.ts';
import type { Customer, Dispute, Intent, Payout, Refund } from './payment.state.ts';

/** A payment intent on the wire. */
export function intentJson(intent: Intent, expand: readonly string[]): Record<string, unknown> {
  const card = cardOf(intent.token);
  const methodId = isTestToken(intent.token) ? `pm_${intent.id.slice(3)}` : intent.token;
  const method = {
    id: methodId,
    object: 'payment_method',
    type: 'card',
    card: { brand: card?.brand, last4: card?.last4, exp_month: 12, exp_year: 2034, funding: 'credit' },
    created: intent.created,
    customer: intent.customer,
    livemode: false,
    metadata: {},
  };
  const failed = intent.status === 'requires_payment_method';
  return {
    id: intent.id,
    object: 'payment_intent',
    amount: intent.amountMinor,
    amount_capturable: intent.status === 'requires_capture' ? intent.amountMinor : 0,
    amount_received: intent.capturedMinor,
    canceled_at: intent.status === 'canceled' ? intent.created : null,
    cancellation_reason: intent.cancellation === 'automatic' ? 'automatic' : null,
    capture_method: intent.captureMethod,
    client_secret: `${intent.id}_secret_simulated`,
    confirmation_method: 'automatic',
    created: intent.created,
    currency: intent.currency,
    customer: intent.customer,
    last_payment_error: intent.error === null ? null : cardError(intent.error),
    latest_charge: expand.includes('latest_charge') ? chargeJson(intent) : chargeOf(intent.id),
    livemode: false,
    metadata: intent.metadata,
    next_action: intent.status === 'requires_action' ? { type: 'use_stripe_sdk' } : null,
    payment_method: failed ? null : expand.includes('payment_method') ? method : methodId,
    payment_method_types: ['card'],
    status: intent.status,
  };
}

/** Why a card was not taken, on the wire. */
export function cardError({ code, declineCode }: NonNullable<Intent['error']>): Record<string, unknown> {
  return {
    type: 'card_error',
    code,
    ...(declineCode === null ? {} : { decline_code: declineCode }),
    message: MESSAGES[code] ?? 'Your card was declined.',
  };
}

const MESSAGES: Readonly<Record<string, string>> = {
  expired_card: 'Your card has expired.',
  incorrect_cvc: "Your card's security code is incorrect.",
  processing_error: 'An error occurred while processing your card. Try again in a little bit.',
  authentication_required: 'Your card was declined. This transaction requires authentication.',
};

/** The charge behind a payment intent. */
export function chargeOf(intentId: string): string {
  return `ch_${intentId.slice(3)}`;
}

/** The charge on the wire: what was taken, what went back, and until when an authorization lasts. */
export function chargeJson(intent: Intent): Record<string, unknown> {
  const card = cardOf(intent.token);
  const isPaid = intent.status === 'requires_capture' || intent.status === 'succeeded';
  const isGivenBack = intent.status === 'canceled' && intent.captureBefore !== null;
  return {
    id: chargeOf(intent.id),
    object: 'charge',
    amount: intent.amountMinor,
    amount_captured: intent.capturedMinor,
    // Stripe shows an authorization that it gave back as refunded.
    amount_refunded: isGivenBack ? intent.amountMinor : intent.refundedMinor,
    captured: intent.capturedMinor > 0,
    created: intent.created,
    currency: intent.currency,
    disputed: ['open', 'won', 'lost'].includes(intent.dispute),
    livemode: false,
    metadata: intent.metadata,
    paid: isPaid || isGivenBack,
    payment_intent: intent.id,
    payment_method_details: {
      type: 'card',
      card: {
        brand: card?.brand,
        last4: card?.last4,
        ...(intent.captureBefore === null ? {} : { capture_before: intent.captureBefore }),
      },
    },
    refunded: isGivenBack || (intent.capturedMinor > 0 && intent.refundedMinor === intent.capturedMinor),
    status: isPaid || isGivenBack ? 'succeeded' : 'failed',
  };
}

/** A customer on the wire. */
export function customerJson({ id, created, metadata }: Customer): Record<string, unknown> {
  return { id, object: 'customer', created, livemode: false, metadata };
}

/** A refund on the wire. */
export function refundJson(refund: Refund): Record<string, unknown> {
  return {
    id: refund.id,
    object: 'refund',
    amount: refund.amountMinor,
    charge: chargeOf(refund.intentId),
    created: refund.created,
    currency: refund.currency,
    ...(refund.failureReason === null ? {} : { failure_reason: refund.failureReason }),
    metadata: refund.metadata,
    payment_intent: refund.intentId,
    reason: null,
    status: refund.status,
  };
}

/** A dispute on the wire. */
export function disputeJson(dispute: Dispute): Record<string, unknown> {
  return {
    id: dispute.id,
    object: 'dispute',
    amount: dispute.amountMinor,
    charge: chargeOf(dispute.intentId),
    created: dispute.created,
    currency: dispute.currency,
    evidence_details: { due_by: dispute.dueBy, has_evidence: false, past_due: false, submission_count: 0 },
    is_charge_refundable: dispute.status === 'warning_needs_response',
    livemode: false,
    metadata: {},
    payment_intent: dispute.intentId,
    reason: dispute.reason,
    status: dispute.status,
  };
}

/** A payout on the wire. */
export function payoutJson(payout: Payout): Record<string, unknown> {
  return {
    id: payout.id,
    object: 'payout',
    amount: payout.amountMinor,
    arrival_date: payout.arrivalDate,
    automatic: payout.automatic,
    created: payout.created,
    currency: payout.currency,
    livemode: false,
    metadata: {},
    method: 'standard',
    reconciliation_status: reconciliationOf(payout),
    status: payout.status,
    type: 'bank_account',
  };
}

/** The contents of an automatic payout are known once it has arrived or come back. */
function reconciliationOf({ automatic, status }: Payout): string {
  if (!automatic) return 'not_applicable';
  return status === 'pending' || status === 'in_transit' ? 'in_progress' : 'completed';
}
