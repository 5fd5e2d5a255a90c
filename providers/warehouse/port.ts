/**
 * The warehouse port: hand a share of an order over for picking and packing. The contract that a warehouse has to
 * speak stands beside this file (warehouse.openapi.yaml); every command has a stable id, every callback is signed.
 */
import type { Outcome } from '../outcome.ts';
import type { InboundFact, WebhookHeaders } from '../inbound.ts';
import type { PostalAddress } from '../../domain/address.ts';

/** A share to pick and pack. `shipTo` is personal data: sent to the warehouse, logged nowhere. */
export interface SubmitRequest {
  key: string;
  fulfillmentId: string;
  orderNumber: number;
  location: string;
  lines: { lineNo: number; sku: string; name: string; quantity: number }[];
  shipTo: PostalAddress;
  customerNote: string | null;
}

/** A warehouse. Submissions may be repeated with the same id; the goods are picked once. */
export interface WarehouseProvider {
  readonly id: string;
  /** Submits a share; the same id again with the same content is a success. Refused: the warehouse says no. Throws OutcomeUnknown. */
  submit(request: SubmitRequest): Promise<Outcome<Record<never, never>>>;
  /** Verifies and translates a callback; `match` is the fulfillment id. Throws BadSignature. */
  parseWebhook(raw: Buffer, headers: WebhookHeaders): InboundFact[];
}
