/**
 * What every warehouse provider must keep, run over each of them against the warehouse simulator over HTTP, and what
 * the contract itself promises: one share an id, tombstones, signed callbacks.
 */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Simulators } from '../../simulators/start.ts';
import { createWorld, tell } from '../../test/given/simulators.ts';
import type { World } from '../../test/given/simulators.ts';
import { BadSignature } from '../inbound.ts';
import { OutcomeUnknown } from '../outcome.ts';
import { createHttpWarehouse } from './http.ts';
import type { SubmitRequest, WarehouseProvider } from './port.ts';

const TIMEOUT_MILLIS = 700;

/** Every warehouse provider, made against the simulators. */
const PROVIDERS: readonly { name: string; make(simulators: Simulators): WarehouseProvider }[] = [
  {
    name: 'http',
    make: ({ warehouse, keys }) =>
      createHttpWarehouse({
        apiKey: keys.warehouseApiKey,
        baseUrl: warehouse.url,
        webhookSecret: keys.warehouseWebhookSecret,
        timeoutMillis: TIMEOUT_MILLIS,
      }),
  },
];

let simulators: Simulators;
let world: World;

beforeAll(async () => {
  world = await createWorld();
  simulators = await world.start();
});
afterAll(() => world.close());
afterEach(async () => {
  await fetch(`${simulators.warehouse.url}/_faults`, { method: 'DELETE' });
});

async function fault(fields: Record<string, unknown>): Promise<void> {
  expect((await tell(simulators.warehouse.url, '/_faults', fields)).status).toBe(200);
}

async function call(method: string, id: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${simulators.warehouse.url}/fulfillments/${id}`, {
    method,
    headers: { authorization: `Bearer ${simulators.keys.warehouseApiKey}` },
  });
  return { status: response.status, body: await response.json() };
}

async function submissionsOf(id: string): Promise<number> {
  const response = await fetch(`${simulators.warehouse.url}/_ledger?limit=10000`);
  const { data } = (await response.json()) as { data: { kind: string; fulfillment?: { id: string } }[] };
  return data.filter((row) => row.kind === 'submitted' && row.fulfillment?.id === id).length;
}

let lastOrderNumber = 700_000;

function share(fields: Partial<SubmitRequest> = {}): SubmitRequest {
  lastOrderNumber += 1;
  return {
    key: `${lastOrderNumber}/submit/1/1`,
    fulfillmentId: `ful_${lastOrderNumber}_1`,
    orderNumber: lastOrderNumber,
    location: 'ham',
    lines: [{ lineNo: 1, sku: 'MUG', name: 'Mug', quantity: 2 }],
    shipTo: { name: 'Ada', line1: '1 Main St', city: 'Springfield', country: 'US' },
    customerNote: null,
    ...fields,
  };
}

describe.each(PROVIDERS)('warehouse provider $name', ({ make }) => {
  let provider: WarehouseProvider;
  beforeAll(() => {
    provider = make(simulators);
  });

  test('submits a share, and again with the same content', async () => {
    const request = share();
    expect(await provider.submit(request)).toEqual({ ok: true, value: {} });
    expect(await provider.submit(request)).toEqual({ ok: true, value: {} });
    expect(await submissionsOf(request.fulfillmentId)).toBe(1);
    expect((await call('GET', request.fulfillmentId)).body).toMatchObject({ units: 2, location: 'ham' });
  });

  test('refuses the same id with other content, and a share the warehouse does not take', async () => {
    const request = share();
    await provider.submit(request);
    expect(await provider.submit({ ...request, location: 'muc' })).toMatchObject({
      ok: false,
      code: 'warehouse_refused',
      providerCode: 'content_differs',
    });
    expect(await provider.submit(share({ lines: [] }))).toMatchObject({ ok: false, providerCode: 'invalid' });
    const other = share();
    await fault({ operation: 'submit', kind: 'decline', detail: 'closed_for_stocktaking', match: other.key });
    expect(await provider.submit(other)).toMatchObject({ ok: false, providerCode: 'closed_for_stocktaking' });
  });

  test('a cancel of an unknown id leaves a tombstone, and a late submit is refused', async () => {
    const request = share();
    expect(await call('DELETE', request.fulfillmentId)).toMatchObject({
      status: 200,
      body: { state: 'cancelled' },
    });
    expect(await call('DELETE', request.fulfillmentId)).toMatchObject({ status: 200 });
    expect(await provider.submit(request)).toMatchObject({ ok: false, providerCode: 'cancelled' });
    expect(await call('GET', 'ful_unknown')).toMatchObject({ status: 404 });
  });

  test('a share that was packed can not be cancelled any more', async () => {
    const request = share();
    await provider.submit(request);
    await expect
      .poll(async () => (await call('GET', request.fulfillmentId)).body)
      .toMatchObject({ state: 'packed' });
    expect(await call('DELETE', request.fulfillmentId)).toMatchObject({
      status: 409,
      body: { code: 'too_late' },
    });
  });

  test.each(['lose_reply', 'late', 'timeout', 'arrive_late', 'down', 'error500'])(
    'fault %s is unknown; the retry yields one share',
    async (kind) => {
      const request = share();
      await fault({ operation: 'submit', kind, seconds: 1, times: 1, match: request.key });
      await expect(provider.submit(request)).rejects.toBeInstanceOf(OutcomeUnknown);
      await expect
        .poll(async () => (await provider.submit(request).catch(() => undefined))?.ok, { timeout: 5000 })
        .toBe(true);
      expect(await submissionsOf(request.fulfillmentId)).toBe(1);
    },
  );

  test('an unreachable warehouse is unknown and surely not sent; a wrong key did nothing', async () => {
    const nobody = make({ ...simulators, warehouse: { url: 'http://127.0.0.1:2' } });
    await expect(nobody.submit(share())).rejects.toMatchObject({ name: 'OutcomeUnknown', sent: false });
    const stranger = make({ ...simulators, keys: { ...simulators.keys, warehouseApiKey: 'wrong' } });
    await expect(stranger.submit(share())).rejects.toMatchObject({ name: 'OutcomeUnknown', sent: false });
  });

  test('a callback is believed with a good, fresh signature only', () => {
    const data = {
      fulfillmentId: 'ful_1',
      report: 'packed',
      occurredAt: '2026-01-02T03:04:05+01:00',
      weightGrams: 1200,
    };
    const raw = Buffer.from(JSON.stringify({ type: 'fulfillment.packed', data }));
    const secret = simulators.keys.warehouseWebhookSecret;
    expect(provider.parseWebhook(raw, signed(raw, secret, 299))).toEqual([
      {
        kind: 'warehouse_report',
        sourceId: 'msg_1',
        match: 'ful_1',
        report: 'packed',
        weightGrams: 1200,
        occurredAt: '2026-01-02T02:04:05.000Z',
      },
    ]);
    expect(() => provider.parseWebhook(raw, signed(raw, secret, 302))).toThrow(BadSignature);
    expect(() => provider.parseWebhook(raw, signed(raw, 'whsec_b3RoZXI=', 0))).toThrow(BadSignature);
    expect(() => provider.parseWebhook(Buffer.from('{}'), signed(raw, secret, 0))).toThrow(BadSignature);
    expect(() => provider.parseWebhook(raw, {})).toThrow(BadSignature);
    const odd = Buffer.from(
      JSON.stringify({ type: 'fulfillment.eaten', data: { ...data, report: 'eaten' } }),
    );
    expect(provider.parseWebhook(odd, signed(odd, secret, 0))).toEqual([]);
    const mute = make({ ...simulators, keys: { ...simulators.keys, warehouseWebhookSecret: '' } });
    expect(() => mute.parseWebhook(raw, signed(raw, secret, 0))).toThrow(BadSignature);
  });

  test.each(['0001-01-01T00:00:00+10:00', '1999-12-31T23:59:59Z', '2101-01-01T00:00:00Z'])(
    'a report dated %s counts all the same, at the time it was sent',
    (occurredAt) => {
      const data = { fulfillmentId: 'ful_1', report: 'packed', occurredAt };
      const raw = Buffer.from(JSON.stringify({ type: 'fulfillment.packed', data }));
      const headers = signed(raw, simulators.keys.warehouseWebhookSecret, 7);
      const sentAt = new Date(Number(headers['webhook-timestamp']) * 1000).toISOString();
      expect(provider.parseWebhook(raw, headers)).toMatchObject([{ report: 'packed', occurredAt: sentAt }]);
    },
  );
});

describe('the HTTP warehouse against answers that are none', () => {
  test.each([
    ['another id', 200, '{"id":"ful_other"}'],
    ['not JSON', 200, '<html>'],
    ['a refusal without a reason', 422, '<html>'],
    ['a conflict without a reason', 409, ''],
    ['an endless answer', 200, 'x'.repeat(100_000)],
  ])('%s is unknown', async (_name, status, body) => {
    const server = createServer((_req, res) => res.writeHead(status).end(body)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const provider = createHttpWarehouse({
      apiKey: 'k',
      baseUrl: `http://127.0.0.1:${port}/api`,
      webhookSecret: '',
    });
    await expect(provider.submit(share())).rejects.toBeInstanceOf(OutcomeUnknown);
    server.closeAllConnections();
    server.close();
  });

  test('no base URL: unknown, and it says what is missing; a bad secret shows at once', async () => {
    const provider = createHttpWarehouse({ apiKey: 'k', webhookSecret: '' });
    await expect(provider.submit(share())).rejects.toThrow(/WAREHOUSE_BASE_URL/);
    expect(() => createHttpWarehouse({ apiKey: 'k', webhookSecret: 'whsec_!' })).toThrow();
  });
});

function signed(raw: Buffer, secret: string, ageSeconds: number): Record<string, string> {
  const at = new Date(Date.now() - ageSeconds * 1000);
  return {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign('msg_1', at, raw),
  };
}
