/** Stripe's wire format, as far as a card payment that is captured by hand needs it: test cards, objects, errors. */
import { z } from 'zod';
import type { Answer } from './server.ts';

/** A payment intent as the simulator keeps it. */
export const INTENT = z.object({
  id: z.string(),
  amountMinor: z.number().int(),
  capturedMinor: z.number().int(),
  refundedMinor: z.number().int(),
  /** Lower case, as Stripe writes it. */
  currency: z.string(),
  token: z.string(),
  metadata: z.record(z.string(), z.string()),
  /** Seconds since 1970. */
  created: z.number().int(),
  status: z.enum(['requires_payment_method', 'requires_action', 'requires_capture', 'succeeded', 'canceled']),
  /** Why the last attempt failed. */
  error: z.object({ code: z.string(), declineCode: z.string().nullable() }).nullable(),
});
export type Intent = z.infer<typeof INTENT>;

interface Card {
  brand: string;
  last4: string;
  /** The decline this card stands for; null = it pays. */
  decline: { code: string; declineCode: string | null } | null;
  asksHolder?: boolean;
}

const pays = (brand: string, last4: string): Card => ({ brand, last4, decline: null });
const declines = (last4: string, code: string, declineCode: string | null): Card => ({
  brand: 'visa',
  last4,
  decline: { code, declineCode },
});

/** Stripe's test tokens; any other token is one that does not exist. */
const CARDS: Readonly<Record<string, Card>> = {
  pm_card_visa: pays('visa', '4242'),
  pm_card_visa_debit: pays('visa', '5556'),
  pm_card_mastercard: pays('mastercard', '4444'),
  pm_card_mastercard_debit: pays('mastercard', '8210'),
  pm_card_amex: pays('amex', '0005'),
  pm_card_discover: pays('discover', '1117'),
  pm_card_diners: pays('diners', '0004'),
  pm_card_jcb: pays('jcb', '0505'),
  pm_card_unionpay: pays('unionpay', '0005'),
  pm_card_chargeDeclined: declines('0002', 'card_declined', 'generic_decline'),
  pm_card_visa_chargeDeclined: declines('0002', 'card_declined', 'generic_decline'),
  pm_card_chargeDeclinedInsufficientFunds: declines('9995', 'card_declined', 'insufficient_funds'),
  pm_card_visa_chargeDeclinedInsufficientFunds: declines('9995', 'card_declined', 'insufficient_funds'),
  pm_card_visa_chargeDeclinedLostCard: declines('9987', 'card_declined', 'lost_card'),
  pm_card_visa_chargeDeclinedStolenCard: declines('9979', 'card_declined', 'stolen_card'),
  pm_card_chargeDeclinedExpiredCard: declines('0069', 'expired_card', null),
  pm_card_chargeDeclinedIncorrectCvc: declines('0127', 'incorrect_cvc', null),
  pm_card_chargeDeclinedProcessingError: declines('0119', 'processing_error', null),
  pm_card_authenticationRequired: { brand: 'visa', last4: '3155', decline: null, asksHolder: true },
};

/** The card behind a test token; undefined for a token that does not exist. */
export function cardOf(token: string): Card | undefined {
  return Object.hasOwn(CARDS, token) ? CARDS[token] : undefined;
}

const AMOUNT_MAX_MINOR = 99_999_999;
/** Smallest amounts that Stripe takes, in minor units; 1 for currencies not listed here. */
const AMOUNT_MIN_MINOR: Readonly<Record<string, number>> = {
  usd: 50,
  eur: 50,
  gbp: 30,
  jpy: 50,
  aud: 50,
  cad: 50,
  chf: 50,
  sek: 300,
  nok: 300,
  dkk: 250,
};

/** What is wrong with an amount by Stripe's limits (digits = the currency's decimal digits); undefined when nothing is. */
export function amountProblem(amountMinor: number, currency: string, digits: number): Answer | undefined {
  if (amountMinor < 1)
    return invalid('parameter_invalid_integer', 'This value must be greater than or equal to 1.', 'amount');
  const least = AMOUNT_MIN_MINOR[currency] ?? 1;
  if (amountMinor < least)
    return invalid('amount_too_small', `Amount must be no less than ${least} ${currency}`, 'amount');
  if (amountMinor > AMOUNT_MAX_MINOR)
    return invalid('amount_too_large', `Amount must be no more than ${AMOUNT_MAX_MINOR}`, 'amount');
  if (digits === 3 && amountMinor % 10 !== 0)
    return invalid('invalid_amount', `Amounts in ${currency} must end in 0`, 'amount');
  return undefined;
}

/** A payment intent on the wire. */
export function intentJson(intent: Intent, expand: readonly string[]): Record<string, unknown> {
  const card = cardOf(intent.token);
  const methodId = `pm_${intent.id.slice(3)}`;
  const method = {
    id: methodId,
    object: 'payment_method',
    type: 'card',
    card: { brand: card?.brand, last4: card?.last4, exp_month: 12, exp_year: 2034, funding: 'credit' },
    created: intent.created,
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
    capture_method: 'manual',
    client_secret: `${intent.id}_secret_simulated`,
    confirmation_method: 'automatic',
    created: intent.created,
    currency: intent.currency,
    last_payment_error: intent.error === null ? null : cardError(intent),
    latest_charge: `ch_${intent.id.slice(3)}`,
    livemode: false,
    metadata: intent.metadata,
    next_action: intent.status === 'requires_action' ? { type: 'use_stripe_sdk' } : null,
    payment_method: failed ? null : expand.includes('payment_method') ? method : methodId,
    payment_method_types: ['card'],
    status: intent.status,
  };
}

function cardError(intent: Intent): Record<string, unknown> {
  const { code, declineCode } = intent.error ?? { code: 'card_declined', declineCode: null };
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

/** 402 for a declined card, with the payment intent it left behind. */
export function declined(intent: Intent): Answer {
  return { status: 402, body: { error: { ...cardError(intent), payment_intent: intentJson(intent, []) } } };
}

/** 400 for parameters that don't fit. */
export function invalid(code: string, message: string, param?: string): Answer {
  const error = { type: 'invalid_request_error', code, message, ...(param === undefined ? {} : { param }) };
  return { status: 400, body: { error } };
}

/** The refusal for an id that does not exist: 404 in the path, 400 in a parameter. */
export function missing(object: string, id: string, param?: string): Answer {
  const answer = invalid('resource_missing', `No such ${object}: '${id}'`, param ?? 'intent');
  return param === undefined ? { ...answer, status: 404 } : answer;
}

/** 400 for a payment intent whose state does not allow what was asked. */
export function wrongState(intent: Intent, code: string, verb: string): Answer {
  const message = `This PaymentIntent could not be ${verb} because it has a status of ${intent.status}.`;
  return {
    status: 400,
    body: {
      error: { type: 'invalid_request_error', code, message, payment_intent: intentJson(intent, []) },
    },
  };
}

/** 400: the key was used with other parameters. */
export const KEY_REUSED: Answer = {
  status: 400,
  body: {
    error: {
      type: 'idempotency_error',
      message:
        'Keys for idempotent requests can only be used with the same parameters they were first used with.',
    },
  },
};

/** 409: a request with this key still runs. */
export const KEY_IN_USE: Answer = {
  status: 409,
  body: {
    error: {
      type: 'idempotency_error',
      code: 'idempotency_key_in_use',
      message: 'There is currently another in-progress request using this Idempotency-Key.',
    },
  },
};

/** 500 of Stripe's own. */
export function apiError(message: string): Answer {
  return { status: 500, body: { error: { type: 'api_error', message } } };
}
