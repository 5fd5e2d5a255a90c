/** Accepting orders over HTTP on a real database, with Temporal down all the while. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countRows, orderBody, startApi, usd, type TestAnswer, type TestApi } from '../test/api.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';
import type { OrderLane } from './lane.ts';

let postgres: TestPostgres;
let api: TestApi;

beforeAll(async () => {
  postgres = await startPostgres();
  api = await startApi(postgres.url);
});
afterAll(async () => {
  await api.stop();
  await postgres.stop();
});

function place(body: unknown, idempotencyKey: string, key = api.keys.channel) {
  return api.call('POST', '/v1/orders', { key, body, headers: { 'idempotency-key': idempotencyKey } });
}

async function one(sql: string, values: unknown[]): Promise<Record<string, unknown>> {
  const { rows } = await api.db.pool.query<Record<string, unknown>>(sql, values);
  if (rows.length !== 1) throw new Error(`${rows.length} rows`);
  return rows[0] ?? {};
}

describe('a new order', () => {
  it('is stored whole, can be read at once and waits to be started', async () => {
    const body = orderBody('whole-1', {
      placedAt: '2026-03-14T09:26:53+02:00',
      billing: { name: 'Bill', address: { line1: '2 Side St', city: 'Springfield', country: 'US' } },
      sender: { name: 'Shop', company: 'Shop Inc' },
      customerNote: 'ring twice',
      attributes: { giftWrap: true, engraving: 'A', size: 4.5 },
      metadata: { erp: '77' },
      tags: ['vip'],
      flags: ['fragile'],
      carrier: { service: 'Priority', signatureRequired: true },
    });
    const placed = await place(body, 'whole-1');
    expect(placed.status).toBe(201);
    expect(placed.headers.get('location')).toBe(`/v1/orders/${placed.body.id}`);
    expect(placed.headers.get('idempotency-replayed')).toBeNull();
    expect(placed.body).toMatchObject({
      status: 'received',
      lifecycle: 'received',
      paymentStatus: 'none',
      total: usd(3000),
      lineCount: 2,
      placedAt: '2026-03-14T07:26:53.000Z',
      version: 1,
    });
    const read = await api.call('GET', `/v1/orders/${placed.body.number}`, { key: api.keys.channel });
    expect(read.body).toMatchObject({
      ...placed.body,
      recipient: { name: 'Ada Lovelace', email: 'ada@example.com', address: { line1: '1 Main St' } },
      billing: { name: 'Bill' },
      sender: { company: 'Shop Inc' },
      customerNote: 'ring twice',
      attributes: { giftWrap: true, engraving: 'A', size: 4.5 },
      tags: ['vip'],
      flags: ['fragile'],
      subtotal: usd(2500),
      shippingPrice: usd(500),
      payment: { method: 'card', amount: usd(3000) },
      allowedActions: [
        { action: 'cancel', enabled: true, needsReason: true },
        { action: 'retry', enabled: false, reasonIfDisabled: 'nothing_to_retry' },
        { action: 'change_payment', enabled: false, reasonIfDisabled: 'payment_not_changeable' },
        { action: 'refund', enabled: false, reasonIfDisabled: 'nothing_to_refund' },
      ],
    });
    expect(read.body.lines[0]).toMatchObject({
      lineNo: 1,
      sku: 'MUG',
      name: 'Mug',
      variant: 'blue',
      weightGrams: 300,
      unitNet: usd(1000),
      ledger: { ordered: 2, allocated: 0 },
    });
    expect(JSON.stringify(read.body)).not.toContain('pm_card_visa');
    expect(
      await one(
        "select lane, not_before <= now() + interval '6 seconds' as soon from outbox where order_id = $1",
        [placed.body.id],
      ),
    ).toEqual({ lane: 'start', soon: true });
    expect(await one('select due_at is not null as due from orders where id = $1', [placed.body.id])).toEqual(
      { due: true },
    );
  });

  it('keeps personal data in contacts only', async () => {
    const placed = await place(orderBody('private-1'), 'private-1');
    for (const table of ['orders', 'order_lines', 'events', 'outbox', 'idempotency', 'messages', 'audit']) {
      const { rows } = await api.db.pool.query(`select to_jsonb(t)::text as text from ${table} t`);
      expect(JSON.stringify(rows)).not.toMatch(/Lovelace|ada@example|1 Main St|555 0100/);
    }
    expect(await one('select name from contacts where order_id = $1', [placed.body.id])).toEqual({
      name: 'Ada Lovelace',
    });
  });

  it('takes currencies without decimals', async () => {
    const yen = (amount: number) => ({ amount, currency: 'JPY' });
    const placed = await place(
      orderBody('yen-1', {
        currency: 'JPY',
        lines: [{ sku: 'MUG', quantity: 3, unitPrice: yen(400), total: yen(1200) }],
        shipping: undefined,
        totals: { total: yen(1200) },
      }),
      'yen-1',
    );
    expect(placed.body.total).toEqual({ amount: 1200, currency: 'JPY' });
  });
});

describe('a repeat', () => {
  it('gets the same answer for the same key, whatever the order of fields', async () => {
    const first = await place(orderBody('repeat-1'), 'repeat-1');
    const reversed = Object.fromEntries(Object.entries(orderBody('repeat-1')).toReversed());
    const again = await place(reversed, 'repeat-1');
    expect(again.status).toBe(201);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(JSON.stringify(again.body)).toBe(JSON.stringify(first.body));
  });

  it('is refused for the same key with another body', async () => {
    await place(orderBody('reuse-1'), 'reuse-1');
    const other = await place(orderBody('reuse-2'), 'reuse-1');
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
  });

  it('gets the first answer under another key too', async () => {
    const first = await place(orderBody('two-keys'), 'two-keys-a');
    const second = await place(orderBody('two-keys'), 'two-keys-b');
    expect([second.status, second.body]).toEqual([201, first.body]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
  });

  it('is refused for the same externalId with another body, naming the order', async () => {
    const first = await place(orderBody('clash-1'), 'clash-a');
    const second = await place(orderBody('clash-1', { customerNote: 'other' }), 'clash-b');
    expect([second.status, second.body.code, second.body.orderId]).toEqual([
      409,
      'external_id_taken',
      first.body.id,
    ]);
  });

  it('is another order in another channel', async () => {
    const first = await place(orderBody('channels-1'), 'channels-1');
    const second = await place(orderBody('channels-1'), 'channels-1', api.keys.other);
    expect(second.status).toBe(201);
    expect(second.body.id).not.toBe(first.body.id);
  });

  it(
    'makes one order of 20 parallel posts, for each of 200 keys, with equal answers',
    { timeout: 120_000 },
    async () => {
      const before = await countRows(api.db);
      const keys = Array.from({ length: 200 }, (_, index) => `twins-${index}`);
      const answers: TestAnswer[] = [];
      // Ten keys at a time: 200 requests in flight, of which twenty fight for each key.
      for (let first = 0; first < keys.length; first += 10)
        answers.push(
          ...(await Promise.all(
            keys
              .slice(first, first + 10)
              .flatMap((key) => Array.from({ length: 20 }, () => place(orderBody(key), key))),
          )),
        );
      expect(answers.filter((answer) => answer.status === 201)).toHaveLength(4_000);
      const texts = new Set(answers.map((answer) => JSON.stringify(answer.body)));
      expect(texts.size).toBe(200);
      const after = await countRows(api.db);
      for (const table of ['orders', 'idempotency', 'contacts', 'events', 'outbox'])
        expect([table, (after[table] ?? 0) - (before[table] ?? 0)]).toEqual([table, 200]);
      expect((after['order_lines'] ?? 0) - (before['order_lines'] ?? 0)).toBe(400);
    },
  );

  it('makes one order of 20 parallel posts under 20 keys', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => place(orderBody('many-keys'), `many-keys-${index}`)),
    );
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(answers.every((answer) => answer.status === 201)).toBe(true);
  });

  it('has different numbers for different orders', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => place(orderBody(`numbers-${index}`), `numbers-${index}`)),
    );
    expect(new Set(answers.map((answer) => answer.body.number)).size).toBe(100);
  });
});

describe('refusals', () => {
  it('names unknown SKUs by line and stores nothing', async () => {
    const before = await countRows(api.db);
    const line = (sku: string) => ({ sku, quantity: 1, unitPrice: usd(100), total: usd(100) });
    const answer = await place(
      orderBody('unknown-1', {
        lines: [line('MUG'), line('nope'), line('TEA'), line('Nope ')],
        shipping: undefined,
        totals: { total: usd(400) },
      }),
      'unknown-1',
    );
    expect([answer.status, answer.body.code]).toEqual([422, 'unknown_sku']);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      '/lines/1/sku',
      '/lines/3/sku',
    ]);
    expect(await countRows(api.db)).toEqual(before);
  });

  it('follows the policy of the channel, which takes a new version at once', async () => {
    const set = await api.call('PUT', '/v1/channels/other/policy', {
      key: api.keys.ops,
      body: { linesMax: 1, currencies: ['EUR'] },
    });
    expect(set.body).toMatchObject({ policyVersion: 2, policy: { linesMax: 1, currencies: ['EUR'] } });
    const lines = await place(orderBody('policy-1'), 'policy-1', api.keys.other);
    expect([lines.status, lines.body.code]).toEqual([422, 'too_many_lines']);
    const short = orderBody('policy-2', {
      lines: [{ sku: 'MUG', quantity: 1, unitPrice: usd(100), total: usd(100) }],
      shipping: undefined,
      totals: { total: usd(100) },
    });
    const foreign = await place(short, 'policy-2', api.keys.other);
    expect([foreign.status, foreign.body.code]).toEqual([422, 'currency_not_allowed']);
  });
});

describe('imports', () => {
  it('gives each order its own result and stops for none', async () => {
    const prepaid = { payment: { method: 'prepaid', number: 'INV-1', time: '2020-01-01T00:00:00Z' } };
    const orders = [
      orderBody('imp-1'),
      { idempotencyKey: 'imp-key-2', order: orderBody('imp-2', prepaid) },
      orderBody('imp-3', { lines: [] }),
      orderBody('imp-4', { totals: { total: usd(1) } }),
      { order: orderBody('imp-5', { completedAt: '2020-01-01T00:00:00Z' }) },
    ];
    const send = () =>
      api.call('POST', '/v1/order-imports', { key: api.keys.channel, body: { mode: 'live', orders } });
    const first = await send();
    expect(first.status).toBe(200);
    expect(first.body.results.map((result: { outcome: string }) => result.outcome)).toEqual([
      'accepted',
      'accepted',
      'refused',
      'refused',
      'refused',
    ]);
    expect(first.body.results[3].problem).toMatchObject({ code: 'totals_mismatch' });
    expect(first.body.results[4].problem.errors[0].pointer).toBe('/completedAt');
    const again = await send();
    expect(again.body.results.slice(0, 2).map((result: { outcome: string }) => result.outcome)).toEqual([
      'replayed',
      'replayed',
    ]);
    expect(
      await one(`select lane from outbox where order_id = $1`, [first.body.results[0].order.id]),
    ).toEqual({ lane: 'import' });
  });

  it('stores finished orders without workflow, money or stock', async () => {
    const order = orderBody('old-1', {
      placedAt: '2019-12-01T00:00:00Z',
      shippedAt: '2019-12-03T00:00:00Z',
      completedAt: '2019-12-05T00:00:00Z',
      payment: { method: 'prepaid', number: 'INV-9', time: '2019-12-01T00:00:00Z' },
    });
    const body = { mode: 'history', orders: [order, orderBody('old-2')] };
    const answer = await api.call('POST', '/v1/order-imports', { key: api.keys.channel, body });
    expect(answer.body.results[1].problem.errors[0].pointer).toBe('/payment/method');
    const { id } = answer.body.results[0].order;
    const read = await api.call('GET', `/v1/orders/${id}`, { key: api.keys.channel });
    expect(read.body).toMatchObject({
      status: 'delivered',
      lifecycle: 'completed',
      paymentStatus: 'captured',
      fulfillmentStatus: 'delivered',
      completedAt: '2019-12-05T00:00:00.000Z',
      dueAt: null,
      payment: { payments: [{ state: 'captured', captured: usd(3000), reference: 'INV-9' }] },
    });
    expect(read.body.lines[0].ledger).toMatchObject({ ordered: 2, shipped: 2, delivered: 2 });
    const { rowCount } = await api.db.pool.query('select from outbox where order_id = $1', [id]);
    expect(rowCount).toBe(0);
  });
});

describe('the fast path', () => {
  it('starts accepted orders at once, at most 8 at a time, and takes them out of the outbox', async () => {
    const started: string[] = [];
    let inFlight = 0;
    let most = 0;
    const lane: OrderLane = {
      async start(ref) {
        inFlight += 1;
        most = Math.max(most, inFlight);
        await new Promise((resolve) => setImmediate(resolve));
        inFlight -= 1;
        started.push(ref.orderId);
      },
      ring: () => Promise.resolve(),
      command: () => Promise.resolve(),
    };
    const fast = await startApi(postgres.url, { lane });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        fast.call('POST', '/v1/orders', {
          key: fast.keys.channel,
          body: orderBody(`fast-${index}`),
          headers: { 'idempotency-key': `fast-${index}` },
        }),
      ),
    );
    await fast.api.close();
    expect(answers.every((answer) => answer.status === 201)).toBe(true);
    expect(most).toBeLessThanOrEqual(8);
    expect(started.length).toBeGreaterThan(0);
    const { rows } = await fast.db.pool.query<{ order_id: string; soon: boolean }>(
      `select order_id, not_before <= now() as soon from outbox`,
    );
    expect(rows.length + started.length).toBe(40);
    expect(rows.every((row) => row.soon && !started.includes(row.order_id))).toBe(true);
    await fast.stop();
  });

  it('starts nothing when there is no lane', async () => {
    const quiet = await startApi(postgres.url, { lane: undefined });
    await quiet.call('POST', '/v1/orders', {
      key: quiet.keys.channel,
      body: orderBody('quiet'),
      headers: { 'idempotency-key': 'quiet' },
    });
    const { rows } = await quiet.db.pool.query('select not_before <= now() as soon from outbox');
    expect(rows).toEqual([{ soon: true }]);
    await quiet.stop();
  });
});
