/**
 * The environment of all stories: one whole local stack of real processes (PostgreSQL, Temporal in memory, simulators,
 * worker, API), started once a run and spoken to only over its public API, the simulators' ledgers and Temporal.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { OrderDetail, OrderListItem } from '../api/schemas/orders.ts';
import type { Policy } from '../domain/policy.ts';
import { startStack, type Stack, type StackOptions } from '../cli/stack.ts';
import { connect, type Db } from '../db/connect.ts';
import type { FaultInput } from '../simulators/faults.ts';
import { newId } from '../db/ids.ts';
import { orderWorkflowId, RECONCILE_WORKFLOW, TASK_QUEUES } from '../workflows/contract.ts';
import { SHORT_WAITS, STOCK } from './given/shop.ts';
import { givenOrder, type GivenOrder } from './given/order.ts';
import { ROOT } from './source.ts';

/** An answer of the API. */
export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

/** What a call says besides method and path. */
export interface Call {
  body?: unknown;
  raw?: string;
  key?: string;
  idempotencyKey?: string;
  headers?: Record<string, string>;
}

/** The simulators by name. */
export type SimulatorName = 'payment' | 'warehouse' | 'carrier';

/** One line of a simulator's ledger, as text to look into. */
export interface LedgerEntry {
  kind: string;
  text: string;
}

/** One story's access to the stack. */
export interface Environment {
  stack: Stack;
  db: Db;
  temporal: Client;
  keys: { support: string; ops: string; viewer: string };
  call<T = Record<string, unknown>>(method: string, path: string, call?: Call): Promise<Answer<T>>;
  /** The key of a channel with this policy on top of short waits; made once a policy. */
  channel(policy?: Partial<Policy>): Promise<{ id: string; key: string }>;
  /** Places an order and expects 201. */
  place(given?: GivenOrder & { policy?: Partial<Policy> }): Promise<OrderListItem>;
  order(id: string): Promise<OrderDetail>;
  /** Waits until the order is as `what` says, a minute at most; then fails with the order's state. */
  until(
    id: string,
    what: string,
    is: (order: OrderDetail) => boolean,
    seconds?: number,
  ): Promise<OrderDetail>;
  fault(simulator: SimulatorName, ...faults: FaultInput[]): Promise<void>;
  clearFaults(): Promise<void>;
  /** The kinds of a simulator's ledger entries that name this order, oldest first. */
  ledger(simulator: SimulatorName, orderNumber: number): Promise<string[]>;
  /** A simulator's whole ledger, read once for stories with many orders. */
  ledgers(simulator: SimulatorName): Promise<LedgerEntry[]>;
  /** Has overdue orders started again now, instead of waiting for the reconciler's schedule. */
  reconcile(): Promise<void>;
  /** Keeps the order's history for the replay test when recording is on. */
  record(name: string, orderNumber: number): Promise<void>;
  close(): Promise<void>;
}

/** The longest any story waits for one named state; far above what it takes, for a busy machine. */
const PATIENCE_SECONDS = 45;

let shared: Promise<Environment> | undefined;

/** The shared environment, started with the first story that asks for it. */
export function environment(): Promise<Environment> {
  shared ??= openEnvironment({ temporalInMemory: true });
  return shared;
}

/** A stack of its own, for stories that break parts others stand on. The caller closes it. */
export async function openEnvironment(options: StackOptions): Promise<Environment> {
  const stack = await startStack({
    ports: 'free',
    quiet: true,
    pace: 0,
    policy: SHORT_WAITS,
    env: { HOLDFAST_CALL_TIMEOUT_MILLIS: '2500' },
    ...options,
  });
  const db = connect({ url: stack.databaseUrl, max: 4 });
  const connection = await Connection.connect({ address: stack.temporalAddress });
  const temporal = new Client({ connection });
  const made = await Promise.all(
    (['support', 'ops', 'viewer'] as const).map(
      async (role) => [role, (await stack.createKey(role)).key] as const,
    ),
  );
  const keys = { support: '', ops: '', viewer: '', ...Object.fromEntries(made) };
  const http = client(stack, keys.ops);
  await openShopByApi(http);
  const channels = new Map<string, Promise<{ id: string; key: string }>>();
  const channel = (policy: Partial<Policy> = {}) => {
    const name = JSON.stringify(policy);
    const known = channels.get(name) ?? makeChannel(http, channels.size + 1, policy);
    channels.set(name, known);
    return known;
  };
  const order = async (id: string) =>
    (await http<OrderDetail>('GET', `/v1/orders/${id}`, { key: keys.support })).body;
  return {
    ...{ stack, db, temporal, keys, call: http, channel, order },
    ...simulatorControls(stack),
    async place({ policy, ...given } = {}) {
      const { key } = await channel(policy);
      const body = givenOrder(given);
      const answer = await http<OrderListItem>('POST', '/v1/orders', {
        key,
        body,
        idempotencyKey: body.externalId,
      });
      if (answer.status !== 201) throw new Error(`not accepted: ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
    until: (id, what, is) => waitFor(() => order(id), { what, is, seconds: PATIENCE_SECONDS }),
    async reconcile() {
      const args = [{ overdueSeconds: 0, limit: 1_000 }];
      const workflowId = `reconcile-${newId('req')}`;
      await temporal.workflow.execute(RECONCILE_WORKFLOW, {
        args,
        taskQueue: TASK_QUEUES.orders,
        workflowId,
      });
    },
    async record(name, orderNumber) {
      const file = new URL(`./histories/${name}.json`, import.meta.url);
      // What older code has recorded is kept: replaying it is the point.
      if (process.env['HOLDFAST_RECORD'] !== '1' || existsSync(file)) return;
      const history = await temporal.workflow.getHandle(orderWorkflowId(orderNumber)).fetchHistory();
      const folder = new URL('./histories/', import.meta.url);
      mkdirSync(folder, { recursive: true });
      // Stack traces of failures name the folder this ran in; the file must not.
      const text = JSON.stringify(JSON.parse(historyToJSON(history))).replaceAll(`${ROOT}/`, '');
      writeFileSync(file, `${text}\n`);
    },
    async close() {
      await connection.close();
      await db.close();
      await stack.stop();
    },
  };
}

type Http = Environment['call'];

function client(stack: Stack, defaultKey: string): Http {
  return async <T>(method: string, path: string, call: Call = {}) => {
    const response = await fetch(`${stack.apiUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${call.key ?? defaultKey}`,
        ...((call.body !== undefined || call.raw !== undefined) && { 'content-type': 'application/json' }),
        ...(call.idempotencyKey !== undefined && { 'idempotency-key': call.idempotencyKey }),
        ...call.headers,
      },
      ...(call.raw !== undefined && { body: call.raw }),
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? {} : JSON.parse(text)) as T,
    };
  };
}

/** Reads until it is as wanted, at most `seconds`. */
export async function waitFor<T>(
  read: () => Promise<T>,
  given: { what: string; is: (value: T) => boolean; seconds: number },
): Promise<T> {
  const end = Date.now() + given.seconds * 1000;
  for (;;) {
    const value = await read();
    if (given.is(value)) return value;
    if (Date.now() > end)
      throw new Error(`not ${given.what} within ${given.seconds} s: ${JSON.stringify(value).slice(0, 4000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function openShopByApi(http: Http): Promise<void> {
  const expect201 = async (path: string, body: unknown, idempotencyKey?: string) => {
    const answer = await http('POST', path, { body, ...(idempotencyKey && { idempotencyKey }) });
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
  };
  for (const sku of new Set(STOCK.map((row) => row.sku)))
    await expect201('/v1/items', { sku, name: `A ${sku.toLowerCase()}`, weightGrams: 250 });
  for (const [index, id] of ['east', 'west'].entries()) {
    const address = {
      line1: '1 Dock Road',
      city: 'Boston',
      region: 'MA',
      postalCode: '02110',
      country: 'US',
    };
    await expect201('/v1/locations', { id, name: `Warehouse ${id}`, priority: index + 1, address });
  }
  await expect201('/v1/inventory/adjustments', { reason: 'opening stock', adjustments: STOCK }, 'opening');
}

async function makeChannel(
  http: Http,
  index: number,
  policy: Partial<Policy>,
): Promise<{ id: string; key: string }> {
  const id = `story-${index}`;
  const body = {
    id,
    name: `Story ${index}`,
    policy: { ...SHORT_WAITS, ...policy },
    webhookSecret: 'shopify-story-secret',
  };
  const channel = await http('POST', '/v1/channels', { body });
  const key = await http<{ key: string }>('POST', '/v1/api-keys', {
    body: { name: id, role: 'channel', channel: id },
  });
  if (channel.status !== 201 || key.status !== 201)
    throw new Error(`no channel: ${JSON.stringify([channel.body, key.body])}`);
  return { id, key: key.body.key };
}

function simulatorControls(stack: Stack): Pick<Environment, 'fault' | 'clearFaults' | 'ledger' | 'ledgers'> {
  const send = async (simulator: SimulatorName, method: string, body?: unknown) => {
    const response = await fetch(`${stack.simulators[simulator]}/_faults`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`the simulator took no fault: ${await response.text()}`);
  };
  return {
    fault: (simulator, ...faults) => send(simulator, 'POST', faults),
    async clearFaults() {
      for (const simulator of ['payment', 'warehouse', 'carrier'] as const) await send(simulator, 'DELETE');
    },
    async ledger(simulator, orderNumber) {
      const entries = await allEntries(stack, simulator);
      return entries.filter((entry) => entry.text.includes(`${orderNumber}/`)).map((entry) => entry.kind);
    },
    ledgers: (simulator) => allEntries(stack, simulator),
  };
}

async function allEntries(stack: Stack, simulator: SimulatorName): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for (let after = 0; ;) {
    const page = await fetch(`${stack.simulators[simulator]}/_ledger?after=${after}&limit=1000`);
    const { data } = (await page.json()) as { data: { seq: number; kind: string }[] };
    entries.push(...data.map((entry) => ({ kind: entry.kind, text: JSON.stringify(entry) })));
    const last = data.at(-1);
    if (!last) return entries;
    after = last.seq;
  }
}
