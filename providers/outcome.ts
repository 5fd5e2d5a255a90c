/**
 * What every call to an outside system comes down to. `refused` is a definite no: it did not happen and will not.
 * Everything else that is not a success is an OutcomeUnknown: it may have happened; the same key must be asked again.
 */
import type { FailureCode } from '../domain/failures.ts';

/** A definite refusal by an outside system. `detail` may be shown to people: no personal data, no secrets. */
export interface Refused {
  ok: false;
  code: FailureCode;
  /** The provider's own code ("insufficient_funds"). */
  providerCode: string;
  detail: string;
}

/** A success with what the provider said. */
export interface Done<T> {
  ok: true;
  value: T;
}

/** A definite answer: done or refused. No answer at all is an OutcomeUnknown. */
export type Outcome<T> = Done<T> | Refused;

/**
 * The call got no usable answer: a timeout, a cut connection, a 5xx, a 409 in progress, a 429. `sent` is false only
 * when it surely never left (connection refused). `retryAfterMillis` is the provider's wish, where it gave one.
 */
export class OutcomeUnknown extends Error {
  readonly sent: boolean;
  readonly retryAfterMillis: number | undefined;
  constructor(message: string, options: { sent: boolean; retryAfterMillis?: number; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'OutcomeUnknown';
    this.sent = options.sent;
    this.retryAfterMillis = options.retryAfterMillis;
  }
}
