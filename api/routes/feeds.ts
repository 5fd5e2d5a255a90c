/** Events, timelines, cases, and the parcels a warehouse may hand over. */
import { z } from 'zod';
import { readFeed, readOrderEvents, readTimeline, type EventRow } from '../../db/reads/events.ts';
import { listCases, listDispatches } from '../../db/reads/lists.ts';
import { findOrderId } from '../../db/reads/orderDetail.ts';
import { decodeCursor, encodeCursor, PAGE_DEFAULT, pageFrom } from '../cursor.ts';
import type { Services } from '../deps.ts';
import { Refusal } from '../problems.ts';
import { route, type Call, type Route } from '../route.ts';
import { noBody, noParams, noQuery, pageOf, pageQuery } from '../schemas/fields.ts';
import {
  CaseBody,
  CaseListQuery,
  DispatchesBody,
  EVENT_API_VERSION,
  FeedBody,
  FeedQuery,
  OrderEventsBody,
  OrderEventsQuery,
  TimelineEntryBody,
  type Event,
} from '../schemas/feeds.ts';
import { OrderParams } from './orders.ts';

/** Routes of feeds. */
export function feedRoutes(services: Services): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/orders/{order}/timeline',
      summary: 'What happened to an order',
      description: 'Events, waits, cases and commands, oldest first, each with who did it.',
      tag: 'Orders',
      scope: 'orders:read',
      params: OrderParams,
      query: z.strictObject(pageQuery),
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

/** Routes of people's and warehouses' work lists. */
export function worklistRoutes(services: Services): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/cases',
      summary: 'What a person has to look at',
      tag: 'Cases',
      scope: 'orders:read',
      params: noParams,
      query: CaseListQuery,
      body: noBody,
      answers: { 200: pageOf(CaseBody) },
      problems: ['invalid_cursor'],
      handler: (call) => cases(services, call),
    }),
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

async function timeline(
  services: Services,
  call: OrderCall<{ limit?: number | undefined; cursor?: string | undefined }>,
) {
  const orderId = await requireOrder(services, call.params.order, call.principal.channel);
  const { cursor, limit = PAGE_DEFAULT } = call.query;
  const list = `timeline ${orderId}`;
  const [at, id] = cursor === undefined ? [] : decodeCursor(list, cursor, [z.iso.datetime(), z.string()]);
  const after = at === undefined || id === undefined ? null : { at, id };
  const rows = await readTimeline(services.db, { orderId, after, limit });
  return {
    status: 200,
    body: pageFrom(rows, limit, {
      list,
      keyOf: (row) => [row.at.toISOString(), row.id],
      show: (row) => ({ ...row, at: row.at.toISOString() }),
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
      data: shown.map(showEvent),
      nextAfter: shown.at(-1)?.seq ?? after,
      hasMore: rows.length > limit,
    },
  };
}

const FEED_LIST = 'events';
const FEED_KEY = [z.string().regex(/^\d{1,19}$/), z.int().min(0)] as const;

async function feed(services: Services, call: Call<unknown, z.output<typeof FeedQuery>, undefined>) {
  const { after, limit = PAGE_DEFAULT } = call.query;
  const [xid, position] = after === undefined ? ['0', 0] : decodeCursor(FEED_LIST, after, FEED_KEY);
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
      data: shown.map(showEvent),
      nextCursor: encodeCursor(FEED_LIST, last ? [last.xid, last.position] : [xid, position]),
      hasMore: rows.length > limit,
    },
  };
}

function showEvent(row: EventRow): Event {
  return {
    id: row.id,
    type: row.type,
    apiVersion: EVENT_API_VERSION,
    createdAt: row.created_at.toISOString(),
    orderId: row.order_id,
    seq: row.seq,
    channel: row.channel,
    actor: row.actor,
    data: row.data,
  };
}

async function cases(services: Services, call: Call<unknown, z.output<typeof CaseListQuery>, undefined>) {
  const { open, attention, cursor, limit = PAGE_DEFAULT } = call.query;
  const [after] = cursor === undefined ? [] : decodeCursor('cases', cursor, [z.string()]);
  const rows = await listCases(services.db, {
    after: after ?? null,
    limit,
    open: open ?? null,
    attention: attention ?? null,
    channel: call.principal.channel,
  });
  return {
    status: 200,
    body: pageFrom(rows, limit, {
      list: 'cases',
      keyOf: (row) => [row.id],
      show: (row) => ({
        id: row.id,
        orderId: row.order_id,
        orderNumber: row.order_number,
        channel: row.channel,
        subject: row.subject,
        code: row.code,
        attention: row.attention,
        owner: row.owner,
        detail: row.detail,
        openedAt: row.opened_at.toISOString(),
        resolvedAt: row.resolved_at?.toISOString() ?? null,
        resolution: row.resolution,
      }),
    }),
  };
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
