/**
 * The order: its structure, its states and what may be done with it in each. Pure data and rules; the names here
 * are the names in the database, on the wire and in Temporal. Status axes are separate (domain rules: a mixed
 * status makes partial cases unsayable); `status` is one derived word for people.
 */

import type { Stage } from './stage.ts';

/** The lifecycle axis, written by the order's workflow only. */
export const LIFECYCLES = [
  'draft',
  'received',
  'confirmed',
  'processing',
  'completed',
  'cancelled',
  'expired',
  'rejected',
] as const;
export type Lifecycle = (typeof LIFECYCLES)[number];

/** Lifecycles from which nothing moves by itself any more. */
export const TERMINAL_LIFECYCLES: readonly Lifecycle[] = ['completed', 'cancelled', 'expired', 'rejected'];

/** True when the order has reached its end. */
export function isTerminal(lifecycle: Lifecycle): boolean {
  return TERMINAL_LIFECYCLES.includes(lifecycle);
}

/** The payment axis, folded from all payments of the order. */
export const PAYMENT_STATUSES = [
  'none',
  'pending',
  'partially_authorized',
  'authorized',
  'partially_captured',
  'captured',
  'overpaid',
  'partially_refunded',
  'refunded',
  'voided',
  'disputed',
] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/** The fulfillment axis, folded from the quantity ledgers of the lines. */
export const FULFILLMENT_STATUSES = [
  'unfulfilled',
  'partially_shipped',
  'shipped',
  'partially_delivered',
  'delivered',
  'cancelled',
] as const;
export type FulfillmentStatus = (typeof FULFILLMENT_STATUSES)[number];

/** The return axis. */
export const RETURN_STATUSES = ['none', 'requested', 'partially_returned', 'returned'] as const;
export type ReturnStatus = (typeof RETURN_STATUSES)[number];

/** Why an order needs a person; each open case carries one. */
export const ATTENTIONS = [
  'customer_action',
  'payment_action',
  'stock',
  'address',
  'fraud',
  'warehouse',
  'carrier',
  'data_fix',
] as const;
export type Attention = (typeof ATTENTIONS)[number];

/** Forward until an undo was written down; an order in `undo` only undoes (never goes forward again). */
export type Direction = 'forward' | 'undo';

/** Why an order is undone. */
export const CANCEL_REASONS = [
  'customer',
  'declined',
  'fraud',
  'inventory',
  'staff',
  'expired',
  'other',
] as const;
export type CancelReason = (typeof CANCEL_REASONS)[number];

/** The reason for a cancel that the text stands for; null when it is none, as free text is. */
export function cancelReasonOf(text: string | null): CancelReason | null {
  return CANCEL_REASONS.find((one) => one === text) ?? null;
}

/** The doors an order can come in by; `history` was finished elsewhere and moves nothing here. */
export const ORIGINS = ['api', 'shopify', 'import', 'history'] as const;
export type Origin = (typeof ORIGINS)[number];

/**
 * How an order is paid. `prepaid` was paid at the channel: recorded, never sent to the gateway. How each method works is in
 * method.ts.
 */
export const PAYMENT_METHODS = [
  'card',
  'gift_card',
  'store_credit',
  'prepaid',
  'bank_transfer',
  'invoice',
  'cash_on_delivery',
] as const;
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

/** SKUs compare without case and without outer blanks; this is the one spelling that is stored. */
export function canonicalSku(sku: string): string {
  return sku.trim().toUpperCase();
}

/** The units of one line, each counter changed only by a named action; the invariants are CHECK constraints too. */
export interface QuantityLedger {
  ordered: number;
  cancelled: number;
  allocated: number;
  fulfilled: number;
  shipped: number;
  delivered: number;
  returnRequested: number;
  returnReceived: number;
  returnDismissed: number;
  writtenOff: number;
}

/** The first rule a line's ledger breaks, in words; undefined when it is sound. */
export function brokenLedgerRule(q: QuantityLedger): string | undefined {
  if (Object.values(q).some((units) => !Number.isInteger(units) || units < 0))
    return 'units are whole and not negative';
  if (q.cancelled > q.ordered) return 'cancelled ≤ ordered';
  if (q.allocated > q.ordered - q.cancelled) return 'allocated ≤ ordered − cancelled';
  if (q.fulfilled > q.allocated) return 'fulfilled ≤ allocated';
  if (q.shipped > q.fulfilled) return 'shipped ≤ fulfilled';
  if (q.delivered > q.shipped) return 'delivered ≤ shipped';
  if (q.returnRequested + q.returnReceived + q.returnDismissed > q.shipped) return 'returns ≤ shipped';
  return undefined;
}

/** Sums over the lines of an order that decide its fulfillment status. */
export interface UnitSums {
  ordered: number;
  cancelled: number;
  shipped: number;
  delivered: number;
}

/** The fulfillment axis, derived from the line ledger alone. */
export function fulfillmentStatus(units: UnitSums): FulfillmentStatus {
  const wanted = units.ordered - units.cancelled;
  if (wanted <= 0) return 'cancelled';
  if (units.delivered >= wanted) return 'delivered';
  if (units.delivered > 0) return 'partially_delivered';
  if (units.shipped >= wanted) return 'shipped';
  return units.shipped > 0 ? 'partially_shipped' : 'unfulfilled';
}

/** What the one-word status is made of. */
export interface StatusAxes {
  lifecycle: Lifecycle;
  direction: Direction;
  fulfillmentStatus: FulfillmentStatus;
  attention: readonly Attention[];
  stage: Stage;
}

/** One word for people and progress lines: what they would say on the phone. Never stored. */
export function statusWord(axes: StatusAxes): string {
  if (isTerminal(axes.lifecycle)) return axes.lifecycle === 'completed' ? 'delivered' : axes.lifecycle;
  if (axes.direction === 'undo') return 'cancelling';
  if (axes.attention.length > 0) return 'needs_attention';
  if (axes.fulfillmentStatus !== 'unfulfilled') return axes.fulfillmentStatus;
  if (axes.lifecycle !== 'processing') return axes.lifecycle;
  // Not yet in the warehouse: an order is held before its release, so that it can still be changed. Not every one is paid by then.
  if (axes.stage === 'release') return 'ready';
  return axes.stage === 'warehouse' || axes.stage === 'handover' ? 'in_warehouse' : 'processing';
}
