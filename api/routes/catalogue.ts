/** Items and locations. */
import { z } from 'zod';
import {
  listItems,
  listLocations,
  readItem,
  readLocation,
  type ItemRow,
  type LocationRow,
} from '../../db/reads/lists.ts';
import { createItem, createLocation, upsertItems } from '../../db/writes/inventory.ts';
import { canonicalSku } from '../../domain/order.ts';
import { BODY_LIMITS } from '../body.ts';
import { decodeCursor, PAGE_DEFAULT, pageFrom } from '../cursor.ts';
import type { Services } from '../deps.ts';
import { canonicalJson } from '../fingerprint.ts';
import { Refusal } from '../problems.ts';
import { route, type Call, type Route } from '../route.ts';
import { noBody, noParams, noQuery, pageOf, pageQuery } from '../schemas/fields.ts';
import {
  ItemBody,
  ItemInputBody,
  ItemListQuery,
  ItemsUpsertBody,
  ItemsUpserted,
  LocationBody,
  LocationInputBody,
  type Item,
} from '../schemas/catalogue.ts';

/** Routes of the catalogue. */
export function catalogueRoutes(services: Services): Route[] {
  return [...itemRoutes(services), ...locationRoutes(services)];
}

function itemRoutes(services: Services): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/items',
      summary: 'Add an item',
      description: 'The same item again is 200; another one under the same SKU is refused.',
      tag: 'Catalogue',
      scope: 'catalogue:write',
      params: noParams,
      query: noQuery,
      body: ItemInputBody,
      answers: { 200: ItemBody, 201: ItemBody },
      problems: ['already_exists'],
      handler: (call) => addItem(services, call),
    }),
    route({
      method: 'put',
      path: '/v1/items',
      summary: 'Add or replace up to 500 items',
      tag: 'Catalogue',
      scope: 'catalogue:write',
      params: noParams,
      query: noQuery,
      body: ItemsUpsertBody,
      bodyLimit: BODY_LIMITS.bulk,
      answers: { 200: ItemsUpserted },
      problems: [],
      async handler({ principal, body, requestId }) {
        const done = await upsertItems(services.db, body.items, { actor: principal.actor, requestId });
        return { status: 200, body: done };
      },
    }),
    route({
      method: 'get',
      path: '/v1/items',
      summary: 'List items by SKU',
      tag: 'Catalogue',
      scope: 'inventory:read',
      params: noParams,
      query: ItemListQuery,
      body: noBody,
      answers: { 200: pageOf(ItemBody) },
      problems: ['invalid_cursor'],
      async handler({ query }) {
        const { cursor, limit = PAGE_DEFAULT, q } = query;
        const [after] = cursor === undefined ? [] : decodeCursor('items', cursor, [z.string()]);
        const prefix = q === undefined ? null : canonicalSku(q);
        const rows = await listItems(services.db, { after: after ?? null, limit, q: prefix });
        const of = { list: 'items', keyOf: (row: ItemRow) => [row.sku], show: showItem };
        return { status: 200, body: pageFrom(rows, limit, of) };
      },
    }),
  ];
}

function locationRoutes(services: Services): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/locations',
      summary: 'Add a location',
      description: 'The same location again is 200; another one under the same id is refused.',
      tag: 'Catalogue',
      scope: 'catalogue:write',
      params: noParams,
      query: noQuery,
      body: LocationInputBody,
      answers: { 200: LocationBody, 201: LocationBody },
      problems: ['already_exists'],
      handler: (call) => addLocation(services, call),
    }),
    route({
      method: 'get',
      path: '/v1/locations',
      summary: 'List locations',
      tag: 'Catalogue',
      scope: 'inventory:read',
      params: noParams,
      query: z.strictObject(pageQuery),
      body: noBody,
      answers: { 200: pageOf(LocationBody) },
      problems: ['invalid_cursor'],
      async handler({ query }) {
        const { cursor, limit = PAGE_DEFAULT } = query;
        const [after] = cursor === undefined ? [] : decodeCursor('locations', cursor, [z.string()]);
        const rows = await listLocations(services.db, { after: after ?? null, limit });
        const of = { list: 'locations', keyOf: (row: LocationRow) => [row.id], show: showLocation };
        return { status: 200, body: pageFrom(rows, limit, of) };
      },
    }),
  ];
}

async function addItem(
  services: Services,
  { principal, body, requestId }: Call<unknown, unknown, z.output<typeof ItemInputBody>>,
) {
  const isNew = await createItem(services.db, body, { actor: principal.actor, requestId });
  const row = await readItem(services.db, body.sku);
  if (!row) throw new Error('an item that exists was not found');
  const item = showItem(row);
  if (!isNew && !isSame({ weightGrams: 0, requiresShipping: true, attributes: {}, ...body }, item))
    throw new Refusal('already_exists', { detail: `PUT /v1/items replaces ${row.sku}` });
  return { status: isNew ? 201 : 200, body: item };
}

async function addLocation(
  services: Services,
  { principal, body, requestId }: Call<unknown, unknown, z.output<typeof LocationInputBody>>,
) {
  const isNew = await createLocation(services.db, body, { actor: principal.actor, requestId });
  const row = await readLocation(services.db, body.id);
  if (!row) throw new Error('a location that exists was not found');
  const location = showLocation(row);
  if (!isNew && !isSame({ priority: 100, ...body }, location)) throw new Refusal('already_exists');
  return { status: isNew ? 201 : 200, body: location };
}

/** True when everything that was sent, defaults filled in, is what is stored. */
function isSame(sent: Readonly<Record<string, unknown>>, stored: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(sent).every(
    ([name, value]) => value === undefined || canonicalJson(value) === canonicalJson(stored[name]),
  );
}

function showItem(row: ItemRow): Item {
  return {
    sku: row.sku,
    name: row.name,
    variant: row.variant,
    gtin: row.gtin,
    weightGrams: row.weight_grams,
    requiresShipping: row.requires_shipping,
    attributes: row.attributes,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

function showLocation(row: LocationRow) {
  return {
    id: row.id,
    name: row.name,
    priority: row.priority,
    address: row.address,
    active: row.active,
    createdAt: row.created_at.toISOString(),
  };
}
