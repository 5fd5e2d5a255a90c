/** The parts of an order as the API shows them. */
import { z } from 'zod';
import { FULFILLMENT_STATES } from '../../domain/fulfillment.ts';
import { PAYMENT_METHODS } from '../../domain/order.ts';
import { OPERATION_STATES, PAYMENT_STATES } from '../../domain/payment.ts';
import { SHIPMENT_STATES } from '../../domain/shipment.ts';
import { at, attributes, details, maybeAt } from './fields.ts';

/** An amount in an answer. */
export const moneyShown = z
  .strictObject({ amount: z.int(), currency: z.string() })
  .meta({ id: 'MoneyShown', description: 'Integer minor units with their ISO 4217 code.' });

/** A person or company of an order. */
export const PartyShown = z
  .strictObject({
    name: z.string().nullable(),
    company: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    address: z
      .strictObject({
        line1: z.string().nullable(),
        line2: z.string().nullable(),
        city: z.string().nullable(),
        region: z.string().nullable(),
        postalCode: z.string().nullable(),
        country: z.string().nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'PartyShown', description: 'Masked for keys without pii:read, except the channel’s own.' });

/** A line with its quantity ledger. */
export const LineShown = z
  .strictObject({
    lineNo: z.int(),
    sku: z.string(),
    name: z.string(),
    variant: z.string().nullable(),
    gtin: z.string().nullable(),
    quantity: z.int(),
    unitListPrice: moneyShown.nullable(),
    unitNet: moneyShown.nullable(),
    unitGross: moneyShown.nullable(),
    discounts: z.array(details),
    discount: moneyShown,
    taxLines: z.array(details),
    tax: moneyShown,
    total: moneyShown,
    weightGrams: z.int(),
    requiresShipping: z.boolean(),
    attributes,
    ledger: z.strictObject({
      ordered: z.int(),
      cancelled: z.int(),
      allocated: z.int(),
      fulfilled: z.int(),
      shipped: z.int(),
      delivered: z.int(),
      returnRequested: z.int(),
      returnReceived: z.int(),
      returnDismissed: z.int(),
      writtenOff: z.int(),
    }),
  })
  .meta({ id: 'OrderLine' });

/** A payment: time, number, method, amount, state, reference. */
export const PaymentShown = z
  .strictObject({
    id: z.string(),
    number: z.string(),
    time: at,
    method: z.enum(PAYMENT_METHODS),
    provider: z.string(),
    reference: z.string().nullable(),
    state: z.enum(PAYMENT_STATES),
    amount: moneyShown,
    authorized: moneyShown,
    captured: moneyShown,
    refunded: moneyShown,
    voided: moneyShown,
    card: z.strictObject({ brand: z.string().nullable(), last4: z.string().nullable() }).nullable(),
    failureCode: z.string().nullable(),
    fulfillmentId: z.string().nullable(),
    tender: z.int().meta({ description: 'Which of the ways to pay it belongs to.' }),
    attempt: z.int(),
    settledAt: maybeAt.meta({ description: 'When the gateway paid it out to the bank.' }),
    payoutId: z.string().nullable().meta({ description: 'The payout it was paid out with.' }),
  })
  .meta({ id: 'PaymentShown' });

/** One way the order is paid. */
export const TenderShown = z
  .strictObject({
    seq: z.int().meta({ description: 'The order in which they are used.' }),
    method: z.enum(PAYMENT_METHODS),
    amount: moneyShown,
    creditAccount: z.string().nullable().meta({ description: 'Of a gift card or store credit.' }),
    codeLast4: z.string().nullable().meta({ description: 'The end of a gift card’s code.' }),
  })
  .meta({ id: 'TenderShown' });

/** One call to an outside system. */
export const OperationShown = z
  .strictObject({
    number: z.string().meta({ description: 'The stable key that was sent to the outside system.' }),
    time: at,
    kind: z.string(),
    subject: z.string(),
    amount: moneyShown.nullable(),
    state: z.enum(OPERATION_STATES),
    reference: z.string().nullable(),
    failureCode: z.string().nullable(),
    settledAt: maybeAt,
  })
  .meta({ id: 'OperationShown' });

/** A warehouse's share of the order. */
export const ShareShown = z
  .strictObject({
    id: z.string(),
    seq: z.int(),
    location: z.string(),
    state: z.enum(FULFILLMENT_STATES),
    amount: moneyShown,
    weightGrams: z.int(),
    submittedAt: maybeAt,
    packedAt: maybeAt,
    closedAt: maybeAt,
    lines: z.array(z.strictObject({ lineNo: z.int(), sku: z.string(), quantity: z.int() })),
  })
  .meta({ id: 'FulfillmentShown' });

/** A parcel with its scans. */
export const ShipmentShown = z
  .strictObject({
    id: z.string(),
    fulfillmentId: z.string(),
    attempt: z.int(),
    state: z.enum(SHIPMENT_STATES),
    carrier: z.string().nullable(),
    service: z.string().nullable(),
    trackingCode: z.string().nullable(),
    labelUrl: z.string().nullable(),
    bookedAt: maybeAt,
    dispatchAt: maybeAt,
    handedOverAt: maybeAt,
    deliveredAt: maybeAt,
    lastScanAt: maybeAt,
    scans: z.array(
      z.strictObject({ status: z.string(), detail: z.string(), message: z.string(), occurredAt: at }),
    ),
  })
  .meta({ id: 'ShipmentShown' });

/** What is awaited, from whom, until when, and what then. */
export const WaitShown = z
  .strictObject({
    subject: z.string(),
    kind: z.string(),
    awaitedFrom: z.string(),
    since: at,
    deadlineAt: at,
    thenWhat: z.string(),
  })
  .meta({ id: 'WaitShown' });
