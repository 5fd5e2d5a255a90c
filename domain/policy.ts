/**
 * Policies: how long Holdfast waits and what it may do, as data per channel. An order keeps the policy version
 * it was accepted under; tests shorten waits by giving a policy and nothing else.
 */
import { scaledLimit, type RefundLimits } from './refundLimits.ts';

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
  /** The same for an order that is to be paid by bank transfer. */
  transferWaitSeconds: number;
  /** An invoice that says nothing else is due so many days after the goods left. */
  invoiceTermsDays: number;
  /** Cash that a carrier collects must have come so many days after the goods left. */
  cashTermsDays: number;
  /** How long a link under which a customer can pay works. */
  paymentLinkSeconds: number;
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
  /** When money that was set aside is taken: when the order is covered, at its release, when a parcel is booked, or on delivery. */
  captureAt: CaptureMoment;
  /** An authorization is renewed or given back this long before the gateway would drop it. */
  authorizationMarginSeconds: number;
  /** An authorization that was given back because shipment is far away is asked for again this long before the release. */
  reauthorizeLeadSeconds: number;
  /** How often a soft decline (the bank may say yes later) is tried anew by itself before the customer is asked. */
  softDeclineRetries: number;
  /** The pause before that, seconds; doubles with every try. */
  softDeclinePauseSeconds: number;
  /** How long a refund waits for a second person before it is withdrawn. */
  refundApprovalSeconds: number;
  /** A refund that is pending at the gateway is looked up this often. */
  refundLookupSeconds: number;
  /** Largest refund, in whole units of the currency (100 = 100.00 EUR), that a role gives without a second person; also by currency. */
  refundLimits: RefundLimits;
}

/** When money that was set aside is taken. */
export const CAPTURE_MOMENTS = ['order', 'release', 'shipment', 'delivery'] as const;
export type CaptureMoment = (typeof CAPTURE_MOMENTS)[number];

/** What a channel gets that says nothing else. */
export const DEFAULT_POLICY: Policy = Object.freeze({
  linesMax: 1_000,
  currencies: [],
  releaseDelaySeconds: 0,
  stockWaitSeconds: 7 * 24 * 3600,
  paymentWaitSeconds: 72 * 3600,
  transferWaitSeconds: 14 * 24 * 3600,
  invoiceTermsDays: 30,
  cashTermsDays: 14,
  paymentLinkSeconds: 72 * 3600,
  packTimeoutSeconds: 48 * 3600,
  parcelSilenceSeconds: 7 * 24 * 3600,
  caseReminderSeconds: 24 * 3600,
  retryPauseSeconds: 60,
  retryPauseMaxSeconds: 3600,
  callTimeoutSeconds: 20,
  stepTimeoutSeconds: 900,
  callRetryMillis: 500,
  captureAt: 'shipment',
  authorizationMarginSeconds: 12 * 3600,
  reauthorizeLeadSeconds: 24 * 3600,
  softDeclineRetries: 2,
  softDeclinePauseSeconds: 4 * 3600,
  refundApprovalSeconds: 7 * 24 * 3600,
  refundLookupSeconds: 6 * 3600,
  refundLimits: Object.freeze({ channel: 0, support: scaledLimit(200), ops: scaledLimit(5_000) }),
});

/** Fills what a stored policy leaves out from the defaults. */
export function withDefaults(part: Partial<Policy>): Policy {
  return { ...DEFAULT_POLICY, ...part };
}
