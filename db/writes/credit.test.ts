/** Credit accounts on a real database: never held beyond the balance, once a key, and the sums of their movements. */
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accepted } from '../../test/given/accepted.ts';
import { givenCredit } from '../../test/given/credit.ts';
import { openShop } from '../../test/given/shop.ts';
import { freshDatabase, startPostgres, type TestPostgres } from '../../test/postgres.ts';
import { connect, type Db } from '../connect.ts';
import { resolveCredit } from '../reads/credit.ts';
import { checkLedger } from '../reads/ledgerCheck.ts';
import { adjustCredit, issueCredit, switchCredit } from './credit.ts';
import { CreditKeyReused, giveBackCredit, holdCredit, releaseCredit, takeCredit } from './creditHolds.ts';

let postgres: TestPostgres;
let db: Db;
const masterKey = randomBytes(32);
const by = { actor: 'key:test' };

beforeAll(async () => {
  postgres = await startPostgres();
  db = connect({ url: await freshDatabase(postgres.url), max: 20, lockTimeoutMillis: 10_000 });
  await openShop(db, { masterKey });
}, 120_000);

afterAll(async () => {
  await db?.close();
  await postgres?.stop();
});

const place = () => ({ db, masterKey });
const card = async (amount = 5_000) =>
  (await givenCredit(place(), { amount: { amount, currency: 'EUR' } })).accountId;
const asked = (accountId: string, amountMinor: number, key: string = randomUUID()) => ({
  ...{ key, accountId, orderId: 'ord_1', amountMinor, currency: 'EUR' },
});

async function held(accountId: string, amountMinor: number): Promise<string> {
  const done = await holdCredit(db.pool, asked(accountId, amountMinor));
  if (!done.ok) throw new Error(done.why);
  return done.holdId;
}

const change = (holdId: string, amountMinor: number, key: string = randomUUID()) => ({
  ...{ key, holdId, amountMinor, currency: 'EUR' },
});

async function sumsOf(accountId: string) {
  const { rows } = await db.pool.query<Record<'balance' | 'held' | 'balanceSum' | 'heldSum', number>>(
    `select balance_minor as balance, held_minor as held, sum(balance_delta)::bigint as "balanceSum", sum(held_delta)::bigint as "heldSum"
     from credit_accounts a join credit_movements m on m.account_id = a.id where a.id = $1 group by a.id`,
    [accountId],
  );
  const [row] = rows;
  expect([row?.balance, row?.held]).toEqual([row?.balanceSum, row?.heldSum]);
  return { balance: row?.balance, held: row?.held };
}

describe('holds', () => {
  it('side by side never hold more than is there: 50 at once on one account', async () => {
    const account = await card(1_000);
    const all = await Promise.all(Array.from({ length: 50 }, () => holdCredit(db.pool, asked(account, 60))));
    expect(all.filter((one) => one.ok)).toHaveLength(16);
    for (const one of all.filter((each) => !each.ok)) expect(one).toMatchObject({ code: 'credit_short' });
    expect(await sumsOf(account)).toEqual({ balance: 1_000, held: 960 });
  });

  it('of one key at once are one hold', async () => {
    const account = await card();
    const one = asked(account, 700);
    const all = await Promise.all(Array.from({ length: 20 }, () => holdCredit(db.pool, one)));
    expect(new Set(all.map((each) => (each.ok ? each.holdId : each.why))).size).toBe(1);
    expect(await sumsOf(account)).toEqual({ balance: 5_000, held: 700 });
  });

  it('that were refused stay refused under their key, also once there is enough', async () => {
    const account = await card(100);
    const one = asked(account, 500);
    const first = await holdCredit(db.pool, one);
    expect(first).toEqual({ ok: false, code: 'credit_short', why: 'balance_short' });
    await adjust(account, 1_000);
    expect(await holdCredit(db.pool, one)).toEqual(first);
    expect(await holdCredit(db.pool, asked(account, 500))).toMatchObject({ ok: true });
  });

  it('under a key that was used for something else are not known to be anything', async () => {
    const account = await card();
    const one = asked(account, 700);
    await holdCredit(db.pool, one);
    for (const other of [
      { amountMinor: 701 },
      { orderId: 'ord_2' },
      { currency: 'USD' },
      { accountId: 'crd_no' },
    ])
      await expect(holdCredit(db.pool, { ...one, ...other })).rejects.toBeInstanceOf(CreditKeyReused);
    expect(await sumsOf(account)).toEqual({ balance: 5_000, held: 700 });
  });

  it('of takings, releases and refunds at once come to what the rules allow', async () => {
    const account = await card();
    const hold = await held(account, 1_000);
    const takes = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        n % 2 === 0 ? takeCredit(db.pool, change(hold, 1_000)) : releaseCredit(db.pool, change(hold, 0)),
      ),
    );
    const wasTaken = takes.some((one) => one.ok && 'takenMinor' in one);
    expect(takes.filter((one) => one.ok)).toHaveLength(5);
    expect(await sumsOf(account)).toEqual({ balance: wasTaken ? 4_000 : 5_000, held: 0 });
    const other = await held(account, 1_000);
    await takeCredit(db.pool, change(other, 1_000));
    const backs = await Promise.all(
      Array.from({ length: 10 }, () => giveBackCredit(db.pool, change(other, 300))),
    );
    expect(backs.filter((one) => one.ok)).toHaveLength(3);
    expect((await sumsOf(account)).balance).toBe((wasTaken ? 4_000 : 5_000) - 100);
  });

  it('of a disabled or expired account end as usual, but no new one begins', async () => {
    const account = await card();
    const hold = await held(account, 1_000);
    await switchCredit(db, { accountId: account, state: 'disabled' }, by);
    expect(await holdCredit(db.pool, asked(account, 1))).toMatchObject({ why: 'account_disabled' });
    expect(await takeCredit(db.pool, change(hold, 1_000))).toEqual({ ok: true, takenMinor: 1_000 });
    expect(await giveBackCredit(db.pool, change(hold, 1_000))).toMatchObject({ ok: true });
    await db.pool.query(`update credit_accounts set state = 'active', expires_at = now() where id = $1`, [
      account,
    ]);
    expect(await holdCredit(db.pool, asked(account, 1))).toMatchObject({ why: 'account_expired' });
    const later = new Date(Date.now() + 60_000);
    await switchCredit(db, { accountId: account, state: 'active', expiresAt: later }, by);
    expect(await holdCredit(db.pool, asked(account, 1))).toMatchObject({ ok: true });
  });
});

const adjust = (accountId: string, amount: number, key: string = randomUUID()) =>
  adjustCredit(
    db,
    {
      ...{ scope: 'test', key, fingerprint: `${amount}` },
      adjustment: { accountId, amount: { amount, currency: 'EUR' }, reason: 'count' },
    },
    by,
  );

describe('accounts', () => {
  it('are issued once a key; the code is given once and only its keyed hash is kept', async () => {
    const request = {
      ...{ scope: 'test', key: randomUUID(), fingerprint: 'a' },
      credit: { kind: 'gift_card', amount: { amount: 2_500, currency: 'EUR' } } as const,
    };
    const made = await issueCredit(place(), request, by);
    if (made.kind !== 'done') throw new Error(made.kind);
    const { accountId } = made;
    const code = made.more.code ?? '';
    expect(await issueCredit(place(), request, by)).toEqual({ kind: 'replayed', accountId });
    expect(await issueCredit(place(), { ...request, fingerprint: 'b' }, by)).toEqual({ kind: 'key_reused' });
    const { rows } = await db.pool.query<{ row: string }>(
      `select t::text as row from (select to_jsonb(a) || jsonb_build_object('m', (select jsonb_agg(m) from credit_movements m where m.account_id = a.id),
         'i', (select jsonb_agg(i) from idempotency i), 'u', (select jsonb_agg(u) from audit u)) as t from credit_accounts a where id = $1) x`,
      [accountId],
    );
    expect(rows[0]?.row).not.toContain(code);
    expect(rows[0]?.row).not.toContain(code.replaceAll('-', ''));
    const given = { method: 'gift_card', code: code.toLowerCase(), currency: 'EUR' } as const;
    expect(await resolveCredit(place(), given)).toEqual({ accountId });
    const elsewhere = { db, masterKey: randomBytes(32) };
    expect(await resolveCredit(elsewhere, given)).toMatchObject({ refused: 'credit_unknown' });
  });

  it('are found by id for their own kind and currency only, while they can be used', async () => {
    const { accountId: account } = await givenCredit(place(), { kind: 'store_credit', holder: 'cus_1' });
    const of = { method: 'store_credit', account, currency: 'EUR' } as const;
    expect(await resolveCredit(place(), of)).toEqual({ accountId: account });
    expect(await resolveCredit(place(), { ...of, method: 'gift_card' })).toMatchObject({
      refused: 'credit_unknown',
    });
    expect(await resolveCredit(place(), { ...of, account: 'crd_no' })).toMatchObject({
      refused: 'credit_unknown',
    });
    expect(await resolveCredit(place(), { ...of, currency: 'USD' })).toMatchObject({
      ...{ refused: 'credit_unusable', why: 'currency_differs' },
    });
    await switchCredit(db, { accountId: account, state: 'disabled' }, by);
    expect(await resolveCredit(place(), of)).toMatchObject({ why: 'account_disabled' });
  });

  it('are adjusted once a key, never below what is held, and a refused key is free again', async () => {
    const account = await card(1_000);
    await held(account, 400);
    const key = randomUUID();
    expect(await adjust(account, -601, key)).toMatchObject({ kind: 'refused', code: 'credit_short' });
    expect(await adjust(account, -600, key)).toMatchObject({ kind: 'done' });
    expect(await adjust(account, -600, key)).toEqual({ kind: 'replayed', accountId: account });
    expect(await adjust(account, -5, key)).toEqual({ kind: 'key_reused' });
    expect(await adjust('crd_no', 5)).toEqual({ kind: 'not_found' });
    expect(await sumsOf(account)).toEqual({ balance: 400, held: 400 });
  });

  it('have two walls more: the database refuses an overdraft and a change of a movement', async () => {
    const account = await card(100);
    const tamper = (sql: string) => db.pool.query(sql, [account]);
    await expect(tamper('update credit_accounts set held_minor = 101 where id = $1')).rejects.toThrow(
      /check/,
    );
    await expect(tamper('update credit_accounts set balance_minor = -1 where id = $1')).rejects.toThrow(
      /check/,
    );
    await expect(tamper('update credit_movements set reason = null where account_id = $1')).rejects.toThrow(
      /append only/,
    );
    await expect(tamper('delete from credit_movements where account_id = $1')).rejects.toThrow(/append only/);
  });

  it('are audited with who and why; saying the same again is not', async () => {
    const account = await card();
    const off = { accountId: account, state: 'disabled', reason: 'stolen' } as const;
    for (const _ of [1, 2]) await switchCredit(db, off, by);
    expect(await switchCredit(db, { ...off, accountId: 'crd_no' }, by)).toBe(false);
    const { rows } = await db.pool.query(
      'select action, actor, reason from audit where subject = $1 order by id',
      [account],
    );
    expect(rows).toEqual([
      { action: 'credit.issued', actor: 'given', reason: null },
      { action: 'credit.disabled', actor: 'key:test', reason: 'stolen' },
    ]);
  });
});

describe('the proof of the books', () => {
  /** An order whose payment took 10.00 EUR from an account and gave 3.00 back. */
  async function paid() {
    const order = await accepted(db);
    const account = await card();
    const hold = await holdCredit(db.pool, { ...asked(account, 1_000), orderId: order.orderId });
    const holdId = hold.ok ? hold.holdId : '';
    await takeCredit(db.pool, change(holdId, 1_000));
    await giveBackCredit(db.pool, change(holdId, 300));
    return { ...order, account, holdId };
  }

  const kindsOf = async (row: string) =>
    (await checkLedger(db.pool)).problems
      .filter((one) => one.row === row)
      .map((one) => [one.kind, one.expectedMinor, one.actualMinor]);

  it('names an account that is not the sum of its movements', async () => {
    const account = await card(900);
    expect(await kindsOf(account)).toEqual([]);
    await db.pool.query('update credit_accounts set balance_minor = 901 where id = $1', [account]);
    expect(await kindsOf(account)).toEqual([['account_differs', 900, 901]]);
    await db.pool.query('update credit_accounts set balance_minor = 900, held_minor = 7 where id = $1', [
      account,
    ]);
    expect(await kindsOf(account)).toEqual([['account_differs', 0, 7]]);
    await db.pool.query('update credit_accounts set held_minor = 0 where id = $1', [account]);
  });

  it('names a taking that no payment has, and a payment that has another amount', async () => {
    const { orderId, holdId } = await paid();
    expect(await kindsOf(holdId)).toEqual([['hold_differs', 1_000, 0]]);
    const id = `pay_${orderId}`;
    await db.pool.query(
      `insert into payments (id, order_id, attempt, method, provider, provider_ref, state, currency, amount_minor, authorized_minor, captured_minor, refunded_minor)
       values ($1, $2, 1, 'gift_card', 'credit', $3, 'captured', 'EUR', 1000, 1000, 1000, 300)`,
      [id, orderId, holdId],
    );
    const differs = async () => (await kindsOf(id)).filter(([kind]) => kind === 'hold_differs');
    expect([await kindsOf(holdId), await differs()]).toEqual([[], []]);
    await db.pool.query('update payments set refunded_minor = 200 where id = $1', [id]);
    expect(await differs()).toEqual([['hold_differs', 300, 200]]);
    const open = `insert into operations (key, order_id, kind, subject, state) values ($1, $2, 'refund', 'rfa_1', 'unknown')`;
    await db.pool.query(open, [randomUUID(), orderId]);
    expect(await differs()).toEqual([]);
  });

  it('lets be what a person gave back by another route', async () => {
    const { orderId, holdId } = await paid();
    const id = `pay_${orderId}`;
    await db.pool.query(
      `insert into payments (id, order_id, attempt, method, provider, provider_ref, state, currency, amount_minor, authorized_minor, captured_minor, refunded_minor)
       values ($1, $2, 1, 'gift_card', 'credit', $3, 'captured', 'EUR', 1000, 1000, 1000, 500)`,
      [id, orderId, holdId],
    );
    await db.pool.query(
      `insert into payment_events (order_id, payment_id, type, reference, amount_minor, currency, source)
       values ($1, $2, 'refund_success', 'x', 200, 'EUR', 'person')`,
      [orderId, id],
    );
    expect((await kindsOf(id)).filter(([kind]) => kind === 'hold_differs')).toEqual([]);
  });
});
