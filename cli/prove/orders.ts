/** Reads orders over the API for a proof: lists, details, and the wait for all of them to settle. */
import { setTimeout as pause } from 'node:timers/promises';
import type { z } from 'zod';
import type { OrderDetail, OrderListItem } from '../../api/schemas/orders.ts';
import type { StockBody } from '../../api/schemas/catalogue.ts';
import { openApi, type Sending } from '../http.ts';
import type { Target } from '../import/patience.ts';

type Stock = z.output<typeof StockBody>;

const MANY = 10_000_000;
const AT_ONCE = 8;

function rows<T>(target: Target, path: string, query: Sending['query']): AsyncGenerator<T> {
  return openApi({ url: target.url, key: target.apiKey }).pages<T>(path, query, MANY);
}

async function collect<T>(source: AsyncGenerator<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}

/** All orders that fit the query. */
export function listOrders(target: Target, query: Sending['query'] = {}): Promise<OrderListItem[]> {
  return collect(rows<OrderListItem>(target, '/v1/orders', { sort: 'createdAt', ...query }));
}

/** The stock of every SKU at every location. */
export function listStock(target: Target): Promise<Stock[]> {
  return collect(rows<Stock>(target, '/v1/inventory', {}));
}

/** The whole of each order, a few at a time. */
export async function readOrders(target: Target, ids: readonly string[]): Promise<OrderDetail[]> {
  const api = openApi({ url: target.url, key: target.apiKey });
  const details: OrderDetail[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE);
    details.push(...(await Promise.all(some.map((id) => api.call<OrderDetail>(`/v1/orders/${id}`)))));
  }
  return details;
}

const MOVING = ['received', 'confirmed', 'processing'] as const;

/** Orders that move by themselves: neither ended nor waiting for a person. */
export async function listMoving(target: Target): Promise<OrderListItem[]> {
  const moving: OrderListItem[] = [];
  for (const lifecycle of MOVING) {
    const open = await listOrders(target, { lifecycle });
    moving.push(...open.filter((order) => order.attention.length === 0));
  }
  return moving;
}

/**
 * Waits until no order moves by itself any more; says how many are left as it goes. Gives up when nothing has settled
 * for `stillMillis`, and returns what still moves then.
 */
export async function waitUntilSettled(
  target: Target,
  options: { stillMillis: number; onLeft?: (left: number) => void },
): Promise<OrderListItem[]> {
  let least = Number.POSITIVE_INFINITY;
  let lastProgress = Date.now();
  for (;;) {
    const moving = await listMoving(target);
    options.onLeft?.(moving.length);
    if (moving.length === 0) return [];
    if (moving.length < least) {
      least = moving.length;
      lastProgress = Date.now();
    } else if (Date.now() - lastProgress > options.stillMillis) return moving;
    await pause(moving.length > 200 ? 2_000 : 500);
  }
}
