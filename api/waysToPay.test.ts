/** The ways to pay of an order, through the door: each is stored right, a wrong one is refused by its place, no code is kept. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashOfCreditCode } from '../db/creditCodes.ts';
import { newId } from '../db/ids.ts';
import { normalCreditCode } from '../domain/credit.ts';
import { fingerprint } from './fingerprint.ts';
import { countRows, orderBody, startApi, usd, type TestApi } from '../test/api.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';

let postgres: TestPostgres;
let api: TestApi;
const CODE = 'BCDF-G234-MNPQ-R567';
const account = { gift: newId('crd'), store: newId('crd'), disabled: newId('crd'), euro: newId('crd') };

beforeAll(async () => {
  postgres = await startPostgres();
  api = await startApi(postgres.url);
  const hash = hashOfCreditCode(api.masterKey, normalCreditCode(CODE) ?? '');
  await api.db.pool.query(
    `insert into credit_accounts (id, kind, currency, code_hash, code_last4, holder, state, created_by) values
       ($1, 'gift_card', 'USD', $5, 'R567', null, 'active', 'test'), ($2, 'store_credit', 'USD', null, null, 'c-1', 'active', 'test'),
       ($3, 'store_credit', 'USD', null, null, 'c-2', 'disabled', 'test'), ($4, 'store_credit', 'EUR', null, null, 'c-1', 'active', 'test')`,
    [account.gift, account.store, account.disabled, account.euro, hash],
  );
});
afterAll(async () => {
  await api.stop();
  await postgres.stop();
});

let count = 0;
const place = (ways: object, key = `ways-${(count += 1)}`) =>
  api.call('POST', '/v1/orders', {
    key: api.keys.channel,
    body: orderBody(key, { payment: undefined, ...ways }),
    headers: { 'idempotency-key': key },
  });

async function stored(orderId: string) {
  const { rows } = await api.db.pool.query<Record<string, unknown>>(
    `select payment_method as method, payment_token as token, payment_number as number, payment_paid as paid, tenders,
       payment_terms_days as terms from orders where id = $1`,
    [orderId],
  );
  return rows[0];
}

const gift = { method: 'gift_card', code: 'bcdf g234 mnpq r567' };
const card = { method: 'card', token: 'pm_1' };
const store = (id: string) => ({ method: 'store_credit', account: id });

describe('one way to pay', () => {
  it.each<[object, () => object]>([
    [card, () => ({ method: 'card', token: 'pm_1', paid: false })],
    [{ method: 'card', token: 'cus_1:pm_1' }, () => ({ method: 'card', token: 'cus_1:pm_1', paid: false })],
    [gift, () => ({ method: 'gift_card', token: account.gift, paid: false })],
    [
      { method: 'bank_transfer', number: 'RF18' },
      () => ({ method: 'bank_transfer', token: null, number: 'RF18', paid: false }),
    ],
    [{ method: 'invoice', termsDays: 0 }, () => ({ method: 'invoice', token: null, paid: false, terms: 0 })],
    [{ method: 'invoice' }, () => ({ method: 'invoice', terms: null })],
    [{ method: 'cash_on_delivery' }, () => ({ method: 'cash_on_delivery', token: null, paid: false })],
    [
      { method: 'prepaid', number: 'P-1', time: '2026-01-02T03:04:05Z' },
      () => ({ method: 'prepaid', number: 'P-1', paid: true }),
    ],
  ])('is stored: %j', async (payment, expected) => {
    const placed = await place({ payment });
    expect(placed.status).toBe(201);
    expect(await stored(placed.body.id)).toMatchObject({ tenders: null, ...expected() });
  });

  it.each([
    ...['new:pm_1', 'cus_1:', 'cus_1:pm_', ':pm_1', 'cus_1:cus_2', 'cus_1:pm_1:pm_2', 'pm_1:cus_1', 'pm_1 '],
  ])('is refused: the token "%s"', async (token) => {
    const refused = await place({ payment: { method: 'card', token } });
    expect([refused.status, refused.body.code]).toEqual([422, 'invalid']);
  });

  it.each(['4242424242424242', 'cus_1:4242424242424242', 'cus_1:pm_4242424242424242'])(
    'is refused: a number as a token, %s',
    async (token) => {
      const refused = await place({ payment: { method: 'card', token } });
      expect(refused.status).toBe(422);
      expect(JSON.stringify(refused.body)).not.toContain('4242');
    },
  );

  it('is stored: store credit by its account', async () => {
    const placed = await place({ payment: store(account.store) });
    expect(await stored(placed.body.id)).toMatchObject({ method: 'store_credit', token: account.store });
  });

  it('awaits nothing of an order that costs nothing', async () => {
    const free = {
      lines: [{ sku: 'MUG', quantity: 1, unitPrice: usd(0), total: usd(0) }],
      totals: { total: usd(0) },
    };
    const placed = await place({ ...free, shipping: undefined, payment: { method: 'bank_transfer' } });
    expect(await stored(placed.body.id)).toMatchObject({ method: 'bank_transfer', paid: true });
  });

  it('is shown, with the days in which it is due', async () => {
    const read = async (payment: object) => {
      const placed = await place({ payment });
      return (await api.call('GET', `/v1/orders/${placed.body.id}`, { key: api.keys.channel })).body.payment;
    };
    expect(await read({ method: 'invoice' })).toMatchObject({
      method: 'invoice',
      termsDays: 30,
      dueAt: null,
      tenders: [{ seq: 1, method: 'invoice', amount: usd(3000), creditAccount: null, codeLast4: null }],
    });
    expect(await read({ method: 'invoice', termsDays: 7 })).toMatchObject({ termsDays: 7 });
    expect(await read({ method: 'cash_on_delivery' })).toMatchObject({ termsDays: 14 });
    expect(await read(gift)).toMatchObject({
      termsDays: null,
      tenders: [{ method: 'gift_card', creditAccount: account.gift, codeLast4: 'R567' }],
    });
  });
});

describe('several ways to pay', () => {
  const payments = [
    { ...gift, amount: usd(1000) },
    { ...store(account.store), amount: usd(500) },
    { method: 'bank_transfer', number: 'RF18' },
  ];

  it('are stored with the awaited one in front, and shown without tokens of cards', async () => {
    const placed = await place({ payments });
    expect(placed.status).toBe(201);
    expect(await stored(placed.body.id)).toMatchObject({
      method: 'bank_transfer',
      token: null,
      number: 'RF18',
      paid: false,
      tenders: [
        { seq: 1, method: 'gift_card', token: account.gift, amountMinor: 1000 },
        { seq: 2, method: 'store_credit', token: account.store, amountMinor: 500 },
        { seq: 3, method: 'bank_transfer', token: null, amountMinor: 1500 },
      ],
    });
    const other = await place({ payments: [card, { ...gift, amount: usd(1) }] });
    expect(await stored(other.body.id)).toMatchObject({ method: 'card', token: 'pm_1' });
    const shown = await api.call('GET', `/v1/orders/${other.body.id}`, { key: api.keys.channel });
    expect(shown.body.payment.tenders).toEqual([
      { seq: 1, method: 'card', amount: usd(2999), creditAccount: null, codeLast4: null },
      { seq: 2, method: 'gift_card', amount: usd(1), creditAccount: account.gift, codeLast4: 'R567' },
    ]);
    expect(JSON.stringify(shown.body)).not.toContain('pm_1');
  });

  it('are answered once for their key, also when a card of theirs can not be used any more', async () => {
    const first = await place({ payments }, 'ways-once');
    await api.db.pool.query(`update credit_accounts set state = 'disabled' where id = $1`, [account.gift]);
    const again = await place({ payments }, 'ways-once');
    const other = await place({ payments: [card, { ...gift, amount: usd(1) }] }, 'ways-once');
    await api.db.pool.query(`update credit_accounts set state = 'active' where id = $1`, [account.gift]);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(other.body.code).toBe('credit_unusable');
    const changed = await place({ payments: payments.toReversed() }, 'ways-once');
    expect(changed.body.code).toBe('idempotency_key_reused');
  });

  it('leave no code behind, in clear or as a hash that could be tried out', async () => {
    await place({ payments }, 'ways-code');
    const bare = fingerprint({ ...orderBody('ways-code'), payment: undefined, payments });
    const { rows } = await api.db.pool.query<{ table_name: string }>(
      `select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
    );
    for (const { table_name: table } of rows) {
      const { rows: found } = await api.db.pool.query<{ n: number }>(
        `select count(*)::int as n from ${table} t where t::text ilike any ($1)`,
        [['%bcdf_g234%', '%bcdfg234%', '%mnpq_r567%', `%${bare}%`]],
      );
      expect([table, found[0]?.n]).toEqual([table, 0]);
    }
  });
});

describe('refusals', () => {
  const half = usd(1500);
  it.each<[string, string, string, object]>([
    ['no way at all', 'invalid', '/payment', {}],
    ['both forms', 'invalid', '/payments', { payment: card, payments: [{ ...card, amount: half }, gift] }],
    ['a list of one', 'invalid', '/payments', { payments: [card] }],
    ['too many', 'invalid', '/payments', { payments: Array.from({ length: 11 }, () => card) }],
    ['an unknown method', 'invalid', '/payments/1/method', { payments: [card, { method: 'gold' }] }],
    ['an amount of one way', 'invalid', '/payment/amount', { payment: { ...card, amount: usd(3000) } }],
    [
      'an amount of nothing',
      'invalid',
      '/payments/0/amount/amount',
      { payments: [{ ...card, amount: usd(0) }, gift] },
    ],
    ['terms of no days', 'invalid', '/payment/termsDays', { payment: { method: 'invoice', termsDays: 366 } }],
    ['a code that is none', 'invalid', '/payment/code', { payment: { method: 'gift_card', code: ' ' } }],
    ['an account that is none', 'invalid', '/payment/account', { payment: store('x') }],
    ['a missing token', 'invalid', '/payments/0/token', { payments: [{ method: 'card' }, gift] }],
    [
      'too little',
      'payments_mismatch',
      '/payments',
      {
        payments: [
          { ...card, amount: half },
          { ...gift, amount: usd(1) },
        ],
      },
    ],
    ['two rests', 'payments_mismatch', '/payments/1', { payments: [card, gift] }],
    [
      'two that are awaited',
      'payments_mismatch',
      '/payments/1/method',
      { payments: [{ method: 'invoice', amount: half }, { method: 'cash_on_delivery' }] },
    ],
    [
      'another currency',
      'totals_mismatch',
      '/payments/0/amount/currency',
      { payments: [{ ...card, amount: { amount: 1500, currency: 'EUR' } }, gift] },
    ],
    [
      'an unknown code',
      'credit_unknown',
      '/payment/code',
      { payment: { method: 'gift_card', code: 'BCDF-G234-MNPQ-R568' } },
    ],
    [
      'an unknown account',
      'credit_unknown',
      '/payments/1/account',
      {
        payments: [{ ...card, amount: half }, store(newId('crd'))],
      },
    ],
    ['an account of the other kind', 'credit_unknown', '/payment/account', { payment: store(account.gift) }],
    ['a disabled account', 'credit_unusable', '/payment/account', { payment: store(account.disabled) }],
    [
      'an account in another currency',
      'credit_unusable',
      '/payment/account',
      { payment: store(account.euro) },
    ],
  ])('%s: %s at %s, and nothing is stored', async (_, code, pointer, ways) => {
    const before = await countRows(api.db);
    const answer = await place(ways);
    expect(answer.body).toMatchObject({ code, errors: [{ pointer }] });
    expect(JSON.stringify(answer.body)).not.toContain('G234');
    expect(await countRows(api.db)).toEqual(before);
  });

  it('of the ways to pay stand beside all others', async () => {
    const answer = await place({ customerNote: 1 });
    expect(answer.body.errors.map((one: { pointer: string }) => one.pointer)).toEqual([
      '/customerNote',
      '/payment',
    ]);
  });
});

describe('an import', () => {
  const imported = (mode: string, orders: object[]) =>
    api.call('POST', '/v1/order-imports', { key: api.keys.channel, body: { mode, orders } });

  it('refuses only the order whose ways to pay are wrong', async () => {
    const ways = (name: string, changes: object) =>
      orderBody(`import-${name}`, { payment: undefined, ...changes });
    const orders = [
      ways('good', { payments: [{ ...gift, amount: usd(1000) }, card] }),
      ways('off', {
        payments: [
          { ...gift, amount: usd(1000) },
          { ...card, amount: usd(1) },
        ],
      }),
      ways('unknown', { payment: { method: 'gift_card', code: 'BCDF-G234-MNPQ-R568' } }),
      ways('cash', { payment: { method: 'cash_on_delivery' } }),
    ];
    const answer = await imported('live', orders);
    expect(
      answer.body.results.map(
        (one: { outcome: string; problem?: { code: string } }) => one.problem?.code ?? one.outcome,
      ),
    ).toEqual(['accepted', 'payments_mismatch', 'credit_unknown', 'accepted']);
    const again = await imported('live', orders);
    expect(again.body.results.map((one: { outcome: string }) => one.outcome)).toEqual([
      'replayed',
      'refused',
      'refused',
      'replayed',
    ]);
  });

  it('takes finished orders only as paid at the channel', async () => {
    const past = (name: string, ways: object) => orderBody(`past-${name}`, { payment: undefined, ...ways });
    const answer = await imported('history', [
      past('list', { payments: [{ ...card, amount: usd(1000) }, gift] }),
      past('invoice', { payment: { method: 'invoice' } }),
      past('none', {}),
    ]);
    const pointers = answer.body.results.map(
      (one: { problem: { errors: { pointer: string }[] } }) => one.problem.errors[0]?.pointer,
    );
    expect(pointers).toEqual(['/payments', '/payment/method', '/payment']);
  });
});
