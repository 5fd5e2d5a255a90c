/**
 * The connection to PostgreSQL: one pg pool for statements written by hand and one small knex for migrations and
 * lists built from filters. int8 arrives as a safe integer; numeric stays text; timestamps arrive as Date.
 */
import knexModule, { type Knex } from 'knex';
import pg from 'pg';

/** A connected database. */
export interface Db {
  pool: pg.Pool;
  knex: Knex;
  /** Closes both pools; waits for running statements. */
  close(): Promise<void>;
}

const INT8_OID = 20;

function toSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} is not a safe integer`);
  return value;
}

pg.types.setTypeParser(INT8_OID, toSafeInteger);

/** Bounds of every statement: a lock that isn't had in 1 s or a statement over 2 s fails and is tried again by its caller. */
export interface ConnectOptions {
  url: string;
  /** Connections of the statement pool. */
  max: number;
  lockTimeoutMillis?: number;
  statementTimeoutMillis?: number;
}

/** Opens the pools; connects lazily, so a database that is down shows at the first statement. */
export function connect(options: ConnectOptions): Db {
  const lock = options.lockTimeoutMillis ?? 1_000;
  const statement = options.statementTimeoutMillis ?? 2_000;
  const settings = {
    connectionString: options.url,
    options: `-c lock_timeout=${lock} -c statement_timeout=${statement}`,
    connectionTimeoutMillis: 5_000,
  };
  const pool = new pg.Pool({ ...settings, max: options.max, idleTimeoutMillis: 30_000 });
  // An idle connection that the server closes must not end the process; the next statement opens a new one.
  pool.on('error', () => undefined);
  const builder = knexModule.knex({
    client: 'pg',
    connection: settings,
    pool: { min: 0, max: Math.max(2, Math.ceil(options.max / 4)) },
  });
  return {
    pool,
    knex: builder,
    async close() {
      await Promise.all([pool.end(), builder.destroy()]);
    },
  };
}

/** A transaction's connection: what writes take. */
export type Tx = pg.PoolClient;

/** Runs `work` in one transaction; rolls back and rethrows when it throws. */
export async function transaction<T>(pool: pg.Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  const tx = await pool.connect();
  let broken: Error | undefined;
  try {
    await tx.query('begin');
    const result = await work(tx);
    await tx.query('commit');
    return result;
  } catch (error) {
    await tx.query('rollback').catch((rollbackError: unknown) => {
      broken = rollbackError instanceof Error ? rollbackError : new Error('rollback failed');
    });
    throw error;
  } finally {
    tx.release(broken);
  }
}
