/** What Stripe answers when it does not do what was asked: declines, parameters that don't fit, states, keys. */
import type { Intent } from './payment.state.ts';
import { cardError, intentJson } from './payment.wire.ts';
import type { Answer } from './server.ts';

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

/** 402 for a declined card, with the payment intent it left behind. */
export function declined(intent: Intent): Answer {
  const no = cardError(intent.error ?? { code: 'card_declined', declineCode: null });
  return { status: 402, body: { error: { ...no, payment_intent: intentJson(intent, []) } } };
}

/** 402 for a card that was not attached because its bank declined it. */
export function cardRefused(why: NonNullable<Intent['error']>): Answer {
  return { status: 402, body: { error: cardError(why) } };
}

/** 400 for a payment method that can't be used like this; Stripe gives no code with it. */
export function unfit(message: string): Answer {
  return {
    status: 400,
    body: { error: { type: 'invalid_request_error', message, param: 'payment_method' } },
  };
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
