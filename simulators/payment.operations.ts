/** What the payment gateway does with money: authorize, capture, cancel, by Stripe's rules and limits; refunds stand apart. */
import { z } from 'zod';
import { isCurrency, minorDigits } from '../domain/money.ts';
import { stripeId } from './ids.ts';
import type { Draft } from './ledger.ts';
import type { Move } from './payment.books.ts';
import { expandOf, metadataOf } from './payment.calls.ts';
import type { About, Call, Done, Params } from './payment.calls.ts';
import { cardOf } from './payment.cards.ts';
import { amountProblem, apiError, declined, invalid, missing, wrongState } from './payment.errors.ts';
import { makeCustomer, methodProblem } from './payment.methods.ts';
import { refund } from './payment.refunds.ts';
import type { Intent } from './payment.state.ts';
import { intentJson } from './payment.wire.ts';
import type { Answer } from './server.ts';

/** The operations of this gateway. */
export const OPERATIONS = ['authorize', 'capture', 'void', 'refund', 'customer'] as const;
export type OperationName = (typeof OPERATIONS)[number];

/** Executes one call. Parameters that don't fit begin nothing, so their answer is not kept (as at Stripe). */
export function execute(name: OperationName, call: Call): Done {
  const { fault, intent } = call;
  if (fault?.kind === 'error500') {
    const answer = apiError('An unknown error occurred');
    return fault.detail === 'before' ? { answer } : { answer, kept: true };
  }
  if (name === 'authorize') return authorize(call);
  if (name === 'customer') return makeCustomer(call);
  if (intent === undefined)
    return { answer: missing('payment_intent', call.id, name === 'refund' ? 'payment_intent' : undefined) };
  const about = { ...call, intent };
  return name === 'capture' ? capture(about) : name === 'void' ? cancel(about) : refund(about);
}

const AUTHORIZE = z.object({
  amount: z.string().regex(/^-?\d{1,15}$/),
  currency: z
    .string()
    .toUpperCase()
    .refine((code) => isCurrency(code)),
  payment_method: z.string().min(1),
  customer: z.string().min(1).optional(),
  confirm: z.literal('true'),
  capture_method: z.literal('manual'),
  error_on_requires_action: z.enum(['true', 'false']).optional(),
});

function authorize({ params, fault, settings, methods }: Call): Done {
  const parsed = AUTHORIZE.safeParse(params);
  if (!parsed.success) {
    const param = String(parsed.error.issues[0]?.path[0]);
    const code = params[param] === undefined ? 'parameter_missing' : 'parameter_invalid';
    return { answer: invalid(code, `Invalid or missing parameter: ${param}`, param) };
  }
  const { amount, currency, payment_method: token, customer, error_on_requires_action: strict } = parsed.data;
  const problem =
    amountProblem(Number(amount), currency.toLowerCase(), minorDigits(currency)) ??
    methodProblem(methods, { method: token, customerId: customer });
  const card = cardOf(token);
  if (problem !== undefined) return { answer: problem };
  if (card === undefined) return { answer: missing('PaymentMethod', token, 'payment_method') };
  const fresh: Intent = {
    id: stripeId('pi'),
    amountMinor: Number(amount),
    capturedMinor: 0,
    refundedMinor: 0,
    currency: currency.toLowerCase(),
    token,
    customer: customer ?? null,
    metadata: metadataOf(params),
    created: Math.floor(Date.now() / 1000),
    status: 'requires_capture',
    error: null,
    captureBefore: null,
    captureMethod: 'manual',
    cancellation: null,
    dispute: 'none',
  };
  const { amountMinor } = fresh;
  const asks = card.asksHolder === true;
  const told = { code: 'card_declined', declineCode: fault?.detail ?? 'generic_decline' };
  const error = fault?.kind === 'decline' ? told : asks && strict === 'true' ? ASKS : card.decline;
  if (error !== null) {
    const intent: Intent = { ...fresh, status: 'requires_payment_method', error };
    return { effect: { kind: 'declined', amountMinor, intent }, answer: declined(intent) };
  }
  const captureBefore = Math.ceil(Date.now() / 1000 + settings.authorizationSeconds);
  const intent: Intent = asks ? { ...fresh, status: 'requires_action' } : { ...fresh, captureBefore };
  const kind = asks ? 'action_required' : 'authorized';
  return { effect: { kind, amountMinor, intent }, answer: shown(intent, params) };
}

const ASKS = { code: 'authentication_required', declineCode: 'authentication_required' };

function capture({ params, intent, fault }: About): Done {
  if (fault?.kind === 'decline')
    return {
      kept: true,
      answer: wrongState(intent, fault.detail ?? 'charge_expired_for_capture', 'captured'),
    };
  if (hasLapsed(intent))
    return { effect: expire(intent), answer: wrongState(intent, 'charge_expired_for_capture', 'captured') };
  if (intent.status !== 'requires_capture') {
    const isExpired = intent.cancellation === 'automatic';
    const code = isExpired ? 'charge_expired_for_capture' : 'payment_intent_unexpected_state';
    return { kept: true, answer: wrongState(intent, code, 'captured') };
  }
  if (fault?.kind === 'amount') return taken(Number(fault.detail ?? 1), { intent, params });
  const amountMinor = Number(params['amount_to_capture'] ?? intent.amountMinor);
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 1)
    return { answer: invalid('parameter_invalid_integer', 'Invalid integer', 'amount_to_capture') };
  if (amountMinor > intent.amountMinor)
    return { answer: invalid('amount_too_large', 'More than was authorized', 'amount_to_capture') };
  return taken(amountMinor, { intent, params });
}

function taken(amountMinor: number, { intent, params }: Pick<About, 'intent' | 'params'>): Done {
  const after: Intent = { ...intent, status: 'succeeded', capturedMinor: amountMinor };
  return { effect: { kind: 'captured', amountMinor, intent: after }, answer: shown(after, params) };
}

/** True when an authorization is over and the clock has not given it back yet. */
export function hasLapsed(intent: Intent): boolean {
  const { status, captureBefore } = intent;
  return status === 'requires_capture' && captureBefore !== null && Date.now() >= captureBefore * 1000;
}

/** What is written down when an authorization is given back by the clock. */
export function expire(intent: Intent): Draft<Move> {
  const after: Intent = { ...intent, status: 'canceled', cancellation: 'automatic' };
  return { kind: 'expired', amountMinor: intent.amountMinor, intent: after };
}

function cancel({ params, intent, fault }: About): Done {
  if (fault?.kind === 'decline' || intent.status === 'succeeded' || intent.status === 'canceled')
    return { kept: true, answer: wrongState(intent, 'payment_intent_unexpected_state', 'canceled') };
  const amountMinor = intent.status === 'requires_capture' ? intent.amountMinor : 0;
  const after: Intent = { ...intent, status: 'canceled', cancellation: 'requested' };
  return { effect: { kind: 'voided', amountMinor, intent: after }, answer: shown(after, params) };
}

function shown(intent: Intent, params: Params): Answer {
  return { status: 200, body: intentJson(intent, expandOf(params)) };
}
