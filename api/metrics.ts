/** What the API counts, in Prometheus form, and the small app that serves it on a port of its own. */
import express, { type Express } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Db } from '../db/connect.ts';
import { readBacklog } from '../db/reads/health.ts';

/** The counters that the app feeds. */
export interface Metrics {
  registry: Registry;
  requests: Histogram<'method' | 'route' | 'status'>;
  accepted: Counter<'door'>;
  starts: Counter<'outcome'>;
  rings: Counter<'outcome'>;
}

/** Makes the metrics of one app; `db` is asked for the backlog and `streams` for open streams whenever somebody reads them. */
export function createMetrics(db: Pick<Db, 'pool'>, streams: () => number): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const backlog = new Gauge({
    name: 'holdfast_backlog_rows',
    help: 'Rows that wait: orders to start by lane, messages to apply, counts to fold for reports.',
    labelNames: ['kind'],
    registers,
    async collect() {
      const rows = await readBacklog(db).catch(() => []);
      for (const { kind, count } of rows) backlog.set({ kind }, count);
    },
  });
  const open: Gauge = new Gauge({
    name: 'holdfast_streams_open',
    help: 'Live streams that are open.',
    registers,
    collect() {
      open.set(streams());
    },
  });
  return {
    registry,
    requests: new Histogram({
      name: 'holdfast_http_request_seconds',
      help: 'Time to answer, by route and status; its count is the number of requests.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
    accepted: new Counter({
      name: 'holdfast_orders_accepted_total',
      help: 'Orders stored, by the door they came in by.',
      labelNames: ['door'],
      registers,
    }),
    starts: new Counter({
      name: 'holdfast_workflow_starts_total',
      help: 'Workflows started right after accepting; failed ones are left to the relay.',
      labelNames: ['outcome'],
      registers,
    }),
    rings: new Counter({
      name: 'holdfast_workflow_rings_total',
      help: 'Rings sent at once; failed ones are left to the relay.',
      labelNames: ['outcome'],
      registers,
    }),
  };
}

/** The app behind the metrics port: `/metrics` and nothing else. */
export function createMetricsApp(registry: Registry): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/metrics', async (_request, response) => {
    const text = await registry.metrics();
    response.setHeader('Content-Type', registry.contentType);
    response.end(text);
  });
  return app;
}
