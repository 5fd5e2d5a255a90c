/** The proof of the books over the API: who may ask, and what is said of a row that was tampered with. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withOrder } from '../db/writes/order.ts';
import { orderBody, startApi, type TestApi } from '../test/api.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';
import { LedgerVerificationBody } from './schemas/ledger.ts';

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

const verify = () => api.call('GET', '/v1/ledger/verification', { key: api.keys.ops });

it('is for operators, and says that all is well while it is', async () => {
  const denied = await api.call('GET', '/v1/ledger/verification', { key: api.keys.support });
  expect(denied.status).toBe(403);
  const answer = await verify();
  expect(answer.status).toBe(200);
  expect(LedgerVerificationBody.parse(answer.body)).toMatchObject({ ok: true, wrong: 0, problems: [] });
});

it('names the row that was tampered with', async () => {
  const payment = { method: 'prepaid', number: 'shop-1', time: '2026-01-02T03:04:05Z' };
  const order = orderBody('paid', { payment });
  const { total } = order.totals;
  const placed = await api.call('POST', '/v1/orders', {
    key: api.keys.channel,
    body: order,
    headers: { 'idempotency-key': 'paid' },
  });
  await withOrder(api.db.pool, placed.body.id);
  expect((await verify()).body).toMatchObject({ ok: true, postings: 2, events: 2, payments: 1 });
  await api.db.pool.query(
    `set session_replication_role = 'replica'; delete from ledger; set session_replication_role = 'origin'`,
  );
  const { body } = await verify();
  expect(LedgerVerificationBody.parse(body)).toMatchObject({
    ...{ ok: false, wrong: 1, postings: 0 },
    problems: [
      {
        ...{ kind: 'posting_missing', row: `pay_${placed.body.id.slice(4)}_channel` },
        ...{ orderNumber: placed.body.number, expected: total, actual: { ...total, amount: 0 } },
      },
    ],
  });
});
