/**
 * The HTTP API without a socket: `createApp` takes what it works with and gives an Express app. Every route comes from
 * the table in routes/index.ts; a request passes: request id and log, route, key and scope, body, schema, handler.
 */
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import rateLimit from 'express-rate-limit';
import { createIntake } from '../db/writes/intake.ts';
import { readChannel } from '../db/reads/lists.ts';
import { withDefaults } from '../domain/policy.ts';
import { createAuthenticator } from './auth.ts';
import { cached } from './cached.ts';
import type { AppDeps, OpenChannel, Services } from './deps.ts';
import { mountConsole } from './console.ts';
import { sessionIdOf } from './cookie.ts';
import { mountDocs } from './docs.ts';
import { createDoorbell } from './doorbell.ts';
import { createMetrics, createMetricsApp } from './metrics.ts';
import { limitPayPage, mountPayPage } from './payPage/mount.ts';
import { createOpenApi } from './openapi.ts';
import { Refusal } from './problems.ts';
import type { Route } from './route.ts';
import { createRoutes } from './routes/index.ts';
import { checkRoutes } from './routes/rules.ts';
import { sendProblem, serve } from './serve.ts';
import { hashOfSession } from '../db/writes/sessions.ts';
import { createOpenStreams } from './openStreams.ts';
import { createStarter } from './starts.ts';
import { createChangeFeed } from './stream.ts';

export type { AppDeps } from './deps.ts';

/** The app, the app for the metrics port, and how to end: `close` waits for what is in flight, not for the database. */
export interface Api {
  app: Express;
  metricsApp: Express;
  routes: readonly Route[];
  /** Ends the open streams: a server does not close while one is open. */
  endStreams(): void;
  close(): Promise<void>;
}

const CHANNEL_CACHE_MILLIS = 3_000;
const CHANNELS_MAX = 1_000;

/** Makes the app. Throws when a route declares no scope or two routes are the same. */
export function createApp(deps: AppDeps): Api {
  const services = createServices(deps);
  const routes = createRoutes(services);
  checkRoutes(routes);
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing');
  if (deps.rateLimitPerSecond) app.use(limitRate(deps.rateLimitPerSecond, deps.publicUrl));
  limitPayPage(app, deps.masterKey);
  for (const route of routes) app[route.method](expressPath(route.path), serve(services, route));
  for (const [path, allow] of allowedMethods(routes))
    app.all(expressPath(path), () => {
      throw new Refusal('method_not_allowed', { headers: { Allow: allow } });
    });
  mountDocs(app, createOpenApi(routes));
  mountPayPage(app, services);
  mountConsole(app, deps.consoleDir);
  app.use(() => {
    throw new Refusal('not_found');
  });
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) =>
    sendProblem(services, { request, response, error }),
  );
  return {
    app,
    metricsApp: createMetricsApp(services.metrics.registry),
    routes,
    endStreams: () => services.streams.stop(),
    async close() {
      services.streams.stop();
      await Promise.all([services.starter.drain(), services.doorbell.drain(), services.changes.stop()]);
    },
  };
}

function createServices(deps: AppDeps): Services {
  const streams = createOpenStreams();
  const metrics = createMetrics(deps.db, () => streams.count());
  const outcome = (ok: boolean) => ({ outcome: ok ? 'ok' : 'failed' });
  return {
    ...deps,
    metrics,
    streams,
    changes: createChangeFeed(deps.db),
    intake: createIntake(deps.db),
    starter: createStarter(deps.db, deps.lane, (ok) => metrics.starts.inc(outcome(ok))),
    doorbell: createDoorbell(deps.lane, (ok) => metrics.rings.inc(outcome(ok))),
    authenticator: createAuthenticator(deps.db, deps.publicUrl),
    channels: cached(
      CHANNEL_CACHE_MILLIS,
      CHANNELS_MAX,
      async (id: string): Promise<OpenChannel | undefined> => {
        const row = await readChannel(deps.db, id);
        return row && { row, policy: withDefaults(row.policy) };
      },
    ),
  };
}

function limitRate(perSecond: number, publicUrl: string | undefined) {
  return rateLimit({
    windowMs: 1_000,
    limit: perSecond,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // One page of the console is dozens of small files.
    skip: ({ path }) => path === '/health' || path === '/ready' || path.startsWith('/assets/'),
    // A key's public part or a session stands for its caller; without one, the address does.
    keyGenerator: (request) =>
      /hf_live_[0-9a-f]{16}/.exec(request.headers.authorization ?? '')?.[0] ??
      sessionOf(request, publicUrl) ??
      request.socket.remoteAddress ??
      '',
    handler: () => {
      throw new Refusal('rate_limited', { headers: { 'Retry-After': '1' } });
    },
  });
}

function sessionOf(request: Request, publicUrl: string | undefined): string | undefined {
  const id = sessionIdOf(request.headers, publicUrl);
  return id === undefined ? undefined : hashOfSession(id).toString('hex');
}

function expressPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

function allowedMethods(routes: readonly Route[]): Map<string, string> {
  const byPath = new Map<string, Set<string>>();
  for (const route of routes) {
    const methods = byPath.get(route.path) ?? new Set();
    methods.add(route.method.toUpperCase());
    if (route.method === 'get') methods.add('HEAD');
    byPath.set(route.path, methods);
  }
  return new Map([...byPath].map(([path, methods]) => [path, [...methods].toSorted().join(', ')]));
}
