/**
 * From a Stripe failure to ours, as one table read top to bottom: the first row that fits decides. A definite no
 * is Refused; everything that may have happened, or may succeed with the same key later, is OutcomeUnknown.
 */
import Stripe from 'stripe';
import type { FailureCode } from '../../domain/failures.ts';
import { OutcomeUnknown } from '../outcome.ts';
import type { Refused } from '../outcome.ts';
import { retryAfterMillis, unanswered } from '../transport.ts';

interface Row {
  /** What the row is about, for the tests and for readers. */
  name: string;
  fits(error: Stripe.errors.StripeError): boolean;
  answer: 'card_declined' | 'disputed' | 'refused' | 'unknown' | 'unanswered' | 'nothing_done';
}

/** A refund is refused because the bank has taken the money back, or is about to. */
const DISPUTED: readonly (string | undefined)[] = ['charge_disputed', 'refund_disputed_payment'];
const CONFLICT_STATUSES: readonly (number | undefined)[] = [408, 409, 425];

/** The table. Its order matters: Stripe uses one status for several causes. */
export const STRIPE_ERRORS: readonly Row[] = [
  {
    name: 'no answer: timeout, cut or refused connection',
    fits: (e) => e instanceof Stripe.errors.StripeConnectionError,
    answer: 'unanswered',
  },
  {
    name: 'too many requests',
    fits: (e) => e.statusCode === 429 || e.code === 'rate_limit' || e.code === 'lock_timeout',
    answer: 'unknown',
  },
  {
    name: 'the key is in use by a request that still runs',
    fits: (e) => CONFLICT_STATUSES.includes(e.statusCode),
    answer: 'unknown',
  },
  {
    // The first request with this key may have gone through: refusing here would let the next business attempt
    // charge a second time.
    name: 'the key was used with other parameters',
    fits: (e) => e.rawType === 'idempotency_error',
    answer: 'unknown',
  },
  {
    // Our credentials are wrong, not the customer's card: nothing was done, and the same call succeeds once the
    // key is set right. Refused would void labels and fail orders for a slip in the configuration.
    name: 'API key missing, wrong or without permission',
    fits: (e) => e.statusCode === 401 || e.statusCode === 403,
    answer: 'nothing_done',
  },
  { name: 'the card was declined', fits: (e) => e.rawType === 'card_error', answer: 'card_declined' },
  { name: 'the charge is disputed', fits: (e) => DISPUTED.includes(e.code), answer: 'disputed' },
  {
    name: 'invalid request, unknown object, wrong state',
    fits: (e) => e.statusCode !== undefined && e.statusCode >= 400 && e.statusCode < 500,
    answer: 'refused',
  },
  { name: 'a failure on their side or an unreadable answer', fits: () => true, answer: 'unknown' },
];

/**
 * Turns what the SDK threw into a Refused with `refusal` as its code (card declines at authorize keep card_declined),
 * or throws OutcomeUnknown. Errors that are not Stripe's are thrown on as they are: they are ours.
 */
export function refusedOrThrow(error: unknown, what: string, refusal: FailureCode): Refused {
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  const row = STRIPE_ERRORS.find((candidate) => candidate.fits(error));
  switch (row?.answer) {
    case 'card_declined':
      return refused(error, refusal === 'payment_refused' ? 'card_declined' : refusal);
    case 'disputed':
      return refused(error, refusal === 'refund_failed' ? 'dispute_open' : refusal);
    case 'refused':
      return refused(error, refusal);
    case 'unanswered':
      throw unanswered(`Stripe ${what}`, error);
    case 'nothing_done':
      throw unknown(error, what, false);
    case 'unknown':
    case undefined:
      throw unknown(error, what, true);
  }
}

function refused(error: Stripe.errors.StripeError, code: FailureCode): Refused {
  // Authentication is a request to the customer, not a decline of the card.
  // The SDK fills a missing decline_code with the empty text.
  const providerCode = error.decline_code || error.code || error.rawType || 'refused';
  return {
    ok: false,
    code: providerCode === 'authentication_required' ? 'payment_refused' : code,
    providerCode,
    detail: error.message,
  };
}

function unknown(error: Stripe.errors.StripeError, what: string, sent: boolean): OutcomeUnknown {
  const wait = retryAfterMillis(error.headers?.['retry-after'], Date.now());
  return new OutcomeUnknown(
    `Stripe ${what}: ${error.statusCode ?? 'no status'} ${error.code ?? error.rawType ?? ''}`.trim(),
    { sent, ...(wait === undefined ? {} : { retryAfterMillis: wait }), cause: error },
  );
}
