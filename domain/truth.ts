/**
 * The truth about a payment as its gateway knows it, in our words. Pure types: the rules that compare it with our books
 * live in domain, the adapters in providers fill it.
 */

/** One refund at the gateway. */
export interface GatewayRefund {
  /** The gateway's id. */
  id: string;
  /** Our operation key, when we made it; null when it was made in the gateway's dashboard or by another program. */
  key: string | null;
  amountMinor: number;
  /** A pending one may still fail, and one that succeeded may fail days later: the bank sends the money back. */
  state: 'pending' | 'succeeded' | 'failed';
  /** Why it failed, in the gateway's code. */
  failureCode: string | null;
}

/** A charge that the customer disputes at their bank. */
export interface GatewayDispute {
  id: string;
  amountMinor: number;
  state: 'open' | 'won' | 'lost';
  /** The gateway's code of the reason ("fraudulent"). */
  reason: string | null;
  /** The evidence has to be there by this instant. */
  respondBy: string | null;
  /** True while the bank only asks: no money has been taken back. */
  isInquiry?: boolean;
}

/** Where a payment stands at the gateway. */
export type GatewayState = 'requires_action' | 'authorized' | 'captured' | 'voided' | 'declined';

/** What every report about a payment says. */
interface GatewayPayment {
  providerRef: string;
  state: GatewayState;
  amountMinor: number;
  capturedMinor: number;
  currency: string;
  /** The gateway gives an authorization back by itself at this instant; null when it holds none or does not say. */
  captureBefore: string | null;
  /** Our operation key and order; null when the payment was not made by us. */
  key: string | null;
  orderId: string | null;
}

/** One payment with all that became of it. */
export interface GatewayTruth extends GatewayPayment {
  refunds: GatewayRefund[];
  disputes: GatewayDispute[];
}

/** One payment in a list, with sums instead of the single refunds and disputes. */
export interface ListedPayment extends GatewayPayment {
  /** Given back or on its way back. */
  refundedMinor: number;
  /** True when it was ever disputed. */
  hasDispute: boolean;
  createdAt: string;
}

/** States of a payout. */
export const PAYOUT_STATES = ['pending', 'in_transit', 'paid', 'failed', 'canceled'] as const;
export type PayoutState = (typeof PAYOUT_STATES)[number];

/** Money that the gateway sends to our bank account. */
export interface GatewayPayout {
  id: string;
  amountMinor: number;
  currency: string;
  state: PayoutState;
  arrivesAt: string | null;
  contents: PayoutContents;
}

/** Whether the gateway says which payments a payout pays out: now, once it has made it up, or never (one made by hand). */
export type PayoutContents = 'known' | 'later' | 'never';
