/**
 * The payment port: authorize, capture, void, refund, look up. Every call takes the stable operation key; the provider must
 * give the same answer to the same key for at least 20 hours. Amounts are minor units.
 */
import type {
  GatewayPayout,
  GatewayRefund,
  GatewayState,
  GatewayTruth,
  ListedPayment,
} from '../../domain/truth.ts';
import type { Outcome } from '../outcome.ts';
import type { InboundFact, WebhookHeaders } from '../inbound.ts';

/** Money to set aside on the customer's card; captured later, whole. */
export interface AuthorizeRequest {
  /** Idempotency key, also stored in the provider's metadata so that the payment can be found by it. */
  key: string;
  orderId: string;
  orderNumber: number;
  amountMinor: number;
  currency: string;
  /** The provider's token of the payment method as the order keeps it (domain/cardToken.ts), never a card number; used as often as needed. */
  token: string;
}

/** A succeeded authorization and what a receipt may show of the card. */
export interface Authorized {
  providerRef: string;
  brand: string | null;
  last4: string | null;
  /** The provider gives the money back by itself at this instant; null when it does not say. */
  captureBefore: string | null;
}

/** Money to give back on a payment that was captured. */
export interface RefundRequest {
  /** Idempotency key, also stored in the refund's metadata so that it can be found by it. */
  key: string;
  /** The payment. */
  providerRef: string;
  amountMinor: number;
  currency: string;
  orderId: string;
}

/** A refund that was taken on; a pending one may still fail, which a webhook or a look-up tells. */
export interface Refunded {
  refundRef: string;
  state: 'succeeded' | 'pending';
}

/** A page of payments; without a cursor it is the last one. */
export interface PaymentPage {
  payments: ListedPayment[];
  cursor?: string;
}

/** A page of what a payout has paid out; without a cursor it is the last one. */
export interface SettledPage {
  /** The payments that were charged, by the provider's reference; ours and others'. */
  payments: string[];
  /** Earlier payouts that failed and whose money is in this one: what they name is paid out with it. */
  earlierPayouts: string[];
  cursor?: string;
}

/** A payment as the provider knows it. */
export interface ProviderPayment {
  providerRef: string;
  state: GatewayState;
  amountMinor: number;
  capturedMinor: number;
  currency: string;
  brand: string | null;
  last4: string | null;
  /** As in {@link Authorized}; null when nothing is held any more. */
  captureBefore: string | null;
}

/** A payment provider. Calls may be repeated with the same key; the money moves once. */
export interface PaymentProvider {
  readonly id: string;
  /** Authorizes without capturing. Refused: declined or invalid. Throws OutcomeUnknown. */
  authorize(request: AuthorizeRequest): Promise<Outcome<Authorized>>;
  /**
   * Captures the whole authorization. Capturing what is captured already is a success; `capturedMinor` is what the
   * provider says it took, which the caller compares. Throws OutcomeUnknown.
   */
  capture(request: {
    key: string;
    providerRef: string;
    amountMinor: number;
    currency: string;
  }): Promise<Outcome<{ capturedMinor: number }>>;
  /** Gives an authorization back. Voiding what is voided already is a success. Throws OutcomeUnknown. */
  void(request: { key: string; providerRef: string }): Promise<Outcome<Record<never, never>>>;
  /**
   * Gives money back. Refused: it did not happen, also when the provider made a refund and it failed at once. A refund
   * that stands under the key already is a success. Throws OutcomeUnknown.
   */
  refund(request: RefundRequest): Promise<Outcome<Refunded>>;
  /**
   * Looks for a refund by its key among those made of the payment since `sinceIso`. "Not found" does not mean "did not
   * happen": it may still arrive. Throws OutcomeUnknown.
   */
  findRefund(key: string, providerRef: string, sinceIso: string): Promise<GatewayRefund | undefined>;
  /** What the payment says by the provider's reference; undefined when there is none. Throws OutcomeUnknown. */
  retrieve(providerRef: string): Promise<ProviderPayment | undefined>;
  /**
   * Looks for a payment by its authorize key among those made since `sinceIso`. "Not found" does not mean "did not
   * happen": it may still arrive. Throws OutcomeUnknown.
   */
  find(key: string, sinceIso: string): Promise<ProviderPayment | undefined>;
  /** The payment with its refunds and disputes, all of them; undefined when there is none. Throws OutcomeUnknown. */
  inspect(providerRef: string): Promise<GatewayTruth | undefined>;
  /** One page of the payments made since an instant, newest first, also those that are not ours. Throws OutcomeUnknown. */
  list(from: { sinceIso: string; cursor?: string }): Promise<PaymentPage>;
  /** The payouts made since an instant, newest first. Throws OutcomeUnknown. */
  listPayouts(sinceIso: string): Promise<GatewayPayout[]>;
  /** One page of what a payout whose contents are known has paid out. Throws OutcomeUnknown, also for a payout nobody knows. */
  listSettled(from: { payoutId: string; cursor?: string }): Promise<SettledPage>;
  /** Verifies and translates a webhook; `match` is the payment's reference, or the payout's. Throws BadSignature. */
  parseWebhook(raw: Buffer, headers: WebhookHeaders): InboundFact[];
}
