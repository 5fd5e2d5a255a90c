/**
 * Payments that the gateway has paid out to our bank: they learn it from the payout, once, lose it when the payout fails, and
 * get it again with the payout that brings the money the second time.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createActivities, type Activities } from '../activities/index.ts';
import { connect, type Db } from '../db/connect.ts';
import { newId } from '../db/ids.ts';
import { readRun } from '../db/reads/reconciliation.ts';
import { storePayouts } from '../db/writes/payouts.ts';
import type { GatewayPayout } from '../domain/truth.ts';
import { OutcomeUnknown } from '../providers/outcome.ts';
import type { SettledPage } from '../providers/payment/port.ts';
import { captured } from './given/captured.ts';
import { givenGateway } from './given/gateway.ts';
import { givenCarrier, givenWarehouse } from './given/outside.ts';
import { openShop } from './given/shop.ts';
import { freshDatabase, startPostgres, type TestPostgres } from './postgres.ts';

let postgres: TestPostgres;
let db: Db;
let activities: Activities;
/** What the gateway lists as payouts, and what each pays out, page by page. */
let payouts: GatewayPayout[] = [];
const contents = new Map<string, Omit<SettledPage, 'cursor'>[]>();
let asked: string[] = [];
let breaksAt: string | null = null;

beforeAll(async () => {
  postgres = await startPostgres();
  db = connect({ url: await freshDatabase(postgres.url), max: 10 });
  await openShop(db, { masterKey: randomBytes(32) });
  activities = createActivities({
    pool: db.pool,
    payment: givenGateway({
      listPayouts: () => Promise.resolve(payouts),
      listSettled({ payoutId, cursor = '0' }) {
        const at = Number(cursor);
        asked.push(`${payoutId}/${at}`);
        if (breaksAt === `${payoutId}/${at}`)
          return Promise.reject(new OutcomeUnknown('no answer', { sent: true }));
        const pages = contents.get(payoutId) ?? [];
        const page = pages[at] ?? { payments: [], earlierPayouts: [] };
        return Promise.resolve(at + 1 < pages.length ? { ...page, cursor: String(at + 1) } : page);
      },
    }),
    warehouse: givenWarehouse(),
    carrier: givenCarrier(),
  });
}, 120_000);
beforeEach(() => {
  payouts = [];
  asked = [];
  breaksAt = null;
});
afterAll(async () => {
  await db?.close();
  await postgres?.stop();
});

let number = 0;
function payout(given: Partial<GatewayPayout> = {}): GatewayPayout {
  number += 1;
  return {
    ...{ id: `po_${number}`, amountMinor: 1_000, currency: 'EUR', state: 'paid', contents: 'known' },
    arrivesAt: '2026-03-16T00:00:00.000Z',
    ...given,
  };
}

async function run(dryRun = false) {
  const runId = newId('rec');
  await activities.reconcilePayments({ runId, dryRun, sinceHours: null });
  return readRun(db, runId);
}

async function paymentOf(orderId: string) {
  const { rows } = await db.pool.query<{ payout_id: string | null; settled_at: Date | null }>(
    'select payout_id, settled_at from payments where order_id = $1',
    [orderId],
  );
  return rows[0];
}
const eventsOf = async (orderId: string) => {
  const { rows } = await db.pool.query<{ type: string; data: unknown }>(
    `select type, data from events where order_id = $1 and type like 'payment.%settled' order by seq`,
    [orderId],
  );
  return rows;
};
const ref = ({ orderId }: { orderId: string }) => `pi_${orderId}`;
const page = (payments: string[], earlierPayouts: string[] = []) => ({ payments, earlierPayouts });

describe('a payout that has arrived', () => {
  it('settles the payments it names, on every page, once; strangers are nothing to us', async () => {
    const [first, second, other] = [await captured(db), await captured(db), await captured(db)];
    payouts = [payout({ id: 'po_a' })];
    contents.set('po_a', [page([ref(first), 'pi_stranger']), page([ref(second)])]);
    expect(await run()).toMatchObject({ settled: 2, counts: {} });
    for (const { orderId, paymentId } of [first, second]) {
      expect(await paymentOf(orderId)).toEqual({
        payout_id: 'po_a',
        settled_at: new Date('2026-03-16T00:00:00.000Z'),
      });
      expect(await eventsOf(orderId)).toEqual([
        { type: 'payment.settled', data: { paymentId, payoutId: 'po_a' } },
      ]);
    }
    expect(await paymentOf(other.orderId)).toEqual({ payout_id: null, settled_at: null });
    // It is read once, not with every run.
    expect(await run()).toMatchObject({ settled: 0 });
    expect(asked).toEqual(['po_a/0', 'po_a/1']);
  });

  it.each([
    ['is still on its way', { state: 'in_transit' }],
    ['is not made up yet', { contents: 'later' }],
    ['was made by hand, so that nobody can say what it pays', { contents: 'never' }],
    ['has failed', { state: 'failed' }],
  ] as const)('is not read while it %s', async (_, given) => {
    payouts = [payout(given)];
    expect(await run()).toMatchObject({ settled: 0, problem: null });
    expect(asked).toEqual([]);
  });

  it('is read as soon as a webhook says that it is made up', async () => {
    const order = await captured(db);
    const one = payout({ contents: 'later' });
    payouts = [one];
    contents.set(one.id, [page([ref(order)])]);
    await run();
    payouts = [];
    await storePayouts(db, 'stripe', [{ ...one, contents: 'known' }, one]);
    expect(await run()).toMatchObject({ settled: 1 });
    expect(await paymentOf(order.orderId)).toMatchObject({ payout_id: one.id });
  });

  it('is read again from its beginning when the gateway stopped answering; nothing is counted or written twice', async () => {
    const [first, second] = [await captured(db), await captured(db)];
    const one = payout();
    payouts = [one];
    contents.set(one.id, [page([ref(first)]), page([ref(second)])]);
    breaksAt = `${one.id}/1`;
    const input = { runId: newId('rec'), dryRun: false, sinceHours: null };
    await expect(activities.reconcilePayments(input)).rejects.toThrow('no answer');
    expect(await paymentOf(first.orderId)).toMatchObject({ payout_id: one.id });
    breaksAt = null;
    await activities.reconcilePayments(input);
    expect(await readRun(db, input.runId)).toMatchObject({ settled: 2 });
    expect(await eventsOf(first.orderId)).toHaveLength(1);
    expect(await eventsOf(second.orderId)).toHaveLength(1);
  });

  it('is only counted by a dry run', async () => {
    const order = await captured(db);
    const one = payout();
    payouts = [one];
    contents.set(one.id, [page([ref(order)])]);
    expect(await run(true)).toMatchObject({ settled: 1 });
    expect(await paymentOf(order.orderId)).toEqual({ payout_id: null, settled_at: null });
    expect(await run()).toMatchObject({ settled: 1 });
  });
});

describe('a payout that failed after it was paid', () => {
  it('takes its payments back, and the payout that brings the money again settles them', async () => {
    const [lost, later] = [await captured(db), await captured(db)];
    const failed = payout();
    payouts = [failed];
    contents.set(failed.id, [page([ref(lost)])]);
    await run();
    payouts = [];
    await storePayouts(db, 'stripe', [{ ...failed, state: 'failed' }]);
    await run();
    expect(await paymentOf(lost.orderId)).toEqual({ payout_id: null, settled_at: null });
    await run();

    const next = payout({ arrivesAt: '2026-03-20T00:00:00.000Z' });
    payouts = [next];
    contents.set(next.id, [page([ref(later)], [failed.id])]);
    expect(await run()).toMatchObject({ settled: 2 });
    expect(await paymentOf(lost.orderId)).toEqual({
      payout_id: next.id,
      settled_at: new Date('2026-03-20T00:00:00.000Z'),
    });
    const paymentId = lost.paymentId;
    expect(await eventsOf(lost.orderId)).toEqual([
      { type: 'payment.settled', data: { paymentId, payoutId: failed.id } },
      { type: 'payment.unsettled', data: { paymentId, payoutId: failed.id } },
      { type: 'payment.settled', data: { paymentId, payoutId: next.id } },
    ]);
  });

  it('takes nothing from a payment that another payout has brought meanwhile', async () => {
    const order = await captured(db);
    const [first, second] = [payout(), payout()];
    payouts = [first, second];
    contents.set(first.id, [page([ref(order)])]);
    contents.set(second.id, [page([], [first.id])]);
    await run();
    expect(await paymentOf(order.orderId)).toMatchObject({ payout_id: second.id });
    payouts = [];
    await storePayouts(db, 'stripe', [{ ...first, state: 'failed' }]);
    await run();
    expect(await paymentOf(order.orderId)).toMatchObject({ payout_id: second.id });
  });
});
