/** Refunds and disputes at the payment gateway: money on its way back, and how each of them ends. */
import { stripeId } from './ids.ts';
import type { Draft } from './ledger.ts';
import type { Move } from './payment.books.ts';
import { metadataOf } from './payment.calls.ts';
import type { About, Done } from './payment.calls.ts';
import { invalid } from './payment.errors.ts';
import type { Dispute, Intent, Refund } from './payment.state.ts';
import { refundJson } from './payment.wire.ts';

/** Why a refund that was made may fail; a `decline` with one of these details makes such a refund. */
export const FAILURE_REASONS: readonly string[] = [
  'lost_or_stolen_card',
  'expired_or_canceled_card',
  'charge_for_pending_refund_disputed',
  'insufficient_funds',
  'declined',
  'merchant_request',
  'unknown',
];

/** Gives money back. Told to be pending, it ends later by itself, well or not. */
export function refund({ params, intent, fault }: About): Done {
  const left = intent.capturedMinor - intent.refundedMinor;
  const amountMinor = Number(params['amount'] ?? left);
  if (intent.dispute === 'open' || intent.dispute === 'lost')
    return { kept: true, answer: invalid('charge_disputed', 'The charge has been charged back') };
  const reason = fault?.kind === 'decline' ? (fault.detail ?? 'charge_already_refunded') : undefined;
  if (reason !== undefined && !FAILURE_REASONS.includes(reason))
    return { kept: true, answer: invalid(reason, 'The refund was refused') };
  if (left <= 0)
    return { kept: true, answer: invalid('charge_already_refunded', 'Nothing is left of the charge') };
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 1 || amountMinor > left)
    return { answer: invalid('amount_too_large', `The amount is 1 to ${left}`, 'amount') };
  const fresh: Refund = {
    id: stripeId('re'),
    intentId: intent.id,
    amountMinor,
    currency: intent.currency,
    metadata: metadataOf(params),
    created: Math.floor(Date.now() / 1000),
    status: 'succeeded',
    failureReason: null,
    ends: null,
  };
  if (reason !== undefined)
    return made('refund_failed', { ...fresh, status: 'failed', failureReason: reason }, intent);
  const after: Intent = { ...intent, refundedMinor: intent.refundedMinor + amountMinor };
  if (fault?.kind !== 'pending') return made('refunded', fresh, after);
  const at = new Date(Date.now() + fault.seconds * 1000).toISOString();
  return made('refund_pending', { ...fresh, status: 'pending', ends: { at, ...endOf(fault.detail) } }, after);
}

/** How a pending refund ends, from the detail of its fault: "succeeded", "failed", or the reason why it fails. */
function endOf(detail: string | undefined): { failureReason: string | null } {
  if (detail === undefined || detail === 'succeeded') return { failureReason: null };
  return { failureReason: detail === 'failed' ? 'unknown' : detail };
}

function made(kind: 'refunded' | 'refund_pending' | 'refund_failed', one: Refund, intent: Intent): Done {
  return {
    effect: { kind, amountMinor: one.amountMinor, intent, refund: one },
    answer: { status: 200, body: refundJson(one) },
  };
}

/** A pending refund is done. */
export function succeed(one: Refund, intent: Intent): Draft<Move> {
  return { kind: 'refunded', amountMinor: one.amountMinor, intent, refund: { ...one, status: 'succeeded' } };
}

/** A refund comes to nothing, pending or done before: the charge has its money again. */
export function fail(one: Refund, intent: Intent, failureReason: string): Draft<Move> {
  return {
    kind: one.status === 'succeeded' ? 'refund_reversed' : 'refund_failed',
    amountMinor: one.amountMinor,
    intent: { ...intent, refundedMinor: intent.refundedMinor - one.amountMinor },
    refund: { ...one, status: 'failed', failureReason },
  };
}

const RESPOND_WITHIN_SECONDS = 7 * 86_400;

/** The customer goes to their bank: it takes the money back, or (an inquiry) only asks. */
export function dispute(
  intent: Intent,
  told: { amountMinor: number; reason: string; isInquiry: boolean },
): Draft<Extract<Move, { dispute: Dispute }>> {
  const created = Math.floor(Date.now() / 1000);
  return {
    kind: told.isInquiry ? 'inquiry_opened' : 'disputed',
    amountMinor: told.amountMinor,
    intent: { ...intent, dispute: told.isInquiry ? 'inquiry' : 'open' },
    dispute: {
      id: stripeId('dp'),
      intentId: intent.id,
      amountMinor: told.amountMinor,
      currency: intent.currency,
      reason: told.reason,
      created,
      dueBy: created + RESPOND_WITHIN_SECONDS,
      status: told.isInquiry ? 'warning_needs_response' : 'needs_response',
    },
  };
}

/** The bank decides; an inquiry ends without a decision. */
export function closeDispute(
  one: Dispute,
  intent: Intent,
  outcome: 'won' | 'lost',
): Draft<Extract<Move, { dispute: Dispute }>> {
  const { amountMinor } = one;
  if (one.status === 'warning_needs_response')
    return {
      kind: 'inquiry_closed',
      amountMinor,
      intent: { ...intent, dispute: 'none' },
      dispute: { ...one, status: 'warning_closed' },
    };
  return {
    kind: outcome === 'won' ? 'dispute_won' : 'dispute_lost',
    amountMinor,
    intent: { ...intent, dispute: outcome },
    dispute: { ...one, status: outcome },
  };
}
