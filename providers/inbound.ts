/**
 * What an outside system reports by webhook, translated into facts for the inbox. A port's `parseWebhook` verifies the
 * signature over the raw bytes first and throws BadSignature; it never trusts the body for money, only for what to ask.
 */
import type { Scan } from '../domain/shipment.ts';
import type { WarehouseReport } from '../domain/fulfillment.ts';
import type { GatewayPayout } from '../domain/truth.ts';

/** The headers of a webhook request, names in lower case. */
export type WebhookHeaders = Readonly<Record<string, string | undefined>>;

/** One fact of an outside system. `sourceId` is the sender's event id: a repeat is dropped by it. */
export type InboundFact =
  | {
      kind: 'warehouse_report';
      sourceId: string;
      match: string;
      report: WarehouseReport;
      weightGrams?: number;
      note?: string;
      occurredAt: string;
    }
  | { kind: 'carrier_scans'; sourceId: string; match: string; scans: Scan[] }
  | { kind: 'payment_event'; sourceId: string; match: string; type: string }
  | PayoutFact;

/** A payout was made or changed; it belongs to no order, `match` is its own id. */
export interface PayoutFact {
  kind: 'payout';
  sourceId: string;
  match: string;
  payout: GatewayPayout;
}

/** A fact that belongs to an order. */
export type OrderFact = Exclude<InboundFact, PayoutFact>;

/** Years that an outside instant may lie in; another is a sender's slip (year 1 for "unknown"), and a database may refuse it. */
const YEAR_MIN = 2000;
const YEAR_MAX = 2100;

/** The instant in UTC as our ISO text; undefined when the text is no instant or lies outside the years 2000 to 2100. */
export function instantOf(text: string): string | undefined {
  const instant = new Date(text);
  const year = instant.getUTCFullYear();
  return year >= YEAR_MIN && year <= YEAR_MAX ? instant.toISOString() : undefined;
}

/** The signature is missing, old or wrong: nothing of the message may be used. */
export class BadSignature extends Error {
  override readonly name = 'BadSignature';
}
