/** Lists: filters, search, sorts and paging that skips and repeats nothing; feeds; stock and its adjustments. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderBody, startApi, usd, type TestApi } from '../test/api.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';

let postgres: TestPostgres;
let api: TestApi;

const ORDERS = 25;

beforeAll(async () => {
  postgres = await startPostgres();
  api = await startApi(postgres.url, { temporalUi: { url: 'http://127.0.0.1:8233', namespace: 'default' } });
  for (let index = 0; index < ORDERS; index += 1) {
    const price = usd(((index * 7) % 5) * 100 + 100);
    await api.call('POST', '/v1/orders', {
      key: index % 5 === 0 ? api.keys.other : api.keys.channel,
      body: orderBody(`list-${index}`, {
        lines: [{ sku: index % 2 === 0 ? 'MUG' : 'TEA', quantity: 1, unitPrice: price, total: price }],
        shipping: undefined,
        totals: { total: price },
        tags: index % 3 === 0 ? ['gift'] : [],
        placedAt: `2026-01-${String((index % 28) + 1).padStart(2, '0')}T00:00:00Z`,
      }),
      headers: { 'idempotency-key': `list-${index}` },
    });
  }
});
afterAll(async () => {
  await api.stop();
  await postgres.stop();
});

const get = (path: string, key = api.keys.ops) => api.call('GET', path, { key });

interface Row {
  id: string;
  externalId: string;
  number: number;
  total: { amount: number };
  placedAt: string;
  createdAt: string;
}

async function pages<T = Row>(path: string, limit: number): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const answer = await get(
      `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${cursor && `&cursor=${cursor}`}`,
    );
    expect(answer.status).toBe(200);
    rows.push(...answer.body.data);
    expect(answer.body.hasMore).toBe(answer.body.nextCursor !== null);
    cursor = answer.body.nextCursor;
  }
  return rows;
}

describe('the list of orders', () => {
  const values: Record<string, (row: Row) => number | string> = {
    createdAt: (row) => row.createdAt,
    placedAt: (row) => row.placedAt,
    number: (row) => row.number,
    total: (row) => row.total.amount,
  };
  it.each(['createdAt', '-createdAt', 'placedAt', '-placedAt', 'number', '-number', 'total', '-total'])(
    'pages by %s without gaps or repeats',
    async (sort) => {
      for (const limit of [1, 4, 25]) {
        const rows = await pages(`/v1/orders?sort=${sort}`, limit);
        expect(new Set(rows.map((row) => row.id)).size).toBe(ORDERS);
        const value = values[sort.replace('-', '')];
        const found = rows.map((row) => value?.(row) ?? '');
        const sorted = found.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
        expect(found).toEqual(sort.startsWith('-') ? sorted.toReversed() : sorted);
      }
    },
  );

  it('shows the newest first when nobody says, and refuses a cursor of another sort', async () => {
    const first = await get('/v1/orders?limit=5');
    expect(first.body.data[0].externalId).toBe(`list-${ORDERS - 1}`);
    const other = await get(`/v1/orders?sort=total&cursor=${first.body.nextCursor}`);
    expect([other.status, other.body.code]).toEqual([400, 'invalid_cursor']);
  });

  it('filters', async () => {
    const names = async (query: string) =>
      (await pages(`/v1/orders?${query}`, 100)).map((row) => row.externalId).toSorted();
    expect(await names('channel=other')).toHaveLength(5);
    expect(await names('externalId=list-7')).toEqual(['list-7']);
    expect(await names('sku=mug')).toHaveLength(13);
    expect(await names('tag=gift')).toHaveLength(9);
    expect(await names('sku=tea&tag=gift')).toHaveLength(4);
    expect(await names('lifecycle=received&paymentStatus=none&fulfillmentStatus=unfulfilled')).toHaveLength(
      ORDERS,
    );
    expect(await names('attention=fraud')).toEqual([]);
    expect(await names('createdAfter=2100-01-01T00:00:00Z')).toEqual([]);
    expect(await names('createdBefore=2100-01-01T00:00:00Z&createdAfter=2020-01-01T00:00:00Z')).toHaveLength(
      ORDERS,
    );
    await api.db.pool.query(`update orders set attention = '{fraud}' where external_id = 'list-3'`);
    expect(await names('attention=fraud')).toEqual(['list-3']);
  });

  it('searches number, external id, SKU, tracking code, e-mail and name', async () => {
    const names = async (q: string) =>
      (await pages(`/v1/orders?q=${encodeURIComponent(q)}`, 100)).map((row) => row.externalId);
    const [row] = await pages('/v1/orders?externalId=list-4', 1);
    expect(await names(String(row?.number))).toEqual(['list-4']);
    expect(await names(' list-4 ')).toEqual(['list-4']);
    expect(await names('tea')).toHaveLength(12);
    expect(await names('Ada L')).toHaveLength(ORDERS);
    expect(await names('ada@example.com')).toHaveLength(ORDERS);
    expect(await names(`#${row?.number}`)).toEqual(['list-4']);
    expect(await names('LOVE')).toHaveLength(ORDERS);
    expect(await names('velace')).toEqual([]);
    expect(await names('ADA@Example.com')).toHaveLength(ORDERS);
    expect(await names('ada@')).toHaveLength(ORDERS);
    expect(await names('ADA@Ex')).toHaveLength(ORDERS);
    expect(await names('da@example.com')).toEqual([]);
    expect(await names(row?.id ?? '')).toEqual(['list-4']);
    expect(await names('ord_nothing')).toEqual([]);
    for (const q of ['%', '_da', 'ada_example', 'ada%com', "'; drop table orders", '\\', 'nothing'])
      expect(await names(q)).toEqual([]);
  });

  it('shows what people choose columns from, the name masked without pii:read', async () => {
    const row = async (key: string) => (await get('/v1/orders?externalId=list-3', key)).body.data[0];
    expect(await row(api.keys.support)).toMatchObject({
      recipientName: 'Ada Lovelace',
      shipCountry: 'US',
      stage: 'stock',
      origin: 'api',
      paymentMethod: 'card',
      unitCount: 1,
      tags: ['gift'],
    });
    expect((await row(api.keys.viewer)).recipientName).toBe('A***');
  });

  it('is sorted by the time it is filtered by, when nobody says', async () => {
    const rows = await pages('/v1/orders?placedAfter=2026-01-05T00:00:00Z', 3);
    const placed = rows.map((row) => row.placedAt);
    expect(placed.length).toBeGreaterThan(10);
    expect(placed).toEqual(placed.toSorted().toReversed());
  });

  it('filters by country, state and the time it was placed', async () => {
    const names = async (query: string) =>
      (await pages(`/v1/orders?${query}`, 100)).map((row) => row.externalId).toSorted();
    expect(await names('country=US&stage=stock')).toHaveLength(ORDERS);
    expect(await names('country=DE')).toEqual([]);
    expect(await names('stage=warehouse')).toEqual([]);
    expect(await names('placedAfter=2026-01-07T00:00:00Z&placedBefore=2026-01-09T00:00:00Z')).toEqual([
      'list-6',
      'list-7',
    ]);
  });

  it('links to the workflow', async () => {
    const [row] = await pages('/v1/orders?externalId=list-4', 1);
    const order = await get(`/v1/orders/${row?.id}`);
    expect(order.body.workflowUrl).toBe(
      `http://127.0.0.1:8233/namespaces/default/workflows/order%2F${row?.number}`,
    );
  });
});

describe('feeds', () => {
  it('give every event once, in order, from any cursor', async () => {
    const seen: string[] = [];
    let cursor = '';
    for (let more = true; more;) {
      const answer = await get(`/v1/events?limit=7${cursor && `&after=${cursor}`}`);
      seen.push(...answer.body.data.map((event: { id: string }) => event.id));
      cursor = answer.body.nextCursor;
      more = answer.body.hasMore;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(ORDERS);
    const empty = await get(`/v1/events?after=${cursor}`);
    expect(empty.body).toEqual({ data: [], nextCursor: cursor, hasMore: false });
  });

  it('do not pass an event whose transaction is still open', async () => {
    const start = (await get('/v1/events?limit=100')).body.nextCursor;
    const open = await api.db.pool.connect();
    await open.query('begin');
    await open.query(`insert into events (type, actor) values ('inventory.adjusted', 'slow')`);
    await api.db.pool.query(`insert into events (type, actor) values ('inventory.adjusted', 'fast')`);
    expect((await get(`/v1/events?after=${start}`)).body.data).toEqual([]);
    await open.query('commit');
    open.release();
    const actors = (await get(`/v1/events?after=${start}`)).body.data.map(
      (event: { actor: string }) => event.actor,
    );
    expect(actors).toEqual(['slow', 'fast']);
  });

  it('of one order follow its own sequence and merge into its timeline', async () => {
    const [row] = await pages('/v1/orders?externalId=list-8', 1);
    const id = row?.id ?? '';
    for (let seq = 2; seq <= 6; seq += 1)
      await api.db.pool.query(
        `insert into events (order_id, seq, channel, type, actor) values ($1, $2, 'web', 'step.retried', 'system')`,
        [id, seq],
      );
    await api.db.pool.query(
      `insert into waits (order_id, subject, kind, awaited_from, deadline_at, then_what, policy_version)
       values ($1, $1, 'stock', 'warehouse', now() + interval '1 day', 'cancel', 1)`,
      [id],
    );
    const events = await get(`/v1/orders/${id}/events?after=2&limit=2`);
    expect(events.body.data.map((event: { seq: number }) => event.seq)).toEqual([3, 4]);
    expect(events.body).toMatchObject({ nextAfter: 4, hasMore: true });
    const timeline = await pages(`/v1/orders/${id}/timeline`, 2);
    expect(timeline).toHaveLength(7);
    expect(new Set(timeline.map((entry) => entry.id)).size).toBe(7);
  });
});

describe('stock', () => {
  const adjust = (key: string, adjustments: unknown[], reason = 'count') =>
    api.call('POST', '/v1/inventory/adjustments', {
      key: api.keys.ops,
      body: { reason, adjustments },
      headers: { 'idempotency-key': key },
    });

  it('is adjusted with a reason and an actor, once for a key', async () => {
    const send = () =>
      adjust('adj-1', [
        { sku: 'tea', location: 'east', delta: 10 },
        { sku: 'MUG', location: 'east', setTo: 7 },
      ]);
    const first = await send();
    expect(first.body.levels).toEqual([
      { sku: 'TEA', location: 'east', onHand: 10, allocated: 0, available: 10 },
      { sku: 'MUG', location: 'east', onHand: 7, allocated: 0, available: 7 },
    ]);
    const again = await send();
    expect(JSON.stringify(again.body)).toBe(JSON.stringify(first.body));
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await adjust('adj-1', [{ sku: 'TEA', location: 'east', delta: 1 }])).status).toBe(422);
    const { rows } = await api.db.pool.query(
      `select sku, kind, on_hand_delta, reason, actor like 'key:%' as is_key from stock_movements order by sku`,
    );
    expect(rows).toEqual([
      { sku: 'MUG', kind: 'adjustment', on_hand_delta: 7, reason: 'count', is_key: true },
      { sku: 'TEA', kind: 'adjustment', on_hand_delta: 10, reason: 'count', is_key: true },
    ]);
  });

  it('is adjusted once by 10 parallel twins, and never by half', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => adjust('adj-2', [{ sku: 'TEA', location: 'east', delta: 5 }])),
    );
    expect(answers.every((answer) => answer.status === 200)).toBe(true);
    const half = await adjust('adj-3', [
      { sku: 'TEA', location: 'east', delta: 5 },
      { sku: 'MUG', location: 'east', delta: -8 },
    ]);
    expect([half.status, half.body.errors[0].pointer]).toEqual([409, '/adjustments/1']);
    const list = await get('/v1/inventory?sku=tea');
    expect(list.body.data).toEqual([
      { sku: 'TEA', location: 'east', onHand: 15, allocated: 0, available: 15, name: 'Tea', variant: null },
    ]);
    const huge = await adjust('adj-4', [{ sku: 'TEA', location: 'east', delta: 1_000_000_000 }]);
    expect([huge.status, huge.body.code]).toEqual([422, 'invalid']);
    // A refusal frees its key: the mended request may use it.
    expect((await adjust('adj-3', [{ sku: 'MUG', location: 'east', delta: -7 }])).status).toBe(200);
  });

  it('does not go below what is allocated', async () => {
    await api.db.pool.query(`update stock set allocated = 4 where sku = 'TEA'`);
    expect((await adjust('adj-5', [{ sku: 'TEA', location: 'east', setTo: 3 }])).body.code).toBe(
      'stock_would_be_negative',
    );
    expect(
      (await adjust('adj-6', [{ sku: 'TEA', location: 'east', setTo: 4 }])).body.levels[0],
    ).toMatchObject({
      onHand: 4,
      available: 0,
    });
  });
});

describe('the stock list', () => {
  it('finds by the beginning of the SKU and of words of the name', async () => {
    await api.db.pool.query(
      `insert into items (sku, name, variant) values ('X-1', 'Big Blue Kettle', 'steel'), ('X-2', 'Blueberry 100% jam', null)`,
    );
    await api.db.pool.query(
      `insert into stock (sku, location, on_hand) values ('X-1', 'east', 3), ('X-2', 'east', 4)`,
    );
    const skus = async (q: string) =>
      (await pages<{ sku: string }>(`/v1/inventory?q=${encodeURIComponent(q)}`, 1)).map((row) => row.sku);
    expect(await skus('x-')).toEqual(['X-1', 'X-2']);
    expect(await skus('BLUE')).toEqual(['X-1', 'X-2']);
    expect(await skus('blue kett')).toEqual(['X-1']);
    expect(await skus('ettle')).toEqual([]);
    for (const q of ['%', '_', "'", '\\', '&', ':*', "a' | 'b"]) expect(await skus(q)).toEqual([]);
    expect((await get('/v1/inventory?sku=x-1')).body.data).toMatchObject([
      { name: 'Big Blue Kettle', variant: 'steel' },
    ]);
  });

  it('shows movements, newest first, with who made them', async () => {
    const all = await pages<{ id: number; sku: string }>('/v1/inventory/movements', 2);
    const ids = all.map((row) => row.id);
    expect(ids.length).toBeGreaterThan(3);
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
    const order = (await get('/v1/orders?externalId=list-1')).body.data[0];
    await api.db.pool.query(
      `insert into stock_movements (key, sku, location, kind, on_hand_delta, allocated_delta, order_id, actor)
       values ('m1', 'TEA', 'east', 'release', 0, -1, $1, 'system')`,
      [order.id],
    );
    expect((await get('/v1/inventory/movements?limit=1')).body.data[0]).toMatchObject({
      sku: 'TEA',
      kind: 'release',
      allocatedDelta: -1,
      orderNumber: order.number,
      actor: 'system',
      actorName: null,
    });
    const adjusted = (await get('/v1/inventory/movements?sku=tea&location=east&kind=adjustment')).body.data;
    expect(adjusted[0]).toMatchObject({ sku: 'TEA', kind: 'adjustment', reason: 'count', actorName: 'ops' });
    expect((await get('/v1/inventory/movements?location=nowhere')).body.data).toEqual([]);
    expect((await get('/v1/inventory/movements', api.keys.channel)).status).toBe(403);
  });
});

describe('the catalogue', () => {
  it('is filled in bulk, repeatably, and listed by SKU', async () => {
    const items = Array.from({ length: 30 }, (_, index) => ({
      sku: `bulk-${String(index).padStart(2, '0')}`,
      name: `Item ${index}`,
      attributes: { colour: 'red' },
    }));
    const put = () => api.call('PUT', '/v1/items', { key: api.keys.ops, body: { items } });
    expect((await put()).body).toEqual({ created: 30, updated: 0 });
    expect((await put()).body).toEqual({ created: 0, updated: 0 });
    const found = await pages<{ sku: string }>('/v1/items?q=bulk', 7);
    expect(found.map((item) => item.sku)).toEqual(items.map((item) => item.sku.toUpperCase()));
  });

  it('takes the same item again and no other under its SKU', async () => {
    const post = (body: unknown) => api.call('POST', '/v1/items', { key: api.keys.ops, body });
    expect((await post({ sku: 'cup', name: 'Cup' })).status).toBe(201);
    expect((await post({ sku: ' CUP ', name: 'Cup' })).status).toBe(200);
    expect((await post({ sku: 'cup', name: 'Cup', weightGrams: 5 })).status).toBe(409);
  });

  it('has locations and channels', async () => {
    const address = { line1: '1 Dock', city: 'Oakland', country: 'US' };
    const post = () =>
      api.call('POST', '/v1/locations', {
        key: api.keys.ops,
        body: { id: 'west', name: 'West', priority: 5, address },
      });
    expect([(await post()).status, (await post()).status]).toEqual([201, 200]);
    expect((await pages('/v1/locations', 1)).map((row) => row.id)).toEqual(['east', 'west']);
    const made = await api.call('POST', '/v1/channels', {
      key: api.keys.ops,
      body: {
        id: 'shop',
        name: 'Shop',
        kind: 'shopify',
        webhookSecret: 'super-secret',
        policy: { releaseDelaySeconds: 30 },
      },
    });
    expect(made.body).toMatchObject({
      hasWebhookSecret: true,
      policy: { releaseDelaySeconds: 30, linesMax: 1000 },
    });
    expect(JSON.stringify((await get('/v1/channels')).body)).not.toContain('super-secret');
    const seen = async (key: string) =>
      (await get('/v1/channels', key)).body.data.map((row: { id: string }) => row.id);
    expect(await seen(api.keys.viewer)).toEqual(['other', 'shop', 'web']);
    expect(await seen(api.keys.channel)).toEqual(['web']);
  });
});
