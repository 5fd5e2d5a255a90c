/** Gift cards and store credit over the API: who may do what, what is said once, and what is refused. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdCredit } from '../db/writes/creditHolds.ts';
import { startApi, usd, type TestApi } from '../test/api.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';
import { CreditAccountBody, CreditAccountShown, CreditIssuedBody } from './schemas/credit.ts';

let postgres: TestPostgres;
let api: TestApi;

beforeAll(async () => {
  postgres = await startPostgres();
  api = await startApi(postgres.url);
}, 60_000);
afterAll(async () => {
  await api?.stop();
  await postgres?.stop();
});

const PATH = '/v1/credit-accounts';

function post(path: string, body: unknown, options: { key?: string; idempotencyKey?: string } = {}) {
  const { key = api.keys.ops, idempotencyKey = randomUUID() } = options;
  return api.call('POST', path, { key, body, headers: { 'idempotency-key': idempotencyKey } });
}

async function issued(fields: Record<string, unknown> = {}) {
  const answer = await post(PATH, { kind: 'gift_card', amount: usd(5_000), ...fields });
  expect(answer.status).toBe(201);
  return CreditIssuedBody.parse(answer.body);
}

describe('issuing', () => {
  it('says a gift card’s code once: a repeat gets the account without it', async () => {
    const body = { kind: 'gift_card', amount: usd(5_000), expiresAt: '2199-01-01T00:00:00Z' };
    const idempotencyKey = randomUUID();
    const first = await post(PATH, body, { idempotencyKey });
    const { code, ...account } = CreditIssuedBody.parse(first.body);
    expect(code).toMatch(/^(\w{4}-){3}\w{4}$/);
    expect(account).toMatchObject({
      ...{ kind: 'gift_card', currency: 'USD', codeLast4: code?.slice(-4), holder: null, state: 'active' },
      ...{ balance: usd(5_000), held: usd(0), available: usd(5_000), expiresAt: '2199-01-01T00:00:00.000Z' },
    });
    const again = await post(PATH, body, { idempotencyKey });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(again.body).toEqual({ ...account, code: null });
    const other = await post(PATH, { ...body, amount: usd(1) }, { idempotencyKey });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
  });

  it('gives store credit no code', async () => {
    const { code, codeLast4, holder } = await issued({ kind: 'store_credit', holder: 'cus_17' });
    expect([code, codeLast4, holder]).toEqual([null, null, 'cus_17']);
  });

  it.each([
    [{ amount: usd(0) }, '/amount/amount'],
    [{ amount: usd(-5) }, '/amount/amount'],
    [{ amount: { amount: 5, currency: 'XXQ' } }, '/amount/currency'],
    [{ kind: 'card' }, '/kind'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'],
    [{ code: 'MINE' }, '/code'],
  ])('refuses %j', async (fields, pointer) => {
    const answer = await post(PATH, { kind: 'gift_card', amount: usd(5_000), ...fields });
    expect([answer.status, answer.body.code, answer.body.errors[0].pointer]).toEqual([
      422,
      'invalid',
      pointer,
    ]);
  });

  it('is for operators; channels see no accounts, but what a code is worth', async () => {
    const { id, code } = await issued({ holder: 'cus_18' });
    const denied = await post(PATH, { kind: 'gift_card', amount: usd(1) }, { key: api.keys.support });
    expect(denied.status).toBe(403);
    for (const path of [PATH, `${PATH}/${id}`, `${PATH}/${id}/movements`]) {
      expect((await api.call('GET', path, { key: api.keys.channel })).status).toBe(403);
      expect((await api.call('GET', path, { key: api.keys.viewer })).status).toBe(200);
    }
    const found = await post(`${PATH}/lookup`, { code }, { key: api.keys.channel });
    expect(CreditAccountShown.parse(found.body)).toMatchObject({ id, available: usd(5_000), holder: null });
    const seen = await api.call('GET', `${PATH}/${id}`, { key: api.keys.viewer });
    expect([seen.body.holder, seen.body.movements[0].reason]).toEqual([null, null]);
  });
});

describe('looking', () => {
  it('finds a card however its code is typed, and says when there is none', async () => {
    const { id, code } = await issued();
    const typed = ` ${code?.toLowerCase().replaceAll('-', ' ')} `;
    expect((await post(`${PATH}/lookup`, { code: typed })).body.id).toBe(id);
    const none = await post(`${PATH}/lookup`, { code: 'K7PX-Q2MW-D9FT-H4RB' });
    expect([none.status, none.body.code]).toEqual([422, 'credit_unknown']);
    expect((await post(`${PATH}/lookup`, { code: 'x'.repeat(61) })).body.code).toBe('invalid');
  });

  it('lists by kind, holder and state, page by page', async () => {
    const holder = randomUUID();
    const ids: string[] = [];
    for (const kind of ['store_credit', 'gift_card', 'store_credit'])
      ids.unshift((await issued({ kind, holder })).id);
    await post(`${PATH}/${ids[0]}/disable`, {});
    const list = async (query: string) =>
      (await api.call('GET', `${PATH}?holder=${holder}${query}`, { key: api.keys.ops })).body;
    const idsOf = (page: { data: { id: string }[] }) => page.data.map((one) => one.id);
    const first = await list('&limit=2');
    expect([idsOf(first), first.hasMore]).toEqual([ids.slice(0, 2), true]);
    expect(idsOf(await list(`&limit=2&cursor=${first.nextCursor}`))).toEqual(ids.slice(2));
    expect(idsOf(await list('&kind=gift_card'))).toEqual([ids[1]]);
    expect(idsOf(await list('&state=disabled'))).toEqual([ids[0]]);
    expect((await list('&cursor=nonsense')).code).toBe('invalid_cursor');
  });

  it('finds nothing under an id that is none', async () => {
    for (const id of ['crd_1', 'nonsense', `crd_${'0'.repeat(32)}`])
      expect((await api.call('GET', `${PATH}/${id}`, { key: api.keys.ops })).status).toBe(404);
  });
});

describe('changing', () => {
  const adjust = (id: string, amount: number, idempotencyKey: string = randomUUID()) =>
    post(`${PATH}/${id}/adjustments`, { amount: usd(amount), reason: 'goodwill' }, { idempotencyKey });

  it('adjusts once a key and never below what is held', async () => {
    const { id } = await issued();
    const hold = { key: randomUUID(), accountId: id, orderId: 'ord_1', amountMinor: 3_000, currency: 'USD' };
    await holdCredit(api.db.pool, hold);
    const key = randomUUID();
    const done = await adjust(id, -2_000, key);
    expect(CreditAccountBody.parse(done.body)).toMatchObject({
      ...{ balance: usd(3_000), held: usd(3_000), available: usd(0), hasMoreMovements: false },
      movements: [
        { kind: 'adjusted', balance: usd(-2_000), held: usd(0), reason: 'goodwill', orderId: null },
        { kind: 'held', balance: usd(0), held: usd(3_000), orderId: 'ord_1', actor: 'system' },
        { kind: 'issued', balance: usd(5_000), held: usd(0) },
      ],
    });
    const again = await adjust(id, -2_000, key);
    expect([again.headers.get('idempotency-replayed'), again.body]).toEqual(['true', done.body]);
    const page = await api.call('GET', `${PATH}/${id}/movements?limit=2`, { key: api.keys.ops });
    expect(page.body.data).toEqual(done.body.movements.slice(0, 2));
    const rest = `${PATH}/${id}/movements?cursor=${page.body.nextCursor}`;
    expect((await api.call('GET', rest, { key: api.keys.ops })).body.data).toEqual(
      done.body.movements.slice(2),
    );
  });

  it('refuses too much, another currency, nothing, and an account that is not there', async () => {
    const { id } = await issued();
    const refusal = async (answer: ReturnType<typeof adjust>) => {
      const { status, body } = await answer;
      return [status, body.code];
    };
    expect(await refusal(adjust(id, -5_001))).toEqual([402, 'credit_short']);
    expect(await refusal(adjust(id, 0))).toEqual([422, 'invalid']);
    expect(await refusal(adjust(id, 999_999_999_999))).toEqual([422, 'invalid']);
    expect(await refusal(adjust(`crd_${'0'.repeat(32)}`, 1))).toEqual([404, 'not_found']);
    const euros = { amount: { amount: 1, currency: 'EUR' }, reason: 'x' };
    expect(await refusal(post(`${PATH}/${id}/adjustments`, euros))).toEqual([409, 'credit_unusable']);
  });

  it('disables, enables and prolongs', async () => {
    const { id } = await issued({ expiresAt: '2199-01-01T00:00:00Z' });
    const turn = async (path: string, body: unknown) => {
      const answer = await post(`${PATH}/${id}/${path}`, body);
      return [answer.status, answer.body.state, answer.body.expiresAt];
    };
    expect(await turn('disable', { reason: 'lost' })).toEqual([200, 'disabled', '2199-01-01T00:00:00.000Z']);
    expect(await turn('enable', {})).toEqual([200, 'active', '2199-01-01T00:00:00.000Z']);
    expect(await turn('enable', { expiresAt: null })).toEqual([200, 'active', null]);
    expect((await turn('disable', { reason: 'words about a customer' }))[0]).toBe(422);
    expect((await turn('enable', { expiresAt: '2020-01-01T00:00:00Z' }))[0]).toBe(422);
    expect((await post(`${PATH}/crd_${'0'.repeat(32)}/enable`, {})).status).toBe(404);
  });
});
