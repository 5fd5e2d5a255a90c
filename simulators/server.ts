/**
 * What the three simulators share as servers: a route is an operation that is described first and run under the
 * faults told to it; an answer leaves only when the ledger is on the disk. The control routes begin with `_`.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import express from 'express';
import type { Express, Request, Response } from 'express';
import { z } from 'zod';
import { FAULTS_BODY } from './faults.ts';
import type { Fault, Faults } from './faults.ts';
import type { Entry, Ledger } from './ledger.ts';
import type { Steps } from './steps.ts';

/** An answer on the wire. A string body is sent as it is, with the type its headers name. */
export interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** A refusal found while an operation is described: it is answered as it is, no fault applies and nothing is stored. */
export class Refusal extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.answer = answer;
  }
}

/** One call, understood: what it is, what faults are matched against, and how it is done. */
export interface Operation {
  name: string;
  subject: string;
  /** Does it, at once and completely; `fault` is only ever one that changes what the business does. */
  run(fault?: Fault): Answer;
  /** While a call with this key runs, another one gets `busy`. */
  exclusive?: string;
  busy?: Answer;
}

/** How an operation is reached. */
export interface Route {
  method: 'get' | 'post' | 'put' | 'delete';
  path: string;
  describe(request: Request): Operation;
}

/** A control route beside the wire format: JSON, no faults. `id` is the one in the path, if there is one. */
export interface Control {
  path: string;
  /** Throws Refusal. */
  answer(body: unknown, id: string): Answer;
}

/** What the app of a simulator is made of. */
export interface SimulatorParts<E extends Entry> {
  ledger: Ledger<E>;
  faults: Faults;
  steps: Steps;
  /** Reads the bodies of this wire format. */
  bodies: express.RequestHandler;
  routes: readonly Route[];
  controls?: readonly Control[];
  /** Counts and sums, for GET /_ledger/summary. */
  summary(): unknown;
  /** An entry as GET /_ledger shows it. */
  show?(entry: E): unknown;
  /** The answer to an error that nobody expected, in this wire format. */
  broken(message: string): Answer;
}

const PAGE = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(10_000).default(1000),
});
const PACE = z.strictObject({ seconds: z.number().min(0).max(86_400) });

/** A started simulator. */
export interface Running {
  url: string;
  close(): Promise<void>;
}

/** The app of one simulator. */
export function createApp<E extends Entry>(parts: SimulatorParts<E>): { app: Express; close(): void } {
  const app = express().disable('x-powered-by').disable('etag');
  const runner = createRunner(parts);
  control(app, parts);
  addControls(app, parts);
  app.use(parts.bodies);
  for (const route of parts.routes)
    app[route.method](route.path, (req, res) => runner.serve(route, req, res));
  app.use((error: unknown, _req: Request, res: Response, _next: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    send(res, parts.broken(message));
  });
  return { app, close: runner.close };
}

function control<E extends Entry>(app: Express, parts: SimulatorParts<E>): void {
  const json = express.json({ limit: '100kb' });
  const invalid = (error: z.ZodError): Answer => ({ status: 422, body: { error: z.prettifyError(error) } });
  app.get('/_health', (_req, res) => send(res, { status: 200, body: { ok: true } }));
  app.get('/_ledger/summary', (_req, res) => send(res, { status: 200, body: parts.summary() }));
  app.get('/_ledger', (req, res) => {
    const page = PAGE.safeParse(req.query);
    if (!page.success) return send(res, invalid(page.error));
    const rows = parts.ledger.entries(page.data.after, page.data.limit);
    const next = rows.length === page.data.limit ? (rows.at(-1)?.seq ?? null) : null;
    const data = rows.map((row) => (parts.show === undefined ? row : parts.show(row)));
    return send(res, { status: 200, body: { data, next } });
  });
  app.get('/_faults', (_req, res) => send(res, { status: 200, body: { data: parts.faults.list() } }));
  app.post('/_faults', json, (req, res) => {
    const body = FAULTS_BODY.safeParse(req.body);
    if (!body.success) return send(res, invalid(body.error));
    parts.faults.add(body.data);
    return send(res, { status: 200, body: { data: parts.faults.list() } });
  });
  app.delete('/_faults', (_req, res) => {
    parts.faults.clear();
    send(res, { status: 200, body: { data: [] } });
  });
  app.post('/_pace', json, (req, res) => {
    const body = PACE.safeParse(req.body);
    if (!body.success) return send(res, invalid(body.error));
    parts.steps.setPace(body.data.seconds);
    return send(res, { status: 200, body: body.data });
  });
}

function addControls<E extends Entry>(app: Express, parts: SimulatorParts<E>): void {
  for (const { path, answer } of parts.controls ?? [])
    app.post(path, express.json({ limit: '100kb' }), async (req, res) => {
      try {
        const done = answer(req.body ?? {}, String(req.params['id'] ?? ''));
        await parts.ledger.settled();
        send(res, done);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        send(res, error.answer);
      }
    });
}

type Reply = (answer: Answer) => Promise<void>;

/** Runs operations under faults. */
function createRunner<E extends Entry>(parts: SimulatorParts<E>) {
  const delays = createDelays();
  const running = new Set<string>();

  /** Does the operation, waits for the disk, then answers as `reply` wishes; the key stays in use until then. */
  async function run(operation: Operation, fault: Fault | undefined, reply: Reply): Promise<void> {
    const { exclusive, busy } = operation;
    if (exclusive !== undefined && busy !== undefined && running.has(exclusive)) return reply(busy);
    if (exclusive !== undefined) running.add(exclusive);
    try {
      const answer = operation.run(fault);
      await parts.ledger.settled();
      await reply(answer);
    } finally {
      if (exclusive !== undefined) running.delete(exclusive);
    }
  }

  async function serve(route: Route, req: Request, res: Response): Promise<void> {
    let operation: Operation;
    try {
      operation = route.describe(req);
    } catch (error) {
      if (error instanceof Refusal) return send(res, error.answer);
      throw error;
    }
    const fault = parts.faults.take(operation.name, operation.subject);
    const answerNow: Reply = async (answer) => send(res, answer);
    const cut = async (): Promise<void> => void req.socket.destroy();
    switch (fault?.kind) {
      case 'down':
        return cut();
      case 'timeout':
        return delays.after(fault.seconds, cut);
      case 'arrive_late':
        void delays.after(fault.seconds, () => run(operation, undefined, unheard).catch(unheard));
        return cut();
      case 'lose_reply':
        return run(operation, undefined, cut);
      case 'late':
        return run(operation, undefined, (answer) => delays.after(fault.seconds, () => answerNow(answer)));
      case 'twice':
        await run(operation, undefined, unheard);
        return run(route.describe(req), undefined, answerNow);
      case 'decline':
      case 'error500':
      case 'pending':
      case 'amount':
      case undefined:
        return run(operation, fault, answerNow);
    }
  }

  return { serve, close: delays.close };
}

/** Actions that come later, none of them after the end. */
function createDelays(): {
  after(seconds: number, action: () => Promise<void>): Promise<void>;
  close(): void;
} {
  const timers = new Set<NodeJS.Timeout>();
  return {
    after: (seconds, action) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          timers.delete(timer);
          action().then(resolve, reject);
        }, seconds * 1000);
        timers.add(timer);
      }),
    close() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

/** An answer that nobody waits for any more. */
const unheard = async (): Promise<void> => undefined;

function send(res: Response, answer: Answer): void {
  if (res.destroyed) return;
  res.status(answer.status).set(answer.headers ?? {});
  if (typeof answer.body === 'string') res.send(answer.body);
  else res.json(answer.body);
}

/** Listens; port 0 takes any free one. Closing cuts what is still open, so that it ends at once. */
export async function listen(app: Express, at: { host: string; port: number }): Promise<Running> {
  const server = createServer(app).listen(at.port, at.host);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://${at.host}:${port ?? at.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
