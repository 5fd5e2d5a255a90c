/** Stock: what lies where, and adjustments with a reason and an actor. */
import { z } from 'zod';
import { listMovements, listStock, type MovementRow } from '../../db/reads/stock.ts';
import { adjustStock, type AdjustResult } from '../../db/writes/inventory.ts';
import { canonicalSku } from '../../domain/order.ts';
import { decodeCursor, PAGE_DEFAULT, pageFrom } from '../cursor.ts';
import type { Services } from '../deps.ts';
import { Refusal } from '../problems.ts';
import { route, type Call, type Route } from '../route.ts';
import { noBody, noParams, noQuery, pageOf } from '../schemas/fields.ts';
import {
  AdjustedBody,
  AdjustmentsBody,
  MovementBody,
  MovementListQuery,
  StockListQuery,
  StockRowBody,
  type Movement,
  type StockBody,
} from '../schemas/catalogue.ts';

/** Routes of stock. */
export function inventoryRoutes(services: Services): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/inventory/adjustments',
      summary: 'Adjust stock',
      description: 'All adjustments are made or none. The same request again changes nothing more.',
      tag: 'Inventory',
      scope: 'inventory:write',
      idempotent: true,
      params: noParams,
      query: noQuery,
      body: AdjustmentsBody,
      answers: { 200: AdjustedBody },
      problems: ['unknown_sku', 'unknown_location', 'stock_would_be_negative'],
      handler: (call) => adjust(services, call),
    }),
    route({
      method: 'get',
      path: '/v1/inventory',
      summary: 'Stock by SKU and location',
      tag: 'Inventory',
      scope: 'inventory:read',
      params: noParams,
      query: StockListQuery,
      body: noBody,
      answers: { 200: pageOf(StockRowBody) },
      problems: ['invalid_cursor'],
      handler: (call) => list(services, call),
    }),
    route({
      method: 'get',
      path: '/v1/inventory/movements',
      summary: 'Who moved how much stock, and why',
      description: 'Newest first.',
      tag: 'Inventory',
      scope: 'inventory:read',
      params: noParams,
      query: MovementListQuery,
      body: noBody,
      answers: { 200: pageOf(MovementBody) },
      problems: ['invalid_cursor'],
      handler: (call) => movements(services, call),
    }),
  ];
}

async function adjust(services: Services, call: Call<unknown, unknown, z.output<typeof AdjustmentsBody>>) {
  const { principal, body, idempotencyKey, fingerprint, requestId } = call;
  const result = await adjustStock(
    services.db,
    { ...body, scope: principal.keyScope, key: idempotencyKey, fingerprint },
    { actor: principal.actor, requestId },
  );
  if (result.kind === 'adjusted' || result.kind === 'replayed')
    return {
      status: 200,
      body: { levels: result.levels.map(showLevel) },
      ...(result.kind === 'replayed' && { headers: { 'Idempotency-Replayed': 'true' } }),
    };
  throw refusalOf(result);
}

function refusalOf(result: Exclude<AdjustResult, { kind: 'adjusted' | 'replayed' }>): Refusal {
  const at = (indexes: readonly number[], field: string, detail: string) =>
    indexes.map((index) => ({ pointer: `/adjustments/${index}${field}`, detail }));
  switch (result.kind) {
    case 'key_reused':
      return new Refusal('idempotency_key_reused');
    case 'unknown': {
      const errors = [
        ...at(result.skus, '/sku', 'is not in the catalogue'),
        ...at(result.locations, '/location', 'does not exist'),
      ];
      return new Refusal(result.skus.length > 0 ? 'unknown_sku' : 'unknown_location', { errors });
    }
    case 'negative':
      return new Refusal('stock_would_be_negative', {
        errors: at(result.indexes, '', 'would leave too little'),
      });
    case 'too_large':
      return new Refusal('invalid', {
        errors: at(result.indexes, '', 'would be more than any location holds'),
      });
  }
}

async function list(
  services: Services,
  { query }: Call<unknown, z.output<typeof StockListQuery>, undefined>,
) {
  const { cursor, limit = PAGE_DEFAULT } = query;
  const [sku, location] =
    cursor === undefined ? [] : decodeCursor('inventory', cursor, [z.string(), z.string()]);
  const rows = await listStock(services.db, {
    after: sku === undefined || location === undefined ? null : { sku, location },
    limit,
    sku: query.sku === undefined ? undefined : canonicalSku(query.sku),
    location: query.location,
    q: query.q,
  });
  return {
    status: 200,
    body: pageFrom(rows, limit, {
      list: 'inventory',
      keyOf: (row) => [row.sku, row.location],
      show: (row) => ({
        sku: row.sku,
        location: row.location,
        onHand: row.on_hand,
        allocated: row.allocated,
        available: row.on_hand - row.allocated,
        name: row.name,
        variant: row.variant,
      }),
    }),
  };
}

async function movements(
  services: Services,
  { query }: Call<unknown, z.output<typeof MovementListQuery>, undefined>,
) {
  const { cursor, limit = PAGE_DEFAULT, location, kind } = query;
  const [before] = cursor === undefined ? [] : decodeCursor('movements', cursor, [z.int().min(0)]);
  const sku = query.sku === undefined ? undefined : canonicalSku(query.sku);
  const rows = await listMovements(services.db, { before: before ?? null, limit, sku, location, kind });
  return {
    status: 200,
    body: pageFrom(rows, limit, { list: 'movements', keyOf: (row) => [row.id], show: showMovement }),
  };
}

function showMovement(row: MovementRow): Movement {
  return {
    id: row.id,
    sku: row.sku,
    location: row.location,
    kind: row.kind,
    onHandDelta: row.on_hand_delta,
    allocatedDelta: row.allocated_delta,
    orderId: row.order_id,
    orderNumber: row.order_number,
    reason: row.reason,
    actor: row.actor,
    actorName: row.actor_name,
    createdAt: row.created_at.toISOString(),
  };
}

/** Keys in one order: a replay comes out of jsonb, which keeps its own. */
function showLevel({ sku, location, onHand, allocated, available }: z.output<typeof StockBody>) {
  return { sku, location, onHand, allocated, available };
}
