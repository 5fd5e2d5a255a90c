/** Views of the order list: those everybody has, with how many orders each shows, and those a person keeps. */
import { z } from 'zod';
import { countViews } from '../../db/reads/orderViews.ts';
import { listSavedViews, type SavedViewRow } from '../../db/reads/savedViews.ts';
import { dropView, SAVED_VIEWS_MAX, saveView } from '../../db/writes/savedViews.ts';
import { ORDER_VIEW_WORDS } from '../../domain/orderViews.ts';
import type { Services } from '../deps.ts';
import { Refusal } from '../problems.ts';
import { route, type Route } from '../route.ts';
import {
  OrderViewsBody,
  SavedViewBody,
  SavedViewInputBody,
  SavedViewsBody,
  type SavedView,
} from '../schemas/desk.ts';
import { noBody, noParams, noQuery } from '../schemas/fields.ts';

/** Routes of views. */
export function viewRoutes(services: Services): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/orders/views',
      summary: 'The views everybody has',
      description: 'Each with how many orders it shows, counted up to 1,000.',
      tag: 'Orders',
      scope: 'orders:read',
      params: noParams,
      query: noQuery,
      body: noBody,
      answers: { 200: OrderViewsBody },
      problems: [],
      async handler({ principal }) {
        const counts = await countViews(services.db, principal.channel);
        const data = counts.map((one) => ({ ...one, ...ORDER_VIEW_WORDS[one.view] }));
        return { status: 200, body: { data } };
      },
    }),
    ...ownViewRoutes(services),
  ];
}

function ownViewRoutes(services: Services): Route[] {
  const shared = { tag: 'Own views', scope: 'orders:read', peopleOnly: true, query: noQuery } as const;
  return [
    route({
      ...shared,
      method: 'get',
      path: '/v1/views',
      summary: 'Your own views',
      description: 'Those kept with this key, by name.',
      params: noParams,
      body: noBody,
      answers: { 200: SavedViewsBody },
      problems: [],
      async handler({ principal }) {
        const rows = await listSavedViews(services.db, principal.keyId);
        return { status: 200, body: { data: rows.map(showView) } };
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/views',
      summary: 'Keep a view',
      description: `Under its name; the same name again replaces it. A search for an e-mail address is left out. At most ${SAVED_VIEWS_MAX} a key.`,
      params: noParams,
      body: SavedViewInputBody,
      answers: { 200: SavedViewBody },
      problems: [],
      async handler({ principal, body }) {
        const row = await saveView(services.db, {
          keyId: principal.keyId,
          name: body.name,
          query: withoutAddress(body.query),
        });
        if (row) return { status: 200, body: showView(row) };
        const detail = `there are ${SAVED_VIEWS_MAX} views already; drop one first`;
        throw new Refusal('invalid', { errors: [{ pointer: '/name', detail }] });
      },
    }),
    route({
      ...shared,
      method: 'delete',
      path: '/v1/views/{view}',
      summary: 'Drop a view of yours',
      params: z.strictObject({ view: z.string().min(1).max(60) }),
      body: noBody,
      answers: { 204: null },
      problems: [],
      async handler({ principal, params }) {
        const isDropped = await dropView(services.db, { keyId: principal.keyId, id: params.view });
        if (!isDropped) throw new Refusal('not_found');
        return { status: 204 };
      },
    }),
  ];
}

/** The filters without a search for an e-mail address: views outlive the order it was looked up for. */
function withoutAddress(query: string): string {
  const filters = new URLSearchParams(query);
  if (!filters.getAll('q').some((text) => text.includes('@'))) return query;
  filters.delete('q');
  return filters.toString();
}

function showView(row: SavedViewRow): SavedView {
  return { id: row.id, name: row.name, query: row.query, createdAt: row.created_at.toISOString() };
}
