/** Whether this process lives, and whether it can work. */
import { z } from 'zod';
import { readReadiness } from '../../db/reads/health.ts';
import type { Services } from '../deps.ts';
import { openRoute, type Route } from '../route.ts';
import { noBody, noParams, noQuery } from '../schemas/fields.ts';

const Health = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Health' });
const Readiness = z
  .strictObject({
    status: z.enum(['ok', 'not_ready']),
    database: z.enum(['ok', 'unreachable']),
    migrations: z.enum(['ok', 'missing']),
  })
  .meta({ id: 'Readiness' });

const shared = { method: 'get', tag: 'Health', params: noParams, query: noQuery, body: noBody } as const;

/** Routes for probes. Temporal's absence is no reason to be not ready: orders are accepted without it. */
export function healthRoutes(services: Services): Route[] {
  return [
    openRoute({
      ...shared,
      path: '/health',
      summary: 'The process answers',
      answers: { 200: Health },
      problems: [],
      handler: () => ({ status: 200, body: { status: 'ok' } }),
    }),
    openRoute({
      ...shared,
      path: '/ready',
      summary: 'The database answers and its schema is up to date',
      answers: { 200: Readiness, 503: Readiness },
      problems: [],
      async handler() {
        const parts = await readReadiness(services.db);
        const isReady = parts.database === 'ok' && parts.migrations === 'ok';
        return { status: isReady ? 200 : 503, body: { status: isReady ? 'ok' : 'not_ready', ...parts } };
      },
    }),
  ];
}
