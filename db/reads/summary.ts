/**
 * The short form of an order: a list row, and the answer of `POST /v1/orders`, which is made before the order is
 * stored and must read the same afterwards. Keys always come in one order, so that replays are equal to the byte.
 */
import type { Money } from '../../domain/money.ts';
import {
  statusWord,
  type Attention,
  type Direction,
  type FulfillmentStatus,
  type Lifecycle,
  type PaymentStatus,
  type ReturnStatus,
} from '../../domain/order.ts';
import type { Stage } from '../../domain/stage.ts';

/** One order in a line. Instants are ISO 8601 in UTC; `releaseAt` is when it goes to the warehouse, once that is known. */
export interface OrderSummary {
  id: string;
  number: number;
  channel: string;
  externalId: string;
  status: string;
  lifecycle: Lifecycle;
  paymentStatus: PaymentStatus;
  fulfillmentStatus: FulfillmentStatus;
  returnStatus: ReturnStatus;
  attention: Attention[];
  holds: string[];
  total: Money;
  lineCount: number;
  placedAt: string;
  createdAt: string;
  promisedBy: string | null;
  releaseAt: string | null;
  version: number;
}

/** The columns of `orders` that a summary is made of. */
export interface SummaryRow {
  id: string;
  number: number;
  channel: string;
  external_id: string;
  lifecycle: Lifecycle;
  direction: Direction;
  payment_status: PaymentStatus;
  fulfillment_status: FulfillmentStatus;
  return_status: ReturnStatus;
  attention: Attention[];
  holds: string[];
  total_minor: number;
  currency: string;
  line_count: number;
  placed_at: Date;
  created_at: Date;
  promised_by: Date | null;
  release_at: Date | null;
  version: number;
  stage: Stage;
}

/** The select list for a SummaryRow, of `orders o`. */
export const SUMMARY_COLUMNS = `o.id, o.number, o.channel, o.external_id, o.lifecycle, o.direction, o.payment_status,
  o.fulfillment_status, o.return_status, o.attention, o.holds, o.total_minor, o.currency, o.line_count, o.placed_at,
  o.created_at, o.promised_by, o.release_at, o.version, o.stage`;

/** A row as the wire shows it. */
export function summaryOf(row: SummaryRow): OrderSummary {
  return {
    id: row.id,
    number: row.number,
    channel: row.channel,
    externalId: row.external_id,
    status: statusWord({
      lifecycle: row.lifecycle,
      direction: row.direction,
      fulfillmentStatus: row.fulfillment_status,
      attention: row.attention,
      stage: row.stage,
    }),
    lifecycle: row.lifecycle,
    paymentStatus: row.payment_status,
    fulfillmentStatus: row.fulfillment_status,
    returnStatus: row.return_status,
    attention: row.attention,
    holds: row.holds,
    total: { amount: row.total_minor, currency: row.currency },
    lineCount: row.line_count,
    placedAt: row.placed_at.toISOString(),
    createdAt: row.created_at.toISOString(),
    promisedBy: row.promised_by?.toISOString() ?? null,
    releaseAt: row.release_at?.toISOString() ?? null,
    version: row.version,
  };
}

/** The same summary with its keys in the one order (jsonb keeps its own). */
export function inOrder(answer: OrderSummary): OrderSummary {
  return {
    id: answer.id,
    number: answer.number,
    channel: answer.channel,
    externalId: answer.externalId,
    status: answer.status,
    lifecycle: answer.lifecycle,
    paymentStatus: answer.paymentStatus,
    fulfillmentStatus: answer.fulfillmentStatus,
    returnStatus: answer.returnStatus,
    attention: answer.attention,
    holds: answer.holds,
    total: { amount: answer.total.amount, currency: answer.total.currency },
    lineCount: answer.lineCount,
    placedAt: answer.placedAt,
    createdAt: answer.createdAt,
    promisedBy: answer.promisedBy,
    releaseAt: answer.releaseAt,
    version: answer.version,
  };
}
