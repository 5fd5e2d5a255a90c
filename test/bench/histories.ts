/** B1: what an order costs Temporal, counted in the histories of real orders. */
import type { Client } from '@temporalio/client';
import { orderWorkflowId } from '../../workflows/contract.ts';
import type { Bench } from './context.ts';
import { ANYWHERE, EAST, orderPost, WEST } from './goods.ts';
import type { Shape } from './stub.workflow.ts';

/** The events of one history by type, and their sum. */
export interface EventCount {
  total: number;
  byType: Map<string, number>;
}

/** Orders of each kind that are counted. */
const SAMPLES = 3;
/** Seconds between two steps outside: without a pause callbacks fall together and cost less than they do in earnest. */
const PACE_SECONDS = 1.5;

/** Places both kinds of order, lets them reach their end and counts; the fewest events first. */
export async function countEvents(bench: Bench): Promise<{ single: EventCount[]; double: EventCount[] }> {
  await setPace(bench, PACE_SECONDS);
  const some = async (skus: readonly string[]) => {
    const counts = await Promise.all(Array.from({ length: SAMPLES }, () => countOne(bench, skus)));
    return counts.toSorted((a, b) => a.total - b.total);
  };
  const [single, double] = await Promise.all([some([ANYWHERE]), some([EAST, EAST, WEST])]);
  await setPace(bench, 0);
  return { single, double };
}

async function setPace(bench: Bench, seconds: number): Promise<void> {
  for (const url of [bench.stack.simulators.warehouse, bench.stack.simulators.carrier]) {
    const response = await fetch(`${url}/_pace`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ seconds }),
    });
    if (!response.ok) throw new Error(`${url} took no pace: ${response.status}`);
  }
}

/** The middle of the counted orders. */
export function middleOf(counts: readonly EventCount[]): EventCount {
  const middle = counts[Math.floor(counts.length / 2)];
  if (!middle) throw new Error('nothing was counted');
  return middle;
}

async function countOne(bench: Bench, skus: readonly string[]): Promise<EventCount> {
  const order = await placeOne(bench, skus);
  await bench.settling.wait([order.id]);
  const { rows } = await bench.db.pool.query<{ lifecycle: string }>(
    'select lifecycle from orders where id = $1',
    [order.id],
  );
  if (rows[0]?.lifecycle !== 'completed')
    throw new Error(`order ${order.number} is not happy: ${rows[0]?.lifecycle}`);
  await bench.client.workflow.getHandle(orderWorkflowId(order.number)).result();
  return eventsOf(bench.client, orderWorkflowId(order.number));
}

/** Posts one order; throws when it is not accepted. */
export async function placeOne(
  bench: Bench,
  skus: readonly string[],
): Promise<{ id: string; number: number }> {
  const post = orderPost(bench.stack.apiUrl, bench.apiKey, skus);
  const response = await fetch(post.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...post.headers },
    body: post.body,
  });
  const text = await response.text();
  if (response.status !== 201) throw new Error(`the order was not accepted: ${response.status} ${text}`);
  return readOrder(text);
}

/** Id and number out of an accepted order's answer. */
export function readOrder(text: string): { id: string; number: number } {
  const { id, number } = JSON.parse(text) as { id: string; number: number };
  return { id, number };
}

/** Counts the events of a workflow's newest run by type. */
export async function eventsOf(client: Client, workflowId: string): Promise<EventCount> {
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  const byType = new Map<string, number>();
  for (const event of history.events ?? []) {
    const kind = Object.keys(event).find((name) => name.endsWith('EventAttributes')) ?? 'unknown';
    const name = kind.replace(/EventAttributes$/, '');
    byType.set(name, (byType.get(name) ?? 0) + 1);
  }
  return { total: history.events?.length ?? 0, byType };
}

/** The shape a stub must have to cost Temporal as much as this history. */
export function shapeOf(count: EventCount): Shape {
  const of = (type: string) => count.byType.get(type) ?? 0;
  return {
    locals: of('markerRecorded'),
    normals: of('activityTaskScheduled'),
    signals: of('workflowExecutionSignaled'),
    timers: of('timerStarted'),
    upserts: of('upsertWorkflowSearchAttributes'),
  };
}

/** "5 activityTaskScheduled, 4 markerRecorded, …" */
export function byTypeText(count: EventCount): string {
  return [...count.byType]
    .toSorted((a, b) => b[1] - a[1])
    .map(([type, number]) => `${number} ${type}`)
    .join(', ');
}
