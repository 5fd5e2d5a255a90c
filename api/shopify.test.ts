/** The Shopify door: signatures, repeats, payment that comes later, and bodies that are kept for a person. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unseal } from '../db/seal.ts';
import { inboundContext } from '../db/writes/inbound.ts';
import { countRows, orderBody, startApi, type TestApi } from '../test/api.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';
import { shopOrder } from '../test/shop.ts';
import type { OrderLane } from './lane.ts';

let postgres: TestPostgres;
let api: TestApi;
let rung: string[] = [];
const lane: OrderLane = {
  start: () => Promise.resolve(),
  ring: (ref) => {
    rung.push(ref.orderId);
    return Promise.resolve();
  },
  command: () => Promise.resolve(),
};

beforeAll(async () => {
  postgres = await startPostgres();
  api = await startApi(postgres.url, { lane });
});
beforeEach(() => {
  rung = [];
});
afterAll(async () => {
  await api.stop();
  await postgres.stop();
});

interface Sending {
  secret?: string;
  channel?: string;
  topic?: string;
  webhookId?: string;
}

let sent = 0;

function post(body: unknown, sending: Sending = {}) {
  const raw = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const signature = createHmac('sha256', sending.secret ?? 'shop-secret')
    .update(raw)
    .digest('base64');
  sent += 1;
  return api.call('POST', `/v1/channels/${sending.channel ?? 'web'}/shopify/orders`, {
    body: raw,
    headers: {
      'x-shopify-hmac-sha256': signature,
      'x-shopify-topic': sending.topic ?? 'orders/create',
      'x-shopify-webhook-id': sending.webhookId ?? `hook-${sent}`,
    },
  });
}

const readOrder = async (id: string) =>
  (await api.call('GET', `/v1/orders/${id}`, { key: api.keys.channel })).body;

describe('a signed order', () => {
  it('is accepted as prepaid, its amount recorded', async () => {
    const answer = await post(shopOrder(9001));
    expect([answer.status, answer.body.outcome]).toEqual([200, 'accepted']);
    expect(await readOrder(answer.body.orderId)).toMatchObject({
      externalId: '9001',
      origin: 'shopify',
      channel: 'web',
      total: { amount: 5705, currency: 'USD' },
      payment: { method: 'prepaid', paid: true, number: '#9001', amount: { amount: 5705 } },
    });
  });

  it('is one order, however often and in whatever form it is sent', async () => {
    const before = await countRows(api.db);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => post(shopOrder(9002), { webhookId: `same-${index % 2}` })),
    );
    expect(answers.every((answer) => answer.status === 200)).toBe(true);
    await post(shopOrder(9002, { note: 'edited at the shop' }));
    const after = await countRows(api.db);
    expect((after['orders'] ?? 0) - (before['orders'] ?? 0)).toBe(1);
    expect(after['cases']).toBe(before['cases']);
  });

  it('that is unpaid becomes paid by a later webhook, once', async () => {
    const placed = await post(shopOrder(9003, { financial_status: 'pending' }));
    expect((await readOrder(placed.body.orderId)).payment.paid).toBe(false);
    const paid = () => post(shopOrder(9003), { topic: 'orders/paid', webhookId: 'paid-9003' });
    expect((await paid()).body).toEqual({ outcome: 'paid', orderId: placed.body.orderId });
    await paid();
    const { rows } = await api.db.pool.query(
      'select source, kind, seq, payload from messages where order_id = $1',
      [placed.body.orderId],
    );
    expect(rows).toMatchObject([
      {
        source: 'shopify:web',
        kind: 'channel_paid',
        seq: 1,
        payload: { number: '#9003', amountMinor: 5705 },
      },
    ]);
    expect(rung).toEqual([placed.body.orderId]);
  });

  it('is accepted when "paid" comes before "create"', async () => {
    const paid = await post(shopOrder(9004), { topic: 'orders/paid' });
    expect(paid.body.outcome).toBe('accepted');
    const created = await post(shopOrder(9004, { financial_status: 'pending' }));
    expect(created.body).toEqual({ outcome: 'known', orderId: paid.body.orderId });
    expect((await readOrder(paid.body.orderId)).payment.paid).toBe(true);
  });

  it('is paid in the end when "create" and "paid" come at the same moment', async () => {
    for (let externalId = 9301; externalId <= 9315; externalId += 1) {
      const answers = await Promise.all([
        post(shopOrder(externalId, { financial_status: 'pending' })),
        post(shopOrder(externalId), { topic: 'orders/paid' }),
      ]);
      expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
      const [orderId, ...others] = new Set(answers.map((answer) => answer.body.orderId));
      expect(others).toEqual([]);
      const { rows } = await api.db.pool.query(
        `select payment_paid or exists (select from messages where order_id = o.id and kind = 'channel_paid') as paid
         from orders o where id = $1`,
        [orderId],
      );
      expect(rows).toEqual([{ paid: true }]);
    }
  });

  it('whose key another order of the channel holds is kept for a person', async () => {
    const taken = await api.call('POST', '/v1/orders', {
      key: api.keys.channel,
      body: orderBody('not-from-the-shop'),
      headers: { 'idempotency-key': 'shopify/9320' },
    });
    expect(taken.status).toBe(201);
    expect((await post(shopOrder(9320))).body).toEqual({ outcome: 'kept', orderId: null });
  });

  it('of another topic is taken note of and left', async () => {
    const answer = await post(shopOrder(9005), { topic: 'orders/delete' });
    expect(answer.body).toEqual({ outcome: 'ignored', orderId: null });
  });
});

describe('a body that is rightly signed and can not become an order', () => {
  it.each([
    ['an unknown SKU', shopOrder(9101, { line_items: [{ ...shopOrder(1).line_items[0], sku: 'NOPE' }] })],
    ['odd totals', shopOrder(9102, { total_price: '57.06' })],
    ['no address', shopOrder(9103, { shipping_address: null, billing_address: null })],
    ['no JSON', 'hello'],
    ['a deep body', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ])('%s: 200, kept sealed, one case', async (name, body) => {
    const webhookId = `unusable ${name}`;
    for (let time = 0; time < 2; time += 1) {
      const answer = await post(body, { webhookId });
      expect([answer.status, answer.body.outcome]).toEqual([200, 'kept']);
    }
    const { rows } = await api.db.pool.query<{ id: string; body_sealed: Buffer; n: number }>(
      `select i.id, i.body_sealed, (select count(*) from cases c where c.subject = i.id) as n
       from inbound i where source = 'shopify:web' and source_id = $1`,
      [webhookId],
    );
    expect(rows).toHaveLength(1);
    const [kept] = rows;
    if (!kept) throw new Error('nothing was kept');
    expect(kept.n).toBe(1);
    expect(kept.body_sealed.toString('latin1')).not.toContain('Hopper');
    const opened = unseal(api.masterKey, kept.body_sealed, inboundContext(kept.id)).toString();
    expect(opened).toBe(typeof body === 'string' ? body : JSON.stringify(body));
    const cases = await api.call('GET', '/v1/cases?open=true&attention=data_fix', { key: api.keys.ops });
    const found = cases.body.data.find((one: { subject: string }) => one.subject === kept.id);
    expect(found).toMatchObject({ code: 'inbound_unusable', channel: 'web', orderId: null });
    expect(JSON.stringify(found)).not.toMatch(/Hopper|grace/);
  });

  it('becomes an order when it is sent again after the catalogue was mended', async () => {
    const body = shopOrder(9110, {
      line_items: [{ ...shopOrder(1).line_items[0], sku: 'LATER' }],
      shipping_lines: [],
      total_price: '37.10',
    });
    expect((await post(body, { webhookId: 'later' })).body.outcome).toBe('kept');
    await api.call('POST', '/v1/items', { key: api.keys.ops, body: { sku: 'LATER', name: 'Later' } });
    const again = await post(body, { webhookId: 'later' });
    expect(again.body.outcome).toBe('accepted');
    const { rows } = await api.db.pool.query(
      `select i.state, i.order_id, c.resolved_at is not null as is_resolved
       from inbound i join cases c on c.subject = i.id where i.source_id = 'later'`,
    );
    expect(rows).toEqual([{ state: 'used', order_id: again.body.orderId, is_resolved: true }]);
  });
});

describe('a body that is not rightly signed', () => {
  it('is refused and stores nothing, whatever the channel', async () => {
    // What was started before is taken out of the outbox a moment later: wait for that first.
    await api.api.close();
    const before = await countRows(api.db);
    for (const sending of [{ secret: 'wrong' }, { channel: 'other' }, { channel: 'none' }]) {
      const answer = await post(shopOrder(9201), sending);
      expect([answer.status, answer.body.code]).toEqual([401, 'bad_signature']);
    }
    const unsigned = await api.call('POST', '/v1/channels/web/shopify/orders', { body: shopOrder(9201) });
    expect(unsigned.status).toBe(401);
    expect(await countRows(api.db)).toEqual(before);
  });
});
