/** Searches that find very many orders: right in every order and page by page, whichever way they are looked up. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderBody, startApi, type TestApi } from '../test/api.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';

/** Above what is read and sorted as a whole; twice as many orders are above what is looked at in the sort order first. */
const MANY = 5_200;

let postgres: TestPostgres;
let api: TestApi;

beforeAll(async () => {
  postgres = await startPostgres();
  api = await startApi(postgres.url);
  await api.call('POST', '/v1/orders', {
    key: api.keys.channel,
    body: orderBody('first'),
    headers: { 'idempotency-key': 'first' },
  });
  const connection = await api.db.pool.connect();
  await connection.query(`set statement_timeout = '60s'`);
  await connection.query(`insert into items (sku, name) values ('OLD', 'Old'), ('HOT', 'Hot')`);
  // The older half has OLD on a line; all have HOT on another.
  await connection.query(
    `with made as (
       insert into orders select made.* from orders o, generate_series(1, 2 * $1::int) g,
         jsonb_populate_record(o, jsonb_build_object('id', 'ord_many_' || lpad(g::text, 6, '0'), 'number', 800000 + g,
           'external_id', 'many-' || g, 'created_at', timestamptz '2020-01-01Z' + g * interval '1 second')) made
       returning id, number)
     insert into order_lines (order_id, line_no, sku, name, total_minor, quantity)
     select id, 1, 'HOT', 'Hot', 1, 1 from made
     union all select id, 2, 'OLD', 'Old', 1, 1 from made where number <= 800000 + $1`,
    [MANY],
  );
  await connection.query('analyze orders, order_lines');
  connection.release(true);
});
afterAll(async () => {
  await api.stop();
  await postgres.stop();
});

interface Page {
  data: { externalId: string }[];
  nextCursor: string | null;
  hasMore: boolean;
}

async function found(query: string): Promise<Page> {
  const answer = await api.call('GET', `/v1/orders?limit=2&${query}`, { key: api.keys.support });
  expect([query, answer.status]).toEqual([query, 200]);
  return answer.body;
}
const ids = (page: Page) => page.data.map((row) => row.externalId);

describe('the beginning of an e-mail address', () => {
  it('is looked up in its index', async () => {
    const connection = await api.db.pool.connect();
    // A table this small would be read as a whole; what counts is that the index can be asked.
    await connection.query('set enable_seqscan = off');
    const plan = await connection.query<{ 'QUERY PLAN': string }>(
      `explain select order_id from contacts where lower(email) like 'ada@%' limit 5001`,
    );
    connection.release(true);
    expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('contacts_email_beginning');
  });
});

describe('what a carrier prints in groups', () => {
  it('is found with blanks and without', async () => {
    const [first] = (await found('q=first')).data;
    await api.db.pool.query(
      `with share as (
         insert into fulfillment_orders (id, order_id, seq, location, amount_minor)
         select 'share_1', id, 1, 'east', 3000 from orders where external_id = 'first' returning id, order_id)
       insert into shipments (id, order_id, fulfillment_id, attempt, state, tracking_code)
       select 'shipment_1', order_id, id, 1, 'booked', '1Z999AA10123456784' from share`,
    );
    for (const q of ['1Z999AA10123456784', '1Z 999 AA1 0123 4567 84', ' 1Z999AA1 0123456784 '])
      expect([q, (await found(`q=${encodeURIComponent(q)}`)).data]).toEqual([q, [first]]);
    expect(ids(await found('q=1Z999AA'))).toEqual([]);
  });
});

describe('a search that finds very many', () => {
  it.each(['sku=HOT', 'q=hot'])('%s is right in either order, and page by page', async (query) => {
    const first = await found(query);
    expect(ids(first)).toEqual([`many-${2 * MANY}`, `many-${2 * MANY - 1}`]);
    const second = await found(`${query}&cursor=${first.nextCursor}`);
    expect(ids(second)).toEqual([`many-${2 * MANY - 2}`, `many-${2 * MANY - 3}`]);
    expect(ids(await found(`${query}&sort=createdAt`))).toEqual(['many-1', 'many-2']);
    const byNumber = await found(`${query}&sort=-number&view=all`);
    expect(ids(byNumber)).toEqual([`many-${2 * MANY}`, `many-${2 * MANY - 1}`]);
  });

  it('finds what lies behind the newest orders, too', async () => {
    const newest = [`many-${MANY}`, `many-${MANY - 1}`];
    expect(ids(await found('sku=OLD'))).toEqual(newest);
    expect(ids(await found('sku=OLD&q=hot'))).toEqual(newest);
    expect(ids(await found('q=old&sort=-number'))).toEqual(newest);
  });

  it('goes together with a search that finds few, and with filters', async () => {
    expect(ids(await found('sku=HOT&q=many-9'))).toEqual(['many-9']);
    expect(ids(await found('sku=OLD&q=many-9000'))).toEqual([]);
    expect(ids(await found('sku=HOT&createdBefore=2020-01-01T00:00:03Z'))).toEqual(['many-2', 'many-1']);
    expect(await found('sku=HOT&view=cancelled')).toEqual({ data: [], nextCursor: null, hasMore: false });
    expect(await found('sku=HOT&channel=other')).toEqual({ data: [], nextCursor: null, hasMore: false });
  });

  it('ends with its last page', async () => {
    const last = await found('sku=OLD&createdBefore=2020-01-01T00:00:03Z');
    expect([ids(last), last.hasMore]).toEqual([['many-2', 'many-1'], false]);
  });
});
