/** Orders as the API shows them. */
import { z } from 'zod';
import {
  ATTENTIONS,
  CANCEL_REASONS,
  FULFILLMENT_STATUSES,
  LIFECYCLES,
  ORIGINS,
  PAYMENT_METHODS,
  PAYMENT_STATUSES,
  RETURN_STATUSES,
} from '../../domain/order.ts';
import { ORDER_SORTS } from '../../db/reads/orderList.ts';
import type { OrderSummary } from '../../db/reads/summary.ts';
import {
  moneyShown,
  PartyShown,
  LineShown,
  PaymentShown,
  OperationShown,
  ShareShown,
  ShipmentShown,
  WaitShown,
} from './orderParts.ts';
import { ProblemBody } from './problem.ts';
import { at, attributes, details, instant, maybeAt, metadata, pageQuery, text } from './fields.ts';

const summary = {
  id: z.string().meta({ example: 'ord_0190b7c4d2f07a3e9c5d1e2f3a4b5c6d' }),
  number: z.int().meta({ example: 100042 }),
  channel: z.string(),
  externalId: z.string(),
  status: z.string().meta({ description: 'One word for people, derived from the axes; never a filter.' }),
  lifecycle: z.enum(LIFECYCLES),
  paymentStatus: z.enum(PAYMENT_STATUSES),
  fulfillmentStatus: z.enum(FULFILLMENT_STATUSES),
  returnStatus: z.enum(RETURN_STATUSES),
  attention: z.array(z.enum(ATTENTIONS)),
  holds: z.array(z.string()),
  total: moneyShown,
  lineCount: z.int(),
  placedAt: at,
  createdAt: at,
  promisedBy: maybeAt,
  releaseAt: maybeAt.meta({ description: 'When it goes to the warehouse, once that is known.' }),
  version: z.int(),
};

/** A list row and the answer of `POST /v1/orders`. */
export const OrderSummaryBody = z.strictObject(summary).meta({ id: 'OrderSummary' });

/** The database's summary is the wire's: this line fails to compile when they differ. */
const _isSummary: (row: OrderSummary) => z.output<typeof OrderSummaryBody> = (row) => row;

/** The query of `GET /v1/orders`. */
export const OrderListQuery = z.strictObject({
  ...pageQuery,
  lifecycle: z.enum(LIFECYCLES).optional(),
  paymentStatus: z.enum(PAYMENT_STATUSES).optional(),
  fulfillmentStatus: z.enum(FULFILLMENT_STATUSES).optional(),
  returnStatus: z.enum(RETURN_STATUSES).optional(),
  attention: z.enum(ATTENTIONS).optional(),
  channel: text(40).optional(),
  externalId: text(100).optional(),
  createdAfter: instant.optional(),
  createdBefore: instant.optional(),
  sku: text(64).optional(),
  tag: text(50).optional(),
  q: text(200).optional().meta({
    description:
      'Number, external id, SKU or tracking code; with pii:read also e-mail and beginning of a name.',
  }),
  sort: z
    .enum(ORDER_SORTS)
    .optional()
    .meta({ description: 'A leading minus is descending; -createdAt when left out.' }),
});

const CaseInOrder = z.strictObject({
  id: z.string(),
  subject: z.string(),
  code: z.string(),
  attention: z.string(),
  owner: z.string(),
  detail: z.string(),
  openedAt: at,
  resolvedAt: maybeAt,
  resolution: z.string().nullable(),
});

/** A command and what became of it. */
export const CommandBody = z
  .strictObject({
    id: z.string(),
    orderId: z.string(),
    kind: z.string(),
    actor: z.string(),
    reason: z.string().nullable(),
    state: z.enum(['pending', 'applied', 'refused']),
    code: z.string().nullable(),
    detail: z.string().nullable(),
    receivedAt: at,
    settledAt: maybeAt,
  })
  .meta({ id: 'Command' });

/** What can be done with the order now. */
export const AllowedActionBody = z
  .strictObject({
    action: z.enum(['cancel', 'retry']),
    enabled: z.boolean(),
    reasonIfDisabled: z.string().optional(),
    needsReason: z.boolean(),
  })
  .meta({ id: 'AllowedAction' });

/** The whole order. */
export const OrderBody = z
  .strictObject({
    ...summary,
    origin: z.enum(ORIGINS),
    direction: z.enum(['forward', 'undo']),
    undo: z
      .strictObject({ cause: z.string(), actor: z.string().nullable(), reason: z.string().nullable() })
      .nullable(),
    pricesIncludeTax: z.boolean(),
    subtotal: moneyShown,
    discount: moneyShown,
    shippingPrice: moneyShown,
    tax: moneyShown,
    sender: PartyShown.nullable(),
    recipient: PartyShown.nullable(),
    billing: PartyShown.nullable(),
    lines: z.array(LineShown),
    payment: z.strictObject({
      method: z.enum(PAYMENT_METHODS),
      number: z.string().nullable(),
      time: maybeAt,
      paid: z.boolean(),
      amount: moneyShown,
      payments: z.array(PaymentShown),
      operations: z.array(OperationShown),
    }),
    fulfillments: z.array(ShareShown),
    shipments: z.array(ShipmentShown),
    waits: z.array(WaitShown),
    cases: z.array(CaseInOrder),
    commands: z.array(CommandBody),
    allowedActions: z.array(AllowedActionBody),
    customerNote: z.string().nullable(),
    attributes,
    metadata,
    tags: z.array(z.string()),
    flags: z.array(z.string()),
    carrierWishes: details,
    policyVersion: z.int(),
    dueAt: maybeAt,
    completedAt: maybeAt,
    cancelledAt: maybeAt,
    updatedAt: at,
    workflowUrl: z.string().nullable(),
  })
  .meta({ id: 'Order' });

/** The body of a cancel. */
export const CancelBody = z
  .strictObject({ reason: z.enum(CANCEL_REASONS), note: text(500).optional() })
  .meta({ id: 'CancelOrder' });

/** The body of a retry. */
export const RetryBody = z.strictObject({ note: text(500).optional() }).meta({ id: 'RetryOrder' });

/** The answer of an import: one result an order, in the order in which they were sent. */
export const OrderImportResults = z
  .strictObject({
    results: z.array(
      z.strictObject({
        idempotencyKey: z.string().nullable(),
        outcome: z.enum(['accepted', 'replayed', 'refused']),
        status: z.int(),
        order: OrderSummaryBody.optional(),
        problem: ProblemBody.optional(),
      }),
    ),
  })
  .meta({ id: 'OrderImportResults' });

/** Types for clients. */
export type OrderDetail = z.output<typeof OrderBody>;
export type OrderListItem = z.output<typeof OrderSummaryBody>;
export type CommandShown = z.output<typeof CommandBody>;
