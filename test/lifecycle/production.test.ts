/**
 * The production-like run of docker-compose.yml, as far as it goes without a Docker engine: the compiled build, each
 * process with exactly the environment that the file gives it (only hosts, ports and folders differ), the database roles
 * of deploy/postgres/init.sh, the file's own health checks, and an order that goes through all of it.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { choosePorts, type Ports } from '../../cli/stack/ports.ts';
import { openProcesses, type Processes, type Running } from '../../cli/stack/processes.ts';
import { saySilently } from '../../cli/stack/say.ts';
import { findTemporal } from '../../cli/stack/temporal.ts';
import { startDevServer } from '../../cli/stack/temporalServer.ts';
import { machineWays } from '../../cli/stack/temporalWays.ts';
import { composeService, environmentOf, explainedNames, read } from '../compose.ts';
import { waitFor } from '../environment.ts';
import { startPostgres, type TestPostgres } from '../postgres.ts';
import { ROOT } from '../source.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'holdfast-production-'));
const running: Running[] = [];
let postgres: TestPostgres;
let processes: Processes;
let ports: Ports;
let dotenv: Record<string, string>;

beforeAll(async () => {
  ({ ports } = await choosePorts('free'));
  dotenv = filledInEnv();
  postgres = await startPostgres();
  await runInitScript();
  processes = openProcesses(saySilently());
  const temporal = await findTemporal(machineWays(process.env), saySilently());
  if (temporal.kind === 'cluster') throw new Error('this story needs a Temporal server of its own');
  await startDevServer(processes, {
    program: temporal.path,
    ports,
    file: null,
    logFile: join(folder, 'temporal.log'),
    env: process.env,
    cwd: folder,
    onStart: (one) => running.push(one),
  });
  await run(process.execPath, ['scripts/build.mjs'], { cwd: ROOT });
}, 240_000);

afterAll(async () => {
  for (const one of running.toReversed()) await one.stop();
  await processes.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What somebody would write into .env by the words of .env.example, for a run with simulators. */
function filledInEnv(): Record<string, string> {
  const secret = () => randomBytes(24).toString('hex');
  return {
    ...Object.fromEntries(explainedNames().map((name) => [name, secret()])),
    HOLDFAST_MASTER_KEY: randomBytes(32).toString('base64'),
    HOLDFAST_PUBLIC_URL: 'https://orders.example.com',
    STRIPE_API_KEY: 'sk_test_production_story',
    STRIPE_BASE_URL: 'http://simulators:4010',
    STRIPE_PUBLISHABLE_KEY: 'pk_test_production',
    STRIPE_JS_URL: 'http://127.0.0.1:4010/v3/',
    EASYPOST_API_KEY: 'EZTKproductionstory',
    EASYPOST_BASE_URL: 'http://simulators:4030',
    WAREHOUSE_BASE_URL: 'http://simulators:4020',
    WAREHOUSE_WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
  };
}

/** Runs the SQL of deploy/postgres/init.sh as psql would: its variables filled in, a new connection at each \connect. */
async function runInitScript(): Promise<void> {
  const script = read('deploy/postgres/init.sh');
  const variables = new Map(
    [...script.matchAll(/--set (\w+)="\$(\w+)"/g)].map(([, name = '', env = '']) => [
      name,
      dotenv[env] ?? '',
    ]),
  );
  const sql = (/<<'SQL'\n([\s\S]*)\nSQL\n/.exec(script)?.[1] ?? '').replace(
    /:'(\w+)'/g,
    (_, name: string) => `'${variables.get(name)}'`,
  );
  let database = 'postgres';
  for (const [index, part] of sql.split(/^\\connect (\w+)$/m).entries()) {
    if (index % 2 === 1) database = part;
    else await execute(superuser(database), ...part.split(';'));
  }
}

function superuser(database: string): string {
  const url = new URL(postgres.url);
  url.pathname = `/${database}`;
  return url.toString();
}

async function execute(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The container's environment with the hosts, ports and folders of this machine; nothing else is handed on. */
function environmentHere(name: string): Record<string, string> {
  const listens: Record<string, number> = {
    HOLDFAST_PORT: ports.api,
    HOLDFAST_METRICS_PORT: ports.metrics,
    HOLDFAST_WORKER_METRICS_PORT: ports.workerMetrics,
    SIMULATOR_PAYMENT_PORT: ports.payment,
    SIMULATOR_WAREHOUSE_PORT: ports.warehouse,
    SIMULATOR_CARRIER_PORT: ports.carrier,
  };
  const here = Object.entries(environmentOf(composeService(name), dotenv)).map(([setting, value]) => [
    setting,
    String(listens[setting] ?? (value === '/data' ? join(folder, 'simulators') : value))
      .replace('0.0.0.0', '127.0.0.1')
      .replace('postgres:5432', new URL(postgres.url).host)
      .replace('temporal:7233', `127.0.0.1:${ports.temporal}`)
      .replace('simulators:4010', `127.0.0.1:${ports.payment}`)
      .replace('simulators:4020', `127.0.0.1:${ports.warehouse}`)
      .replace('simulators:4030', `127.0.0.1:${ports.carrier}`)
      .replace('api:3000', `127.0.0.1:${ports.api}`),
  ]);
  return Object.fromEntries(here) as Record<string, string>;
}

/** Runs a one-shot of the image with a service's environment; returns what it printed. */
async function once(service: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [...args], { cwd: ROOT, env: environmentHere(service) });
  return stdout.trim();
}

async function start(name: string): Promise<void> {
  const [program, ...args] = composeService(name).command ?? [];
  expect(program).toBe('node');
  running.push(
    await processes.start({
      name,
      command: process.execPath,
      args,
      env: environmentHere(name),
      cwd: ROOT,
      logFile: join(folder, `${name}.log`),
      stopSignal: 'SIGTERM',
      graceMillis: 20_000,
    }),
  );
  await waitFor(() => isHealthy(name), { what: `${name} healthy`, is: (healthy) => healthy, seconds: 60 });
}

/** Runs the service's health check as its container would. */
async function isHealthy(name: string): Promise<boolean> {
  const check = composeService(name).healthcheck?.test.slice(1) ?? [];
  const swap: Record<string, number> = { 3000: ports.api, 9465: ports.workerMetrics, 4010: ports.payment };
  const args = check
    .slice(1)
    .map((text) => text.replace(/:(\d{4})\//, (_, port: string) => `:${swap[port]}/`));
  expect(check[0]).toBe('node');
  return run(process.execPath, args).then(
    () => true,
    () => false,
  );
}

async function call<T = Record<string, unknown>>(key: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${ports.api}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'idempotency-key': path,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as T;
  expect(response.ok, `${path}: ${JSON.stringify(answer)}`).toBe(true);
  return answer;
}

const ADDRESS = { line1: '1 Dock Road', city: 'Boston', region: 'MA', postalCode: '02110', country: 'US' };
const money = (amount: number) => ({ amount, currency: 'USD' });

/** A channel with goods to sell, made with the API as the operator would; returns the channel's key. */
async function openShop(ops: string): Promise<string> {
  await call(ops, '/v1/channels', { id: 'web', name: 'Web shop', policy: { releaseDelaySeconds: 0 } });
  await call(ops, '/v1/items', { sku: 'MUG', name: 'Mug', weightGrams: 300 });
  await call(ops, '/v1/locations', { id: 'east', name: 'East', address: ADDRESS });
  await call(ops, '/v1/inventory/adjustments', {
    reason: 'opening stock',
    adjustments: [{ sku: 'MUG', location: 'east', delta: 10 }],
  });
  const made = await call<{ key: string }>(ops, '/v1/api-keys', {
    name: 'web',
    role: 'channel',
    channel: 'web',
  });
  return made.key;
}

describe('the production-like run', () => {
  it('carries an order to its delivery', async () => {
    await once('migrate', composeService('migrate').command?.slice(1) ?? []);
    const ops = await once('migrate', ['dist/cli/stack/keys.js', 'ops', 'first']);
    dotenv['SIMULATORS_WAREHOUSE_KEY'] = await once('migrate', [
      'dist/cli/stack/keys.js',
      'warehouse',
      'simulator',
    ]);
    // All at once: compose waits for the api before the simulators, but nothing needs that order.
    await Promise.all(['worker', 'api', 'simulators'].map(start));
    for (const port of [ports.payment, ports.warehouse, ports.carrier])
      await fetch(`http://127.0.0.1:${port}/_pace`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ seconds: 0 }),
      });
    const channel = await openShop(ops);
    const placed = await call<{ id: string }>(channel, '/v1/orders', {
      externalId: 'WEB-1',
      currency: 'USD',
      recipient: { name: 'Ada Example' },
      shippingAddress: ADDRESS,
      lines: [{ sku: 'MUG', quantity: 2, unitPrice: money(1_290), total: money(2_580) }],
      totals: { total: money(2_580) },
      payment: { method: 'card', token: 'pm_card_visa' },
    });
    const delivered = await waitFor(() => call<{ status: string }>(channel, `/v1/orders/${placed.id}`), {
      what: 'delivered',
      is: (order) => order.status === 'delivered',
      seconds: 60,
    });
    expect(delivered).toMatchObject({ lifecycle: 'completed', paymentStatus: 'captured' });
  }, 180_000);

  it('runs as a role that cannot change a table', async () => {
    const url = environmentHere('api')['DATABASE_URL'] ?? '';
    for (const statement of ['drop table orders', 'create table mine (id int)', 'truncate orders'])
      await expect(execute(url, statement)).rejects.toThrow(/permission denied|must be owner/);
    await expect(execute(url, 'select count(*) from orders')).resolves.toBeUndefined();
  });

  it('refuses to start with the keys of the simulators', async () => {
    const environment = { ...environmentHere('api'), STRIPE_API_KEY: 'sk_test_simulator' };
    await expect(
      run(process.execPath, ['dist/api/main.js'], { cwd: ROOT, env: environment, timeout: 30_000 }),
    ).rejects.toThrow(/STRIPE_API_KEY/);
  });
});
