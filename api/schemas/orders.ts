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
import { EFFECT_KINDS } from '../../domain/effects.ts';
import { ORDER_VIEWS } from '../../domain/orderViews.ts';
import { STAGES } from '../../domain/stage.ts';
import { STEPS, STEP_STATES } from '../../domain/standing.ts';
import { ORDER_SORTS } from '../../db/reads/orderList.ts';
import type { OrderSummary } from '../../db/reads/summary.ts';
import {
  moneyShown,
  PartyShown,
  LineShown,
  PaymentShown,
  TenderShown,
  OperationShown,
  ShareShown,
  ShipmentShown,
  WaitShown,
} from './orderParts.ts';
import { ProblemBody } from './problem.ts';
import { OrderMoneyShown } from './refunds.ts';
import { at, attributes, details, instant, maybeAt, metadata, pageQuery, text } from './fields.ts';

const summary = {
  id: z.string().meta({ example: 'ord_0190b7c4d2f07a3e9c5d1e2f3a4b5c6d' }),
  number: z.int().meta({ example: 100042 }),
  channel: z.string(),
  externalId: z.string(),
  status: z
    .string()
    .meta({ description: 'One word for people, derived from the axes (docs/concepts.md); never a filter.' }),
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

/** A row of the list of orders: the summary and what people choose columns from. */
export const OrderListRowBody = z
  .strictObject({
    ...summary,
    stage: z.enum(STAGES),
    origin: z.enum(ORIGINS),
    recipientName: z.string().nullable().meta({ description: 'Masked for keys without pii:read.' }),
    shipCountry: z.string().nullable(),
    paymentMethod: z.enum(PAYMENT_METHODS),
    unitCount: z.int(),
    tags: z.array(z.string()),
    updatedAt: at,
  })
  .meta({ id: 'OrderListRow' });

/** The query of `GET /v1/orders`. */
export const OrderListQuery = z.strictObject({
  ...pageQuery,
  view: z.enum(ORDER_VIEWS).optional().meta({ description: 'One of the views everybody has.' }),
  stage: z.enum(STAGES).optional(),
  country: z.string().length(2).optional().meta({ description: 'Where it is sent.' }),
  placedAfter: instant.optional(),
  placedBefore: instant.optional(),
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
      'Number, order id, external id, SKU or tracking code; with pii:read also the beginning of an e-mail address or a name.',
  }),
  sort: z.enum(ORDER_SORTS).optional().meta({
    description:
      'A leading minus is descending; left out: -placedAt with placedAfter or placedBefore, else -createdAt.',
  }),
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
  assignee: z.string().nullable(),
  assigneeName: z.string().nullable(),
  nextRetryAt: maybeAt.meta({ description: 'When the step that failed is tried again by itself.' }),
  tries: z.int().meta({ description: 'How often that step has stalled; 0 for other causes.' }),
  isClosable: z.boolean().meta({ description: 'True when a person may close it by hand.' }),
});

/** A note of a person on an order. */
export const NoteBody = z
  .strictObject({
    id: z.string(),
    actor: z.string(),
    actorName: z.string().nullable(),
    text: z.string(),
    createdAt: at,
  })
  .meta({ id: 'Note' });

/**
 * Where an order stands, in words: `text` is one whole sentence with instants in UTC; the other fields are its parts, so
 * that a screen can show instants in its own time zone. `next` is what happens by itself at `nextAt`.
 */
export const StandingBody = z
  .strictObject({
    text: z.string(),
    state: z.string().meta({ example: 'Paid; being packed in wh-east' }),
    waitsFor: z.string().nullable().meta({ example: 'packing' }),
    awaitedFrom: z.string().nullable().meta({ example: 'warehouse wh-east' }),
    since: maybeAt,
    next: z.string().nullable().meta({ example: 'a case is opened for the warehouse' }),
    nextAt: maybeAt,
  })
  .meta({ id: 'Standing' });

const StepShown = z.strictObject({ step: z.enum(STEPS), state: z.enum(STEP_STATES), at: maybeAt });

/** A command and what became of it. */
export const CommandBody = z
  .strictObject({
    id: z.string(),
    orderId: z.string(),
    kind: z.string(),
    actor: z.string(),
    reason: z.string().nullable().meta({
      description:
        'The code of a reason; words of staff are null for keys without pii:read and for channels.',
    }),
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
    action: z.enum(['cancel', 'retry', 'change_payment', 'write_off', 'refund']),
    enabled: z.boolean(),
    reasonIfDisabled: z.string().optional(),
    needsReason: z.boolean(),
    effects: z
      .array(
        z.strictObject({
          kind: z.enum(EFFECT_KINDS),
          amount: moneyShown.optional(),
          units: z.int().optional(),
        }),
      )
      .meta({ description: 'What the action would do now: the preview of its dialog.' }),
  })
  .meta({ id: 'AllowedAction' });

/** The whole order. */
export const OrderBody = z
  .strictObject({
    ...summary,
    stage: z.enum(STAGES),
    stageSince: at,
    standing: StandingBody,
    steps: z.array(StepShown).meta({ description: 'From placement to delivery, for a stepper.' }),
    origin: z.enum(ORIGINS),
    direction: z.enum(['forward', 'undo']),
    undo: z
      .strictObject({ cause: z.string(), actor: z.string().nullable(), reason: z.string().nullable() })
      .nullable()
      .meta({
        description: '`reason` is what staff wrote: null for keys without pii:read and for channels.',
      }),
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
      tenders: z.array(TenderShown).meta({ description: 'The ways to pay; of one it says all.' }),
      termsDays: z.int().nullable().meta({
        description: 'Of invoice and cash on delivery: the money is due so many days after the goods left.',
      }),
      dueAt: maybeAt.meta({ description: 'When that is; null until the goods have left.' }),
      writtenOff: moneyShown.nullable().meta({ description: 'What a person has given up of it.' }),
      payments: z.array(PaymentShown),
      operations: z.array(OperationShown),
    }),
    money: OrderMoneyShown,
    fulfillments: z.array(ShareShown),
    shipments: z.array(ShipmentShown),
    waits: z.array(WaitShown),
    cases: z.array(CaseInOrder),
    commands: z.array(CommandBody),
    notes: z
      .array(NoteBody)
      .meta({ description: 'Newest last; empty for keys without pii:read and for those of channels.' }),
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

/** The body of a write-off. */
export const WriteOffBody = z
  .strictObject({ note: text(500).meta({ description: 'Why; shown to staff only.' }) })
  .meta({ id: 'WriteOff' });

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
export type OrderListItem = z.output<typeof OrderListRowBody>;
export type Note = z.output<typeof NoteBody>;
export type Standing = z.output<typeof StandingBody>;
export type CommandShown = z.output<typeof CommandBody>;
