/**
 * What every adapter has to decide about a broken call: did the request leave, and how long does the provider want
 * us to wait. One home, so that Stripe, EasyPost and a warehouse are read the same way.
 */
import { OutcomeUnknown } from './outcome.ts';

/** How long an outside call may take unless the settings say otherwise; the activity's own timeout lies above it. */
export const TIMEOUT_MILLIS = 15_000;

/** Longest wait that a Retry-After is followed for; anything above it is a provider's mistake. */
const RETRY_AFTER_MAX_MILLIS = 3_600_000;

/** Causes are nested one to three deep in the SDKs of the field; a longer chain is not worth following. */
const CAUSE_DEPTH_MAX = 5;

/** Connection errors that are raised before a byte of the request has left. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** The Node error code of a broken connection ("ECONNRESET"), looked for along `cause` and `detail`; undefined when there is none. */
export function connectionCode(error: unknown): string | undefined {
  let current: unknown = error;
  for (
    let depth = 0;
    depth < CAUSE_DEPTH_MAX && typeof current === 'object' && current !== null;
    depth += 1
  ) {
    if ('code' in current && typeof current.code === 'string' && /^E[A-Z_]+$/.test(current.code))
      return current.code;
    if ('cause' in current && current.cause !== undefined) current = current.cause;
    else current = 'detail' in current ? current.detail : undefined;
  }
  return undefined;
}

/** Milliseconds that a Retry-After header asks for (seconds or an HTTP date); undefined when it is missing or unusable. */
export function retryAfterMillis(header: string | null | undefined, now: number): number | undefined {
  if (header === null || header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  const millis = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  if (!Number.isFinite(millis) || millis < 0) return undefined;
  return Math.min(millis, RETRY_AFTER_MAX_MILLIS);
}

/**
 * The OutcomeUnknown for a call that ended without an answer. `sent` is false only for errors raised before the
 * request left; a timeout or a cut connection says nothing about what happened at the other end.
 */
export function unanswered(what: string, error: unknown): OutcomeUnknown {
  const code = connectionCode(error);
  const sent = code === undefined || !NEVER_SENT.has(code);
  return new OutcomeUnknown(`${what}: no usable answer${code === undefined ? '' : ` (${code})`}`, {
    sent,
    cause: error,
  });
}
