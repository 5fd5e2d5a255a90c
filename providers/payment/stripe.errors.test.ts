/** One case for each row of the table from Stripe's failures to ours, and for the codes that must stay apart. */
import Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import { OutcomeUnknown } from '../outcome.ts';
import { STRIPE_ERRORS, refusedOrThrow } from './stripe.errors.ts';

type Raw = Parameters<typeof Stripe.errors.StripeError.generate>[0];

interface Case {
  name: string;
  error: Stripe.errors.StripeError;
  expected: Record<string, unknown>;
}

/** The error the SDK makes of an answer. */
const answered = (statusCode: number, fields: Partial<Raw> = {}): Stripe.errors.StripeError => {
  const raw: Raw = { message: 'no', type: 'invalid_request_error', statusCode, headers: {}, ...fields };
  switch (statusCode) {
    case 402:
      return new Stripe.errors.StripeCardError(raw);
    case 429:
      return new Stripe.errors.StripeRateLimitError(raw);
    case 401:
      return new Stripe.errors.StripeAuthenticationError(raw);
    case 403:
      return new Stripe.errors.StripePermissionError(raw);
    case 400:
    case 404:
      return raw.type === 'idempotency_error'
        ? new Stripe.errors.StripeIdempotencyError(raw)
        : new Stripe.errors.StripeInvalidRequestError(raw);
    default:
      return new Stripe.errors.StripeAPIError(raw);
  }
};
const broken = (code: string): Stripe.errors.StripeError =>
  new Stripe.errors.StripeConnectionError({
    message: 'An error occurred with our connection to Stripe.',
    type: 'api_error',
    detail: Object.assign(new Error('broken'), { code }),
  });

const CASES: readonly Case[] = [
  { name: STRIPE_ERRORS[0]?.name ?? '', error: broken('ETIMEDOUT'), expected: { sent: true } },
  { name: 'connection cut', error: broken('ECONNRESET'), expected: { sent: true } },
  { name: 'connection refused', error: broken('ECONNREFUSED'), expected: { sent: false } },
  { name: 'name not resolved', error: broken('ENOTFOUND'), expected: { sent: false } },
  {
    name: 'too many requests, with a wish',
    error: answered(429, { headers: { 'retry-after': '7' }, code: 'rate_limit' }),
    expected: { sent: true, retryAfterMillis: 7000 },
  },
  { name: 'object locked', error: answered(429, { code: 'lock_timeout' }), expected: { sent: true } },
  {
    name: 'key in use',
    error: answered(409, { type: 'idempotency_error', code: 'idempotency_key_in_use' }),
    expected: { sent: true },
  },
  { name: 'key reused', error: answered(400, { type: 'idempotency_error' }), expected: { sent: true } },
  { name: 'wrong key', error: answered(401), expected: { sent: false } },
  { name: 'key without permission', error: answered(403), expected: { sent: false } },
  {
    name: 'declined',
    error: answered(402, { type: 'card_error', code: 'card_declined', decline_code: 'insufficient_funds' }),
    expected: { ok: false, code: 'card_declined', providerCode: 'insufficient_funds' },
  },
  {
    name: 'expired card',
    error: answered(402, { type: 'card_error', code: 'expired_card' }),
    expected: { ok: false, code: 'card_declined', providerCode: 'expired_card' },
  },
  {
    name: 'authentication required',
    error: answered(402, { type: 'card_error', code: 'authentication_required' }),
    expected: { ok: false, code: 'payment_refused', providerCode: 'authentication_required' },
  },
  {
    name: 'invalid amount',
    error: answered(400, { code: 'amount_too_small' }),
    expected: { ok: false, code: 'payment_refused', providerCode: 'amount_too_small' },
  },
  {
    name: 'unknown object',
    error: answered(404, { code: 'resource_missing' }),
    expected: { ok: false, code: 'payment_refused', providerCode: 'resource_missing' },
  },
  {
    name: 'charge disputed, at another call than a refund',
    error: answered(400, { code: 'charge_disputed' }),
    expected: { ok: false, code: 'payment_refused', providerCode: 'charge_disputed' },
  },
  { name: 'their failure', error: answered(500, { type: 'api_error' }), expected: { sent: true } },
  { name: 'their gateway', error: answered(502, { type: 'api_error' }), expected: { sent: true } },
  {
    name: 'overloaded, with a date',
    error: answered(503, { headers: { 'retry-after': new Date(Date.now() + 60_000).toUTCString() } }),
    expected: { sent: true, retryAfterMillis: expect.any(Number) },
  },
];

function outcome(error: unknown, refusal: 'payment_refused' | 'capture_refused' | 'refund_failed'): unknown {
  try {
    return refusedOrThrow(error, 'authorize', refusal);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(OutcomeUnknown);
    return thrown;
  }
}

describe('from a Stripe failure to ours', () => {
  test.each(CASES)('$name', ({ error, expected }) => {
    expect(outcome(error, 'payment_refused')).toMatchObject(expected);
  });

  test('every row of the table is met by a case', () => {
    const met = new Set(CASES.map(({ error }) => STRIPE_ERRORS.find((row) => row.fits(error))?.name));
    expect(met).toEqual(new Set(STRIPE_ERRORS.map((row) => row.name)));
  });

  test('a decline at capture is a refused capture', () => {
    const error = answered(402, { type: 'card_error', code: 'card_declined' });
    expect(outcome(error, 'capture_refused')).toMatchObject({ ok: false, code: 'capture_refused' });
  });

  test.each([
    ['charge_already_refunded', 400, 'refund_failed'],
    ['charge_disputed', 400, 'dispute_open'],
    ['refund_disputed_payment', 400, 'dispute_open'],
    ['charge_not_refundable', 400, 'refund_failed'],
    ['balance_insufficient', 400, 'refund_failed'],
    ['insufficient_funds', 402, 'refund_failed'],
    ['amount_too_large', 400, 'refund_failed'],
    ['resource_missing', 404, 'refund_failed'],
  ])('a refund refused as %s (%i) is a %s', (providerCode, statusCode, code) => {
    const type = statusCode === 402 ? 'card_error' : 'invalid_request_error';
    const error = answered(statusCode, { type, code: providerCode });
    expect(outcome(error, 'refund_failed')).toMatchObject({ ok: false, code, providerCode });
  });

  test.each([409, 429, 500])('a refund answered with %i is unknown', (statusCode) => {
    expect(outcome(answered(statusCode, { type: 'api_error' }), 'refund_failed')).toMatchObject({
      sent: true,
    });
  });

  test('an error that is not Stripe’s is thrown on as it is', () => {
    expect(() => refusedOrThrow(new TypeError('ours'), 'authorize', 'payment_refused')).toThrow(TypeError);
  });
});
