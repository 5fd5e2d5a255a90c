/**
 * Receipts: money that arrived outside every gateway, recorded by a person or from a file. What a receipt can be, whether it
 * is one that is known already, and what it does to the offline payment it is booked on.
 */
import type { FailureCode } from './failures.ts';
import { isOffline, type OfflineMethod } from './method.ts';
import type { PaymentMethod } from './order.ts';
import type { PaymentState } from './payment.ts';
import { awaitedTender, type StoredTenders, type Tender } from './tender.ts';

/** `given`: on its way through the order's inbox. `unmatched`: a person assigns it to an order or returns it. */
export const RECEIPT_STATES = ['given', 'booked', 'unmatched', 'returned'] as const;
export type ReceiptState = (typeof RECEIPT_STATES)[number];

/** Who recorded it. */
export const RECEIPT_SOURCES = ['person', 'file'] as const;
export type ReceiptSource = (typeof RECEIPT_SOURCES)[number];

/** Most receipts of one request. */
export const RECEIPTS_MAX = 1_000;

/** What makes two receipts of one number the same. Amounts in minor units. */
export interface ReceiptFacts {
  orderRef: string;
  currency: string;
  amountMinor: number;
}

/** A receipt that is known, and the order it was found to belong to. */
interface KnownReceipt extends ReceiptFacts {
  orderId: string | null;
}

/**
 * True when a receipt under a known number is that receipt once more: the same amount for the same order, however the
 * payer wrote it. Of other content it is refused, or a correction: one number can't stand for two amounts.
 */
export function isSameReceipt(
  known: KnownReceipt,
  given: ReceiptFacts & { orderId: string | null },
): boolean {
  const isSameOrder =
    known.orderRef === given.orderRef || (known.orderId !== null && known.orderId === given.orderId);
  return isSameOrder && known.currency === given.currency && known.amountMinor === given.amountMinor;
}

/** The tender of an order whose money people record; undefined when it is paid in other ways only. */
export function offlineTender(order: StoredTenders): (Tender & { method: OfflineMethod }) | undefined {
  const tender = awaitedTender(order);
  return tender && isOffline(tender.method) ? { ...tender, method: tender.method } : undefined;
}

/** Money that people still have to send. */
export interface StillToCome {
  method: OfflineMethod;
  /** Minor units, above 0. */
  minor: number;
}

/** What is still to come by transfer, invoice or cash, receipts counted; undefined when nothing is. Amounts in minor units. */
export function stillToCome(
  order: StoredTenders & { paid: boolean },
  payments: readonly { method: PaymentMethod; capturedMinor: number; refundedMinor: number }[],
): StillToCome | undefined {
  const tender = order.paid ? undefined : offlineTender(order);
  if (!tender) return undefined;
  const minor = payments
    .filter((payment) => isOffline(payment.method))
    .reduce((left, payment) => left - payment.capturedMinor + payment.refundedMinor, tender.amountMinor);
  return minor > 0 ? { method: tender.method, minor } : undefined;
}

/** How a receipt is taken that does not say how it came: as its order is to be paid, else by bank transfer. */
export function methodOfReceipt(orderMethod: PaymentMethod | undefined): OfflineMethod {
  return orderMethod !== undefined && isOffline(orderMethod) ? orderMethod : 'bank_transfer';
}

/** What the money of all receipts of an order comes to, against what is owed that way. */
export function receivedState(receivedMinor: number, owedMinor: number): PaymentState {
  if (receivedMinor >= owedMinor) return 'captured';
  return receivedMinor > 0 ? 'partially_captured' : 'created';
}

/** Why a receipt can not be booked on this order as it is; undefined when it can. */
export function receiptProblem(
  receipt: Pick<ReceiptFacts, 'currency'>,
  order: { currency: string },
): FailureCode | undefined {
  return receipt.currency === order.currency ? undefined : 'receipt_mismatch';
}

const MILLIS_A_DAY = 24 * 3600 * 1000;
/** Money that is due at once is missed a moment later: a wait needs an end that is ahead. */
const DUE_MIN_MILLIS = 1_000;

/** When money that comes after the goods is due: so many days after all of them have left. */
export function dueAfter(leftAt: Date, termsDays: number): Date {
  return new Date(leftAt.getTime() + Math.max(DUE_MIN_MILLIS, termsDays * MILLIS_A_DAY));
}
