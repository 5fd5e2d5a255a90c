/** Simulators in a folder of their own, a Holdfast that only listens, and small requests, for the simulators' tests. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BookRequest } from '../../providers/carrier/port.ts';
import type { InboundFact } from '../../providers/inbound.ts';
import type { AuthorizeRequest } from '../../providers/payment/port.ts';
import { createProviders } from '../../providers/registry.ts';
import type { Providers } from '../../providers/registry.ts';
import type { SubmitRequest } from '../../providers/warehouse/port.ts';
import { SIMULATOR_KEYS, startSimulators } from '../../simulators/start.ts';
import type { Simulators, SimulatorsOptions } from '../../simulators/start.ts';

/** One message that a simulator sent. */
export interface Message {
  path: string;
  headers: Record<string, string>;
  raw: Buffer;
}

/** A Holdfast that writes down what it is told and serves `dispatches` to the key "dock". */
export interface Receiver {
  url: string;
  messages: Message[];
  dispatches: { fulfillmentId: string; trackingCode: string }[];
  close(): Promise<void>;
}

/** A folder with simulators in it. */
export interface World {
  folder: string;
  /** Starts the simulators on what is in the folder. */
  start(options?: Partial<SimulatorsOptions>): Promise<Simulators>;
  /** Stops the simulators that were started last; the folder stays. */
  stop(): Promise<void>;
  /** Starts a listener that answers the first `refusals` messages with 503. */
  receiver(refusals?: number): Promise<Receiver>;
  close(): Promise<void>;
}

/** An empty folder; close() ends all that was started and removes it. */
export async function createWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-simulators-'));
  const simulators: Simulators[] = [];
  const receivers: Receiver[] = [];
  return {
    folder,
    async start(options = {}) {
      const started = await startSimulators({ data: folder, ...options });
      simulators.push(started);
      return started;
    },
    async stop() {
      await simulators.pop()?.close();
    },
    async receiver(refusals = 0) {
      const started = await startReceiver(refusals);
      receivers.push(started);
      return started;
    },
    async close() {
      for (const one of [...simulators, ...receivers]) await one.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function startReceiver(refusals: number): Promise<Receiver> {
  const messages: Message[] = [];
  const dispatches: Receiver['dispatches'] = [];
  const server: Server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      if (req.method === 'GET') {
        const known = req.headers.authorization === 'Bearer dock';
        res.writeHead(known ? 200 : 401, { 'content-type': 'application/json' });
        return res.end(JSON.stringify({ data: dispatches }));
      }
      const pairs = Object.entries(req.headers).map(([name, value]) => [name, String(value)]);
      messages.push({
        path: req.url ?? '',
        headers: Object.fromEntries(pairs),
        raw: Buffer.concat(parts),
      });
      return res.writeHead(messages.length <= refusals ? 503 : 200).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
  };
  return { url, messages, dispatches, close };
}

/** The adapters, pointed at these simulators. */
export function providersOf(at: Pick<Simulators, 'payment' | 'warehouse' | 'carrier' | 'keys'>): Providers {
  return createProviders({
    STRIPE_API_KEY: at.keys.stripeApiKey,
    STRIPE_BASE_URL: at.payment.url,
    STRIPE_WEBHOOK_SECRET: at.keys.stripeWebhookSecret,
    EASYPOST_API_KEY: at.keys.easypostApiKey,
    EASYPOST_BASE_URL: at.carrier.url,
    EASYPOST_WEBHOOK_SECRET: at.keys.easypostWebhookSecret,
    WAREHOUSE_BASE_URL: at.warehouse.url,
    WAREHOUSE_API_KEY: at.keys.warehouseApiKey,
    WAREHOUSE_WEBHOOK_SECRET: at.keys.warehouseWebhookSecret,
    timeoutMillis: 2000,
  });
}

/** Simulators of which only the gateway is there; nothing listens at the other addresses. */
export function paymentOnly(url: string): Pick<Simulators, 'payment' | 'warehouse' | 'carrier' | 'keys'> {
  const nobody = { url: 'http://127.0.0.1:2' };
  return { payment: { url }, warehouse: nobody, carrier: nobody, keys: SIMULATOR_KEYS };
}

/** The facts that the adapters read out of what arrived; throws BadSignature for a message that is not well signed. */
export function factsOf(simulators: Simulators, messages: readonly Message[]): InboundFact[] {
  const { payment, carrier, warehouse } = providersOf(simulators);
  const doors: Record<string, Pick<Providers['payment'], 'parseWebhook'>> = {
    '/v1/webhooks/stripe': payment,
    '/v1/webhooks/easypost': carrier,
    '/v1/webhooks/warehouse': warehouse,
  };
  return messages.flatMap(({ path, raw, headers }) => doors[path]?.parseWebhook(raw, headers) ?? []);
}

/** Posts JSON to a simulator's control route. */
export async function tell(url: string, path: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** What a simulator's ledger adds up to. */
export async function summaryOf(url: string): Promise<unknown> {
  return (await fetch(`${url}/_ledger/summary`)).json();
}

/** A charge of 10 euros for an order. */
export function charge(orderNumber: number, fields: Partial<AuthorizeRequest> = {}): AuthorizeRequest {
  return {
    key: `${orderNumber}/authorize/1/1`,
    orderId: `ord_${orderNumber}`,
    orderNumber,
    amountMinor: 1000,
    currency: 'EUR',
    token: 'pm_card_visa',
    ...fields,
  };
}

/** A share of two mugs. */
export function share(orderNumber: number): SubmitRequest {
  return {
    key: `${orderNumber}/submit/1/1`,
    fulfillmentId: `ful_${orderNumber}_1`,
    orderNumber,
    location: 'ham',
    lines: [{ lineNo: 1, sku: 'MUG', name: 'Mug', quantity: 2 }],
    shipTo: { line1: '1 Main St', city: 'Springfield', country: 'US' },
    customerNote: null,
  };
}

/** A parcel of a pound, to an address whose first line may hold a marker. */
export function parcel(orderNumber: number, line1 = '1 Main St'): BookRequest {
  return {
    key: `${orderNumber}/book/1/1`,
    providerRef: null,
    from: { line1: 'Kai 1', city: 'Hamburg', country: 'DE' },
    to: { line1, city: 'Springfield', country: 'US' },
    weightGrams: 500,
    service: null,
    onCreated: async (providerRef) => providerRef,
  };
}
