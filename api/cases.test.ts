/** Cases: the queue and its filters, causes, taking a case on, and closing one by hand with and without an order. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCase } from '../db/writes/cases.ts';
import { createApiKey, revokeApiKey } from '../db/writes/apiKeys.ts';
import { keepUnusable } from '../db/writes/inbound.ts';
import { withOrder } from '../db/writes/order.ts';
import { stallStep } from '../db/writes/stalls.ts';
import type { FailureCode } from '../domain/failures.ts';
import { LANE_DOWN, orderBody, startApi, type TestApi } from '../test/api.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';

let postgres: TestPostgres;
let api: TestApi;
/** True while "Temporal" answers commands: the order's lane, without a workflow around it. */
let laneAnswers = true;

beforeAll(async () => {
  postgres = await startPostgres();
  api = await startApi(postgres.url, {
    lane: {
      ...LANE_DOWN,
      async command(ref) {
        if (!laneAnswers) throw new Error('Temporal is down');
        await withOrder(api.db.pool, ref.orderId);
      },
    },
  });
});
afterAll(async () => {
  await api.stop();
  await postgres.stop();
});

interface Shown {
  id: string;
  code: string;
  orderNumber: number;
  openedAt: string;
}

const idOf = (key: string) => key.slice('hf_live_'.length, 'hf_live_'.length + 16);
const get = (path: string, key = api.keys.support) => api.call('GET', path, { key });
let counter = 0;
const post = (path: string, body: unknown, options: { key?: string; idempotencyKey?: string } = {}) =>
  api.call('POST', path, {
    key: options.key ?? api.keys.support,
    body,
    headers: { 'idempotency-key': options.idempotencyKey ?? `key-${(counter += 1)}` },
  });

async function givenOrder(channelKey = api.keys.channel): Promise<{ id: string; number: number }> {
  const name = `case-${(counter += 1)}`;
  return (await post('/v1/orders', orderBody(name), { key: channelKey, idempotencyKey: name })).body;
}

/** An order whose stock is there, with an open case of this cause. */
async function givenCase(
  code: FailureCode,
  channelKey = api.keys.channel,
): Promise<Shown & { orderId: string }> {
  await api.db.pool.query(
    `insert into stock (sku, location, on_hand) values ('MUG', 'east', 1000), ('TEA', 'east', 1000) on conflict do nothing`,
  );
  const order = await givenOrder(channelKey);
  await withOrder(api.db.pool, order.id, (work) =>
    openCase(work, { subject: order.id, code, attention: 'carrier', detail: 'as given' }),
  );
  const found = (await get('/v1/cases?limit=100')).body.data.find(
    (one: { orderId: string }) => one.orderId === order.id,
  );
  return found;
}

async function eventsOf(orderId: string): Promise<{ type: string; actor: string; data: object }[]> {
  return (await get(`/v1/orders/${orderId}/events?limit=100`)).body.data;
}

describe('the queue', () => {
  it('shows each case with its cause in words, its order and when it is tried again', async () => {
    const order = await givenOrder();
    await withOrder(api.db.pool, order.id, (work) =>
      stallStep(work, { shareId: 'ful_x', step: 'book', code: 'provider_unavailable', detail: 'no answer' }),
    );
    const { data } = (await get('/v1/cases?code=provider_unavailable')).body;
    expect(data).toMatchObject([
      {
        orderNumber: order.number,
        title: 'An outside system did not answer in time',
        orderStatus: 'needs_attention',
        tries: 1,
        isClosable: false,
        assignee: null,
        resolvedBy: null,
      },
    ]);
    expect(Date.parse(data[0].nextRetryAt)).toBeGreaterThan(Date.parse(data[0].openedAt));
  });

  it('is filtered, pages oldest first without gaps, and groups by cause', async () => {
    const lost = [
      await givenCase('parcel_lost'),
      await givenCase('parcel_lost'),
      await givenCase('parcel_silent'),
    ];
    const ids: string[] = [];
    for (let cursor = '', more = true; more;) {
      const page = (await get(`/v1/cases?open=true&limit=1${cursor && `&cursor=${cursor}`}`)).body;
      ids.push(...page.data.map((one: Shown) => one.id));
      cursor = page.nextCursor;
      more = page.hasMore;
    }
    expect(ids).toEqual(ids.toSorted());
    const newest = (await get('/v1/cases?open=true&limit=2&sort=-openedAt')).body;
    expect(newest.data.map((one: Shown) => one.id)).toEqual(ids.toReversed().slice(0, 2));
    const next = await get(`/v1/cases?open=true&limit=1&sort=-openedAt&cursor=${newest.nextCursor}`);
    expect(next.body.data[0].id).toBe(ids.at(-3));
    const wrong = await get(`/v1/cases?open=true&cursor=${newest.nextCursor}`);
    expect([wrong.status, wrong.body.code]).toEqual([400, 'invalid_cursor']);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(lost.map((one) => one.id)));
    const byCode = (await get('/v1/cases?code=parcel_lost')).body.data;
    expect(byCode.map((one: Shown) => one.code)).toEqual(['parcel_lost', 'parcel_lost']);
    const causes = (await get('/v1/cases/causes')).body.data;
    expect(causes.find((one: { code: string }) => one.code === 'parcel_lost')).toEqual({
      code: 'parcel_lost',
      title: 'The carrier lost the parcel',
      attention: 'carrier',
      owner: 'support',
      open: 2,
      oldestAt: byCode[0].openedAt,
      nextRetryAt: null,
      isClosable: true,
    });
    const oldest = causes.map((one: { oldestAt: string }) => one.oldestAt);
    expect(oldest).toEqual(oldest.toSorted());
  });

  it('pages newest first when asked to; a cursor leads on in its own order only', async () => {
    const all: Shown[] = (await get('/v1/cases?open=true&limit=100')).body.data;
    const first = (await get('/v1/cases?open=true&limit=1&sort=-openedAt')).body;
    expect(first.data[0].id).toBe(all.at(-1)?.id);
    const second = (await get(`/v1/cases?open=true&limit=1&sort=-openedAt&cursor=${first.nextCursor}`)).body;
    expect(second.data[0].id).toBe(all.at(-2)?.id);
    expect((await get(`/v1/cases?cursor=${first.nextCursor}`)).body.code).toBe('invalid_cursor');
    expect((await get('/v1/cases?sort=code')).body.errors).toMatchObject([{ pointer: '?sort' }]);
  });

  it('shows a channel its own only', async () => {
    const mine = await givenCase('delivery_failed', api.keys.other);
    const seen = (await get('/v1/cases', api.keys.other)).body.data.map((one: Shown) => one.id);
    expect(seen).toEqual([mine.id]);
    expect((await get('/v1/cases/causes', api.keys.other)).body.data).toMatchObject([
      { code: 'delivery_failed', open: 1 },
    ]);
    for (const [action, body] of [
      ['assign', { assignee: null }],
      ['resolve', { note: 'x' }],
    ] as const) {
      const answer = await post(`/v1/cases/${mine.id}/${action}`, body, { key: api.keys.other });
      expect([action, answer.status, answer.body.code]).toEqual([action, 403, 'forbidden']);
    }
  });
});

describe('taking a case on', () => {
  it('names who has it, once, and can be given on and given back', async () => {
    const one = await givenCase('parcel_damaged');
    const assign = (assignee: string | null) => post(`/v1/cases/${one.id}/assign`, { assignee });
    const mine = await assign('me');
    expect([mine.status, mine.body.assignee, mine.body.assigneeName]).toEqual([
      200,
      idOf(api.keys.support),
      'support',
    ]);
    expect((await assign('me')).body).toEqual(mine.body);
    expect((await get('/v1/cases?assignee=me')).body.data).toEqual([mine.body]);
    expect((await assign(idOf(api.keys.ops))).body.assigneeName).toBe('ops');
    expect((await get(`/v1/cases?assignee=${idOf(api.keys.ops)}`)).body.data).toHaveLength(1);
    expect((await assign(null)).body).toMatchObject({ assignee: null, assignedAt: null });
    const nobodys = (await get('/v1/cases?assignee=nobody')).body.data.map((other: Shown) => other.id);
    expect(nobodys).toContain(one.id);
    const events = (await eventsOf(one.orderId)).filter((event) => event.type === 'case.assigned');
    expect(events.map((event) => event.data)).toMatchObject([
      { caseId: one.id, assignee: idOf(api.keys.support) },
      { assignee: idOf(api.keys.ops) },
      { assignee: null },
    ]);
    const { rows } = await api.db.pool.query(
      `select actor from audit where action = 'case.assigned' and subject = $1`,
      [one.id],
    );
    expect(rows).toHaveLength(3);
  });

  it('is for living keys of people', async () => {
    const one = await givenCase('parcel_returned');
    const gone = await createApiKey(api.db, { name: 'gone', role: 'support' }, { actor: 'test' });
    await revokeApiKey(api.db, gone.id, { actor: 'test' });
    for (const assignee of [gone.id, idOf(api.keys.warehouse), idOf(api.keys.channel), '0'.repeat(16)]) {
      const answer = await post(`/v1/cases/${one.id}/assign`, { assignee });
      expect([answer.status, answer.body.code, answer.body.errors[0].pointer]).toEqual([
        422,
        'invalid',
        '/assignee',
      ]);
    }
    expect((await post(`/v1/cases/cas_none/assign`, { assignee: 'me' })).status).toBe(404);
  });
});

describe('closing a case by hand', () => {
  it('ends the attention, keeps the note out of events and audit, and is replayed by its key', async () => {
    const one = await givenCase('parcel_lost');
    const close = () =>
      post(
        `/v1/cases/${one.id}/resolve`,
        { note: 'Ada was told; new parcel' },
        { idempotencyKey: 'close-1' },
      );
    const closed = await close();
    expect(closed.status).toBe(200);
    expect(closed.body).toMatchObject({
      resolution: 'Ada was told; new parcel',
      resolvedBy: `key:${idOf(api.keys.support)}`,
      isClosable: false,
    });
    expect((await close()).body).toEqual(closed.body);
    const reused = await post(
      `/v1/cases/${one.id}/resolve`,
      { note: 'other' },
      { idempotencyKey: 'close-1' },
    );
    expect(reused.body.code).toBe('idempotency_key_reused');
    const order = (await get(`/v1/orders/${one.orderId}`)).body;
    expect([order.attention, order.waits.filter((wait: { kind: string }) => wait.kind === 'case')]).toEqual([
      [],
      [],
    ]);
    const { rows } = await api.db.pool.query<{ text: string }>(
      `select (select jsonb_agg(e)::text from events e) || (select jsonb_agg(a)::text from audit a) as text`,
    );
    expect(rows[0]?.text).toContain('closed by hand');
    expect(rows[0]?.text).not.toContain('Ada was told');
  });

  it('shows the note to staff who may see personal data', async () => {
    const note = async (key: string) =>
      (await get('/v1/cases?open=false&code=parcel_lost', key)).body.data[0].resolution;
    expect(await note(api.keys.support)).toBe('Ada was told; new parcel');
    expect(await note(api.keys.channel)).toBeNull();
    expect(await note(api.keys.viewer)).toBeNull();
    const { orderId } = (await get('/v1/cases?open=false&code=parcel_lost')).body.data[0];
    for (const path of ['', '/timeline', '/events']) {
      const seen = JSON.stringify((await get(`/v1/orders/${orderId}${path}`, api.keys.viewer)).body);
      expect([path, seen.includes('Ada was told')]).toEqual([path, false]);
    }
    const timeline = JSON.stringify((await get(`/v1/orders/${orderId}/timeline`)).body);
    expect(timeline).toContain('Ada was told');
  });

  it('is refused for a closed case, and for one that ends by its cause', async () => {
    const one = await givenCase('delivery_failed');
    expect((await post(`/v1/cases/${one.id}/resolve`, { note: 'done' })).status).toBe(200);
    const again = await post(`/v1/cases/${one.id}/resolve`, { note: 'done' });
    expect([again.status, again.body.code]).toEqual([409, 'case_closed']);
    expect((await post(`/v1/cases/${one.id}/assign`, { assignee: 'me' })).body.code).toBe('case_closed');
    const declined = await givenCase('card_declined');
    const refused = await post(`/v1/cases/${declined.id}/resolve`, { note: 'done' });
    expect([refused.status, refused.body.code]).toEqual([409, 'case_not_closable']);
    expect(await eventsOf(declined.orderId)).toContainEqual(
      expect.objectContaining({
        type: 'case.resolve_refused',
        data: expect.objectContaining({ caseId: declined.id, code: 'case_not_closable' }),
      }),
    );
  });

  it('works for an order that has ended', async () => {
    const one = await givenCase('refund_at_channel');
    await api.db.pool.query(`update orders set lifecycle = 'cancelled', stage = 'ended' where id = $1`, [
      one.orderId,
    ]);
    expect((await post(`/v1/cases/${one.id}/resolve`, { note: 'refunded, ref 7' })).status).toBe(200);
    expect((await get(`/v1/orders/${one.orderId}`)).body.attention).toEqual([]);
  });

  it('is stored and answered later while Temporal is down', async () => {
    const one = await givenCase('pack_overdue');
    laneAnswers = false;
    const stored = await post(`/v1/cases/${one.id}/resolve`, { note: 'called them' });
    laneAnswers = true;
    expect([stored.status, stored.body.state]).toEqual([202, 'pending']);
    expect(JSON.stringify(stored.body)).not.toContain('called them');
    await withOrder(api.db.pool, one.orderId);
    expect((await get(stored.headers.get('location') ?? '')).body).toMatchObject({ state: 'applied' });
    expect((await get('/v1/cases?code=pack_overdue&open=true')).body.data).toEqual([]);
  });

  it('needs a note and a key', async () => {
    const one = await givenCase('parcel_silent');
    expect((await post(`/v1/cases/${one.id}/resolve`, { note: ' ' })).status).toBe(422);
    const without = await api.call('POST', `/v1/cases/${one.id}/resolve`, {
      key: api.keys.support,
      body: { note: 'x' },
    });
    expect(without.body.code).toBe('idempotency_key_missing');
    expect((await post('/v1/cases/cas_none/resolve', { note: 'x' })).status).toBe(404);
  });
});

describe('a case without an order', () => {
  it('is closed by the API alone, once for its key', async () => {
    await keepUnusable(api.db, {
      source: 'shopify:web',
      sourceId: 'msg-1',
      channel: 'web',
      body: Buffer.from('{}'),
      masterKey: api.masterKey,
      detail: 'no such SKU',
      problem: {},
    });
    const [one] = (await get('/v1/cases?code=inbound_unusable')).body.data;
    expect(one).toMatchObject({
      orderId: null,
      orderNumber: null,
      orderStatus: null,
      channel: 'web',
      isClosable: true,
    });
    expect((await post(`/v1/cases/${one.id}/assign`, { assignee: 'me' })).body.assigneeName).toBe('support');
    const close = (idempotencyKey: string) =>
      post(`/v1/cases/${one.id}/resolve`, { note: 'sent again' }, { idempotencyKey });
    const closed = await close('in-1');
    expect([closed.status, closed.body.resolution]).toEqual([200, 'sent again']);
    expect((await close('in-1')).body).toEqual(closed.body);
    expect((await close('in-2')).body.code).toBe('case_closed');
    const { rows } = await api.db.pool.query(
      `select type, channel, order_id from events where data->>'code' = 'inbound_unusable' order by position`,
    );
    expect(rows.map((row: { type: string }) => row.type)).toEqual([
      'case.opened',
      'case.assigned',
      'case.resolved',
    ]);
  });
});
