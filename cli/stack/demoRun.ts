/**
 * Places demo orders over the public API and follows them until each has settled: ended, or waiting for a person with
 * a reason. One line says how many stand where.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { ApiProblem, type Api } from '../http.ts';
import { buildDemoOrders, type DemoKind, type DemoOrder } from '../../domain/demoOrders.ts';
import type { Say } from './say.ts';

/** A row of the order list, as far as the demo looks at it. */
interface OrderRow {
  id: string;
  number: number;
  status: string;
  lifecycle: string;
  attention: string[];
}

/** How many orders, and what they are made of. */
export interface DemoRunOptions {
  api: Api;
  count: number;
  seed: number;
  /** Distinguishes this run's external ids from those of others. */
  tag: string;
  say: Say;
  signal: AbortSignal;
}

/** Where the orders of a run ended up. */
export interface DemoResult {
  placed: number;
  settled: number;
  refused: string[];
  /** Orders by what they were meant to meet and the word for where they stand. */
  table: ReadonlyMap<DemoKind, ReadonlyMap<string, number>>;
}

const AT_ONCE = 8;
const LOOK_EVERY_MILLIS = 1_000;
const SETTLE_WITHIN_MILLIS = 30 * 60_000;
const ENDED: readonly string[] = ['completed', 'cancelled', 'expired', 'rejected'];

/** True when nothing happens to the order by itself any more, or a person has to look at it. */
export function isSettled(order: Pick<OrderRow, 'lifecycle' | 'attention'>): boolean {
  return ENDED.includes(order.lifecycle) || order.attention.length > 0;
}

/** Places the orders and follows them; ends early, with what is known, when the signal comes or after half an hour. */
export async function runDemo(options: DemoRunOptions): Promise<DemoResult> {
  const { api, say, signal } = options;
  const orders = buildDemoOrders(options);
  const kinds = new Map<string, DemoKind>();
  const rows = new Map<string, OrderRow>();
  const refused: string[] = [];
  const step = say.step(`Placing ${orders.length} orders`);
  await inLanes(orders, signal, async (order) => {
    try {
      const row = await place(api, order);
      kinds.set(row.id, order.kind);
      rows.set(row.id, row);
    } catch (error) {
      refused.push(`${order.body.externalId}: ${error instanceof Error ? error.message : String(error)}`);
      if (!(error instanceof ApiProblem)) throw error;
    }
    step.update(`Placing ${orders.length} orders: ${rows.size + refused.length}`);
  });
  const until = Date.now() + SETTLE_WITHIN_MILLIS;
  const settled = () => [...rows.values()].filter(isSettled).length;
  while (!signal.aborted && settled() < rows.size && Date.now() < until) {
    await look(api, rows, signal);
    step.update(progressLine(rows, settled()));
    await pause(LOOK_EVERY_MILLIS, undefined, { signal }).catch(() => undefined);
  }
  step.done(progressLine(rows, settled()));
  return { placed: rows.size, settled: settled(), refused, table: tableOf(rows, kinds) };
}

function place(api: Api, order: DemoOrder): Promise<OrderRow> {
  return api.call<OrderRow>('/v1/orders', { body: order.body, idempotencyKey: order.body.externalId });
}

/** Runs `work` over a list, eight at a time, until the signal comes. */
async function inLanes<T>(
  list: readonly T[],
  signal: AbortSignal,
  work: (one: T) => Promise<void>,
): Promise<void> {
  const rest = list.values();
  const lane = async () => {
    for (const one of rest) {
      if (signal.aborted) return;
      await work(one);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

// Newest first, so the orders of this run stand on the first pages.
async function look(api: Api, rows: Map<string, OrderRow>, signal: AbortSignal): Promise<void> {
  let missing = rows.size;
  try {
    for await (const row of api.pages<OrderRow>('/v1/orders', { sort: '-createdAt' }, rows.size * 2)) {
      if (signal.aborted || missing === 0) return;
      if (!rows.has(row.id)) continue;
      rows.set(row.id, row);
      missing -= 1;
    }
  } catch (error) {
    // The API may just be starting again; the next look tells.
    if (error instanceof ApiProblem && error.status < 500 && error.status !== 429) throw error;
  }
}

function progressLine(rows: ReadonlyMap<string, OrderRow>, settled: number): string {
  const words = countBy([...rows.values()], (row) => row.status);
  const parts = [...words]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([word, count]) => `${word} ${count}`);
  return `${settled} of ${rows.size} settled · ${parts.join(' · ')}`;
}

function tableOf(
  rows: ReadonlyMap<string, OrderRow>,
  kinds: ReadonlyMap<string, DemoKind>,
): DemoResult['table'] {
  const all = [...rows.values()];
  return new Map(
    [...new Set(kinds.values())].map((kind) => [
      kind,
      countBy(
        all.filter((row) => kinds.get(row.id) === kind),
        standing,
      ),
    ]),
  );
}

function standing(row: OrderRow): string {
  return row.attention.length > 0 ? `${row.status} (${row.attention.join(', ')})` : row.status;
}

function countBy<T>(list: readonly T[], wordOf: (one: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of list) counts.set(wordOf(one), (counts.get(wordOf(one)) ?? 0) + 1);
  return counts;
}
