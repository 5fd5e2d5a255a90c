/** Another card for an order, through the API: who may, when it is taken, and what is never told. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createActivities, type Activities } from '../activities/index.ts';
import { adjustStock } from '../db/writes/inventory.ts';
import { withOrder } from '../db/writes/order.ts';
import { orderBody, startApi, type TestApi } from '../test/api.ts';
import { givenGateway, granted } from '../test/given/gateway.ts';
import { outsideDown } from '../test/given/outside.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';

let postgres: TestPostgres;
let api: TestApi;
let activities: Activities;
/** The tokens of the cards that the gateway was asked for. */
let tokens: string[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
  api = await startApi(postgres.url);
  activities = createActivities({
    pool: api.db.pool,
    payment: givenGateway({
      authorize: ({ key, token }) => {
        tokens.push(token);
        return token === 'pm_good'
          ? granted(key)
          : Promise.resolve({ ok: false, code: 'card_declined', providerCode: 'stolen_card', detail: 'No.' });
      },
    }),
    ...outsideDown(),
  });
  const adjustments = ['MUG', 'TEA'].map((sku) => ({ sku, location: 'east', delta: 1_000 }));
  await adjustStock(
    api.db,
    { scope: 'pay', key: 'pay', fingerprint: 'pay', reason: 'received', adjustments },
    { actor: 'test' },
  );
});
beforeEach(() => {
  tokens = [];
});
afterAll(async () => {
  await api.stop();
  await postgres.stop();
});

let keys = 0;
const post = (path: string, body: unknown, given: { key?: string; once?: string } = {}) =>
  api.call('POST', path, {
    key: given.key ?? api.keys.support,
    body,
    headers: { 'idempotency-key': given.once ?? `pay-${(keys += 1)}` },
  });

/** Takes the order as far as the answer of the bank, as its workflow would. */
async function authorize(orderId: string): Promise<void> {
  const view = await withOrder(api.db.pool, orderId);
  for (const share of view.shares)
    await activities.authorizePayment({ orderId, shareId: share.id, subject: share.id });
}

async function declined(): Promise<string> {
  const payment = { method: 'card', token: 'pm_bad' };
  const answer = await post('/v1/orders', orderBody(`pay-${(keys += 1)}`, { payment }), {
    key: api.keys.channel,
  });
  await authorize(answer.body.id);
  return answer.body.id;
}

const GOOD = { method: 'card', token: 'pm_good' };

describe('another card', () => {
  it('is kept once for its key, taken, charged, and told without its token', async () => {
    const id = await declined();
    const path = `/v1/orders/${id}/payments`;
    const first = await post(path, GOOD, { once: `${id}-a` });
    const again = await post(path, GOOD, { once: `${id}-a` });
    expect(first.status).toBe(202);
    expect(again.body.id).toBe(first.body.id);
    expect((await post(path, { ...GOOD, token: 'pm_else' }, { once: `${id}-a` })).body.code).toBe(
      'idempotency_key_reused',
    );
    await authorize(id);
    expect(tokens).toEqual(['pm_bad', 'pm_good']);
    const order = await api.call('GET', `/v1/orders/${id}`, { key: api.keys.support });
    expect(order.body.payment.payments.map((one: { state: string }) => one.state)).toEqual([
      'declined',
      'authorized',
    ]);
    expect(order.body.cases.every((one: { resolvedAt: string | null }) => one.resolvedAt !== null)).toBe(
      true,
    );
    const command = await api.call('GET', `/v1/commands/${first.body.id}`, { key: api.keys.support });
    expect(command.body).toMatchObject({ kind: 'change_payment', state: 'applied' });
    const { rows } = await api.db.pool.query(
      `select data::text from events where order_id = $1 union all select data::text from audit where subject = $1`,
      [id],
    );
    const told = JSON.stringify([order.body, first.body, command.body, rows]);
    expect(told).toContain('change_payment');
    expect(told).not.toContain('pm_good');
  });

  it('is refused with what is possible instead', async () => {
    const id = await declined();
    await post(`/v1/orders/${id}/payments`, GOOD);
    await authorize(id);
    const second = await post(`/v1/orders/${id}/payments`, GOOD);
    await withOrder(api.db.pool, id);
    const command = await api.call('GET', `/v1/commands/${second.body.id}`, { key: api.keys.support });
    expect(command.body).toMatchObject({ state: 'refused', code: 'payment_not_changeable' });
  });

  it.each([
    ['a card number', { method: 'card', token: '4242424242424242' }, 422],
    ['another method', { method: 'prepaid', number: 'x' }, 422],
    ['no token', { method: 'card' }, 422],
  ])('is no %s', async (_name, body, status) => {
    expect((await post('/v1/orders/100001/payments', body)).status).toBe(status);
  });

  it('takes the scope payments:write', async () => {
    const id = await declined();
    expect((await post(`/v1/orders/${id}/payments`, GOOD, { key: api.keys.viewer })).status).toBe(403);
    expect((await post(`/v1/orders/${id}/payments`, GOOD, { key: api.keys.channel })).status).toBe(202);
  });
});
