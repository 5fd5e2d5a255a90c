/**
 * The warehouse: Holdfast's own contract (providers/warehouse/warehouse.openapi.yaml). A submitted share is accepted,
 * picked and packed at the pace, each step reported by a signed callback; then it waits at the dock for its label.
 * A fault {operation: "pick", kind: "decline", detail: "…"} rejects a share, {operation: "pick", kind: "timeout"}
 * leaves it lying for `seconds`.
 */
import { createHash } from 'node:crypto';
import express from 'express';
import type { Request } from 'express';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { Callback } from './callbacks.ts';
import type { Fault } from './faults.ts';
import { eventId } from './ids.ts';
import { Refusal } from './server.ts';
import type { Answer, Operation, Route } from './server.ts';
import { startSimulator } from './simulator.ts';
import type { Simulator, SimulatorOptions, Tools } from './simulator.ts';
import { SUBMIT_BODY, WAREHOUSE_ENTRY, createWarehouseBooks } from './warehouse.books.ts';
import type { Fulfillment, WarehouseBooks, WarehouseEntry } from './warehouse.books.ts';
import { createDock } from './warehouse.dispatch.ts';

interface House {
  books: WarehouseBooks;
  tools: Tools<WarehouseEntry>;
  apiKey: string;
  packed(): void;
}

/** The warehouse also learns with which key it may ask for dispatches. */
export interface WarehouseSimulator extends Simulator {
  connect(holdfastUrl: string, warehouseKey?: string): void;
}

/** How to start the warehouse. */
export interface WarehouseOptions extends SimulatorOptions {
  apiKey: string;
  /** Standard Webhooks secret (whsec_…) that signs the callbacks. */
  secret: string;
  /** Holdfast's key for the dispatch feed. */
  warehouseKey?: string | undefined;
  /** Where parcels are handed over. */
  carrierUrl: string;
}

/** Starts the warehouse. Refuses a malformed secret by an error. */
export async function startWarehouse(options: WarehouseOptions): Promise<WarehouseSimulator> {
  const books = createWarehouseBooks();
  const signer = new Webhook(options.secret);
  let tools: Tools<WarehouseEntry> | undefined;
  const dock = createDock({
    holdfastUrl: options.holdfastUrl,
    warehouseKey: options.warehouseKey,
    carrierUrl: options.carrierUrl,
    paceSeconds: () => tools?.steps.pace() ?? options.paceSeconds,
    packed: books.packed,
    onHandedOver(id, trackingCode) {
      const fulfillment = books.fulfillment(id);
      if (fulfillment === undefined) return;
      tools?.append({
        kind: 'handed_over',
        fulfillment: { ...fulfillment, state: 'handed_over', trackingCode },
      });
    },
  });
  const simulator = await startSimulator<WarehouseEntry>(options, {
    name: 'warehouse',
    parse: (line) => WAREHOUSE_ENTRY.parse(line),
    apply: books.apply,
    bodies: express.json({ limit: '2mb' }),
    summary: books.summary,
    broken: (message) => problem(500, 'internal', message),
    callbacksOf: (entry) => (entry.kind === 'reported' ? [callback(entry, signer)] : []),
    delivered: (id) => ({ kind: 'callback_delivered', callback: id }),
    deliveredBy: (entry) => (entry.kind === 'callback_delivered' ? entry.callback : undefined),
    routes(given) {
      tools = given;
      return routes({ books, tools: given, apiKey: options.apiKey, packed: dock.wake });
    },
    resume(given) {
      const house = { books, tools: given, apiKey: options.apiKey, packed: dock.wake };
      for (const fulfillment of books.inWork()) planNext(house, fulfillment);
      dock.wake();
    },
  });
  return {
    ...simulator,
    connect(holdfastUrl, warehouseKey) {
      simulator.connect(holdfastUrl);
      dock.connect(holdfastUrl, warehouseKey);
    },
    async close() {
      dock.close();
      await simulator.close();
    },
  };
}

function problem(status: number, code: string, message: string): Answer {
  return { status, body: { code, message } };
}

type Act = (house: House, call: { id: string; req: Request; fault: Fault | undefined }) => Answer;

function routes(house: House): Route[] {
  const route = (method: 'get' | 'put' | 'delete', name: string, act: Act): Route => ({
    method,
    path: '/fulfillments/:id',
    describe(req): Operation {
      if (req.get('authorization') !== `Bearer ${house.apiKey}`)
        throw new Refusal(problem(401, 'unauthenticated', 'A valid API key is needed'));
      const id = String(req.params['id']);
      const order = z.object({ orderNumber: z.number() }).safeParse(req.body).data?.orderNumber ?? '';
      return {
        name,
        subject: `${id} ${req.get('idempotency-key') ?? ''} ${order}`,
        run: (fault) =>
          fault?.kind === 'error500'
            ? problem(500, 'internal', 'An unexpected error occurred')
            : act(house, { id, req, fault }),
      };
    },
  });
  return [
    route('put', 'submit', submit),
    route('delete', 'cancel', cancel),
    route('get', 'retrieve', (_house, { id }) => {
      const fulfillment = house.books.fulfillment(id);
      return fulfillment === undefined
        ? problem(404, 'not_found', 'There is no such fulfillment')
        : { status: 200, body: shown(fulfillment) };
    }),
  ];
}

const submit: Act = (house, { id, req, fault }) => {
  const body = SUBMIT_BODY.safeParse(req.body);
  if (!body.success) return problem(422, 'invalid', z.prettifyError(body.error));
  const fingerprint = createHash('sha256').update(JSON.stringify(body.data)).digest('hex');
  const known = house.books.fulfillment(id);
  if (house.books.isTombstone(id)) return problem(410, 'cancelled', 'This fulfillment was cancelled');
  if (known !== undefined && known.fingerprint !== fingerprint)
    return problem(409, 'content_differs', 'This id was submitted with other content');
  if (known !== undefined) return { status: 200, body: shown(known) };
  if (fault?.kind === 'decline')
    return problem(422, fault.detail ?? 'not_stocked', 'The warehouse does not take this fulfillment');
  const fulfillment: Fulfillment = {
    id,
    orderNumber: body.data.orderNumber,
    location: body.data.location,
    units: body.data.lines.reduce((sum, line) => sum + line.quantity, 0),
    fingerprint,
    key: req.get('idempotency-key') ?? null,
    state: 'submitted',
    trackingCode: null,
  };
  house.tools.append({ kind: 'submitted', fulfillment });
  planNext(house, fulfillment);
  return { status: 201, body: shown(fulfillment) };
};

const cancel: Act = (house, { id, fault }) => {
  const known = house.books.fulfillment(id);
  if (house.books.isTombstone(id)) return { status: 200, body: { id, state: 'cancelled' } };
  const isLate = known?.state === 'packed' || known?.state === 'handed_over';
  if (isLate || fault?.kind === 'decline')
    return problem(409, 'too_late', `The fulfillment is ${known?.state ?? 'not to be cancelled'}`);
  const fulfillment: Fulfillment | null = known === undefined ? null : { ...known, state: 'cancelled' };
  house.tools.append({ kind: 'cancelled', id, fulfillment });
  return { status: 200, body: { id, state: 'cancelled' } };
};

function shown(fulfillment: Fulfillment): Record<string, unknown> {
  const { id, orderNumber, location, units, state, trackingCode } = fulfillment;
  return { id, orderNumber, location, units, state, trackingCode };
}

const NEXT = { submitted: 'accepted', accepted: 'picking', picking: 'packed' } as const;

/** Plans the next report of a share that is in work. */
function planNext(house: House, { id }: Pick<Fulfillment, 'id'>, seconds?: number): void {
  const after = seconds === undefined ? { paces: 1 } : { paces: 0, seconds };
  house.tools.steps.plan(id, after, () => report(house, id));
}

function report(house: House, id: string): void {
  const known = house.books.fulfillment(id);
  if (known === undefined) return;
  const { state } = known;
  if (state !== 'submitted' && state !== 'accepted' && state !== 'picking') return;
  const next = NEXT[state];
  const fault =
    next === 'picking' ? house.tools.faults.take('pick', `${id} ${known.orderNumber}`) : undefined;
  if (fault?.kind === 'timeout' || fault?.kind === 'late') return planNext(house, known, fault.seconds);
  if (fault?.kind === 'decline') {
    const note = fault.detail ?? 'not found on the shelf';
    const rejected = { ...known, state: 'rejected' } as const;
    return house.tools.append({ kind: 'reported', fulfillment: rejected, report: 'rejected', note });
  }
  const fulfillment = { ...known, state: next };
  // A warehouse weighs what it packed; the simulator has no scale and reports no weight.
  house.tools.append({ kind: 'reported', fulfillment, report: next });
  if (next === 'packed') house.packed();
  else planNext(house, fulfillment);
}

type Reported = Extract<WarehouseEntry, { kind: 'reported' }>;

function callback(entry: Reported, signer: Webhook): Callback {
  const { fulfillment, report: word, note } = entry;
  const id = eventId('msg', fulfillment.id, entry.seq);
  const body = JSON.stringify({
    type: `fulfillment.${word}`,
    timestamp: entry.at,
    data: {
      fulfillmentId: fulfillment.id,
      report: word,
      occurredAt: entry.at,
      ...(note === undefined ? {} : { note }),
    },
  });
  return {
    id,
    path: '/v1/webhooks/warehouse',
    subject: `fulfillment.${word} ${fulfillment.id} ${fulfillment.orderNumber}`,
    body,
    sign: (at) => ({
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': signer.sign(id, at, body),
    }),
  };
}
