/**
 * Policies: how long Holdfast waits and what it may do, as data per channel. An order keeps the policy version
 * it was accepted under; tests shorten waits by giving a policy and nothing else.
 */

/** Every bound of an order's life. Durations carry their unit in the name. */
export interface Policy {
  /** Most lines an order may have; more is a 422 at the door. */
  linesMax: number;
  /** Currencies the channel sells in; empty = every ISO 4217 currency. */
  currencies: string[];
  /** Between authorization and release to the warehouse: the time in which a cancel is certain to succeed. */
  releaseDelaySeconds: number;
  /** How long an order waits for stock before it is cancelled (cause inventory). */
  stockWaitSeconds: number;
  /** How long an order waits for a payment that needs a person before it expires and gives its stock back. */
  paymentWaitSeconds: number;
  /** From submission until the warehouse must have packed; after it a case "warehouse" opens. */
  packTimeoutSeconds: number;
  /** Longest silence of a parcel between two scans; after it a case "carrier" opens. */
  parcelSilenceSeconds: number;
  /** How long a case waits for a person before it is raised again. */
  caseReminderSeconds: number;
  /** First pause before a step that failed for technical reasons is tried again by itself; doubles up to retryPauseMaxSeconds. */
  retryPauseSeconds: number;
  retryPauseMaxSeconds: number;
  /** One call to an outside system: start-to-close, seconds. */
  callTimeoutSeconds: number;
  /** All tries of one step before a case opens, seconds. Money steps stay below 20 h (Stripe keeps keys for 24 h). */
  stepTimeoutSeconds: number;
  /** First pause between two tries of one step, milliseconds; doubles up to 30 s. */
  callRetryMillis: number;
}

/** What a channel gets that says nothing else. */
export const DEFAULT_POLICY: Policy = Object.freeze({
  linesMax: 1_000,
  currencies: [],
  releaseDelaySeconds: 0,
  stockWaitSeconds: 7 * 24 * 3600,
  paymentWaitSeconds: 72 * 3600,
  packTimeoutSeconds: 48 * 3600,
  parcelSilenceSeconds: 7 * 24 * 3600,
  caseReminderSeconds: 24 * 3600,
  retryPauseSeconds: 60,
  retryPauseMaxSeconds: 3600,
  callTimeoutSeconds: 20,
  stepTimeoutSeconds: 900,
  callRetryMillis: 500,
});

/** Fills what a stored policy leaves out from the defaults. */
export function withDefaults(part: Partial<Policy>): Policy {
  return { ...DEFAULT_POLICY, ...part };
}
