/** Events, timelines, cases and what the warehouse pulls. */
import { z } from 'zod';
import { ATTENTIONS } from '../../domain/order.ts';
import { at, details, maybeAt, pageQuery, queryBoolean, queryInteger, text } from './fields.ts';

/** The version of the event envelope. */
export const EVENT_API_VERSION = 'v1';

/** One event. */
export const EventBody = z
  .strictObject({
    id: z.string(),
    type: z.string().meta({ example: 'order.placed' }),
    apiVersion: z.literal(EVENT_API_VERSION),
    createdAt: at,
    orderId: z.string().nullable(),
    seq: z.int().nullable().meta({ description: 'Sequence within the order, without gaps.' }),
    channel: z.string().nullable(),
    actor: z.string(),
    data: details,
  })
  .meta({ id: 'Event' });

/** The query of an order's events. */
export const OrderEventsQuery = z.strictObject({
  limit: pageQuery.limit,
  after: queryInteger(0, 2_147_483_647)
    .optional()
    .meta({ description: 'The last seq you have; 0 when left out.' }),
});

/** Events of one order. */
export const OrderEventsBody = z.strictObject({
  data: z.array(EventBody),
  nextAfter: z.int(),
  hasMore: z.boolean(),
});

/** The query of the feed of all events. */
export const FeedQuery = z.strictObject({
  limit: pageQuery.limit,
  after: z.string().min(1).max(200).optional().meta({ description: 'nextCursor of the answer before.' }),
});

/** A piece of the feed; `nextCursor` is always there: ask with it again later. */
export const FeedBody = z.strictObject({
  data: z.array(EventBody),
  nextCursor: z.string(),
  hasMore: z.boolean(),
});

/** One entry of an order's timeline. */
export const TimelineEntryBody = z
  .strictObject({
    id: z.string(),
    at,
    kind: z.enum(['event', 'wait', 'case', 'command']),
    type: z.string(),
    actor: z.string(),
    actorName: z.string().nullable().meta({ description: 'The name of the key, for people.' }),
    isPerson: z.boolean(),
    data: details,
  })
  .meta({ id: 'TimelineEntry' });

/** The query of an order's timeline. */
export const TimelineQuery = z.strictObject({
  ...pageQuery,
  who: z
    .enum(['all', 'people', 'system'])
    .optional()
    .meta({ description: 'What people did, or what came by itself; all when left out.' }),
});

const assignee = z
  .union([z.enum(['me', 'nobody']), z.string().regex(/^[0-9a-f]{16}$/)])
  .optional()
  .meta({ description: '`me`, `nobody` or the id of a key.' });

/** The query of `GET /v1/cases`. */
export const CaseListQuery = z.strictObject({
  ...pageQuery,
  open: queryBoolean.optional(),
  attention: z.enum(ATTENTIONS).optional(),
  code: text(60).optional().meta({ description: 'The cause: a failure code.' }),
  assignee,
  sort: z
    .enum(['openedAt', '-openedAt'])
    .optional()
    .meta({ description: 'A leading minus is newest first; openedAt when left out.' }),
});

/** The query of `GET /v1/cases/causes`. */
export const CaseCausesQuery = z.strictObject({ assignee });

/** Open cases by cause, the oldest first. */
export const CaseCausesBody = z
  .strictObject({
    data: z.array(
      z.strictObject({
        code: z.string(),
        title: z.string(),
        attention: z.string(),
        owner: z.string(),
        open: z.int(),
        oldestAt: at,
        nextRetryAt: maybeAt.meta({ description: 'The earliest automatic retry among them.' }),
        isClosable: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'CaseCauses' });

/** A case with its order. */
export const CaseBody = z
  .strictObject({
    id: z.string(),
    orderId: z.string().nullable(),
    orderNumber: z.int().nullable(),
    channel: z.string().nullable(),
    subject: z.string(),
    code: z.string(),
    attention: z.string(),
    owner: z.string(),
    detail: z.string(),
    openedAt: at,
    resolvedAt: maybeAt,
    resolution: z.string().nullable(),
    resolvedBy: z.string().nullable(),
    title: z.string().meta({ description: 'The cause in words.' }),
    orderStatus: z.string().nullable(),
    assignee: z.string().nullable(),
    assigneeName: z.string().nullable(),
    assignedAt: maybeAt,
    nextRetryAt: maybeAt.meta({ description: 'When the step that failed is tried again by itself.' }),
    tries: z.int(),
    isClosable: z.boolean().meta({ description: 'True when a person may close it by hand.' }),
  })
  .meta({ id: 'Case' });

/** Parcels that may be handed over to the carrier now. */
export const DispatchesBody = z
  .strictObject({
    data: z.array(
      z.strictObject({
        fulfillmentId: z.string(),
        shipmentId: z.string(),
        carrier: z.string().nullable(),
        service: z.string().nullable(),
        trackingCode: z.string().nullable(),
        labelUrl: z.string().nullable(),
        dispatchAt: at,
      }),
    ),
  })
  .meta({ id: 'Dispatches' });

/** The answer to a webhook. */
export const WebhookBody = z
  .strictObject({ received: z.int().meta({ description: 'How many facts were new.' }) })
  .meta({ id: 'WebhookReceived' });

/** The answer to a Shopify order. */
export const ShopifyReceivedBody = z
  .strictObject({
    outcome: z.enum(['accepted', 'known', 'paid', 'kept', 'ignored']),
    orderId: z.string().nullable(),
  })
  .meta({ id: 'ShopifyReceived' });

/** Types for clients. */
export type Event = z.output<typeof EventBody>;
export type TimelineEntry = z.output<typeof TimelineEntryBody>;
export type Case = z.output<typeof CaseBody>;
/** Open cases of one cause. */
export type CaseCause = z.output<typeof CaseCausesBody>['data'][number];
