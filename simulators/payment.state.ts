/** What the payment simulator keeps of each object; snapshots of these stand in its ledger. */
import { z } from 'zod';

/** Seconds since 1970, as Stripe counts. */
const SECONDS = z.number().int();
/** Lower case, as Stripe writes it. */
const CURRENCY = z.string();
const METADATA = z.record(z.string(), z.string());

/** A payment intent. What has a default is not in ledgers of earlier versions. */
export const INTENT = z.object({
  id: z.string(),
  amountMinor: z.number().int(),
  capturedMinor: z.number().int(),
  /** Given back or on its way back. */
  refundedMinor: z.number().int(),
  currency: CURRENCY,
  token: z.string(),
  customer: z.string().nullable().default(null),
  metadata: METADATA,
  created: SECONDS,
  status: z.enum(['requires_payment_method', 'requires_action', 'requires_capture', 'succeeded', 'canceled']),
  /** Why the last attempt failed. */
  error: z.object({ code: z.string(), declineCode: z.string().nullable() }).nullable(),
  /** When an authorization is given back by itself. */
  captureBefore: SECONDS.nullable().default(null),
  captureMethod: z.enum(['manual', 'automatic']).default('manual'),
  /** Who canceled it: somebody, or the clock. */
  cancellation: z.enum(['requested', 'automatic']).nullable().default(null),
  dispute: z.enum(['none', 'inquiry', 'open', 'won', 'lost']).default('none'),
});
export type Intent = z.infer<typeof INTENT>;

/** A customer, made with the payment method that belongs to it. */
export const CUSTOMER = z.object({
  id: z.string(),
  method: z.string().nullable(),
  metadata: METADATA,
  created: SECONDS,
});
export type Customer = z.infer<typeof CUSTOMER>;

/** A refund. */
export const REFUND = z.object({
  id: z.string(),
  intentId: z.string(),
  amountMinor: z.number().int(),
  currency: CURRENCY,
  metadata: METADATA,
  created: SECONDS,
  status: z.enum(['pending', 'succeeded', 'failed']),
  failureReason: z.string().nullable(),
  /** How and when a pending one ends; null when it was never pending. */
  ends: z.object({ at: z.string(), failureReason: z.string().nullable() }).nullable(),
});
export type Refund = z.infer<typeof REFUND>;

/** A dispute; the statuses with "warning" are inquiries, which take no money. */
export const DISPUTE = z.object({
  id: z.string(),
  intentId: z.string(),
  amountMinor: z.number().int(),
  currency: CURRENCY,
  reason: z.string(),
  created: SECONDS,
  dueBy: SECONDS,
  status: z.enum(['needs_response', 'won', 'lost', 'warning_needs_response', 'warning_closed']),
});
export type Dispute = z.infer<typeof DISPUTE>;

/** A payout to the bank. */
export const PAYOUT = z.object({
  id: z.string(),
  amountMinor: z.number().int(),
  currency: CURRENCY,
  created: SECONDS,
  arrivalDate: SECONDS,
  status: z.enum(['pending', 'in_transit', 'paid', 'failed', 'canceled']),
  /** Made by the clock of the gateway, so that it knows what it pays out; false for an amount that somebody chose. */
  automatic: z.boolean().default(true),
});
export type Payout = z.infer<typeof PAYOUT>;
