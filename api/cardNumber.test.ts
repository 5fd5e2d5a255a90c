/** No card number gets in: refused in every field people and channels write, masked in what others have signed. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unseal } from '../db/seal.ts';
import { inboundContext } from '../db/writes/inbound.ts';
import { storeSignals } from '../db/writes/signals.ts';
import { orderBody, startApi, type TestApi } from '../test/api.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';
import { shopOrder } from '../test/shop.ts';

/** The network's published test number, in the ways people write it. */
const WRITTEN = ['4242424242424242', '4242 4242 4242 4242', '4242-4242-4242-4242'];
const CARD = '4242 4242 4242 4242';

let postgres: TestPostgres;
let api: TestApi;
let order: { id: string; number: number };
beforeAll(async () => {
  postgres = await startPostgres();
  api = await startApi(postgres.url);
  order = (await place('plain', {})).body;
});
afterAll(async () => {
  await api.stop();
  await postgres.stop();
});

function place(externalId: string, changes: Record<string, unknown>) {
  return api.call('POST', '/v1/orders', {
    key: api.keys.channel,
    body: orderBody(externalId, changes),
    headers: { 'idempotency-key': `key-${externalId}` },
  });
}

const recipient = { name: 'Ada Lovelace' };
const address = { line1: '1 Main St', city: 'Springfield', postalCode: '62701', country: 'US' };
const usd = (amount: number) => ({ amount, currency: 'USD' });
const line = { sku: 'mug', quantity: 3, unitPrice: usd(1000), total: usd(3000) };
const payment = { method: 'prepaid', number: 'shop-1', time: '2026-01-02T03:04:05Z' };

/** A place in the order's body, and the body with something written there. */
const FIELDS: readonly [string, (text: string) => Record<string, unknown>][] = [
  ['/externalId', (text) => ({ externalId: text })],
  ['/recipient/name', (text) => ({ recipient: { name: text } })],
  ['/recipient/company', (text) => ({ recipient: { ...recipient, company: text } })],
  ['/recipient/phone', (text) => ({ recipient: { ...recipient, phone: text } })],
  ['/sender/name', (text) => ({ sender: { name: text } })],
  ['/shippingAddress/line1', (text) => ({ shippingAddress: { ...address, line1: text } })],
  ['/shippingAddress/line2', (text) => ({ shippingAddress: { ...address, line2: text } })],
  ['/shippingAddress/city', (text) => ({ shippingAddress: { ...address, city: text } })],
  ['/shippingAddress/postalCode', (text) => ({ shippingAddress: { ...address, postalCode: text } })],
  ['/lines/0/name', (text) => ({ lines: [{ ...line, name: text }] })],
  ['/lines/0/variant', (text) => ({ lines: [{ ...line, variant: text }] })],
  ['/lines/0/sku', (text) => ({ lines: [{ ...line, sku: text }] })],
  ['/lines/0/attributes/engraving', (text) => ({ lines: [{ ...line, attributes: { engraving: text } }] })],
  ['/shipping/service', (text) => ({ shipping: { price: usd(500), service: text } })],
  ['/payment/number', (text) => ({ payment: { ...payment, number: text } })],
  ['/payment/token', (text) => ({ payment: { method: 'card', token: text } })],
  ['/customerNote', (text) => ({ customerNote: `charge ${text} please` })],
  ['/attributes/card', (text) => ({ attributes: { card: text } })],
  ['/metadata/card', (text) => ({ metadata: { card: text } })],
  ['/tags/0', (text) => ({ tags: [text] })],
  ['/carrier/instructions', (text) => ({ carrier: { instructions: text } })],
];

describe('a card number in an order', () => {
  it.each(FIELDS)('at %s is refused and not repeated', async (pointer, body) => {
    for (const [index, text] of WRITTEN.entries()) {
      const answer = await place(`field-${pointer.replaceAll('/', '-')}-${index}`, body(text));
      expect(answer).toMatchObject({ status: 422, body: { code: 'card_number', errors: [{ pointer }] } });
      expect(JSON.stringify(answer.body)).not.toContain(text);
    }
  });

  it('as a number, as a name and in the Idempotency-Key is refused too', async () => {
    const refused = { status: 422, body: { code: 'card_number' } };
    expect(await place('number', { attributes: { card: 4242424242424242 } })).toMatchObject(refused);
    expect(await place('name', { metadata: { [CARD]: 'x' } })).toMatchObject(refused);
    expect(await place(WRITTEN[2] ?? '', {})).toMatchObject(refused);
  });
});

describe('a card number elsewhere', () => {
  it.each([
    ['notes', { text: CARD }],
    ['cancel', { reason: 'customer', note: CARD }],
    ['refunds', { reason: 'goodwill', note: CARD }],
  ])('in %s of an order is refused', async (path, body) => {
    const answer = await api.call('POST', `/v1/orders/${order.id}/${path}`, {
      key: api.keys.support,
      body,
      headers: { 'idempotency-key': `${path}-1` },
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'card_number' } });
  });

  it('in an import is the problem of its own order and of no other', async () => {
    const entries = [
      { idempotencyKey: 'import-0', order: orderBody('import-0') },
      { idempotencyKey: 'import-1', order: orderBody('import-1', { customerNote: CARD }) },
      { idempotencyKey: WRITTEN[2], order: orderBody('import-2') },
      orderBody('import-3', { metadata: { [CARD]: 'x' } }),
    ];
    const send = (body: Record<string, unknown>) =>
      api.call('POST', '/v1/order-imports', { key: api.keys.channel, body });
    const { status, body } = await send({ mode: 'live', orders: entries });
    const refused = { outcome: 'refused', status: 422, problem: { code: 'card_number' } };
    expect([status, body.results]).toMatchObject([
      200,
      [
        { idempotencyKey: 'import-0', outcome: 'accepted' },
        { ...refused, problem: { ...refused.problem, errors: [{ pointer: '/customerNote' }] } },
        { ...refused, idempotencyKey: null },
        refused,
      ],
    ]);
    expect(JSON.stringify(body)).not.toMatch(/4242[ -]4242/);
    expect(await send({ mode: CARD, orders: entries })).toMatchObject({
      status: 422,
      body: { code: 'card_number', errors: [{ pointer: '/mode' }] },
    });
  });

  it('in a signed message of a shop is masked, whether it becomes an order or is kept', async () => {
    for (const body of [
      { ...shopOrder(7_700_001), note: CARD },
      { id: 77, note: CARD },
      { id: 77, note: 4242424242424242, variant_id: 30569309025904, escaped: CARD },
    ]) {
      const raw = Buffer.from(JSON.stringify(body).replace('"escaped":"4', '"escaped":"\\u0034'));
      const answer = await api.call('POST', '/v1/channels/web/shopify/orders', {
        body: raw,
        headers: {
          'x-shopify-hmac-sha256': createHmac('sha256', 'shop-secret').update(raw).digest('base64'),
          'x-shopify-topic': 'orders/create',
          'x-shopify-webhook-id': `card-${Object.keys(body).length}`,
        },
      });
      expect(answer.status).toBe(200);
    }
    const { rows } = await api.db.pool.query<{ id: string; body_sealed: Buffer }>(
      'select id, body_sealed from inbound order by received_at',
    );
    const kept = rows.map((row) =>
      JSON.parse(unseal(api.masterKey, row.body_sealed, inboundContext(row.id)).toString()),
    );
    const masked = '•••• •••• •••• 4242';
    expect(kept).toEqual([
      { id: 77, note: masked },
      { id: 77, note: '••••••••••••4242', variant_id: 30569309025904, escaped: masked },
    ]);
  });

  it('in a signal sent by hand is masked', async () => {
    await storeSignals(api.db.pool, order.id, [
      { id: CARD, name: 'cancelOrder', body: { reason: 'customer', note: CARD } },
      { id: 'second', name: CARD, body: CARD },
    ]);
  });
});

describe('afterwards', () => {
  it('no column of any table holds one', async () => {
    const { rows } = await api.db.pool.query<{ table: string; columns: string[] }>(
      `select table_name as table, array_agg(column_name::text) as columns from information_schema.columns
       where table_schema = 'public' and data_type in ('text', 'jsonb', 'ARRAY') group by 1`,
    );
    expect(rows.length).toBeGreaterThan(20);
    for (const { table, columns } of rows) {
      const texts = columns.map((column) => `coalesce(${column}::text, '')`).join(` || ' ' || `);
      const { rows: hits } = await api.db.pool.query(
        `select 1 from ${table} where (${texts}) ~ '4242[ .-]?4242[ .-]?4242[ .-]?4242'`,
      );
      expect([table, hits.length]).toEqual([table, 0]);
    }
    const { rows: stored } = await api.db.pool.query<{ n: number }>(
      `select (select count(*) from messages where payload::text like '%4242%') + (select count(*) from orders where customer_note like '%4242%') as n`,
    );
    expect(Number(stored[0]?.n)).toBeGreaterThanOrEqual(2);
  });
});
