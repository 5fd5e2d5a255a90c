/** What an older version accepted or ended is counted once, by whoever folds next; a database of version 001 is brought up. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderBody, startApi, type TestApi } from '../test/api.ts';
import { emptyDatabase, startPostgres, type TestPostgres } from '../test/postgres.ts';
import { connect, type Db } from './connect.ts';
import { migrate } from './migrations/index.ts';
import { catchUpReports } from './writes/reportCatchUp.ts';
import { foldReports } from './writes/reportFold.ts';

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

async function place(externalId: string): Promise<string> {
  const placed = await api.call('POST', '/v1/orders', {
    key: api.keys.channel,
    body: orderBody(externalId),
    headers: { 'idempotency-key': externalId },
  });
  expect(placed.status).toBe(201);
  return placed.body.id;
}

/** What is counted, folded or not, by report and key. */
async function counted(db: Pick<Db, 'pool'>) {
  const { rows } = await db.pool.query(
    `select report, key, sum(n)::int as n, sum(units)::int as units, sum(amount_minor)::int as amount
     from (select report, key, n, units, amount_minor from report_deltas
       union all select report, key, n, units, amount_minor from report_days) t
     group by 1, 2 order by 1, 2`,
  );
  return rows;
}

describe('what an older process left', () => {
  it('is counted exactly as if it had been counted at once, however many look for it', async () => {
    const ids = [await place('old-1'), await place('old-2'), await place('old-3')];
    const before = await counted(api.db);
    // An older version writes no such rows and leaves the columns to their defaults.
    await api.db.pool.query('delete from report_deltas');
    await api.db.pool.query(`update orders set counted = default, stage = default where id = any ($1)`, [
      ids,
    ]);
    await Promise.all([catchUpReports(api.db.pool), catchUpReports(api.db.pool), foldReports(api.db.pool)]);
    await catchUpReports(api.db.pool);
    expect(await counted(api.db)).toEqual(before);
    expect(await catchUpReports(api.db.pool)).toBe(0);
  });

  it('an order that it ended is ended and its cancellation counted once', async () => {
    const id = await place('old-ended');
    await api.db.pool.query(
      `update orders set lifecycle = 'cancelled', cancelled_at = now(), undo_cause = 'fraud', stage = 'payment' where id = $1`,
      [id],
    );
    await catchUpReports(api.db.pool);
    await catchUpReports(api.db.pool);
    const rows = await counted(api.db);
    expect(rows.filter((row) => row.report === 'cancelled')).toEqual([
      { report: 'cancelled', key: 'fraud', n: 1, units: 3, amount: 3000 },
    ]);
    const { rows: orders } = await api.db.pool.query('select stage from orders where id = $1', [id]);
    expect(orders).toEqual([{ stage: 'ended' }]);
  });
});

it('only what takes the place of the same way to pay is authorized again', async () => {
  const id = await place('two-ways');
  const share = `ful_${id}`;
  await api.db.pool.query(
    `insert into fulfillment_orders (id, order_id, seq, location, amount_minor) select $1, $2, 1, id, 0 from locations limit 1`,
    [share, id],
  );
  await api.db.pool.query(
    `insert into payments (id, order_id, fulfillment_id, tender, attempt, method, provider, state, currency, amount_minor)
     select 'pay_' || n, $1, $2, tender, attempt, 'card', 'stripe', 'created', 'EUR', amount
     from (values (1, 1, 1, 100), (2, 2, 2, 30), (3, 1, 2, 7)) v (n, tender, attempt, amount)`,
    [id, share],
  );
  const granted = `insert into payment_events (order_id, payment_id, type, reference, amount_minor, currency, source)
    select order_id, id, 'authorization_success', id, amount_minor, currency, 'operation' from payments where id = $1`;
  // The second way's first try was declined: its next one takes nothing's place.
  for (const payment of ['pay_1', 'pay_2', 'pay_3']) await api.db.pool.query(granted, [payment]);
  const rows = await counted(api.db);
  expect(rows.filter(({ report }) => report === 'granted' || report === 'reauthorized')).toEqual([
    { report: 'granted', key: 'card', n: 3, units: 1, amount: 137 },
    { report: 'reauthorized', key: 'card', n: 1, units: 0, amount: 7 },
  ]);
});

const OLD_ROWS = `
insert into channels (id, name, time_zone) values ('old', 'Old', 'America/New_York');
insert into policies (channel, version, body, created_by) values ('old', 1, '{}', 'test');
insert into items (sku, name) values ('MUG', 'Mug');
insert into orders (id, number, channel, external_id, origin, policy_version, currency, subtotal_minor, discount_minor,
  shipping_minor, tax_minor, total_minor, totals, line_count, unit_count, payment_method, placed_at, idempotency_key,
  fingerprint, lifecycle, cancelled_at, undo_cause)
select 'ord_' || n, n, 'old', 'e-' || n, 'api', 1, 'USD', 500, 0, 0, 0, 500, '{}', 1, 2, 'prepaid',
  '2026-03-01T03:00:00Z', 'k-' || n, 'f', case when n = 1 then 'cancelled' when n = 2 then 'completed' else 'processing' end,
  case when n = 1 then timestamptz '2026-03-02T03:00:00Z' end, case when n = 1 then 'customer' end
from generate_series(1, 3) n;
insert into order_lines (order_id, line_no, sku, name, total_minor, quantity) select 'ord_' || n, 1, 'MUG', 'Mug', 500, 2 from generate_series(1, 3) n;
insert into payments (id, order_id, attempt, method, provider, state, currency, amount_minor, authorized_minor, captured_minor, created_at)
values ('pay_2', 'ord_2', 1, 'card', 'stripe', 'captured', 'USD', 500, 500, 500, '2026-03-01T04:00:00Z');`;

it('a database of version 001 is brought up to date, and what it holds is counted in the days of its channel', async () => {
  const db = connect({ url: await emptyDatabase(postgres.url), max: 2, statementTimeoutMillis: 30_000 });
  try {
    expect(await migrate(db.knex, '001_base')).toEqual(['001_base']);
    await db.pool.query(OLD_ROWS);
    expect(await migrate(db.knex)).toEqual([
      '002_console',
      '003_console_indexes',
      '004_money',
      '005_money_counts',
      '006_methods',
      '007_method_indexes',
    ]);
    expect(await migrate(db.knex)).toEqual([]);
    expect(await catchUpReports(db.pool)).toBe(3);
    await foldReports(db.pool);
    const { rows } = await db.pool.query(
      `select report, day::text, key, n, units, amount_minor from report_days order by report, day, key`,
    );
    expect(rows).toEqual([
      { report: 'cancelled', day: '2026-03-01', key: 'customer', n: 1, units: 2, amount_minor: 500 },
      { report: 'captured', day: '2026-02-28', key: 'card', n: 1, units: 1, amount_minor: 500 },
      { report: 'product', day: '2026-02-28', key: 'MUG', n: 3, units: 6, amount_minor: 1500 },
      { report: 'sales', day: '2026-02-28', key: '', n: 3, units: 6, amount_minor: 1500 },
    ]);
    const { rows: stages } = await db.pool.query('select id, stage from orders order by id');
    expect(stages.map((row) => row.stage)).toEqual(['ended', 'ended', 'payment']);
    const { rows: invalid } = await db.pool.query(
      'select indexrelid::regclass::text from pg_index where not indisvalid',
    );
    expect(invalid).toEqual([]);
  } finally {
    await db.close();
  }
});
