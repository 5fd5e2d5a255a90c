/**
 * What an administrator does beside the API: bring the schema up to date, fill an empty database with the demo, make
 * and revoke keys. For the launcher, the one-shot migration of a deployment and the first key of a new installation.
 */
import { timingSafeEqual } from 'node:crypto';
import pg from 'pg';
import type { Role } from '../domain/access.ts';
import type { Policy } from '../domain/policy.ts';
import { connect, transaction, type Db, type Tx } from './connect.ts';
import { DEMO_CHANNEL, DEMO_ITEMS, DEMO_LOCATIONS, DEMO_POLICY } from '../domain/demoCatalogue.ts';
import { migrate } from './migrations/index.ts';
import {
  createApiKey,
  hashOfKey,
  revokeApiKey,
  type CreatedApiKey,
  type NewApiKey,
} from './writes/apiKeys.ts';
import { seedOrders, type SeedOptions, type SeedResult } from './seed/run.ts';
import { writeAudit } from './writes/audit.ts';
import { setPolicy } from './writes/channels.ts';

export type { Role } from '../domain/access.ts';
export type { Policy } from '../domain/policy.ts';
export type { Db } from './connect.ts';
export { SeedChannelTaken, SeedPresent, type SeedOptions, type SeedResult } from './seed/run.ts';
export { DEMO_CHANNEL } from '../domain/demoCatalogue.ts';

/** Building an index on a large table takes its time; nobody waits for a migration within a request. */
const MIGRATION_TIMEOUT_MILLIS = 3_600_000;
const ADMIN_TIMEOUT_MILLIS = 30_000;
const CALLER = Object.freeze({ actor: 'administrator' });

/** A connection for administration; the caller closes it. */
export function connectAdmin(url: string): Db {
  return connect({
    url,
    max: 2,
    lockTimeoutMillis: ADMIN_TIMEOUT_MILLIS,
    statementTimeoutMillis: ADMIN_TIMEOUT_MILLIS,
  });
}

/** Brings the schema of the database at `url` up to date; returns the names of the migrations that were applied. */
export async function migrateDatabase(url: string): Promise<string[]> {
  const db = connect({
    url,
    max: 2,
    lockTimeoutMillis: MIGRATION_TIMEOUT_MILLIS,
    statementTimeoutMillis: MIGRATION_TIMEOUT_MILLIS,
  });
  try {
    return await migrate(db.knex);
  } finally {
    await db.close();
  }
}

/** The host that a database address leads to, as the driver reads it: a parameter `host` wins; a path is a local socket. */
export function databaseHost(url: string): string {
  return new pg.Client({ connectionString: url }).host;
}

/** What a database holds, as far as it matters before it is filled with made-up orders. */
export interface DatabaseUse {
  orders: number;
  /** Channels that are not for demonstration: somebody's business. */
  realChannels: string[];
}

/** Looks what a database is used for. */
export async function databaseUse(db: Db): Promise<DatabaseUse> {
  const { rows } = await db.pool.query<DatabaseUse>(
    `select (select count(*) from orders) as orders,
       coalesce((select array_agg(id order by id) from channels where not is_demo), '{}') as "realChannels"`,
  );
  return rows[0] ?? { orders: 0, realChannels: [] };
}

/**
 * Fills the database at `url` with made-up orders (db/seed/run.ts). Throws SeedPresent when they are there already, and
 * SeedChannelTaken when they would go into the channel of a business.
 */
export async function fillWithOrders(url: string, options: SeedOptions): Promise<SeedResult> {
  const db = connect({
    url,
    max: 3,
    lockTimeoutMillis: ADMIN_TIMEOUT_MILLIS,
    statementTimeoutMillis: MIGRATION_TIMEOUT_MILLIS,
  });
  try {
    return await seedOrders(db, options);
  } finally {
    await db.close();
  }
}

/** Makes a key; it is returned this once and stored as a hash. The channel must exist for role channel. */
export function createKey(db: Db, wanted: NewApiKey): Promise<CreatedApiKey> {
  return createApiKey(db, wanted, CALLER);
}

/** Revokes a key; false when it was not live. */
export function revokeKey(db: Db, keyId: string): Promise<boolean> {
  return revokeApiKey(db, keyId, CALLER);
}

/** True when `key` is a live key of this role in this database. */
export async function isLiveKey(db: Db, key: string, role: Role): Promise<boolean> {
  const id = /^hf_live_([0-9a-f]+)_/.exec(key)?.[1];
  if (id === undefined) return false;
  const { rows } = await db.pool.query<{ hash: Buffer }>(
    `select hash from api_keys
     where id = $1 and role = $2 and revoked_at is null and (expires_at is null or expires_at > now())`,
    [id, role],
  );
  const stored = rows[0]?.hash;
  return stored !== undefined && timingSafeEqual(stored, hashOfKey(key));
}

/** True when there is a live key without an end that a person or channel uses; the simulators' own doesn't count. */
export async function hasLastingKeys(db: Db): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    "select from api_keys where role <> 'warehouse' and revoked_at is null and expires_at is null limit 1",
  );
  return rowCount === 1;
}

/**
 * Creates the demo channel, catalogue, warehouses and stock in one transaction when the demo channel does not exist;
 * returns whether it did. With `policy` new orders of the channel follow that, as a new version when it says else.
 */
export async function ensureDemo(db: Db, policy?: Partial<Policy>): Promise<{ created: boolean }> {
  const created = await transaction(db.pool, async (tx) => {
    const channel = await tx.query(
      `insert into channels (id, name, is_demo) values ($1, 'Demo shop', true) on conflict (id) do nothing`,
      [DEMO_CHANNEL],
    );
    if (channel.rowCount !== 1) return false;
    await tx.query('insert into policies (channel, version, body, created_by) values ($1, 1, $2, $3)', [
      DEMO_CHANNEL,
      JSON.stringify(policy ?? DEMO_POLICY),
      CALLER.actor,
    ]);
    await fillCatalogue(tx);
    await writeAudit(tx, { ...CALLER, action: 'demo.created', subject: DEMO_CHANNEL });
    return true;
  });
  if (!created && policy && (await saysElse(db, policy)))
    await setPolicy(db, { channel: DEMO_CHANNEL, policy }, CALLER);
  return { created };
}

async function saysElse(db: Db, policy: Partial<Policy>): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `select from channels c join policies p on p.channel = c.id and p.version = c.policy_version
     where c.id = $1 and p.body <> $2::jsonb`,
    [DEMO_CHANNEL, JSON.stringify(policy)],
  );
  return rowCount === 1;
}

// An item or a warehouse of the same name that the user made before stays as it is.
async function fillCatalogue(tx: Tx): Promise<void> {
  await tx.query(
    `insert into items (sku, name, variant, weight_grams, attributes)
     select sku, name, variant, "weightGrams", attributes
     from jsonb_to_recordset($1) as i(sku text, name text, variant text, "weightGrams" int, attributes jsonb)
     on conflict (sku) do nothing`,
    [JSON.stringify(DEMO_ITEMS)],
  );
  await tx.query(
    `insert into locations (id, name, priority, address)
     select id, name, priority, address
     from jsonb_to_recordset($1) as l(id text, name text, priority int, address jsonb)
     on conflict (id) do nothing`,
    [JSON.stringify(DEMO_LOCATIONS)],
  );
  const stock = DEMO_ITEMS.flatMap((item) =>
    Object.entries(item.stock).map(([location, onHand]) => ({ sku: item.sku, location, onHand })),
  );
  await tx.query(
    `with given as (
       select * from jsonb_to_recordset($1) as s(sku text, location text, "onHand" int)),
     placed as (
       insert into stock (sku, location, on_hand)
       select sku, location, "onHand" from given order by sku, location
       on conflict (sku, location) do nothing
       returning sku, location, on_hand)
     insert into stock_movements (key, sku, location, kind, on_hand_delta, allocated_delta, reason, actor)
     select 'demo/' || sku || '/' || location, sku, location, 'adjustment', on_hand, 0, 'demo stock', $2
     from placed
     on conflict (key) do nothing`,
    [JSON.stringify(stock), CALLER.actor],
  );
}
