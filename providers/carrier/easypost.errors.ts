/**
 * From an EasyPost failure to ours, as one table read top to bottom: the first row that fits decides. A definite no
 * is Refused; everything that may have happened, or may succeed later, is OutcomeUnknown.
 */
import { z } from 'zod';
import { OutcomeUnknown } from '../outcome.ts';
import type { Refused } from '../outcome.ts';
import { unanswered } from '../transport.ts';

/** An error that EasyPost answered with. The SDK exports no error classes, so it is known by its shape. */
const API_ERROR = z.object({
  statusCode: z.number().int(),
  code: z.string().catch('UNKNOWN'),
  message: z.string().catch(''),
});
type ApiError = z.infer<typeof API_ERROR>;

interface Row {
  /** What the row is about, for the tests and for readers. */
  name: string;
  fits(error: ApiError): boolean;
  answer: 'refused' | 'unknown' | 'nothing_done';
}

/** The carrier behind EasyPost did not answer, or an earlier buy still runs: a label may come of it. */
const UNDECIDED_CODES = new Set([
  'SHIPMENT.POSTAGE.NO_RESPONSE',
  'SHIPMENT.POSTAGE.TIMED_OUT',
  'SHIPMENT.PURCHASE.IN_PROGRESS',
  'SHIPMENT.RATES.UNAVAILABLE',
  'REFUND.NO_RESPONSE',
  'ADDRESS.VERIFY.UPSTREAM_UNAVAILABLE',
]);
const RETRYABLE_STATUSES = new Set([408, 409, 425, 429]);

/** The table. Its order matters: EasyPost answers 422 for several causes. */
export const EASYPOST_ERRORS: readonly Row[] = [
  {
    name: 'the carrier gave no answer or still works on it',
    fits: (e) => UNDECIDED_CODES.has(e.code),
    answer: 'unknown',
  },
  {
    name: 'timeout, conflict or too many requests',
    fits: (e) => RETRYABLE_STATUSES.has(e.statusCode),
    answer: 'unknown',
  },
  {
    // Our credentials or our account's balance, not the parcel: nothing was done, and the same call succeeds once
    // that is set right.
    name: 'API key or account',
    fits: (e) => [401, 402, 403].includes(e.statusCode),
    answer: 'nothing_done',
  },
  {
    name: 'address, parcel or state not accepted',
    fits: (e) => e.statusCode >= 400 && e.statusCode < 500,
    answer: 'refused',
  },
  { name: 'a failure on their side or an unreadable answer', fits: () => true, answer: 'unknown' },
];

/** The error EasyPost answered with, or undefined when the call ended without a readable answer. */
export function apiError(error: unknown): ApiError | undefined {
  const parsed = API_ERROR.safeParse(error);
  return parsed.success ? parsed.data : undefined;
}

/**
 * Turns what the SDK threw into a Refused, or throws OutcomeUnknown (`retryAfter` = milliseconds that the last answer
 * asked to wait). Anything unknown counts as unanswered: the SDK throws a TypeError on answers that are not JSON.
 */
export function refusedOrThrow(error: unknown, what: string, retryAfter?: number): Refused {
  const answer = apiError(error);
  if (answer === undefined) throw unanswered(`EasyPost ${what}`, error);
  const row = EASYPOST_ERRORS.find((candidate) => candidate.fits(answer));
  if (row?.answer === 'refused')
    return { ok: false, code: 'carrier_refused', providerCode: answer.code, detail: answer.message };
  throw new OutcomeUnknown(`EasyPost ${what}: ${answer.statusCode} ${answer.code}`, {
    sent: row?.answer !== 'nothing_done',
    ...(retryAfter === undefined ? {} : { retryAfterMillis: retryAfter }),
    cause: error,
  });
}
