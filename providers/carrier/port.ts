/**
 * The carrier port: book a parcel (create and buy a label), void the label, hear about scans. Carriers offer no
 * idempotency key: `key` travels as the reference and is looked for before anything is made.
 */
import type { PostalAddress } from '../../domain/address.ts';
import type { Outcome } from '../outcome.ts';
import type { InboundFact, WebhookHeaders } from '../inbound.ts';

/** One parcel to book; weight in grams. */
export interface BookRequest {
  key: string;
  /** The carrier's id of the parcel from an earlier try, when one is known. */
  providerRef: string | null;
  from: PostalAddress;
  to: PostalAddress;
  weightGrams: number;
  /** The customer's wish ("Priority"); the cheapest rate when it is not on offer. */
  service: string | null;
  /**
   * Called as soon as the carrier gave an id, before the label is bought, so that a retry never makes a second parcel.
   * Stores it in place of `replaces` (what this run was given as `providerRef`) unless another run was faster, and
   * returns the id that stands: only that parcel's label may be bought.
   */
  onCreated(providerRef: string, replaces: string | null): Promise<string>;
}

/** A bought label. `providerRef` is the carrier's id of the parcel; `labelUrl` needs no login. */
export interface Booked {
  providerRef: string;
  trackingCode: string;
  carrier: string;
  service: string;
  labelUrl: string;
}

/** A carrier. Calls may be repeated with the same key; only one parcel comes of them. */
export interface CarrierProvider {
  readonly id: string;
  /** Books a parcel once for the key, however often it is called. Refused: address or parcel not accepted. Throws OutcomeUnknown, at the latest when the time for one outside call is over. */
  book(request: BookRequest): Promise<Outcome<Booked>>;
  /** Gives an unused label back. Voiding twice is a success. Throws OutcomeUnknown. */
  voidLabel(request: { key: string; providerRef: string }): Promise<Outcome<Record<never, never>>>;
  /** Verifies and translates a webhook; `match` is the tracking code. Throws BadSignature. */
  parseWebhook(raw: Buffer, headers: WebhookHeaders): InboundFact[];
}
