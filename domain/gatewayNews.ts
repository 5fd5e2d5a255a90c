/** What a gateway's event can say that the payment's state does not say already. Anything else is looked at. */
import type { OperationKind, PaymentState } from './payment.ts';

/**
 * Events and the payment states that already say the same. Refunds, disputes and events nobody has heard of are not here:
 * what they move can't be seen from the state, so they are always looked at.
 */
const CONFIRMS: Readonly<Record<string, readonly PaymentState[]>> = {
  'payment_intent.created': [
    'created',
    'requires_action',
    'authorized',
    'partially_captured',
    'captured',
    'declined',
    'voided',
    'expired',
    'failed',
  ],
  'payment_intent.amount_capturable_updated': ['authorized', 'partially_captured', 'captured', 'voided'],
  'payment_intent.succeeded': ['captured'],
  'payment_intent.canceled': ['voided', 'expired'],
  'payment_intent.payment_failed': ['declined', 'failed'],
  'payment_intent.requires_action': ['requires_action'],
  'charge.succeeded': ['authorized', 'partially_captured', 'captured', 'voided'],
  'charge.captured': ['captured'],
  'charge.expired': ['voided', 'expired'],
  'charge.failed': ['declined', 'failed'],
};

/** The states of a payment that already say what the event says; undefined when no state can. */
export function confirmingStates(type: string): readonly PaymentState[] | undefined {
  return CONFIRMS[type];
}

/** Events that the answer of one of our calls says, too; all others of CONFIRMS are said by the answer of an authorization. */
const ANSWERED_BY: Readonly<Record<string, OperationKind>> = {
  'payment_intent.succeeded': 'capture',
  'charge.captured': 'capture',
  'payment_intent.canceled': 'void',
  'charge.expired': 'void',
};

/** Whose answer says what the event says; while another call is under way the event is news. */
export function answeredBy(type: string): OperationKind {
  return ANSWERED_BY[type] ?? 'authorize';
}

/** True when the payment's state says already what the event says. */
export function saysNothingNew(type: string, state: PaymentState): boolean {
  return confirmingStates(type)?.includes(state) ?? false;
}
