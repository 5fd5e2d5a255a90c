/**
 * The payment port: authorize, capture, void, look up. Every call takes the stable operation key; the provider must
 * give the same answer to the same key for at least 20 hours. Amounts are minor units.
 */
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
  /** The provider's token of the payment method, never a card number. */
  token: string;
}

/** A succeeded authorization and what a receipt may show of the card. */
export interface Authorized {
  providerRef: string;
  brand: string | null;
  last4: string | null;
}

/** A payment as the provider knows it. */
export interface ProviderPayment {
  providerRef: string;
  state: 'requires_action' | 'authorized' | 'captured' | 'voided' | 'declined';
  amountMinor: number;
  capturedMinor: number;
  currency: string;
  brand: string | null;
  last4: string | null;
}

/** A payment provider. Calls may be repeated with the same key; the money moves once. */
export interface PaymentProvider {
  readonly id: string;
  /** Authorizes without capturing. Refused: declined or invalid. Throws OutcomeUnknown. */
  authorize(request: AuthorizeRequest): Promise<Outcome<Authorized>>;
  /** Captures the whole authorization. Capturing what is captured already is a success. Throws OutcomeUnknown. */
  capture(request: {
    key: string;
    providerRef: string;
    amountMinor: number;
    currency: string;
  }): Promise<Outcome<{ capturedMinor: number }>>;
  /** Gives an authorization back. Voiding what is voided already is a success. Throws OutcomeUnknown. */
  void(request: { key: string; providerRef: string }): Promise<Outcome<Record<never, never>>>;
  /** The truth about one payment by the provider's reference; undefined when there is none. Throws OutcomeUnknown. */
  retrieve(providerRef: string): Promise<ProviderPayment | undefined>;
  /**
   * Looks for a payment by its authorize key among those made since `sinceIso`. "Not found" does not mean "did not
   * happen": it may still arrive. Throws OutcomeUnknown.
   */
  find(key: string, sinceIso: string): Promise<ProviderPayment | undefined>;
  /** Verifies and translates a webhook; `match` is the provider's payment reference. Throws BadSignature. */
  parseWebhook(raw: Buffer, headers: WebhookHeaders): InboundFact[];
}
