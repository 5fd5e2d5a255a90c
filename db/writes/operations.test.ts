/** The provider's id on an operation: of two runs that made something, one is kept and both learn which. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { orderBody, startApi, type TestApi } from '../../test/api.ts';
import { startPostgres, type TestPostgres } from '../../test/postgres.ts';
import { noteProviderRef } from './operations.ts';

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

it('is swapped only from what the run has read, and the one that stands is told', async () => {
  const placed = await api.call('POST', '/v1/orders', {
    key: api.keys.channel,
    body: orderBody('noted'),
    headers: { 'idempotency-key': 'noted' },
  });
  const { pool } = api.db;
  const key = `${placed.body.number}/book/1/1`;
  await pool.query(
    `insert into operations (key, order_id, kind, subject, state) values ($1, $2, 'book', 'shp', 'requested')`,
    [key, placed.body.id],
  );
  const note = (providerRef: string, replaces: string | null) =>
    noteProviderRef(pool, key, { providerRef, replaces });
  const runs = await Promise.all(['a', 'b', 'c', 'd'].map((ref) => note(ref, null)));
  const [first = '', ...others] = new Set(runs);
  expect(others).toEqual([]);
  expect(await note('late', null)).toBe(first);
  expect(await note('late', 'unheard of')).toBe(first);
  const [second, ...more] = new Set(await Promise.all(['e', 'f'].map((ref) => note(ref, first))));
  expect([more, second === first]).toEqual([[], false]);
  await expect(noteProviderRef(pool, 'nothing', { providerRef: 'x', replaces: null })).rejects.toThrow();
});
