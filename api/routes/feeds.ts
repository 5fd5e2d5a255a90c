/** Events, timelines, and the parcels a warehouse may hand over. */
import { z } from 'zod';
import { readFeed, readOrderEvents, readTimeline, type EventRow } from '../../db/reads/events.ts';
import { listDispatches } from '../../db/reads/lists.ts';
import { findOrderId } from '../../db/reads/orderDetail.ts';
import { decodeCursor, encodeCursor, PAGE_DEFAULT, pageFrom } from '../cursor.ts';
import type { Services } from '../deps.ts';
import { Refusal } from '../problems.ts';
import { route, type Call, type Route } from '../route.ts';
import { CHANGES_LIST } from '../stream.ts';
import { noBody, noParams, noQuery, pageOf } from '../schemas/fields.ts';
import {
  DispatchesBody,
  EVENT_API_VERSION,
  FeedBody,
  FeedQuery,
  OrderEventsBody,
  OrderEventsQuery,
  TimelineEntryBody,
  TimelineQuery,
  type Event,
} from '../schemas/feeds.ts';
import { sightOf, type Sight } from '../sight.ts';
import { OrderParams } from './orders.ts';

/** Routes of feeds. */
export function feedRoutes(services: Services): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/orders/{order}/timeline',
      summary: 'What happened to an order',
      description:
        'Events, waits, cases and commands, oldest first, each with who did it. What staff wrote is shown to staff who may see personal data, and their names to staff.',
      tag: 'Orders',
      scope: 'orders:read',
      params: OrderParams,
      query: TimelineQuery,
      body: noBody,
      answers: { 200: pageOf(TimelineEntryBody) },
      problems: ['invalid_cursor'],
      handler: (call) => timeline(services, call),
    }),
    route({
      method: 'get',
      path: '/v1/orders/{order}/events',
      summary: 'The events of an order after a sequence number',
      tag: 'Events',
      scope: 'orders:read',
      params: OrderParams,
      query: OrderEventsQuery,
      body: noBody,
      answers: { 200: OrderEventsBody },
      problems: [],
      handler: (call) => orderEvents(services, call),
    }),
    route({
      method: 'get',
      path: '/v1/events',
      summary: 'All events after a cursor',
      description:
        'Of the orders the caller may see, in the order in which they were written. None is skipped.',
      tag: 'Events',
      scope: 'orders:read',
      params: noParams,
      query: FeedQuery,
      body: noBody,
      answers: { 200: FeedBody },
      problems: ['invalid_cursor'],
      handler: (call) => feed(services, call),
    }),
  ];
}

/** Routes of warehouses' work lists. */
export function worklistRoutes(services: Services): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/locations/{location}/dispatches',
      summary: 'Parcels that may be handed over to the carrier now',
      description: 'Oldest first, at most 100. `-` stands for all locations. Only these may leave the dock.',
      tag: 'Warehouse',
      scope: 'dispatch:read',
      params: z.strictObject({ location: z.string().regex(/^(-|[a-z0-9][a-z0-9-]{0,39})$/) }),
      query: noQuery,
      body: noBody,
      answers: { 200: DispatchesBody },
      problems: [],
      async handler({ params }) {
        const rows = await listDispatches(services.db, params.location === '-' ? null : params.location);
        return { status: 200, body: { data: rows.map(showDispatch) } };
      },
    }),
  ];
}

async function requireOrder(services: Services, order: string, channel: string | null): Promise<string> {
  const id = await findOrderId(services.db, order, channel);
  if (id === undefined) throw new Refusal('not_found');
  return id;
}

type OrderCall<Q> = Call<{ order: string }, Q, undefined>;

async function timeline(services: Services, call: OrderCall<z.output<typeof TimelineQuery>>) {
  const orderId = await requireOrder(services, call.params.order, call.principal.channel);
  const { cursor, limit = PAGE_DEFAULT, who = 'all' } = call.query;
  const list = `timeline ${orderId} ${who}`;
  const [at, id] = cursor === undefined ? [] : decodeCursor(list, cursor, [z.iso.datetime(), z.string()]);
  const after = at === undefined || id === undefined ? null : { at, id };
  const sight = sightOf(call.principal);
  const rows = await readTimeline(services.db, {
    orderId,
    after,
    limit,
    people: who === 'all' ? null : who === 'people',
    showsTexts: sight.staffTexts,
  });
  return {
    status: 200,
    body: pageFrom(rows, limit, {
      list,
      keyOf: (row) => [row.at.toISOString(), row.id],
      show: ({ actor_name: actorName, is_person: isPerson, ...row }) => ({
        ...row,
        at: row.at.toISOString(),
        actorName: isPerson && !sight.staffNames ? null : actorName,
        isPerson,
      }),
    }),
  };
}

async function orderEvents(
  services: Services,
  call: OrderCall<{ limit?: number | undefined; after?: number | undefined }>,
) {
  const orderId = await requireOrder(services, call.params.order, call.principal.channel);
  const { after = 0, limit = PAGE_DEFAULT } = call.query;
  const rows = await readOrderEvents(services.db, { orderId, after, limit });
  const shown = rows.slice(0, limit);
  return {
    status: 200,
    body: {
      data: shown.map((row) => showEvent(row, sightOf(call.principal))),
      nextAfter: shown.at(-1)?.seq ?? after,
      hasMore: rows.length > limit,
    },
  };
}

/** What a place in the feed is made of. */
export const FEED_KEY = [z.string().regex(/^\d{1,19}$/), z.int().min(0)] as const;

async function feed(services: Services, call: Call<unknown, z.output<typeof FeedQuery>, undefined>) {
  const { after, limit = PAGE_DEFAULT } = call.query;
  const [xid, position] = after === undefined ? ['0', 0] : decodeCursor(CHANGES_LIST, after, FEED_KEY);
  const rows = await readFeed(services.db, {
    after: { xid: String(xid), position: Number(position) },
    limit,
    channel: call.principal.channel,
  });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    status: 200,
    body: {
      data: shown.map((row) => showEvent(row, sightOf(call.principal))),
      nextCursor: encodeCursor(CHANGES_LIST, last ? [last.xid, last.position] : [xid, position]),
      hasMore: rows.length > limit,
    },
  };
}

function showEvent(row: EventRow, sight: Sight): Event {
  return {
    id: row.id,
    type: row.type,
    apiVersion: EVENT_API_VERSION,
    createdAt: row.created_at.toISOString(),
    orderId: row.order_id,
    seq: row.seq,
    channel: row.channel,
    actor: row.actor,
    data: sight.staffTexts ? row.data : withoutNote(row),
  };
}

/** Events of requests hold no free text; those that an older version wrote may. */
function withoutNote({ type, data }: EventRow): EventRow['data'] {
  if (type !== 'order.cancel_requested') return data;
  const { note: _, ...codes } = data;
  return codes;
}

function showDispatch(row: Awaited<ReturnType<typeof listDispatches>>[number]) {
  return {
    fulfillmentId: row.fulfillment_id,
    shipmentId: row.shipment_id,
    carrier: row.carrier,
    service: row.service,
    trackingCode: row.tracking_code,
    labelUrl: row.label_url,
    dispatchAt: row.dispatch_at.toISOString(),
  };
}
