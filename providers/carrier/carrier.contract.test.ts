/**
 * What every carrier provider must keep, run over each of them against the carrier simulator over HTTP: one label a
 * key although carriers know no keys, refusals that are refusals, and webhooks that can't be forged.
 */
import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Simulators } from '../../simulators/start.ts';
import { createWorld, tell } from '../../test/given/simulators.ts';
import type { World } from '../../test/given/simulators.ts';
import { BadSignature } from '../inbound.ts';
import { OutcomeUnknown } from '../outcome.ts';
import { createEasyPost } from './easypost.ts';
import type { BookRequest, CarrierProvider } from './port.ts';

const TIMEOUT_MILLIS = 700;

/** Every carrier provider, made against the simulators. */
const PROVIDERS: readonly { name: string; make(simulators: Simulators): CarrierProvider }[] = [
  {
    name: 'easypost',
    make: ({ carrier, keys }) =>
      createEasyPost({
        apiKey: keys.easypostApiKey,
        baseUrl: carrier.url,
        webhookSecret: keys.easypostWebhookSecret,
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
  await fetch(`${simulators.carrier.url}/_faults`, { method: 'DELETE' });
});

async function post(path: string, body: unknown): Promise<number> {
  return (await tell(simulators.carrier.url, path, body)).status;
}

interface LedgerRow {
  kind: string;
  shipment?: { reference: string };
}

async function kindsOf(key: string): Promise<string[]> {
  const response = await fetch(`${simulators.carrier.url}/_ledger?limit=10000`);
  const { data } = (await response.json()) as { data: LedgerRow[] };
  return data.filter((row) => row.shipment?.reference === key).map((row) => row.kind);
}

let lastOrderNumber = 600_000;

/** A parcel that remembers the carrier's id as an activity would. */
function parcel(fields: Partial<BookRequest> = {}): BookRequest & { seen: string[] } {
  lastOrderNumber += 1;
  const seen: string[] = [];
  return {
    key: `${lastOrderNumber}/book/1/1`,
    providerRef: null,
    from: { name: 'Warehouse', line1: 'Kai 1', city: 'Hamburg', postalCode: '20457', country: 'DE' },
    to: {
      name: 'Ada',
      line1: '1 Main St',
      city: 'Springfield',
      region: 'IL',
      postalCode: '62701',
      country: 'US',
    },
    weightGrams: 1200,
    service: null,
    onCreated: async (providerRef) => {
      seen.push(providerRef);
      return providerRef;
    },
    seen,
    ...fields,
  };
}

/** The stored id of an operation, changed by compare-and-set as the database does. */
function storedRef(first: string | null = null) {
  const row = { ref: first };
  const onCreated: BookRequest['onCreated'] = async (providerRef, replaces) => {
    if (row.ref === replaces) row.ref = providerRef;
    return row.ref ?? providerRef;
  };
  return { row, onCreated };
}

/** Lets `count` callers pass together: what each did before, it did without seeing the others. */
function meeting(count: number): () => Promise<void> {
  let waiting = 0;
  let open: () => void = () => undefined;
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    waiting += 1;
    if (waiting === count) open();
    return all;
  };
}

describe.each(PROVIDERS)('carrier provider $name', ({ make }) => {
  let provider: CarrierProvider;
  beforeAll(() => {
    provider = make(simulators);
  });

  async function booked(request = parcel()) {
    const outcome = await provider.book(request);
    if (!outcome.ok) throw new Error(outcome.detail);
    return outcome.value;
  }

  test('books the cheapest label and tells the id before buying', async () => {
    const request = parcel();
    const order: string[] = [];
    const value = await booked({
      ...request,
      onCreated: async (providerRef) => {
        order.push(...(await kindsOf(request.key)));
        return providerRef;
      },
    });
    expect(order).toEqual(['created']);
    expect(value).toMatchObject({ carrier: 'USPS', service: 'GroundAdvantage' });
    expect(value.trackingCode).toMatch(/^\d{22}$/);
    const label = await fetch(value.labelUrl);
    expect(label.headers.get('content-type')).toContain('image/svg+xml');
    expect(await label.text()).toContain(value.trackingCode);
  });

  test.each([
    ['priority', 'Priority'],
    ['USPS Express', 'Express'],
    ['Teleport', 'GroundAdvantage'],
  ])('the wish %s gives %s', async (service, expected) => {
    expect(await booked(parcel({ service }))).toMatchObject({ service: expected });
  });

  test('the same key twice is one label, with the id known and without', async () => {
    const request = parcel();
    const first = await booked(request);
    expect(await booked(request)).toEqual(first);
    expect(await booked({ ...request, providerRef: first.providerRef })).toEqual(first);
    expect(await kindsOf(request.key)).toEqual(['created', 'bought']);
    expect(request.seen).toEqual([first.providerRef, first.providerRef]);
  });

  test('a parcel whose id was stored but whose label was not bought is bought, not made again', async () => {
    const request = parcel();
    await post('/_faults', { operation: 'buy', kind: 'timeout', seconds: 1, times: 1, match: request.key });
    await expect(provider.book(request)).rejects.toBeInstanceOf(OutcomeUnknown);
    await booked({ ...request, providerRef: request.seen[0] ?? null });
    expect(await kindsOf(request.key)).toEqual(['created', 'bought']);
  });

  test.each(['create', 'buy'])(
    'a lost reply to %s is unknown; the retry yields one label',
    async (operation) => {
      const request = parcel();
      await post('/_faults', { operation, kind: 'lose_reply', times: 1, match: request.key });
      await expect(provider.book(request)).rejects.toMatchObject({ name: 'OutcomeUnknown', sent: true });
      await booked(request);
      expect(await kindsOf(request.key)).toEqual(['created', 'bought']);
    },
  );

  test('a buy that arrives between our look and our buy is found, not bought twice', async () => {
    const request = parcel();
    await post('/_faults', { operation: 'buy', kind: 'twice', times: 1, match: request.key });
    expect((await booked(request)).trackingCode).not.toBe('');
    expect(await kindsOf(request.key)).toEqual(['created', 'bought']);
  });

  test('refuses an address without a city, a country that is none, a parcel nobody takes', async () => {
    const to = { line1: '1 Main St', city: '', country: 'US' };
    expect(await provider.book(parcel({ to }))).toMatchObject({
      ok: false,
      code: 'carrier_refused',
      providerCode: 'ADDRESS.PARAMETERS.INVALID',
    });
    const nowhere = { ...to, city: 'X', country: 'Germany' };
    expect(await provider.book(parcel({ to: nowhere }))).toMatchObject({
      providerCode: 'ADDRESS.COUNTRY.INVALID',
    });
    const heavy = await provider.book(parcel({ weightGrams: 9_000_000 }));
    expect(heavy).toMatchObject({ ok: false, code: 'carrier_refused', providerCode: 'NO_RATES' });
  });

  test('a parcel that nobody took is made again once its weight is put right', async () => {
    const request = parcel({ weightGrams: 9_000_000 });
    expect(await provider.book(request)).toMatchObject({ ok: false, providerCode: 'NO_RATES' });
    await booked({ ...request, providerRef: request.seen[0] ?? null, weightGrams: 900 });
    expect(await kindsOf(request.key)).toEqual(['created', 'created', 'bought']);
  });

  test.each(['nothing', 'a parcel that nobody took'])(
    'two runs that overlap and find %s buy one label, and both tell it',
    async (found) => {
      const request = parcel({ weightGrams: found === 'nothing' ? 1200 : 9_000_000 });
      if (found !== 'nothing') await provider.book(request);
      const before = await kindsOf(request.key);
      const { row, onCreated } = storedRef(request.seen[0] ?? null);
      const meet = meeting(2);
      const run = () =>
        booked({
          ...request,
          weightGrams: 1200,
          providerRef: request.seen[0] ?? null,
          onCreated: async (providerRef, replaces) => {
            await meet();
            return onCreated(providerRef, replaces);
          },
        });
      const [one, other] = await Promise.all([run(), run()]);
      expect(other).toEqual(one);
      expect(row.ref).toBe(one.providerRef);
      expect((await kindsOf(request.key)).slice(before.length)).toEqual(['created', 'created', 'bought']);
    },
  );

  test('a useless id is replaced in store, so that the next run does not make another parcel', async () => {
    const request = parcel({ weightGrams: 9_000_000 });
    const { row, onCreated } = storedRef();
    expect(await provider.book({ ...request, onCreated })).toMatchObject({ providerCode: 'NO_RATES' });
    const useless = row.ref;
    await post('/_faults', { operation: 'buy', kind: 'error500', times: 1, match: request.key });
    const mended = () => provider.book({ ...request, weightGrams: 900, providerRef: row.ref, onCreated });
    await expect(mended()).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(row.ref).not.toBe(useless);
    expect(await mended()).toMatchObject({ ok: true, value: { providerRef: row.ref } });
    expect(await kindsOf(request.key)).toEqual(['created', 'created', 'bought']);
  });

  test('all calls of one booking together take no longer than the limit', async () => {
    const request = parcel();
    const seconds = (0.6 * TIMEOUT_MILLIS) / 1000;
    await post('/_faults', { operation: 'create', kind: 'late', seconds, times: 1, match: request.key });
    await post('/_faults', { operation: 'buy', kind: 'late', seconds, times: 1, match: request.key });
    await expect(provider.book(request)).rejects.toMatchObject({ name: 'OutcomeUnknown', sent: true });
    await booked({ ...request, providerRef: request.seen[0] ?? null });
    expect(await kindsOf(request.key)).toEqual(['created', 'bought']);
  });

  test('refuses a label that the carrier refuses', async () => {
    const request = parcel();
    await post('/_faults', { operation: 'buy', kind: 'decline', match: request.key });
    expect(await provider.book(request)).toMatchObject({
      ok: false,
      providerCode: 'SHIPMENT.POSTAGE.FAILURE',
    });
  });

  test.each(['error500', 'down'])('fault %s is unknown, and the retry succeeds', async (kind) => {
    const request = parcel();
    await post('/_faults', { operation: '*', kind, seconds: 1, times: 1 });
    await expect(provider.book(request)).rejects.toBeInstanceOf(OutcomeUnknown);
    await expect
      .poll(async () => (await provider.book(request).catch(() => undefined))?.ok, { timeout: 5000 })
      .toBe(true);
    expect(await kindsOf(request.key)).toEqual(['created', 'bought']);
  });

  test('an unreachable carrier is unknown and surely not sent, a wrong key is unknown and did nothing', async () => {
    const nobody = make({ ...simulators, carrier: { url: 'http://127.0.0.1:2' } });
    await expect(nobody.book(parcel())).rejects.toMatchObject({ name: 'OutcomeUnknown', sent: false });
    const stranger = make({ ...simulators, keys: { ...simulators.keys, easypostApiKey: 'EZTK_wrong' } });
    await expect(stranger.book(parcel())).rejects.toMatchObject({ name: 'OutcomeUnknown', sent: false });
  });

  test('voids a label once, and again; a voided label is not handed out again', async () => {
    const request = parcel();
    const { providerRef } = await booked(request);
    expect(await provider.voidLabel({ key: request.key, providerRef })).toEqual({ ok: true, value: {} });
    expect(await provider.voidLabel({ key: request.key, providerRef })).toEqual({ ok: true, value: {} });
    expect(await kindsOf(request.key)).toEqual(['created', 'bought', 'refunded']);
    expect(await provider.book(request)).toMatchObject({ ok: false, providerCode: 'LABEL_VOIDED' });
  });

  test('a lost reply to the void is unknown; the retry yields one refund', async () => {
    const request = parcel();
    const { providerRef } = await booked(request);
    await post('/_faults', { operation: 'refund', kind: 'lose_reply', times: 1, match: request.key });
    await expect(provider.voidLabel({ key: request.key, providerRef })).rejects.toBeInstanceOf(
      OutcomeUnknown,
    );
    expect(await provider.voidLabel({ key: request.key, providerRef })).toMatchObject({ ok: true });
    expect(await kindsOf(request.key)).toEqual(['created', 'bought', 'refunded']);
  });

  test('refuses to void a parcel that is on its way, and one it does not know', async () => {
    const { providerRef, trackingCode } = await booked();
    expect(await post('/_handover', { trackingCode })).toBe(200);
    expect(await provider.voidLabel({ key: 'k', providerRef })).toMatchObject({
      ok: false,
      code: 'carrier_refused',
    });
    expect(await provider.voidLabel({ key: 'k', providerRef: 'shp_nobody' })).toMatchObject({ ok: false });
  });

  test('a webhook is believed with a good signature only, and undatable scans are dropped', () => {
    const scan = (status: string, datetime: string | null) => ({
      status,
      status_detail: 'lost',
      datetime,
      message: 'm',
    });
    const event = {
      id: 'evt_1',
      description: 'tracker.updated',
      result: {
        tracking_code: '9400',
        tracking_details: [
          scan('failure', '2024-08-02T18:50:00Z'),
          scan('a_new_word', '2024-08-02T20:50:00+02:00'),
          scan('delivered', '2024-08-02T18:50:00'),
          scan('delivered', null),
          scan('delivered', '0001-01-01T00:00:00+10:00'),
          scan('delivered', '1999-12-31T23:59:59Z'),
          scan('delivered', '2101-01-01T00:00:00Z'),
        ],
      },
    };
    const raw = Buffer.from(JSON.stringify(event));
    const secret = simulators.keys.easypostWebhookSecret;
    const occurredAt = '2024-08-02T18:50:00.000Z';
    expect(provider.parseWebhook(raw, signed(raw, secret))).toEqual([
      {
        kind: 'carrier_scans',
        sourceId: 'evt_1',
        match: '9400',
        scans: [
          { status: 'failure', detail: 'lost', occurredAt, message: 'm' },
          { status: 'unknown', detail: 'lost', occurredAt, message: 'm' },
        ],
      },
    ]);
    expect(() => provider.parseWebhook(raw, signed(raw, 'other'))).toThrow(BadSignature);
    expect(() => provider.parseWebhook(Buffer.from(`${raw.toString()} `), signed(raw, secret))).toThrow(
      BadSignature,
    );
    expect(() => provider.parseWebhook(raw, {})).toThrow(BadSignature);
    const batch = Buffer.from(JSON.stringify({ id: 'evt_2', description: 'batch.updated', result: {} }));
    expect(provider.parseWebhook(batch, signed(batch, secret))).toEqual([]);
    const mute = make({ ...simulators, keys: { ...simulators.keys, easypostWebhookSecret: '' } });
    expect(() => mute.parseWebhook(raw, signed(raw, ''))).toThrow(BadSignature);
  });
});

function signed(raw: Buffer, secret: string): Record<string, string> {
  const signature = createHmac('sha256', secret.normalize('NFKD')).update(raw).digest('hex');
  return { 'x-hmac-signature': `hmac-sha256-hex=${signature}` };
}
