/** The books of a payment on a real database: what is written once, what is refused, and that tampering is named. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createActivities, type Activities } from '../../activities/index.ts';
import { accepted } from '../../test/given/accepted.ts';
import { givenGateway } from '../../test/given/gateway.ts';
import { putMessage } from '../../test/given/message.ts';
import { givenOrder } from '../../test/given/order.ts';
import { CHANNEL, openShop } from '../../test/given/shop.ts';
import { outsideDown } from '../../test/given/outside.ts';
import { freshDatabase, startPostgres, type TestPostgres } from '../../test/postgres.ts';
import { OutcomeUnknown } from '../../providers/outcome.ts';
import { connect, type Db } from '../connect.ts';
import { checkLedger } from '../reads/ledgerCheck.ts';
import { createIntake } from './intake.ts';
import { MoneyConflict, recordMoney, type MoneyEvent } from './money.ts';
import { claimCapture, releaseCapture } from './operations.ts';
import { withOrder, type OrderWork } from './order.ts';

let postgres: TestPostgres;
let db: Db;
let activities: Activities;
/** What the gateway does next. */
const gateway = { takes: undefined as number | undefined, refusesCapture: false, loses: false };

beforeAll(async () => {
  postgres = await startPostgres();
  db = connect({ url: await freshDatabase(postgres.url), max: 10 });
  await openShop(db, { policy: { captureAt: 'order' }, masterKey: randomBytes(32) });
  const plain = givenGateway();
  activities = createActivities({
    pool: db.pool,
    payment: {
      ...plain,
      authorize: (request) =>
        gateway.loses ? Promise.reject(new OutcomeUnknown('lost', { sent: true })) : plain.authorize(request),
      capture: ({ amountMinor }) =>
        gateway.refusesCapture
          ? Promise.resolve({ ok: false, code: 'capture_refused', providerCode: 'no', detail: 'No.' })
          : Promise.resolve({ ok: true, value: { capturedMinor: gateway.takes ?? amountMinor } }),
    },
    ...outsideDown(),
  });
}, 120_000);

afterAll(async () => {
  await db?.close();
  await postgres?.stop();
});

beforeEach(() => {
  Object.assign(gateway, { takes: undefined, refusesCapture: false, loses: false });
});

async function rows<T extends object>(sql: string, values: unknown[] = []): Promise<T[]> {
  return (await db.pool.query<T>(sql, values)).rows;
}

/** An order with its card authorized, and its payment. */
async function authorized() {
  const ref = await accepted(db);
  await activities.advance({ orderId: ref.orderId });
  const view = await withOrder(db.pool, ref.orderId);
  const shareId = view.shares[0]?.id ?? '';
  const after = await activities.authorizePayment({ orderId: ref.orderId, shareId, subject: shareId });
  return { ...ref, shareId, paymentId: after.shares[0]?.payments.at(-1)?.id ?? '' };
}

const capture = (one: { orderId: string; shareId: string }) =>
  activities.capturePayment({ orderId: one.orderId, shareId: one.shareId, subject: one.shareId });

/** Records events as a step would, under the lock; returns the balance. */
async function record(one: { orderId: string; paymentId: string }, ...events: MoneyEvent[]) {
  let balance: Awaited<ReturnType<typeof recordMoney>> | undefined;
  await withOrder(db.pool, one.orderId, async (work: OrderWork) => {
    balance = await recordMoney(work, { paymentId: one.paymentId, events });
  });
  return balance;
}

const eventsOf = (paymentId: string) =>
  rows<{ type: string; amount: number }>(
    'select type, amount_minor as amount from payment_events where payment_id = $1 order by id',
    [paymentId],
  );

const postingsOf = (orderId: string) =>
  rows<{ key: string; account: string; amount: number }>(
    `select key, account, amount_minor as amount from ledger where order_id = $1 and account <> 'customer' order by at, key`,
    [orderId],
  );

const versionOf = async (orderId: string) => (await withOrder(db.pool, orderId)).version;

describe('recordMoney', () => {
  it('writes an event once, however often it is told', async () => {
    const one = await authorized();
    const event = { type: 'charge_success', reference: 'pi_1', amountMinor: 1_000 } as const;
    const balance = await record(one, event);
    expect(balance).toMatchObject({ authorizedMinor: 1_000, capturedMinor: 1_000 });
    const version = await versionOf(one.orderId);
    expect(await record(one, event)).toEqual(balance);
    expect(await versionOf(one.orderId)).toBe(version);
    expect(await postingsOf(one.orderId)).toEqual([
      { key: `${one.paymentId}/charge_success/pi_1`, account: 'gateway', amount: 1_000 },
    ]);
  });

  it('refuses what contradicts it, and writes nothing of that call', async () => {
    const one = await authorized();
    await record(one, { type: 'charge_success', reference: 'pi_1', amountMinor: 1_000 });
    const before = await eventsOf(one.paymentId);
    const other = { type: 'info', reference: 'note', amountMinor: 0 } as const;
    for (const event of [
      { type: 'charge_success', reference: 'pi_1', amountMinor: 999 },
      { type: 'charge_failure', reference: 'pi_1', amountMinor: 1_000 },
      { type: 'authorization_success', reference: 'again', amountMinor: 1_000 },
    ] as const)
      await expect(record(one, other, event)).rejects.toThrow(MoneyConflict);
    expect(await eventsOf(one.paymentId)).toEqual(before);
    await expect(record({ ...one, paymentId: 'pay_other' }, other)).rejects.toThrow('does not exist');
  });

  it('posts everything that moves money, each time to zero', async () => {
    const one = await authorized();
    await capture(one);
    await record(
      one,
      { type: 'refund_success', reference: 're_1', amountMinor: 400 },
      { type: 'refund_reverse', reference: 're_1', amountMinor: 400 },
      { type: 'refund_success', reference: 're_2', amountMinor: 1_200 },
      { type: 'charge_back', reference: 'dp_1', amountMinor: 1_000, source: 'gateway' },
    );
    const balance = await record(one, { type: 'charge_back_reverse', reference: 'dp_1', amountMinor: 1_000 });
    // More was given back than taken: it has happened, so it is booked.
    expect(balance).toMatchObject({ capturedMinor: 1_000, refundedMinor: 1_200, chargedBackMinor: 0 });
    const amounts = (await postingsOf(one.orderId)).map((row) => row.amount).toSorted((a, b) => a - b);
    expect(amounts).toEqual([-1_200, -1_000, -400, 400, 1_000, 1_000]);
    const unbalanced = await rows(
      'select key from ledger where order_id = $1 group by key having sum(amount_minor) <> 0 or count(*) <> 2',
      [one.orderId],
    );
    expect(unbalanced).toEqual([]);
  });

  it('gives a payment that an older worker wrote the events it stands for', async () => {
    const { orderId, number } = await accepted(db);
    const paymentId = `pay_${orderId.slice(4)}_1_1`;
    const key = `${number}/capture/1/1`;
    await db.pool.query(
      `insert into payments (id, order_id, attempt, method, provider, state, currency, amount_minor, authorized_minor, captured_minor)
       values ($1, $2, 1, 'card', 'stripe', 'captured', 'EUR', 1000, 1000, 1000)`,
      [paymentId, orderId],
    );
    await db.pool.query(
      `insert into operations (key, order_id, kind, subject, state) values ($1, $2, 'capture', $3, 'succeeded')`,
      [key, orderId, paymentId],
    );
    await db.pool.query(
      `insert into ledger (key, account, order_id, amount_minor, currency) values ($1, 'gateway', $2, 1000, 'EUR'), ($1, 'customer', $2, -1000, 'EUR')`,
      [key, orderId],
    );
    const balance = await record(
      { orderId, paymentId },
      { type: 'refund_success', reference: 're', amountMinor: 100 },
    );
    expect(balance).toMatchObject({ authorizedMinor: 1_000, capturedMinor: 1_000, refundedMinor: 100 });
    expect((await eventsOf(paymentId)).map((event) => event.type)).toEqual([
      'authorization_success',
      'charge_success',
      'refund_success',
    ]);
    expect((await checkLedger(db.pool)).problems).toEqual([]);
  });

  it.each([
    ['payment_events', 'amount_minor = 1'],
    ['ledger', 'amount_minor = 1'],
  ])('%s can only be added to', async (table, change) => {
    await authorized().then(capture);
    await expect(db.pool.query(`update ${table} set ${change}`)).rejects.toThrow('append only');
    await expect(db.pool.query(`delete from ${table}`)).rejects.toThrow('append only');
  });
});

describe('the steps of a card', () => {
  it('are told as events, and the charge is claimed once', async () => {
    const one = await authorized();
    await Promise.all([capture(one), capture(one)]);
    await capture(one);
    expect((await eventsOf(one.paymentId)).map((event) => event.type)).toEqual([
      'authorization_request',
      'authorization_success',
      'charge_request',
      'charge_success',
    ]);
    const [payment] = await rows(
      'select state, captured_minor as captured, capture_claimed_minor as claimed from payments where id = $1',
      [one.paymentId],
    );
    expect(payment).toEqual({ state: 'captured', captured: 1_000, claimed: 1_000 });
    expect((await postingsOf(one.orderId)).map((row) => row.key)).toEqual([`${one.number}/capture/1/1`]);
  });

  it('never claim more than what is authorized and free', async () => {
    const one = await authorized();
    const claims: (number | null)[] = [];
    const claim = (key: string, wantedMinor: number) =>
      withOrder(db.pool, one.orderId, async (work) => {
        const { paymentId } = one;
        claims.push((await claimCapture(work, { key, paymentId, wantedMinor })).amountMinor);
      });
    await claim('a', 700);
    await claim('a', 700);
    await claim('b', 700);
    await claim('c', 700);
    await withOrder(db.pool, one.orderId, (work) =>
      releaseCapture(work, { paymentId: one.paymentId, amountMinor: 300 }),
    );
    await claim('d', 200);
    expect(claims).toEqual([700, 700, 300, 0, 200]);
    const over = db.pool.query(
      'update payments set capture_claimed_minor = capture_claimed_minor + 200 where id = $1',
      [one.paymentId],
    );
    await expect(over).rejects.toThrow('violates check constraint');
  });

  it('give the claim back after a refusal only', async () => {
    const one = await authorized();
    gateway.refusesCapture = true;
    await capture(one);
    const [payment] = await rows(
      'select state, capture_claimed_minor as claimed from payments where id = $1',
      [one.paymentId],
    );
    expect(payment).toEqual({ state: 'failed', claimed: 0 });
    expect((await eventsOf(one.paymentId)).at(-1)?.type).toBe('charge_failure');
  });

  it.each([
    ['less', 900, 'partially_captured'],
    ['more', 1_100, 'captured'],
  ])('book what the gateway took when it was %s, ask it again and call a person', async (_, takes, state) => {
    const one = await authorized();
    gateway.takes = takes;
    await capture(one);
    const [payment] = await rows(
      'select state, captured_minor as captured, inspect_wanted as wanted from payments where id = $1',
      [one.paymentId],
    );
    expect(payment).toEqual({ state, captured: takes, wanted: true });
    const cases = await rows('select code, subject from cases where order_id = $1 and resolved_at is null', [
      one.orderId,
    ]);
    expect(cases).toEqual([{ code: 'amount_mismatch', subject: one.paymentId }]);
    const [posting] = await postingsOf(one.orderId);
    expect(posting?.amount).toBe(takes);
  });

  it('book a capture made outside once, also when our own meets it', async () => {
    const one = await authorized();
    await record(one, { type: 'charge_success', reference: 'pi_out', amountMinor: 1_000, source: 'gateway' });
    await capture(one);
    expect((await postingsOf(one.orderId)).map((row) => row.amount)).toEqual([1_000]);
    const [payment] = await rows('select state, captured_minor as captured from payments where id = $1', [
      one.paymentId,
    ]);
    expect(payment).toEqual({ state: 'captured', captured: 1_000 });
  });

  it('settle an authorization that nobody knew of before it is given back', async () => {
    const { orderId } = await accepted(db);
    const { view } = await activities.advance({ orderId });
    const shareId = view.shares[0]?.id ?? '';
    gateway.loses = true;
    const lost = activities.authorizePayment({ orderId, shareId, subject: shareId });
    await expect(lost).rejects.toMatchObject({ type: 'outcome_unknown' });
    gateway.loses = false;
    await putMessage(db, orderId, { kind: 'command.cancel', payload: { reason: 'customer' } });
    const before = (await activities.advance({ orderId })).view;
    const paymentId = before.shares[0]?.payments[0]?.id ?? '';
    const after = await activities.voidPayment({ orderId, shareId, subject: paymentId });
    expect(after.lifecycle).toBe('cancelled');
    expect(await eventsOf(paymentId)).toEqual([
      { type: 'authorization_request', amount: 1_000 },
      { type: 'cancel_request', amount: 1_000 },
      { type: 'authorization_success', amount: 1_000 },
      { type: 'cancel_success', amount: 1_000 },
    ]);
  });
});

describe('money at the channel', () => {
  it('is booked once, for a live order and for one of the past', async () => {
    const { orderId } = await accepted(db, { prepaid: true });
    await activities.advance({ orderId });
    await activities.advance({ orderId });
    expect(await postingsOf(orderId)).toMatchObject([{ account: 'channel', amount: 1_000 }]);
    const order = givenOrder({ prepaid: true });
    const past = await createIntake(db).accept({
      ...{ channel: CHANNEL, timeZone: 'UTC', idempotencyKey: order.externalId, policyVersion: 1, order },
      ...{ fingerprint: order.externalId, origin: 'history', actor: 'story', hasSlot: true, history: {} },
    });
    if (past.kind !== 'accepted') throw new Error(past.kind);
    expect(await postingsOf(past.ref.orderId)).toMatchObject([{ account: 'channel', amount: 1_000 }]);
    expect((await checkLedger(db.pool)).problems).toEqual([]);
  });
});

describe('the proof of the books', () => {
  /** Changes rows behind the back of the triggers, looks, and puts the rows back. */
  async function tampered(sql: string, values: unknown[]) {
    const tx = await db.pool.connect();
    try {
      await tx.query('begin');
      await tx.query(`set local session_replication_role = 'replica'`);
      expect((await tx.query(sql, values)).rowCount).toBeGreaterThan(0);
      await tx.query('commit');
      return await checkLedger(db.pool);
    } finally {
      tx.release();
    }
  }

  it('finds nothing wrong with what all of this has written, then names the first row that was tampered with', async () => {
    const [early, late] = [await authorized(), await authorized()];
    await capture(early);
    await capture(late);
    const fine = await checkLedger(db.pool);
    expect(fine).toMatchObject({ wrong: 0, problems: [] });
    expect(fine.events).toBeGreaterThan(20);

    const second = await tampered('update payments set refunded_minor = 5 where id = $1', [late.paymentId]);
    expect(second.problems).toMatchObject([
      {
        kind: 'balance_differs',
        row: late.paymentId,
        expectedMinor: 0,
        actualMinor: 5,
        orderNumber: late.number,
      },
    ]);
    const key = `${early.number}/capture/1/1`;
    const changed = await tampered(
      `update ledger set amount_minor = 1 where key = $1 and account = 'gateway'`,
      [key],
    );
    expect(changed.problems[0]).toMatchObject({ kind: 'key_unbalanced', row: key, actualMinor: -999 });
    expect(changed.problems.map((one) => one.kind)).toEqual(
      expect.arrayContaining(['order_unbalanced', 'balance_differs', 'total_unbalanced']),
    );
    const both = await tampered(
      `update ledger set amount_minor = -1 where key = $1 and account = 'customer'`,
      [key],
    );
    expect(both.problems[0]).toMatchObject({
      ...{
        kind: 'posting_differs',
        row: key,
        expectedMinor: 1_000,
        actualMinor: 1,
        orderNumber: early.number,
      },
    });
    const unposted = await tampered('delete from ledger where key = $1', [key]);
    expect(unposted.problems[0]).toMatchObject({ kind: 'posting_missing', row: key, expectedMinor: 1_000 });
    const unexplained = await tampered(
      `delete from payment_events where payment_id = $1 and type = 'charge_success'`,
      [late.paymentId],
    );
    expect(unexplained.problems).toContainEqual(
      expect.objectContaining({ kind: 'posting_unexplained', row: `${late.number}/capture/1/1` }),
    );
  });
});
