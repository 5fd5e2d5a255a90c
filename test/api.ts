/**
 * The API over a fresh database, without Temporal: a lane that fails unless a test gives another. Speaks HTTP over a
 * real socket, because half of what can go wrong with bodies goes wrong there.
 */
import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { pino } from 'pino';
import type { Role } from '../domain/access.ts';
import { connect, type Db } from '../db/connect.ts';
import { createApiKey } from '../db/writes/apiKeys.ts';
import { createChannel } from '../db/writes/channels.ts';
import { createApp, type Api, type AppDeps } from '../api/app.ts';
import { translateShopifyOrder } from '../providers/channel/shopify.ts';
import { freshDatabase } from './postgres.ts';

/** An answer: status, headers and JSON body (undefined when there is none). */
export interface TestAnswer {
  status: number;
  headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  body: any;
}

/** The API under test. */
export interface TestApi {
  db: Db;
  api: Api;
  url: string;
  masterKey: Buffer;
  /** A key by role; `channel` is the key of channel `web`, `other` that of channel `other`. */
  keys: Record<Role | 'other', string>;
  /** Sends a request; `body` is sent as JSON unless it is text or bytes. */
  call(method: string, path: string, options?: CallOptions): Promise<TestAnswer>;
  stop(): Promise<void>;
}

/** How a test sends. */
export interface CallOptions {
  key?: string | undefined;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Nothing arrives: Temporal is down. */
export const LANE_DOWN: NonNullable<AppDeps['lane']> = {
  start: () => Promise.reject(new Error('Temporal is down')),
  ring: () => Promise.reject(new Error('Temporal is down')),
  command: () => Promise.reject(new Error('Temporal is down')),
};

const refuseAll = () => {
  const error = new Error('no signature');
  error.name = 'BadSignature';
  throw error;
};

/** Starts the API on a fresh database of the server at `postgresUrl`, with channels `web` and `other` and a small catalogue. */
export async function startApi(postgresUrl: string, deps: Partial<AppDeps> = {}): Promise<TestApi> {
  const db = connect({ url: await freshDatabase(postgresUrl), max: 10 });
  const masterKey = randomBytes(32);
  const keys = await fill(db, masterKey);
  const api = createApp({
    db,
    lane: LANE_DOWN,
    parsers: { stripe: refuseAll, easypost: refuseAll, warehouse: refuseAll },
    shopify: translateShopifyOrder,
    masterKey,
    logger: pino({ level: 'silent' }),
    ...deps,
  });
  const server = await listen(api);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  const url = `http://127.0.0.1:${address.port}`;
  return {
    db,
    api,
    url,
    masterKey,
    keys,
    call: (method, path, options) => send(url, { method, path, ...options }),
    async stop() {
      await api.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await db.close();
    },
  };
}

function listen(api: Api): Promise<Server> {
  return new Promise((resolve) => {
    const server = api.app.listen(0, '127.0.0.1', () => resolve(server));
  });
}

async function fill(db: Db, masterKey: Buffer): Promise<TestApi['keys']> {
  const by = { actor: 'test' };
  await createChannel(db, { id: 'web', name: 'Web', webhookSecret: 'shop-secret' }, { ...by, masterKey });
  await createChannel(db, { id: 'other', name: 'Other' }, { ...by, masterKey });
  await db.pool.query(
    `insert into items (sku, name, variant, weight_grams) values ('MUG', 'Mug', 'blue', 300), ('TEA', 'Tea', null, 100)`,
  );
  await db.pool.query(
    `insert into locations (id, name, address) values ('east', 'East', '{"country":"US"}')`,
  );
  const make = async (role: Role, channel?: string) =>
    (await createApiKey(db, { name: role, role, channel }, by)).key;
  return {
    channel: await make('channel', 'web'),
    other: await make('channel', 'other'),
    viewer: await make('viewer'),
    support: await make('support'),
    ops: await make('ops'),
    warehouse: await make('warehouse'),
  };
}

async function send(
  url: string,
  request: CallOptions & { method: string; path: string },
): Promise<TestAnswer> {
  const { body } = request;
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
  const response = await fetch(`${url}${request.path}`, {
    method: request.method,
    headers: {
      ...(request.key && { authorization: `Bearer ${request.key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...request.headers,
    },
    ...(body !== undefined && { body: isRaw ? new Uint8Array(Buffer.from(body)) : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Money in USD. */
export function usd(amount: number) {
  return { amount, currency: 'USD' };
}

/** A sound order with two lines, 30.00 USD; fields can be replaced. */
export function orderBody(externalId: string, changes: Record<string, unknown> = {}) {
  return {
    externalId,
    currency: 'USD',
    recipient: { name: 'Ada Lovelace', email: 'ada@example.com', phone: '+1 555 0100' },
    shippingAddress: {
      line1: '1 Main St',
      city: 'Springfield',
      region: 'IL',
      postalCode: '62701',
      country: 'US',
    },
    lines: [
      { sku: 'mug', quantity: 2, unitPrice: usd(1000), total: usd(2000) },
      { sku: 'TEA', quantity: 1, unitPrice: usd(500), total: usd(500) },
    ],
    shipping: { price: usd(500), service: 'Ground' },
    totals: { total: usd(3000) },
    payment: { method: 'card', token: 'pm_card_visa' },
    ...changes,
  };
}

/** Counts the rows of every table, to show that nothing was stored. */
export async function countRows(db: Db): Promise<Record<string, number>> {
  const { rows } = await db.pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_name not like 'knex%' order by 1`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of rows) {
    const { rows: found } = await db.pool.query<{ n: number }>(`select count(*) as n from ${name}`);
    counts[name] = found[0]?.n ?? 0;
  }
  return counts;
}
