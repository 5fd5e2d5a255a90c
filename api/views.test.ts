/** Views of the order list: those everybody has, with their numbers, and those a person keeps. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderBody, startApi, type TestApi } from '../test/api.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';

let postgres: TestPostgres;
let api: TestApi;

beforeAll(async () => {
  postgres = await startPostgres();
  api = await startApi(postgres.url);
  for (let index = 0; index < 8; index += 1) {
    await api.call('POST', '/v1/orders', {
      key: index === 7 ? api.keys.other : api.keys.channel,
      body: orderBody(`view-${index}`),
      headers: { 'idempotency-key': `view-${index}` },
    });
  }
  const set = (index: number, columns: string) =>
    api.db.pool.query(`update orders set ${columns} where external_id = $1`, [`view-${index}`]);
  await set(0, `attention = '{stock}'`);
  await set(1, `stage = 'warehouse'`);
  await set(2, `stage = 'handover', promised_by = now() - interval '1 hour'`);
  await set(3, `stage = 'ended', lifecycle = 'completed', promised_by = now() - interval '1 hour'`);
  await set(4, `stage = 'ended', lifecycle = 'expired'`);
  await set(5, `promised_by = now() + interval '1 hour'`);
  await set(7, `attention = '{carrier}', stage = 'transport'`);
});
afterAll(async () => {
  await api.stop();
  await postgres.stop();
});

const get = (path: string, key = api.keys.support) => api.call('GET', path, { key });
const names = async (query: string, key?: string): Promise<string[]> =>
  (await get(`/v1/orders?${query}`, key)).body.data
    .map((row: { externalId: string }) => row.externalId)
    .toSorted();

describe('the views everybody has', () => {
  const SHOWN = {
    needs_attention: ['view-0', 'view-7'],
    to_ship: ['view-1', 'view-2'],
    late: ['view-2'],
    cancelled: ['view-4'],
  };

  it.each(Object.entries(SHOWN))('%s shows its orders, however they are sorted', async (view, expected) => {
    for (const sort of ['-createdAt', 'placedAt', '-total', 'number'])
      expect(await names(`view=${view}&sort=${sort}`)).toEqual(expected);
  });

  it('are counted as the list shows them, for a channel its own', async () => {
    const counts = async (key?: string) =>
      (await get('/v1/orders/views', key)).body.data.map(
        (one: { view: string; count: number; isMore: boolean }) => [one.view, one.count, one.isMore],
      );
    expect(await counts()).toEqual([
      ['all', 8, false],
      ['needs_attention', 2, false],
      ['to_ship', 2, false],
      ['late', 1, false],
      ['cancelled', 1, false],
    ]);
    expect(await counts(api.keys.other)).toEqual([
      ['all', 1, false],
      ['needs_attention', 1, false],
      ['to_ship', 0, false],
      ['late', 0, false],
      ['cancelled', 0, false],
    ]);
    const [all] = (await get('/v1/orders/views')).body.data;
    expect(all).toMatchObject({ title: 'All', definition: 'Every order.' });
  });

  it('are counted up to a bound', async () => {
    await api.db.pool.query(
      `insert into orders select made.* from orders o, generate_series(1, 1001) g,
         jsonb_populate_record(o, jsonb_build_object('id', 'ord_more_' || g, 'number', 900000 + g, 'external_id', 'more-' || g)) made
       where o.external_id = 'view-7'`,
    );
    const [all, needsAttention] = (await get('/v1/orders/views')).body.data;
    expect([all.count, all.isMore]).toEqual([1000, true]);
    expect([needsAttention.count, needsAttention.isMore]).toEqual([1000, true]);
    await api.db.pool.query(`delete from orders where id like 'ord_more_%'`);
  });

  it('go together with filters', async () => {
    expect(await names('view=needs_attention&stage=transport')).toEqual(['view-7']);
    expect(await names('view=needs_attention', api.keys.channel)).toEqual(['view-0']);
    expect(await names('stage=ended')).toEqual(['view-3', 'view-4']);
    expect(await names('view=late&sku=mug')).toEqual(['view-2']);
    expect((await get('/v1/orders?view=lost')).status).toBe(422);
  });
});

describe('own views', () => {
  const keep = (body: unknown, key = api.keys.support) => api.call('POST', '/v1/views', { key, body });

  it('are kept by name, replaced under it, and dropped', async () => {
    const first = await keep({ name: 'Germany', query: 'country=DE' });
    expect([first.status, first.body.query]).toEqual([200, 'country=DE']);
    const again = await keep({ name: 'Germany', query: 'country=DE&view=late' });
    expect([again.body.id, again.body.query]).toEqual([first.body.id, 'country=DE&view=late']);
    await keep({ name: 'austria', query: 'country=AT' });
    const list = (await get('/v1/views')).body.data;
    expect(list.map((one: { name: string }) => one.name)).toEqual(['austria', 'Germany']);
    const drop = (key: string) => api.call('DELETE', `/v1/views/${first.body.id}`, { key });
    expect((await drop(api.keys.ops)).status).toBe(404);
    expect((await drop(api.keys.support)).status).toBe(204);
    expect((await drop(api.keys.support)).status).toBe(404);
    expect((await get('/v1/views')).body.data).toHaveLength(1);
  });

  it('keep no e-mail address that was looked for', async () => {
    for (const query of [
      'view=late&q=ada%40example.com&country=DE',
      'view=late&q=ada@example.com&country=DE',
      'view=late&country=DE&q=ada%40Example.com&q=x@y',
    ]) {
      const kept = await keep({ name: 'Ada', query });
      expect([kept.status, kept.body.query]).toEqual([200, 'view=late&country=DE']);
    }
    const other = 'q=MUG-1&tag=100%25+new';
    expect((await keep({ name: 'Ada', query: other })).body.query).toBe(other);
    const { rows } = await api.db.pool.query(`select from saved_views where query ilike '%example%'`);
    expect(rows).toEqual([]);
    const [one] = (await get('/v1/views')).body.data;
    expect((await api.call('DELETE', `/v1/views/${one.id}`, { key: api.keys.support })).status).toBe(204);
  });

  it('are one key’s own, and not for channels', async () => {
    expect((await get('/v1/views', api.keys.viewer)).body.data).toEqual([]);
    for (const answer of [
      await get('/v1/views', api.keys.channel),
      await keep({ name: 'x', query: '' }, api.keys.channel),
    ])
      expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
  });

  it('are 50 at most, also when they are kept at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => keep({ name: `view ${index}`, query: '' }, api.keys.ops)),
    );
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(50);
    const refused = answers.find((answer) => answer.status !== 200);
    expect([refused?.status, refused?.body.errors[0].pointer]).toEqual([422, '/name']);
    const { name } = (await get('/v1/views', api.keys.ops)).body.data[0];
    expect((await keep({ name, query: 'q=1' }, api.keys.ops)).status).toBe(200);
    expect((await keep({ name: '', query: '' })).status).toBe(422);
  });
});
