/** What every figure of the benchmark needs: a stack that runs, its database, Temporal's client and a key. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { startStack, type Stack } from '../../cli/stack.ts';
import { connect, type Db } from '../../db/connect.ts';
import { seedGoods } from './goods.ts';

/** A running stack with what measures it. */
export interface Bench {
  stack: Stack;
  db: Db;
  client: Client;
  apiKey: string;
  settling: Settling;
  close(): Promise<void>;
}

/** Starts a fresh stack: simulators at once, no release delay, Temporal in memory. */
export async function openBench(env: Record<string, string> = {}): Promise<Bench> {
  const stack = await startStack({
    ports: 'free',
    quiet: true,
    pace: 0,
    policy: { releaseDelaySeconds: 0 },
    temporalInMemory: true,
    env: { HOLDFAST_LOG_LEVEL: 'warn', ...env },
  });
  try {
    const db = connect({ url: stack.databaseUrl, max: 4, statementTimeoutMillis: 60_000 });
    await seedGoods(db);
    const connection = await Connection.connect({ address: stack.temporalAddress });
    const { key } = await stack.createKey('channel', 'bench');
    return {
      stack,
      db,
      client: new Client({ connection }),
      apiKey: key,
      settling: new Settling(db),
      async close() {
        await connection.close();
        await db.close();
        await stack.stop();
      },
    };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

/** A process of the bench: it says one line when it is ready. */
export interface Child {
  firstLine: string;
  stop(): Promise<void>;
}

/** Starts one of the bench's mains and waits for its first line, at most a minute. */
export async function startChild(script: string, args: readonly string[]): Promise<Child> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = createInterface({ input: child.stdout });
  const firstLine = await Promise.race([
    new Promise<string>((resolve) => lines.once('line', resolve)),
    exit.then(() => undefined),
    pause(60_000, undefined, { ref: false }),
  ]);
  if (firstLine === undefined) {
    child.kill('SIGKILL');
    throw new Error(`${script} did not come up`);
  }
  return {
    firstLine,
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exit;
      clearTimeout(late);
    },
  };
}

const LOOK_EVERY_MILLIS = 50;
/** When nothing has settled for so long, the bench gives up. */
const STILL_MILLIS = 120_000;
const SETTLED_SQL = `
select id from orders where id = any($1)
and (lifecycle in ('completed', 'cancelled', 'expired', 'rejected') or attention <> '{}')`;

interface Waiter {
  resolve(): void;
  reject(error: Error): void;
}

/**
 * Waits for orders to settle: ended, or waiting for a person or for stock with a reason. One look serves all who wait:
 * a look for each of 32 orders in flight would cost more than the orders.
 */
export class Settling {
  readonly #db: Db;
  readonly #waiting = new Map<string, Waiter>();
  #looking = false;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Resolves when all of them have settled; throws when nothing settles for two minutes. */
  async wait(ids: readonly string[]): Promise<void> {
    const all = ids.map(
      (id) => new Promise<void>((resolve, reject) => this.#waiting.set(id, { resolve, reject })),
    );
    if (!this.#looking) void this.#look();
    await Promise.all(all);
  }

  async #look(): Promise<void> {
    this.#looking = true;
    try {
      await this.#lookUntilAllSettled();
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      for (const waiter of this.#waiting.values()) waiter.reject(failure);
      this.#waiting.clear();
    } finally {
      this.#looking = false;
    }
  }

  async #lookUntilAllSettled(): Promise<void> {
    let lastProgress = Date.now();
    while (this.#waiting.size > 0) {
      const ids = [...this.#waiting.keys()];
      const { rows } = await this.#db.pool.query<{ id: string }>(SETTLED_SQL, [ids]);
      for (const { id } of rows) {
        this.#waiting.get(id)?.resolve();
        this.#waiting.delete(id);
      }
      if (rows.length > 0) lastProgress = Date.now();
      if (Date.now() - lastProgress > STILL_MILLIS)
        throw new Error(`${ids.length} orders have not settled, the first is ${ids[0]}`);
      await pause(LOOK_EVERY_MILLIS);
    }
  }
}
