/** What the payment gateway does with money: authorize, capture, cancel, refund, by Stripe's rules and limits. */
import { z } from 'zod';
import { isCurrency, minorDigits } from '../domain/money.ts';
import type { Fault } from './faults.ts';
import { stripeId } from './ids.ts';
import type { Draft } from './ledger.ts';
import type { Move } from './payment.books.ts';
import {
  amountProblem,
  apiError,
  cardOf,
  declined,
  intentJson,
  invalid,
  missing,
  wrongState,
} from './payment.wire.ts';
import type { Intent } from './payment.wire.ts';
import type { Answer } from './server.ts';

/** Form fields with flat names ("metadata[order_id]"). */
export type Params = Readonly<Record<string, string>>;

/** What an execution came to. */
export interface Done {
  answer: Answer;
  /** What moved, to be written into the ledger. */
  effect?: Draft<Move>;
  /** Nothing moved, but execution had begun: the answer is kept under the key all the same. */
  kept?: true;
}

/** One call, executed: the intent it is about is undefined only for an authorize. */
export interface Call {
  params: Params;
  id: string;
  intent: Intent | undefined;
  fault: Fault | undefined;
}

/** The operations of this gateway. */
export const OPERATIONS = ['authorize', 'capture', 'void', 'refund'] as const;
export type OperationName = (typeof OPERATIONS)[number];

/** Executes one call. Parameters that don't fit begin nothing, so their answer is not kept (as at Stripe). */
export function execute(name: OperationName, call: Call): Done {
  const { fault, intent } = call;
  if (fault?.kind === 'error500') {
    const answer = apiError('An unknown error occurred');
    return fault.detail === 'before' ? { answer } : { answer, kept: true };
  }
  if (name === 'authorize') return authorize(call);
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
  confirm: z.literal('true'),
  capture_method: z.literal('manual'),
  error_on_requires_action: z.enum(['true', 'false']).optional(),
});

function authorize({ params, fault }: Call): Done {
  const parsed = AUTHORIZE.safeParse(params);
  if (!parsed.success) {
    const param = String(parsed.error.issues[0]?.path[0]);
    const code = params[param] === undefined ? 'parameter_missing' : 'parameter_invalid';
    return { answer: invalid(code, `Invalid or missing parameter: ${param}`, param) };
  }
  const { amount, currency, payment_method: token, error_on_requires_action: strict } = parsed.data;
  const problem = amountProblem(Number(amount), currency.toLowerCase(), minorDigits(currency));
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
    metadata: metadataOf(params),
    created: Math.floor(Date.now() / 1000),
    status: 'requires_capture',
    error: null,
  };
  const { amountMinor } = fresh;
  const asks = card.asksHolder === true;
  const told = { code: 'card_declined', declineCode: fault?.detail ?? 'generic_decline' };
  const error = fault?.kind === 'decline' ? told : asks && strict === 'true' ? ASKS : card.decline;
  if (error !== null) {
    const intent: Intent = { ...fresh, status: 'requires_payment_method', error };
    return { effect: { kind: 'declined', amountMinor, intent }, answer: declined(intent) };
  }
  const intent: Intent = asks ? { ...fresh, status: 'requires_action' } : fresh;
  const kind = asks ? 'action_required' : 'authorized';
  return { effect: { kind, amountMinor, intent }, answer: shown(intent, params) };
}

const ASKS = { code: 'authentication_required', declineCode: 'authentication_required' };

type About = Call & { intent: Intent };

function capture({ params, intent, fault }: About): Done {
  if (fault?.kind === 'decline')
    return {
      kept: true,
      answer: wrongState(intent, fault.detail ?? 'charge_expired_for_capture', 'captured'),
    };
  if (intent.status !== 'requires_capture')
    return { kept: true, answer: wrongState(intent, 'payment_intent_unexpected_state', 'captured') };
  const amountMinor = Number(params['amount_to_capture'] ?? intent.amountMinor);
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 1)
    return { answer: invalid('parameter_invalid_integer', 'Invalid integer', 'amount_to_capture') };
  if (amountMinor > intent.amountMinor)
    return { answer: invalid('amount_too_large', 'More than was authorized', 'amount_to_capture') };
  const after: Intent = { ...intent, status: 'succeeded', capturedMinor: amountMinor };
  return { effect: { kind: 'captured', amountMinor, intent: after }, answer: shown(after, params) };
}

function cancel({ params, intent, fault }: About): Done {
  if (fault?.kind === 'decline' || intent.status === 'succeeded' || intent.status === 'canceled')
    return { kept: true, answer: wrongState(intent, 'payment_intent_unexpected_state', 'canceled') };
  const amountMinor = intent.status === 'requires_capture' ? intent.amountMinor : 0;
  const after: Intent = { ...intent, status: 'canceled' };
  return { effect: { kind: 'voided', amountMinor, intent: after }, answer: shown(after, params) };
}

function refund({ params, intent, fault }: About): Done {
  const left = intent.capturedMinor - intent.refundedMinor;
  const amountMinor = Number(params['amount'] ?? left);
  if (fault?.kind === 'decline' || left === 0)
    return { kept: true, answer: invalid('charge_already_refunded', 'Nothing is left of the charge') };
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 1 || amountMinor > left)
    return { answer: invalid('amount_too_large', `The amount is 1 to ${left}`, 'amount') };
  const after: Intent = { ...intent, refundedMinor: intent.refundedMinor + amountMinor };
  const refundId = stripeId('re');
  return {
    effect: { kind: 'refunded', amountMinor, intent: after, refundId },
    answer: { status: 200, body: refundJson(refundId, after, amountMinor) },
  };
}

/** A refund on the wire. */
export function refundJson(id: string, intent: Intent, amountMinor: number): Record<string, unknown> {
  return {
    id,
    object: 'refund',
    amount: amountMinor,
    currency: intent.currency,
    payment_intent: intent.id,
    charge: `ch_${intent.id.slice(3)}`,
    status: 'succeeded',
    metadata: {},
  };
}

/** The names given by `expand[]`. */
export function expandOf(params: Params): string[] {
  return Object.entries(params)
    .filter(([name]) => /^expand\[\d*\]$/.test(name))
    .flatMap(([, value]) => value.split(','));
}

function shown(intent: Intent, params: Params): Answer {
  return { status: 200, body: intentJson(intent, expandOf(params)) };
}

function metadataOf(params: Params): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, value]) => {
      const key = /^metadata\[([^\]]+)\]$/.exec(name)?.[1];
      return key === undefined ? [] : [[key, value]];
    }),
  );
}
