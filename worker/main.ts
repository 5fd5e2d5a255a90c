/**
 * The worker process: workers of all queues, the relay, and a guard that stops polling while the database is away.
 * Stops in order on SIGTERM and SIGINT: the relay, the workers (running activities end), the connections.
 */
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { pino, type Logger } from 'pino';
import { readConfig } from '../config.ts';
import { connect, type Db } from '../db/connect.ts';
import { createProviders, PROVIDER_SETTINGS } from '../providers/registry.ts';
import { createWorkers, type Workers } from './create.ts';
import { startRelay } from './relay.ts';
import { ensureSetup } from './setup.ts';
import { DatabaseGuard } from './guard.ts';
import { lineOf } from './log.ts';

const config = readConfig([
  'DATABASE_URL',
  'DATABASE_POOL_MAX',
  'HOLDFAST_CALL_TIMEOUT_MILLIS',
  'HOLDFAST_CALLS_PER_SECOND',
  'HOLDFAST_LOG_LEVEL',
  'HOLDFAST_RELAY',
  'HOLDFAST_HOST',
  'HOLDFAST_WORKER_METRICS_PORT',
  'TEMPORAL_ADDRESS',
  'TEMPORAL_API_KEY',
  'TEMPORAL_NAMESPACE',
  'TEMPORAL_TLS',
  ...PROVIDER_SETTINGS,
]);

await main().catch((error: unknown) => {
  pino().fatal({ err: error }, 'the worker could not run');
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const log = pino({ name: 'worker', level: config.HOLDFAST_LOG_LEVEL });
  installRuntime(log);
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort());
  const settings = {
    address: config.TEMPORAL_ADDRESS,
    ...(config.TEMPORAL_TLS === 'on' && { tls: true }),
    ...(config.TEMPORAL_API_KEY && { apiKey: config.TEMPORAL_API_KEY }),
  };
  const connection = await Connection.connect(settings);
  const native = await NativeConnection.connect(settings);
  const db = connect({ url: config.DATABASE_URL, max: config.DATABASE_POOL_MAX });
  const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
  await ensureSetup(client, config.TEMPORAL_NAMESPACE);
  const relay = config.HOLDFAST_RELAY === 'on' ? startRelay({ client, pool: db.pool, log }) : undefined;
  try {
    await serve({ db, native, log, signal: stopping.signal });
  } finally {
    await relay?.stop();
    await db.close();
    await native.close();
    await connection.close();
    log.info('the worker has stopped');
  }
}

/** Runs workers until told to stop; while the database is away no worker polls, so that others can take the work. */
async function serve(given: {
  db: Db;
  native: NativeConnection;
  log: Logger;
  signal: AbortSignal;
}): Promise<void> {
  const { db, native, log, signal } = given;
  const guard = new DatabaseGuard(db.pool);
  while (!signal.aborted) {
    await guard.waitUntilUp(signal);
    if (signal.aborted) return;
    const workers = await createWorkers({
      connection: native,
      namespace: config.TEMPORAL_NAMESPACE,
      deps: {
        pool: db.pool,
        ...createProviders({ ...config, timeoutMillis: config.HOLDFAST_CALL_TIMEOUT_MILLIS }),
      },
      localActivitiesMax: Math.max(1, config.DATABASE_POOL_MAX - 4),
      ...(config.HOLDFAST_CALLS_PER_SECOND > 0 && { callsPerSecond: config.HOLDFAST_CALLS_PER_SECOND }),
    });
    log.info({ namespace: config.TEMPORAL_NAMESPACE }, 'the worker polls');
    await runUntil(workers, { guard, log, signal });
  }
}

async function runUntil(
  workers: Workers,
  given: { guard: DatabaseGuard; log: Logger; signal: AbortSignal },
): Promise<void> {
  const { guard, log, signal } = given;
  const stop = () => workers.stop();
  signal.addEventListener('abort', stop, { once: true });
  const stopWatching = guard.watch(() => {
    log.error('the database has not answered for 5 s: the worker stops polling until it does');
    stop();
  });
  const running = workers.run();
  if (signal.aborted) stop();
  await running.finally(() => {
    stopWatching();
    signal.removeEventListener('abort', stop);
  });
}

function installRuntime(log: Logger): void {
  Runtime.install({
    logger: new DefaultLogger('INFO', (entry) => {
      const { level, fields, message } = lineOf(entry);
      log[level](fields, message);
    }),
    telemetryOptions: {
      metrics: {
        prometheus: { bindAddress: `${config.HOLDFAST_HOST}:${config.HOLDFAST_WORKER_METRICS_PORT}` },
      },
    },
    shutdownSignals: [],
  });
}
