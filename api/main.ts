/**
 * The API process: reads its configuration, makes the app and listens. Stops in order on SIGTERM and SIGINT: no new
 * requests, those under way end, starts in flight end, connections close. Temporal may be down: orders are accepted.
 */
import type { Express } from 'express';
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { readConfig } from '../config.ts';
import { connect } from '../db/connect.ts';
import { translateShopifyOrder } from '../providers/channel/shopify.ts';
import { createProviders, PROVIDER_SETTINGS } from '../providers/registry.ts';
import { createApp } from './app.ts';
import { createLane, createReconciliationStarter } from './lane.ts';

const config = readConfig([
  'DATABASE_URL',
  'DATABASE_POOL_MAX',
  'HOLDFAST_HOST',
  'HOLDFAST_PORT',
  'HOLDFAST_PUBLIC_URL',
  'HOLDFAST_CONSOLE_DIR',
  'HOLDFAST_METRICS_PORT',
  'HOLDFAST_LOG_LEVEL',
  'HOLDFAST_MASTER_KEY',
  'HOLDFAST_RATE_LIMIT_PER_SECOND',
  'HOLDFAST_RELAY',
  'STRIPE_JS_URL',
  'STRIPE_PUBLISHABLE_KEY',
  'TEMPORAL_ADDRESS',
  'TEMPORAL_API_KEY',
  'TEMPORAL_NAMESPACE',
  'TEMPORAL_TLS',
  'TEMPORAL_UI_URL',
  ...PROVIDER_SETTINGS,
]);

await main().catch((error: unknown) => {
  pino().fatal({ err: error }, 'the API could not run');
  process.exitCode = 1;
});

async function main(): Promise<void> {
  // Lines are written in blocks: one system call a request cost a tenth of the intake rate.
  const destination = pino.destination({ sync: false, minLength: 4096 });
  const logger = pino({ name: 'api', level: config.HOLDFAST_LOG_LEVEL }, destination);
  const flushing = setInterval(() => destination.flush(), 200);
  const db = connect({ url: config.DATABASE_URL, max: config.DATABASE_POOL_MAX });
  const connection = Connection.lazy({
    address: config.TEMPORAL_ADDRESS,
    ...(config.TEMPORAL_TLS === 'on' && { tls: true }),
    ...(config.TEMPORAL_API_KEY && { apiKey: config.TEMPORAL_API_KEY }),
  });
  const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
  const lane = createLane(client);
  const { payment, carrier, warehouse } = createProviders(config);
  const api = createApp({
    db,
    lane: config.HOLDFAST_RELAY === 'on' ? lane : undefined,
    startReconciliation: createReconciliationStarter(client),
    parsers: {
      stripe: (raw, headers) => payment.parseWebhook(raw, headers),
      easypost: (raw, headers) => carrier.parseWebhook(raw, headers),
      warehouse: (raw, headers) => warehouse.parseWebhook(raw, headers),
    },
    shopify: translateShopifyOrder,
    masterKey: Buffer.from(config.HOLDFAST_MASTER_KEY, 'base64'),
    logger,
    publicUrl: config.HOLDFAST_PUBLIC_URL,
    payPage: {
      baseUrl: config.HOLDFAST_PUBLIC_URL ?? `http://127.0.0.1:${config.HOLDFAST_PORT}`,
      publishableKey: config.STRIPE_PUBLISHABLE_KEY,
      scriptUrl: config.STRIPE_JS_URL,
    },
    consoleDir: config.HOLDFAST_CONSOLE_DIR ?? builtConsole(),
    rateLimitPerSecond: config.HOLDFAST_RATE_LIMIT_PER_SECOND,
    temporalUi: { url: config.TEMPORAL_UI_URL, namespace: config.TEMPORAL_NAMESPACE },
  });
  const servers = [
    await listen(api.app, config.HOLDFAST_PORT),
    await listen(api.metricsApp, config.HOLDFAST_METRICS_PORT),
  ];
  logger.info({ host: config.HOLDFAST_HOST, port: config.HOLDFAST_PORT }, 'the API listens');
  await stopSignal();
  api.endStreams();
  await Promise.all(servers.map(closeServer));
  await api.close();
  await connection.close();
  await db.close();
  logger.info('the API has stopped');
  clearInterval(flushing);
  destination.flushSync();
}

/** dist/console stands beside the compiled code; from source it is the same folder, one further up. */
function builtConsole(): string {
  const fromSource = import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(fromSource ? '../dist/console' : '../console', import.meta.url));
}

/** A request may take 30 s to arrive; idle connections stay 65 s, longer than those of usual load balancers. */
function listen(app: Express, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, config.HOLDFAST_HOST, (error?: Error) => {
      if (error) reject(error);
      else resolve(server);
    });
    server.requestTimeout = 30_000;
    server.headersTimeout = 10_000;
    server.keepAliveTimeout = 65_000;
  });
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
