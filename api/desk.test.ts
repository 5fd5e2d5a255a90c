/** What people at a desk see and write: the sentence, steps and previews of an order, notes, tags, timeline, demo orders. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActivities, type Activities } from '../activities/index.ts';
import { ensureDemo } from '../db/admin.ts';
import { createChannel } from '../db/writes/channels.ts';
import { adjustStock } from '../db/writes/inventory.ts';
import { withOrder } from '../db/writes/order.ts';
import { DEMO_CHANNEL, DEMO_SCARCE_SKU } from '../domain/demoCatalogue.ts';
import { orderBody, startApi, usd, type TestApi } from '../test/api.ts';
import { givenGateway, granted } from '../test/given/gateway.ts';
import { outsideDown } from '../test/given/outside.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';

let postgres: TestPostgres;
let api: TestApi;
let activities: Activities;
/** The next answer of the card's bank. */
let isDeclined = false;

beforeAll(async () => {
  postgres = await startPostgres();
  api = await startApi(postgres.url);
  activities = createActivities({
    pool: api.db.pool,
    payment: givenGateway({
      authorize: ({ key }) =>
        isDeclined
          ? Promise.resolve({
              ok: false,
              code: 'card_declined',
              providerCode: 'expired_card',
              detail: 'declined',
            })
          : granted(key),
    }),
    ...outsideDown(),
  });
});
afterAll(async () => {
  await api.stop();
  await postgres.stop();
});

const get = (path: string, key = api.keys.support) => api.call('GET', path, { key });
let keys = 0;
const post = (path: string, body: unknown, more: { key?: string; idempotencyKey?: string } = {}) =>
  api.call('POST', path, {
    key: more.key ?? api.keys.support,
    body,
    headers: { 'idempotency-key': more.idempotencyKey ?? `desk-${(keys += 1)}` },
  });

async function place(changes: Record<string, unknown> = {}): Promise<{ id: string; number: number }> {
  const answer = await post('/v1/orders', orderBody(`desk-${(keys += 1)}`, changes), {
    key: api.keys.channel,
  });
  expect(answer.status).toBe(201);
  return answer.body;
}

let counts = 0;
async function stock(units: number): Promise<void> {
  const adjustments = ['MUG', 'TEA'].map((sku) => ({ sku, location: 'east', delta: units }));
  const key = `desk-${(counts += 1)}`;
  await adjustStock(
    api.db,
    { scope: 'desk', key, fingerprint: key, reason: 'received', adjustments },
    { actor: 'test' },
  );
}

/** Takes the order as far as its allocation and the answer of the bank, as its workflow would. */
async function authorize(id: string): Promise<void> {
  const view = await withOrder(api.db.pool, id);
  for (const share of view.shares)
    await activities.authorizePayment({ orderId: id, shareId: share.id, subject: share.id });
}

const effectsOf = (order: { allowedActions: { action: string; effects: unknown }[] }) =>
  Object.fromEntries(order.allowedActions.map(({ action, effects }) => [action, effects]));
const statesOf = (order: { steps: { step: string; state: string }[] }) =>
  order.steps.map(({ step, state }) => `${step} ${state}`).join(', ');

describe('where an order stands', () => {
  it('is told from its placement to its end, with steps and what each action would do', async () => {
    const { id } = await place();
    const placed = (await get(`/v1/orders/${id}`)).body;
    expect(placed.standing.text).toMatch(
      /^Placed on \d{4}-\d\d-\d\d \d\d:\d\d UTC; its stock is being looked for\. The next step is being done now\.$/,
    );
    expect(placed).toMatchObject({ stage: 'stock', notes: [] });
    expect(statesOf(placed)).toBe(
      'placed done, allocated current, paid todo, packed todo, shipped todo, delivered todo',
    );

    await withOrder(api.db.pool, id);
    const short = (await get(`/v1/orders/${id}`)).body;
    expect(short.standing).toMatchObject({
      state: 'Placed, but not all of it is in stock (MUG: 0 of 2, TEA: 0 of 1)',
      waitsFor: 'stock',
      awaitedFrom: 'the warehouses',
      nextAt: short.waits.find((wait: { kind: string }) => wait.kind === 'stock').deadlineAt,
    });
    expect(effectsOf(short)).toEqual({
      cancel: [],
      retry: [{ kind: 'look_for_stock' }],
      change_payment: [],
      refund: [],
    });
    expect(short.cases[0]).toMatchObject({
      code: 'short_stock',
      tries: 0,
      nextRetryAt: null,
      assignee: null,
    });

    await stock(100);
    await post(`/v1/orders/${id}/retry`, {});
    isDeclined = true;
    await authorize(id);
    isDeclined = false;
    const declined = (await get(`/v1/orders/${id}`)).body;
    expect(declined.standing.text).toMatch(
      /^The card was declined \(expired card\)\. It waits for a payment that works from the customer since .* UTC; if nothing comes by .* UTC, the order expires and its stock is given back\.$/,
    );
    expect(declined.stage).toBe('payment');
    expect(effectsOf(declined)).toEqual({
      cancel: [{ kind: 'release_stock', units: 3 }],
      retry: [{ kind: 'new_payment_attempt', amount: usd(3000) }],
      change_payment: [{ kind: 'new_payment_attempt', amount: usd(3000) }],
      refund: [],
    });
    expect(statesOf(declined)).toContain('allocated done, paid current, packed todo');

    await post(`/v1/orders/${id}/retry`, {});
    await authorize(id);
    const paid = (await get(`/v1/orders/${id}`)).body;
    expect(statesOf(paid)).toContain('allocated done, paid done, packed current');
    expect(paid.steps.filter((step: { at: string | null }) => step.at !== null)).toHaveLength(3);
    expect(effectsOf(paid)).toEqual({
      cancel: [
        { kind: 'void_payment', amount: usd(3000) },
        { kind: 'release_stock', units: 3 },
      ],
      retry: [],
      change_payment: [],
      refund: [],
    });

    await post(`/v1/orders/${id}/cancel`, { reason: 'customer', note: 'called' });
    const view = await withOrder(api.db.pool, id);
    const undoing = (await get(`/v1/orders/${id}`)).body;
    expect(undoing.standing.text).toContain('Being cancelled by support (the customer asked)');
    expect(undoing.stage).toBe('undoing');
    for (const share of view.shares)
      for (const payment of share.payments.filter((one) => one.state === 'authorized'))
        await activities.voidPayment({ orderId: id, shareId: share.id, subject: payment.id });
    const ended = (await get(`/v1/orders/${id}`)).body;
    expect(ended.standing).toMatchObject({ state: 'Cancelled', waitsFor: null, nextAt: null });
    expect(ended.standing.text).toMatch(
      /^Cancelled on .* UTC by support \(the customer asked\); what was authorized on the card was given back, and its stock is free again\.$/,
    );
    expect(statesOf(ended)).toBe(
      'placed done, allocated done, paid done, packed stopped, shipped stopped, delivered stopped',
    );
    // What the preview promised is what happened.
    expect(ended.payment.payments.map((one: { voided: unknown }) => one.voided)).toContainEqual(usd(3000));
    const free = await get('/v1/inventory?sku=mug');
    expect(free.body.data[0]).toMatchObject({ onHand: 100, available: 100 });
  });

  it('names the money that the channel has to refund', async () => {
    const payment = { method: 'prepaid', number: 'shop-1', time: '2026-01-02T03:04:05Z' };
    const { id } = await place({ payment });
    await withOrder(api.db.pool, id);
    const order = (await get(`/v1/orders/${id}`)).body;
    expect(order.steps[2]).toEqual({ step: 'paid', state: 'done', at: '2026-01-02T03:04:05.000Z' });
    expect(effectsOf(order)).toMatchObject({
      cancel: [
        { kind: 'release_stock', units: 3 },
        { kind: 'refund_at_channel', amount: usd(3000) },
      ],
    });
    await post(`/v1/orders/${id}/cancel`, { reason: 'staff' });
    await withOrder(api.db.pool, id);
    const { standing } = (await get(`/v1/orders/${id}`)).body;
    expect(standing.text).toMatch(/The channel still holds the money for it and has to refund it\.$/);
  });

  it('says of an imported order of the past that it was finished elsewhere', async () => {
    const order = {
      ...orderBody('past-1', {
        payment: { method: 'prepaid', number: 'p', time: '2024-05-01T00:00:00Z' },
        placedAt: '2024-05-01T00:00:00Z',
      }),
      completedAt: '2024-05-06T00:00:00Z',
    };
    const answer = await post(
      '/v1/order-imports',
      { mode: 'history', orders: [order] },
      { key: api.keys.channel },
    );
    const { id } = answer.body.results[0].order;
    const shown = (await get(`/v1/orders/${id}`)).body;
    expect(shown.standing.text).toBe(
      'Taken over from earlier books, where it was delivered on 2024-05-06 00:00 UTC.',
    );
    expect(statesOf(shown)).not.toMatch(/current|todo|stopped/);
  });
});

describe('a note', () => {
  const TEXT = 'Ada called: leave it with the porter';

  it('is written once for its key, shown to staff who may see people, and is in the books by its id only', async () => {
    const { id, number } = await place();
    const before = (await get(`/v1/orders/${id}`)).body;
    const first = await post(`/v1/orders/${number}/notes`, { text: TEXT }, { idempotencyKey: 'note-1' });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ text: TEXT, actorName: 'support' });
    const again = await post(`/v1/orders/${id}/notes`, { text: TEXT }, { idempotencyKey: 'note-1' });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(again.body).toEqual(first.body);
    const reused = await post(`/v1/orders/${id}/notes`, { text: 'other' }, { idempotencyKey: 'note-1' });
    expect([reused.status, reused.body.code]).toEqual([422, 'idempotency_key_reused']);
    const elsewhere = await place();
    const moved = await post(
      `/v1/orders/${elsewhere.id}/notes`,
      { text: TEXT },
      { idempotencyKey: 'note-1' },
    );
    expect(moved.body.code).toBe('idempotency_key_reused');

    const shown = (await get(`/v1/orders/${id}`)).body;
    expect(shown.notes).toEqual([first.body]);
    expect(shown.version).toBe(before.version);
    for (const key of [api.keys.channel, api.keys.viewer])
      expect((await get(`/v1/orders/${id}`, key)).body.notes).toEqual([]);

    const entryFor = async (key: string) =>
      (await get(`/v1/orders/${id}/timeline`, key)).body.data.find(
        (entry: { type: string }) => entry.type === 'order.note_added',
      );
    expect(await entryFor(api.keys.support)).toMatchObject({
      actorName: 'support',
      isPerson: true,
      data: { noteId: first.body.id, text: TEXT },
    });
    expect((await entryFor(api.keys.viewer)).data).toEqual({ noteId: first.body.id });

    for (const table of ['events', 'audit', 'idempotency', 'messages']) {
      const { rows } = await api.db.pool.query(
        `select count(*) as n from ${table} t where t::text like '%porter%'`,
      );
      expect(rows, table).toEqual([{ n: 0 }]);
    }
    const { rows } = await api.db.pool.query(
      `select action, data from audit where subject = $1 and action = 'order.note_added'`,
      [id],
    );
    expect(rows).toEqual([{ action: 'order.note_added', data: { noteId: first.body.id } }]);
  });

  it('keeps the sequence of the order without gaps, beside the changes of its workflow', async () => {
    const { id } = await place();
    await Promise.all([
      ...Array.from({ length: 8 }, (_, index) => post(`/v1/orders/${id}/notes`, { text: `note ${index}` })),
      withOrder(api.db.pool, id),
    ]);
    await withOrder(api.db.pool, id);
    const { data } = (await get(`/v1/orders/${id}/events?limit=100`)).body;
    const seqs = data.map((event: { seq: number }) => event.seq);
    expect(seqs).toEqual(seqs.map((_: number, index: number) => index + 1));
    expect(data.filter((event: { type: string }) => event.type === 'order.note_added')).toHaveLength(8);
  });

  it('is refused without a right, on an order that is not there, and without a word in it', async () => {
    const { id } = await place();
    for (const key of [api.keys.viewer, api.keys.channel, api.keys.other])
      expect((await post(`/v1/orders/${id}/notes`, { text: 'x' }, { key })).status).toBe(403);
    expect((await post('/v1/orders/7/notes', { text: 'x' })).status).toBe(404);
    for (const text of ['', ' \n', 'x'.repeat(4001), 'a\u0000b', 7]) {
      const answer = await post(`/v1/orders/${id}/notes`, { text });
      expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, '/text']);
    }
    expect((await get(`/v1/orders/${id}`)).body.notes).toEqual([]);
  });
});

describe('tags', () => {
  const change = (id: string, body: unknown, key?: string) =>
    post(`/v1/orders/${id}/tags`, body, key === undefined ? {} : { key });

  it('are added and removed; what changes nothing leaves no trace', async () => {
    const { id } = await place({ tags: ['gift', 'old'] });
    const before = (await get(`/v1/orders/${id}`)).body;
    const answer = await change(id, { add: ['vip', 'gift', 'vip'], remove: ['old', 'none'] });
    expect([answer.status, answer.body.tags]).toEqual([200, ['gift', 'vip']]);
    expect(answer.body.version).toBe(before.version);
    const again = await change(id, { add: ['vip', 'gift'], remove: ['old'] });
    expect(again.body.tags).toEqual(['gift', 'vip']);
    const { rows } = await api.db.pool.query(
      `select data from events where order_id = $1 and type = 'order.tags_changed'`,
      [id],
    );
    expect(rows).toEqual([{ data: { added: ['vip'], removed: ['old'] } }]);
    expect((await get('/v1/orders?tag=vip')).body.data.map((row: { id: string }) => row.id)).toEqual([id]);
  });

  it('of two people at once are all there', async () => {
    const { id } = await place();
    const names = Array.from({ length: 10 }, (_, index) => `tag-${index}`);
    await Promise.all(names.map((name) => change(id, { add: [name] })));
    expect((await get(`/v1/orders/${id}`)).body.tags.toSorted()).toEqual(names);
  });

  it('are at most 50, never both added and removed, and changed by those who may', async () => {
    const { id } = await place({ tags: ['first'] });
    const many = Array.from({ length: 50 }, (_, index) => `tag-${index}`);
    const full = await change(id, { add: many });
    expect([full.status, full.body.errors]).toEqual([
      422,
      [{ pointer: '/add', detail: 'would make 51 tags; at most 50' }],
    ]);
    expect((await change(id, { add: many, remove: ['first'] })).body.tags).toHaveLength(50);
    const both = await change(id, { add: ['a', 'b'], remove: ['b'] });
    expect([both.status, both.body.errors[0].pointer]).toEqual([422, '/add/1']);
    expect((await change(id, { add: ['x'] }, api.keys.viewer)).status).toBe(403);
    expect((await change(id, { add: ['x'] }, api.keys.other)).status).toBe(404);
  });
});

describe('the timeline', () => {
  it('says who did what, by name, and tells people from systems', async () => {
    const { id } = await place();
    await withOrder(api.db.pool, id);
    await post(`/v1/orders/${id}/tags`, { add: ['first'] }, { key: api.keys.channel });
    await post(`/v1/orders/${id}/notes`, { text: 'second' });
    await api.db.pool.query(
      `insert into events (order_id, seq, channel, type, actor) values ($1, 99, 'web', 'signal.refused', 'temporal-web, unverified')`,
      [id],
    );
    const entries = async (query: string) => {
      const { body } = await get(`/v1/orders/${id}/timeline?limit=100${query}`);
      return body.data.map(
        (one: { type: string; actorName: string | null; isPerson: boolean }) =>
          `${one.type} ${one.actorName ?? '-'} ${one.isPerson ? 'person' : 'system'}`,
      );
    };
    const people = await entries('&who=people');
    const system = await entries('&who=system');
    expect(people).toEqual(['order.note_added support person', 'signal.refused - person']);
    expect(system).toContain('order.placed channel system');
    expect(system).toContain('order.tags_changed channel system');
    expect(new Set(await entries(''))).toEqual(new Set([...people, ...system]));
    expect((await get(`/v1/orders/${id}/timeline?who=nobody`)).status).toBe(422);
  });
});

describe('demo orders', () => {
  const order = (body: unknown, key?: string) =>
    post('/v1/demo/orders', body, key === undefined ? {} : { key });
  const set = (units: number) =>
    post(
      '/v1/inventory/adjustments',
      { reason: 'count', adjustments: [{ sku: DEMO_SCARCE_SKU, location: 'wh-east', setTo: units }] },
      { key: api.keys.ops },
    );

  it('are refused where there is no demo channel', async () => {
    const answer = await order({ story: 'all_well' });
    expect([answer.status, answer.body.code]).toEqual([409, 'demo_unavailable']);
  });

  it('are refused where a channel for demonstration lacks the catalogue of the demo', async () => {
    await createChannel(
      api.db,
      { id: 'another', name: 'Another demo', isDemo: true },
      { actor: 'test', masterKey: Buffer.alloc(0) },
    );
    const answer = await order({ story: 'all_well', count: 2 });
    expect([answer.status, answer.body.code]).toEqual([409, 'demo_unavailable']);
  });

  it('of each story are placed in the demo channel by the path of all orders', async () => {
    await ensureDemo(api.db);
    for (const story of ['all_well', 'two_parcels', 'declined_card', 'short_stock', 'lost_parcel']) {
      const answer = await order({ story, count: 2 });
      expect(answer.status, story).toBe(201);
      for (const placed of answer.body.data) {
        expect(placed).toMatchObject({ channel: DEMO_CHANNEL, status: 'received' });
        const shown = (await get(`/v1/orders/${placed.id}`)).body;
        expect(shown.origin).toBe('api');
        expect(Date.parse(shown.promisedBy)).toBeGreaterThan(Date.parse(shown.placedAt));
        const view = await withOrder(api.db.pool, placed.id);
        expect(view.attention).toEqual(story === 'short_stock' ? ['stock'] : []);
        if (story === 'two_parcels') expect(view.shares.length).toBeGreaterThan(1);
      }
    }
    const { rows } = await api.db.pool.query(
      `select count(*) as n from events e join orders o on o.id = e.order_id
       where o.channel = $1 and e.type = 'order.placed' and e.actor like 'key:%'`,
      [DEMO_CHANNEL],
    );
    expect(rows).toEqual([{ n: 10 }]);
  });

  it('that are to be short stay short, whatever people do to the stock', async () => {
    expect((await set(500)).status).toBe(200);
    const [placed] = (await order({ story: 'short_stock' })).body.data;
    expect((await withOrder(api.db.pool, placed.id)).attention).toEqual(['stock']);
    expect((await set(999_999_999)).status).toBe(200);
    expect((await order({ story: 'short_stock' })).body.code).toBe('demo_unavailable');
  });

  it('are placed once for their key, also when it is sent again at the same time or much later', async () => {
    expect((await set(500)).status).toBe(200);
    const send = (body: unknown, key: string) =>
      post('/v1/demo/orders', body, { key, idempotencyKey: 'demo-once' });
    const body = { story: 'short_stock', count: 3 };
    const [one, twin] = await Promise.all([send(body, api.keys.support), send(body, api.keys.support)]);
    expect(one.status, JSON.stringify(one.body)).toBe(201);
    expect(twin.body).toEqual(one.body);
    const placed = new Set(one.body.data.map((row: { externalId: string }) => row.externalId));
    expect(placed.size).toBe(3);
    // Nothing could be short any more; what was placed is answered all the same.
    expect((await set(999_999_999)).status).toBe(200);
    const again = await send(body, api.keys.support);
    expect(again.body).toEqual(one.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await send({ ...body, count: 2 }, api.keys.support)).body.code).toBe('idempotency_key_reused');
    // Another caller's key of the same name is another one.
    const other = await send({ story: 'all_well', count: 3 }, api.keys.ops);
    expect(other.status).toBe(201);
    const keyless = await api.call('POST', '/v1/demo/orders', { key: api.keys.support, body });
    expect(keyless.body.code).toBe('idempotency_key_missing');
    const { rows } = await api.db.pool.query(
      'select count(*) as n from orders where channel = $1 and external_id = any ($2)',
      [DEMO_CHANNEL, [...placed]],
    );
    expect(rows).toEqual([{ n: 3 }]);
  });

  it('are placed by those who may write orders, and by no other channel', async () => {
    expect((await order({ story: 'all_well' }, api.keys.viewer)).status).toBe(403);
    expect((await order({ story: 'all_well' }, api.keys.channel)).status).toBe(403);
    const made = await post(
      '/v1/api-keys',
      { name: 'demo', role: 'channel', channel: DEMO_CHANNEL },
      { key: api.keys.ops },
    );
    expect((await order({ story: 'all_well' }, made.body.key)).status).toBe(201);
    for (const body of [
      {},
      { story: 'none' },
      { story: 'all_well', count: 0 },
      { story: 'all_well', count: 21 },
    ])
      expect((await order(body)).status).toBe(422);
  });
});
