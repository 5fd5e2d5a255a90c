/** Receipts over the API: a result a row, nothing is lost, and a repeat books nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withOrder } from '../db/writes/order.ts';
import { orderBody, startApi, usd, type TestApi } from '../test/api.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';

let postgres: TestPostgres;
let test: TestApi;
let counter = 0;
/** False: the workflows are out of reach. */
let isUp = true;

beforeAll(async () => {
  postgres = await startPostgres();
  const down = () => Promise.reject(new Error('Temporal is down'));
  test = await startApi(postgres.url, {
    lane: {
      start: down,
      ring: down,
      command: ({ orderId }) => (isUp ? withOrder(test.db.pool, orderId).then(() => undefined) : down()),
    },
  });
}, 60_000);

afterAll(async () => {
  await test?.stop();
  await postgres?.stop();
});

/** An order of 30.00 USD that is paid by invoice. */
async function invoiced(payment: object = { method: 'invoice' }) {
  counter += 1;
  const placed = await test.call('POST', '/v1/orders', {
    key: test.keys.channel,
    body: orderBody(`R-${counter}`, { payment }),
    headers: { 'idempotency-key': `R-${counter}` },
  });
  expect(placed.status).toBe(201);
  return placed.body as { id: string; number: number; externalId: string };
}

const record = (receipts: readonly unknown[], key = test.keys.support, source?: string) =>
  test.call('POST', '/v1/receipts', { key, body: { receipts, ...(source && { source }) } });
const row = (order: string | number, given: object = {}) => {
  counter += 1;
  return { order: String(order), number: `T-${counter}`, amount: 3_000, currency: 'USD', ...given };
};
const listed = async (query: string, key = test.keys.support) =>
  (await test.call('GET', `/v1/receipts${query}`, { key })).body.data as { id: string }[];

describe('recording receipts', () => {
  it('books what names its order by number, by id, or as the shop calls it', async () => {
    const orders = [await invoiced(), await invoiced(), await invoiced()] as const;
    const [a, b, c] = orders;
    const { status, body } = await record([
      row(a.number, { note: 'Seen on the statement.' }),
      row(b.id),
      row(c.externalId, { amount: 1_000 }),
    ]);
    expect(status).toBe(200);
    expect(body.results).toMatchObject(
      orders.map((order, index) => ({
        ...{ index, result: 'booked', problem: null },
        receipt: { state: 'booked', orderId: order.id, orderNumber: order.number, method: 'invoice' },
      })),
    );
    expect(body.results[0].receipt).toMatchObject({
      ...{ amount: usd(3_000), source: 'person', note: 'Seen on the statement.' },
    });
    const shown = await test.call('GET', `/v1/orders/${a.number}`, { key: test.keys.support });
    expect(shown.body.money).toMatchObject({ captured: usd(3_000), chargeStatus: 'full' });
    expect(shown.body.money.operations).toMatchObject([{ kind: 'charge', source: 'person' }]);
    expect(await listed(`?order=${a.number}`)).toHaveLength(1);
    const [quiet] = await listed(`?order=${a.number}`, test.keys.viewer);
    expect(quiet).toMatchObject({ note: null });
  });

  it('says of each row what is wrong with it, and takes the others', async () => {
    const order = await invoiced();
    const good = row(order.number);
    const { status, body } = await record(
      [
        row(order.number, { amount: -1 }),
        { order: 'x' },
        row(order.number, { note: '4242 4242 4242 4242' }),
        row(order.number, { currency: 'EUR' }),
        row('nobody'),
        good,
        { ...good },
        { ...good, amount: 1 },
      ],
      test.keys.support,
      'file',
    );
    expect(status).toBe(200);
    const said = body.results.map((one: { result: string; problem: { code: string } | null }) => [
      one.result,
      one.problem?.code,
    ]);
    expect(said).toEqual([
      ['refused', 'invalid'],
      ['refused', 'invalid'],
      ['refused', 'card_number'],
      ['unmatched', 'receipt_mismatch'],
      ['unmatched', 'not_found'],
      ['booked', undefined],
      ['repeated', undefined],
      ['refused', 'already_exists'],
    ]);
    expect(body.results[0].problem.detail).toMatch(/^amount [^;]*$/);
    expect(body.results[5].receipt.source).toBe('file');
    const why = (index: number) => body.results[index].receipt;
    expect(why(3)).toMatchObject({ orderId: null, orderCurrency: 'USD', actorName: expect.any(String) });
    expect(why(4)).toMatchObject({ orderCurrency: null });
    expect(
      (await test.call('POST', '/v1/receipts', { key: test.keys.support, body: { receipts: [] } })).status,
    ).toBe(422);
  });

  it('books a file once that is sent twice, also when it is sent twice at the same time', async () => {
    const order = await invoiced({ method: 'bank_transfer' });
    const file = Array.from({ length: 10 }, () => row(order.number, { amount: 300 }));
    const answers = await Promise.all([record(file), record(file)]);
    answers.push(await record(file));
    const results = answers.flatMap((one) =>
      one.body.results.map(({ result }: { result: string }) => result),
    );
    expect(results.filter((one) => one === 'booked')).toHaveLength(10);
    expect(results.filter((one) => one === 'repeated')).toHaveLength(20);
    const { body } = await test.call('GET', `/v1/orders/${order.number}`, { key: test.keys.support });
    expect(body.money).toMatchObject({ captured: usd(3_000), chargeStatus: 'full' });
  });

  it('adds up twenty that come at once for one order', async () => {
    const order = await invoiced();
    const rows = Array.from({ length: 20 }, () => row(order.number, { amount: 150 }));
    const answers = await Promise.all(rows.map((one) => record([one])));
    await withOrder(test.db.pool, order.id);
    expect(answers.every((one) => one.status === 200)).toBe(true);
    const { body } = await test.call('GET', `/v1/orders/${order.number}`, { key: test.keys.support });
    expect(body.money).toMatchObject({ captured: usd(3_000), chargeStatus: 'full' });
  });

  it('keeps what no workflow takes now, and books it later', async () => {
    const order = await invoiced();
    isUp = false;
    const { body } = await record([row(order.number)]);
    isUp = true;
    expect(body.results).toMatchObject([{ result: 'given', receipt: { state: 'given' } }]);
    expect(await listed(`?state=given&order=${order.number}`)).toHaveLength(1);
    await withOrder(test.db.pool, order.id);
    expect(await listed(`?state=booked&order=${order.number}`)).toHaveLength(1);
  });
});

describe('receipts that fit no order', () => {
  it('are given to their order, or sent back, once', async () => {
    const order = await invoiced();
    const { body } = await record([row('lost'), row('stranger')]);
    const [lost, stranger] = body.results.map((one: { receipt: { id: string } }) => one.receipt.id);
    const decide = (id: string, what: string, given: object, key = test.keys.support) =>
      test.call('POST', `/v1/receipts/${id}/${what}`, { key, body: given });
    const assigned = await decide(lost, 'assign', { order: order.externalId });
    expect([assigned.status, assigned.body]).toMatchObject([200, { state: 'booked', orderId: order.id }]);
    const again = await decide(lost, 'assign', { order: order.externalId });
    expect([again.status, again.body.code]).toEqual([409, 'refused_by_state']);
    expect((await decide(stranger, 'assign', { order: 'nobody' })).body.code).toBe('not_found');
    expect((await decide(stranger, 'return', {})).status).toBe(422);
    const returned = await decide(stranger, 'return', { note: 'To the sender.' });
    expect(returned.body).toMatchObject({ state: 'returned', note: 'To the sender.', orderId: null });
    expect((await decide('rcp_none', 'return', { note: 'x' })).body.code).toBe('not_found');
    expect((await decide(stranger, 'return', { note: 'x' }, test.keys.channel)).status).toBe(403);
  });
});

describe('a channel', () => {
  it('records for its own orders, and sees no others', async () => {
    const order = await invoiced();
    const [own] = (await record([row(order.number)], test.keys.channel)).body.results;
    expect(own).toMatchObject({ result: 'booked', receipt: { note: null } });
    const [foreign] = (await record([row(order.number)], test.keys.other)).body.results;
    expect(foreign).toMatchObject({ result: 'unmatched', problem: { code: 'not_found' } });
    const taken = { ...row(order.number), number: own.receipt.number };
    const [hidden] = (await record([taken], test.keys.other)).body.results;
    expect(hidden).toMatchObject({ result: 'refused', receipt: null, problem: { code: 'already_exists' } });
    const seen = await listed('', test.keys.other);
    expect(seen.map((one) => one.id)).toEqual([foreign.receipt.id]);
    const mine = await listed('?limit=100', test.keys.channel);
    expect(mine.map((one) => one.id)).not.toContain(foreign.receipt.id);
  });
});

it('shows them page by page, newest first', async () => {
  const first = await test.call('GET', '/v1/receipts?limit=2', { key: test.keys.support });
  expect(first.body).toMatchObject({ hasMore: true, data: [{}, {}] });
  const next = await test.call('GET', `/v1/receipts?limit=100&cursor=${first.body.nextCursor}`, {
    key: test.keys.support,
  });
  const all: { id: string; createdAt: string }[] = [...first.body.data, ...next.body.data];
  expect(new Set(all.map((one) => one.id)).size).toBe(all.length);
  const times = all.map((one) => one.createdAt);
  expect(times).toEqual(times.toSorted().toReversed());
  const bad = await test.call('GET', '/v1/receipts?cursor=x', { key: test.keys.support });
  expect(bad.body.code).toBe('invalid_cursor');
});
