/**
 * Refunds below the API: what is asked for counts as used under the order's lock, a movement is made once however often its
 * activity runs, and what fails gives its claim back.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createActivities, type Activities } from '../activities/index.ts';
import { connect, type Db } from '../db/connect.ts';
import { checkLedger } from '../db/reads/ledgerCheck.ts';
import { recordMoney } from '../db/writes/money.ts';
import { withOrder } from '../db/writes/order.ts';
import { settleMovement } from '../db/writes/refundMoves.ts';
import { approveRefund, grantRefund, grantUndoRefund, type RefundResult } from '../db/writes/refunds.ts';
import { retryRefusal } from '../domain/actions.ts';
import { moneySteps } from '../domain/moneySteps.ts';
import type { RefundRequest } from '../domain/refund.ts';
import { OutcomeUnknown } from '../providers/outcome.ts';
import type { PaymentProvider } from '../providers/payment/port.ts';
import { accepted } from './given/accepted.ts';
import { captured } from './given/captured.ts';
import { givenGateway } from './given/gateway.ts';
import { putMessage } from './given/message.ts';
import { outsideDown } from './given/outside.ts';
import { openShop } from './given/shop.ts';
import { freshDatabase, startPostgres, type TestPostgres } from './postgres.ts';

let postgres: TestPostgres;
let db: Db;
let activities: Activities;
let calls: string[] = [];
let refund: PaymentProvider['refund'];
let findRefund: PaymentProvider['findRefund'];

const done: PaymentProvider['refund'] = ({ key }) =>
  Promise.resolve({ ok: true, value: { refundRef: `re_${key}`, state: 'succeeded' } });

beforeAll(async () => {
  postgres = await startPostgres();
  // A hundred transactions wait for one row here.
  const url = await freshDatabase(postgres.url);
  db = connect({ url, max: 20, lockTimeoutMillis: 30_000, statementTimeoutMillis: 30_000 });
  await openShop(db, { masterKey: randomBytes(32) });
  activities = createActivities({
    pool: db.pool,
    payment: givenGateway({
      refund(request) {
        calls.push(request.key);
        return refund(request);
      },
      findRefund: (...asked) => findRefund(...asked),
    }),
    ...outsideDown(),
  });
}, 120_000);
beforeEach(() => {
  calls = [];
  refund = done;
  findRefund = () => Promise.resolve(undefined);
});
afterAll(async () => {
  await db?.close();
  await postgres?.stop();
});

let asked = 0;

/** Asks for a refund as support would; `limitMajor` of support is 200. */
async function grant(orderId: string, request: Partial<RefundRequest>, limitMajor = 200) {
  asked += 1;
  const commandId = `cmd_${asked}`;
  let result: RefundResult | undefined;
  await withOrder(db.pool, orderId, async (work) => {
    result = await grantRefund(work, {
      request: { reason: 'goodwill', ...request },
      requestedBy: 'key:support',
      commandId,
      limitMajor,
      note: null,
    });
  });
  return result;
}

/** Runs the due steps of the order's money once, as the lane would; what threw is returned. */
async function move(orderId: string): Promise<unknown[]> {
  const view = await withOrder(db.pool, orderId);
  const runs = moneySteps(view).map(({ shareId, subject }) =>
    activities.refundPayment({ orderId, shareId, subject }).then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
  return (await Promise.all(runs)).filter((error) => error !== undefined);
}

async function one<T>(sql: string, id: string): Promise<T> {
  const { rows } = await db.pool.query<{ value: T }>(sql, [id]);
  const row = rows[0];
  if (!row) throw new Error('no row');
  return row.value;
}

const paid = (id: string) =>
  one<{ refunded_minor: number; refund_claimed_minor: number }>(
    'select to_jsonb(p) as value from payments p where id = $1',
    id,
  );
const refundsOf = (id: string) =>
  one<{ state: string; attempts: { state: string; key: string; id: string }[] }[]>(
    `select coalesce(jsonb_agg(to_jsonb(r) || jsonb_build_object('attempts', (select jsonb_agg(to_jsonb(a) order by a.seq, a.attempt)
       from refund_attempts a where a.refund_id = r.id)) order by r.seq), '[]') as value from refunds r where order_id = $1`,
    id,
  );
const eventsOf = (id: string) =>
  one<string[]>('select jsonb_agg(type order by seq) as value from events where order_id = $1', id);
const casesOf = (id: string) =>
  one<string[]>(
    `select coalesce(jsonb_agg(code), '[]') as value from cases where order_id = $1 and resolved_at is null`,
    id,
  );

describe('a refund', () => {
  it('is claimed, moved once under its key, and settled, on an order that has ended', async () => {
    const { orderId, number, paymentId } = await captured(db);
    await grant(orderId, { amountMinor: 400 });
    expect(await paid(paymentId)).toMatchObject({ refunded_minor: 0, refund_claimed_minor: 400 });
    await Promise.all([move(orderId), move(orderId)]);
    await move(orderId);
    expect(new Set(calls)).toEqual(new Set([`${number}/refund/1.1/1`]));
    expect(await paid(paymentId)).toMatchObject({ refunded_minor: 400, refund_claimed_minor: 400 });
    expect(await refundsOf(orderId)).toMatchObject([
      { state: 'settled', attempts: [{ state: 'succeeded' }] },
    ]);
    expect(await eventsOf(orderId)).toEqual(
      expect.arrayContaining(['refund.requested', 'payment.refunded', 'refund.settled']),
    );
    expect(await one('select payment_status as value from orders where id = $1', orderId)).toBe(
      'partially_refunded',
    );
  });

  it('is asked for again under the same key after a lost reply, and looked up once the key is old', async () => {
    const { orderId, paymentId } = await captured(db);
    await grant(orderId, { amountMinor: 300 });
    refund = () => Promise.reject(new OutcomeUnknown('no answer', { sent: true }));
    expect(await move(orderId)).toHaveLength(1);
    expect(await refundsOf(orderId)).toMatchObject([
      { state: 'executing', attempts: [{ state: 'unknown' }] },
    ]);
    await db.pool.query(
      `update operations set first_try_at = now() - interval '21 hours' where order_id = $1 and kind = 'refund'`,
      [orderId],
    );
    findRefund = (key) =>
      Promise.resolve({ id: 're_found', key, amountMinor: 300, state: 'succeeded', failureCode: null });
    expect(await move(orderId)).toEqual([]);
    expect(calls).toHaveLength(1);
    expect(await paid(paymentId)).toMatchObject({ refunded_minor: 300, refund_claimed_minor: 300 });
    expect(await refundsOf(orderId)).toMatchObject([
      { state: 'settled', attempts: [{ state: 'succeeded', provider_ref: 're_found' }] },
    ]);
  });

  it('that is pending at the gateway is asked for once and settled later, by a success or by a failure', async () => {
    const { orderId, paymentId } = await captured(db);
    refund = ({ key }) => Promise.resolve({ ok: true, value: { refundRef: `re_${key}`, state: 'pending' } });
    await grant(orderId, { amountMinor: 100 });
    await grant(orderId, { amountMinor: 200 });
    await move(orderId);
    await move(orderId);
    await move(orderId);
    expect(calls).toHaveLength(2);
    const [first, second] = await refundsOf(orderId);
    expect([first?.state, second?.state]).toEqual(['executing', 'executing']);
    await withOrder(db.pool, orderId, async (work) => {
      await settleMovement(work, {
        attemptId: first?.attempts[0]?.id ?? '',
        outcome: { state: 'succeeded', providerRef: 're_1', source: 'gateway' },
      });
      await settleMovement(work, {
        attemptId: second?.attempts[0]?.id ?? '',
        outcome: { state: 'failed', code: 'lost_or_stolen_card', source: 'gateway' },
      });
    });
    expect((await refundsOf(orderId)).map((row) => row.state)).toEqual(['settled', 'failed']);
    expect(await paid(paymentId)).toMatchObject({ refunded_minor: 100, refund_claimed_minor: 100 });
    expect(await casesOf(orderId)).toEqual(['refund_failed']);
  });

  it('that was refused gives its claim back and is tried again under a new key', async () => {
    const { orderId, number, paymentId } = await captured(db);
    refund = () =>
      Promise.resolve({
        ok: false,
        code: 'refund_failed',
        providerCode: 'expired_or_canceled_card',
        detail: 'no',
      });
    await grant(orderId, { amountMinor: 500 });
    await move(orderId);
    expect(await paid(paymentId)).toMatchObject({ refunded_minor: 0, refund_claimed_minor: 0 });
    expect(await casesOf(orderId)).toEqual(['refund_failed']);
    refund = done;
    const refundId = await one<string>('select id as value from refunds where order_id = $1', orderId);
    await putMessage(db, orderId, { kind: 'command.retry_refund', payload: { refundId } });
    await move(orderId);
    expect(calls).toEqual([`${number}/refund/1.1/1`, `${number}/refund/1.1/2`]);
    expect(await refundsOf(orderId)).toMatchObject([
      { state: 'settled', attempts: [{ state: 'failed' }, { state: 'succeeded' }] },
    ]);
    expect(await paid(paymentId)).toMatchObject({ refunded_minor: 500, refund_claimed_minor: 500 });
    expect(await casesOf(orderId)).toEqual([]);
  });

  it('that failed is not recorded under the name of one that the gateway has reported', async () => {
    const { orderId, paymentId } = await captured(db);
    refund = () => Promise.resolve({ ok: false, code: 'refund_failed', providerCode: 'no', detail: 'no' });
    await grant(orderId, { amountMinor: 200 });
    await move(orderId);
    // Support gives it back in the gateway's dashboard; the webhook is faster than they are.
    await withOrder(db.pool, orderId, async (work) => {
      await recordMoney(work, {
        paymentId,
        events: [{ type: 'refund_success', reference: 're_dashboard', amountMinor: 200, source: 'gateway' }],
      });
    });
    const refundId = await one<string>('select id as value from refunds where order_id = $1', orderId);
    await putMessage(db, orderId, {
      kind: 'command.record_refund',
      payload: { refundId, reference: 're_dashboard' },
    });
    await withOrder(db.pool, orderId);
    expect(await paid(paymentId)).toMatchObject({ refunded_minor: 200, refund_claimed_minor: 0 });
    await putMessage(db, orderId, { kind: 'command.withdraw_refund', payload: { refundId } });
    await withOrder(db.pool, orderId);
    expect((await refundsOf(orderId)).map((row) => row.state)).toEqual(['withdrawn']);
    expect(await casesOf(orderId)).toEqual([]);
  });

  it('that failed can not be tried again when the money was given back meanwhile', async () => {
    const { orderId, totalMinor } = await captured(db);
    refund = () => Promise.resolve({ ok: false, code: 'refund_failed', providerCode: 'no', detail: 'no' });
    await grant(orderId, { amountMinor: 500 });
    await move(orderId);
    refund = done;
    await grant(orderId, { amountMinor: totalMinor });
    const refundId = await one<string>(
      'select id as value from refunds where order_id = $1 and seq = 1',
      orderId,
    );
    await putMessage(db, orderId, { kind: 'command.retry_refund', payload: { refundId } });
    await move(orderId);
    expect(await one('select outcome as value from messages where order_id = $1', orderId)).toMatchObject({
      applied: false,
      code: 'refund_too_large',
    });
    expect((await refundsOf(orderId)).map((row) => row.state)).toEqual(['failed', 'settled']);
  });

  it('that has stalled is tried again at once when somebody asks, although the order has ended', async () => {
    const { orderId, paymentId } = await captured(db);
    await grant(orderId, { amountMinor: 200 });
    refund = () => Promise.reject(new OutcomeUnknown('down', { sent: false }));
    await move(orderId);
    const stall = { code: 'provider_unavailable', detail: 'No answer.' } as const;
    await activities.recordStall({ orderId, shareId: paymentId, step: 'refund', ...stall });
    const view = await withOrder(db.pool, orderId);
    expect([view.lifecycle, moneySteps(view)]).toEqual(['completed', []]);
    expect(retryRefusal(view)).toBeUndefined();
    refund = done;
    await putMessage(db, orderId, { kind: 'command.retry', payload: {} });
    expect(await move(orderId)).toEqual([]);
    expect(await refundsOf(orderId)).toMatchObject([{ state: 'settled' }]);
    expect(await casesOf(orderId)).toEqual([]);
    expect(await eventsOf(orderId)).toContain('order.retry_requested');
    // Nothing waits any more.
    expect(retryRefusal(await withOrder(db.pool, orderId))).toBe('already_ended');
  });

  it('of an order that was undone gives back all that is left, without approval', async () => {
    const { orderId, paymentId, totalMinor } = await captured(db);
    await grant(orderId, { amountMinor: 100 });
    await withOrder(db.pool, orderId, grantUndoRefund);
    await withOrder(db.pool, orderId, grantUndoRefund);
    await move(orderId);
    await move(orderId);
    expect(await refundsOf(orderId)).toMatchObject([
      { reason: 'goodwill' },
      { reason: 'cancelled', state: 'settled' },
    ]);
    expect(await paid(paymentId)).toMatchObject({ refunded_minor: totalMinor });
  });
});

describe('money that the channel holds', () => {
  const cancel = { kind: 'command.cancel', payload: { reason: 'customer' } };
  const closeCase = async (orderId: string) => {
    const caseId = await one<string>(
      `select id as value from cases where order_id = $1 and code = 'refund_at_channel' and resolved_at is null`,
      orderId,
    );
    await putMessage(db, orderId, { kind: 'command.resolve_case', payload: { caseId, note: 'done there' } });
    await withOrder(db.pool, orderId);
    return caseId;
  };

  it('for an order that was cancelled is given back by hand; closing the case says that it is done', async () => {
    const { orderId, totalMinor } = await accepted(db, { prepaid: true });
    await withOrder(db.pool, orderId);
    await putMessage(db, orderId, cancel);
    const view = await withOrder(db.pool, orderId);
    expect([view.lifecycle, moneySteps(view)]).toEqual(['cancelled', []]);
    expect(await casesOf(orderId)).toEqual(['refund_at_channel']);
    expect(await refundsOf(orderId)).toMatchObject([
      { state: 'executing', reason: 'cancelled', amount_minor: totalMinor, attempts: [{ state: 'by_hand' }] },
    ]);
    const caseId = await closeCase(orderId);
    expect(await refundsOf(orderId)).toMatchObject([
      { state: 'settled', attempts: [{ state: 'succeeded', provider_ref: caseId }] },
    ]);
    expect(await one('select payment_status as value from orders where id = $1', orderId)).toBe('refunded');
  });

  it('that comes after the end is booked and given back all the same', async () => {
    const { orderId, totalMinor } = await accepted(db, { prepaid: true });
    await db.pool.query('update orders set payment_paid = false where id = $1', [orderId]);
    await withOrder(db.pool, orderId);
    await putMessage(db, orderId, cancel);
    await withOrder(db.pool, orderId);
    expect(await casesOf(orderId)).toEqual([]);
    await putMessage(db, orderId, {
      kind: 'channel_paid',
      payload: { number: 'late', time: '2026-01-02T03:04:05Z', amountMinor: totalMinor },
    });
    await withOrder(db.pool, orderId);
    expect(await casesOf(orderId)).toEqual(['refund_at_channel']);
    await closeCase(orderId);
    expect(await refundsOf(orderId)).toMatchObject([{ state: 'settled', amount_minor: totalMinor }]);
  });
});

describe('a refund that a person gave back', () => {
  const record = async (orderId: string, fields: Record<string, unknown>) => {
    const refundId = await one<string>('select id as value from refunds where order_id = $1', orderId);
    const payload = { refundId, reference: 'T-1', ...fields };
    await putMessage(db, orderId, { kind: 'command.record_refund', payload });
    await withOrder(db.pool, orderId);
  };
  /** What each account lost by refunds of the order. */
  const lost = (orderId: string) =>
    one<Record<string, number>>(
      `select jsonb_object_agg(account, amount_minor) as value from ledger where order_id = $1 and amount_minor < 0 and key like '%/refund_success/%'`,
      orderId,
    );

  it.each([
    ['bank_transfer', 'bank'],
    ['cash', 'cash'],
    ['other', 'other'],
    [undefined, 'other'],
    ['rubbish', 'other'],
  ])('of a card, by %s, is taken from the account %s', async (route, account) => {
    const { orderId, paymentId } = await captured(db);
    refund = () => Promise.resolve({ ok: false, code: 'refund_failed', providerCode: 'no', detail: 'no' });
    await grant(orderId, { amountMinor: 500 });
    await move(orderId);
    await record(orderId, { route });
    expect(await refundsOf(orderId)).toMatchObject([{ state: 'settled' }]);
    expect(await paid(paymentId)).toMatchObject({ refunded_minor: 500 });
    expect(await lost(orderId)).toEqual({ [account]: -500 });
    expect(await wrongRefunds(orderId)).toEqual([]);
  });

  it.each([
    [undefined, 'channel'],
    ['bank_transfer', 'bank'],
  ])('of what the channel holds, by %s, is taken from the account %s', async (route, account) => {
    const { orderId, totalMinor } = await accepted(db, { prepaid: true });
    await withOrder(db.pool, orderId);
    await putMessage(db, orderId, { kind: 'command.cancel', payload: { reason: 'customer' } });
    await withOrder(db.pool, orderId);
    await record(orderId, { route });
    expect(await lost(orderId)).toEqual({ [account]: -totalMinor });
    expect(await wrongRefunds(orderId)).toEqual([]);
  });

  /** Refunds of the order that the proof of the books names. */
  async function wrongRefunds(orderId: string) {
    const { problems } = await checkLedger(db.pool);
    return problems.filter((wrong) => wrong.orderId === orderId && wrong.row.includes('/refund_success/'));
  }
});

describe('a hundred refunds at once', () => {
  it('never give back more than was taken', async () => {
    const { orderId, paymentId, totalMinor } = await captured(db);
    const results = await Promise.all(
      Array.from({ length: 100 }, () => grant(orderId, { amountMinor: totalMinor / 4 })),
    );
    expect(results.filter((result) => result?.applied)).toHaveLength(4);
    const refused = results.filter((result) => result?.applied === false);
    expect(new Set(refused.map((result) => result?.applied === false && result.code))).toEqual(
      new Set(['nothing_to_refund']),
    );
    expect(await paid(paymentId)).toMatchObject({ refund_claimed_minor: totalMinor });
    for (let index = 0; index < 4; index += 1) await move(orderId);
    expect(await paid(paymentId)).toMatchObject({ refunded_minor: totalMinor });
    await expect(
      db.pool.query('update payments set refund_claimed_minor = refund_claimed_minor + 1 where id = $1', [
        paymentId,
      ]),
    ).rejects.toThrow(/violates check constraint/);
  });
});

describe('a refund above the limit', () => {
  it('waits for another person, counts as used meanwhile, and moves only then', async () => {
    const { orderId, paymentId, totalMinor } = await captured(db);
    const result = await grant(orderId, { amountMinor: totalMinor }, 0);
    const refundId = result?.applied ? result.refundId : '';
    expect(await move(orderId)).toEqual([]);
    expect(calls).toEqual([]);
    expect(await refundsOf(orderId)).toMatchObject([{ state: 'awaiting_approval' }]);
    expect(await paid(paymentId)).toMatchObject({ refund_claimed_minor: totalMinor });
    expect(await grant(orderId, { amountMinor: 1 })).toMatchObject({ code: 'nothing_to_refund' });
    const approve = async (actor: string) => {
      let answer: RefundResult | undefined;
      await withOrder(db.pool, orderId, async (work) => {
        answer = await approveRefund(work, { refundId, actor });
      });
      return answer;
    };
    expect(await approve('key:support')).toMatchObject({ applied: false, code: 'own_request' });
    expect(await approve('key:ops')).toMatchObject({ applied: true });
    expect(await approve('key:ops')).toMatchObject({ code: 'refused_by_state' });
    await move(orderId);
    expect(await refundsOf(orderId)).toMatchObject([{ state: 'settled', decided_by: 'key:ops' }]);
  });

  it('is free again when it was declined or withdrawn', async () => {
    const { orderId, paymentId } = await captured(db);
    await grant(orderId, { amountMinor: 300 }, 0);
    await grant(orderId, { amountMinor: 400 }, 0);
    const [first, second] = await one<string[]>(
      'select jsonb_agg(id order by seq) as value from refunds where order_id = $1',
      orderId,
    );
    await putMessage(db, orderId, { kind: 'command.decline_refund', payload: { refundId: first } });
    await putMessage(db, orderId, { kind: 'command.withdraw_refund', payload: { refundId: second } });
    await withOrder(db.pool, orderId);
    expect((await refundsOf(orderId)).map((row) => row.state)).toEqual(['declined', 'withdrawn']);
    expect(await paid(paymentId)).toMatchObject({ refund_claimed_minor: 0 });
  });

  it('is what a signal asks for, once for its commandId; a malformed one is recorded and harms nothing', async () => {
    const { orderId, totalMinor } = await captured(db);
    const body = { commandId: 'rf-1', actor: 'kim', reason: 'goodwill', amount: totalMinor };
    const signal = { id: 'rf-1', name: 'refundOrder', body };
    await activities.advance({ orderId, signals: [signal] });
    await activities.advance({ orderId, signals: [signal] });
    await activities.advance({
      orderId,
      signals: [{ id: 'rf-2', name: 'refundOrder', body: { amount: 'all of it' } }],
    });
    expect(await refundsOf(orderId)).toMatchObject([
      { state: 'awaiting_approval', reason: 'goodwill', requested_by: 'kim (temporal-web, unverified)' },
    ]);
    const { rows } = await db.pool.query('select actor, data from events where order_id = $1', [orderId]);
    expect(JSON.stringify(rows)).not.toContain('kim');
    expect(await eventsOf(orderId)).toEqual(expect.arrayContaining(['refund.requested', 'signal.refused']));
  });
});
