/**
 * Money of an order that was undone while something else was under way: whatever ends later, nothing of the customer's
 * money stays behind. The database is real, the gateway remembers what it was asked for.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createActivities, type Activities } from '../activities/index.ts';
import { connect, type Db } from '../db/connect.ts';
import { checkLedger } from '../db/reads/ledgerCheck.ts';
import { storeFacts } from '../db/writes/messages.ts';
import { withOrder } from '../db/writes/order.ts';
import { dueSteps, type OrderView } from '../domain/lifecycle.ts';
import type { GatewayTruth } from '../domain/truth.ts';
import { OutcomeUnknown } from '../providers/outcome.ts';
import type { PaymentProvider } from '../providers/payment/port.ts';
import { accepted } from './given/accepted.ts';
import { givenGateway } from './given/gateway.ts';
import { putMessage, type GivenMessage } from './given/message.ts';
import { openShop } from './given/shop.ts';
import { freshDatabase, startPostgres, type TestPostgres } from './postgres.ts';
import { ACTIVITY_OF } from './given/steps.ts';

let postgres: TestPostgres;
let db: Db;
let activities: Activities;
const gateway = new Map<string, GatewayTruth>();
const trouble = { losesCapture: false, losesRefund: false };

function truthOf(ref: string): GatewayTruth {
  const truth = gateway.get(ref);
  if (!truth) throw new Error(`the gateway has no ${ref}`);
  return truth;
}

const lost = () => Promise.reject(new OutcomeUnknown('lost', { sent: true }));

function remembered(): PaymentProvider {
  return givenGateway({
    authorize({ key, orderId, amountMinor, currency }) {
      const providerRef = `pi_${key}`;
      gateway.set(providerRef, {
        ...{ providerRef, state: 'authorized', amountMinor, capturedMinor: 0, currency, captureBefore: null },
        ...{ key, orderId, refunds: [], disputes: [] },
      });
      const value = { providerRef, brand: 'visa', last4: '4242', captureBefore: null };
      return Promise.resolve({ ok: true, value });
    },
    capture({ providerRef, amountMinor }) {
      Object.assign(truthOf(providerRef), { state: 'captured', capturedMinor: amountMinor });
      return trouble.losesCapture
        ? lost()
        : Promise.resolve({ ok: true, value: { capturedMinor: amountMinor } });
    },
    // As Stripe does: what was taken can't be given back by a void.
    void({ providerRef }) {
      const truth = truthOf(providerRef);
      const [code, providerCode] = ['payment_refused', 'payment_intent_unexpected_state'] as const;
      if (truth.state === 'captured')
        return Promise.resolve({ ok: false, code, providerCode, detail: 'It was captured.' });
      truth.state = 'voided';
      return Promise.resolve({ ok: true, value: {} });
    },
    retrieve: (providerRef) => Promise.resolve({ ...truthOf(providerRef), brand: null, last4: null }),
    refund({ key, providerRef, amountMinor }) {
      const refundRef = `re_${key}`;
      const { refunds } = truthOf(providerRef);
      if (!refunds.some((one) => one.key === key))
        refunds.push({ id: refundRef, key, amountMinor, state: 'succeeded', failureCode: null });
      if (trouble.losesRefund) return lost();
      return Promise.resolve({ ok: true, value: { refundRef, state: 'succeeded' } });
    },
    inspect: (providerRef) => Promise.resolve(structuredClone(gateway.get(providerRef))),
  });
}

beforeAll(async () => {
  postgres = await startPostgres();
  db = connect({ url: await freshDatabase(postgres.url), max: 10 });
  // The money is taken with the order; it goes to its warehouse an hour later, and may be cancelled until then.
  await openShop(db, {
    policy: { captureAt: 'order', releaseDelaySeconds: 3_600 },
    masterKey: randomBytes(32),
  });
  const gone = () => Promise.reject(new OutcomeUnknown('down', { sent: false }));
  activities = createActivities({
    pool: db.pool,
    payment: remembered(),
    warehouse: { id: 'http', submit: gone, parseWebhook: () => [] },
    carrier: { id: 'none', book: gone, voidLabel: gone, parseWebhook: () => [] },
  });
}, 120_000);

beforeEach(() => {
  Object.assign(trouble, { losesCapture: false, losesRefund: false });
});

afterAll(async () => {
  await db?.close();
  await postgres?.stop();
});

/** Does everything that is due, as the lane would: a step that gets no answer stalls. */
async function settle(orderId: string): Promise<OrderView> {
  for (let turn = 0; turn < 30; turn += 1) {
    const { view } = await activities.advance({ orderId });
    const due = dueSteps(view, Date.now())[0];
    if (!due) return view;
    const { shareId, subject, kind } = due;
    try {
      await activities[ACTIVITY_OF[kind]]({ orderId, shareId, subject });
    } catch {
      const code = 'outcome_unknown' as const;
      await activities.recordStall({ orderId, shareId, step: kind, code, detail: 'No answer.' });
    }
  }
  throw new Error('steps without end');
}

async function put(orderId: string, message: GivenMessage): Promise<OrderView> {
  await putMessage(db, orderId, message);
  return settle(orderId);
}

const cancel = { kind: 'command.cancel', payload: { reason: 'customer' } };

/** An order whose money was taken and that may still be cancelled. */
async function taken() {
  const { orderId, number, totalMinor } = await accepted(db);
  await settle(orderId);
  return { orderId, totalMinor, ref: `pi_${number}/authorize/1/1` };
}

function backOf(ref: string): number {
  return truthOf(ref).refunds.reduce((sum, one) => sum + one.amountMinor, 0);
}

async function refundIds(orderId: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>(
    'select id from refunds where order_id = $1 order by seq',
    [orderId],
  );
  return rows.map((row) => row.id);
}

async function openOperations(orderId: string): Promise<number> {
  const { rows } = await db.pool.query<{ count: number }>(
    `select count(*)::int as count from operations where order_id = $1 and state in ('requested', 'unknown')`,
    [orderId],
  );
  return rows[0]?.count ?? -1;
}

async function casesOf(orderId: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ code: string }>(
    'select code from cases where order_id = $1 and resolved_at is null order by code',
    [orderId],
  );
  return rows.map((row) => row.code);
}

/** Passes the retry waits of the order, as time would. */
async function passRetries(orderId: string): Promise<OrderView> {
  await db.pool.query(
    `update waits set deadline_at = now() - interval '1 second' where order_id = $1 and kind = 'retry' and ended_at is null`,
    [orderId],
  );
  return settle(orderId);
}

describe('an order that is cancelled', () => {
  it('while a refund waits for a second person gives back all, also when that refund is declined later', async () => {
    for (const kind of ['command.decline_refund', 'command.withdraw_refund']) {
      const { orderId, totalMinor, ref } = await taken();
      await put(orderId, {
        kind: 'command.refund',
        payload: { request: { reason: 'goodwill', amountMinor: totalMinor - 100 }, role: 'nobody' },
      });
      await db.pool.query(`update refunds set requested_by = 'key:other' where order_id = $1`, [orderId]);
      const view = await put(orderId, cancel);
      expect(view.lifecycle).toBe('cancelled');
      expect(backOf(ref)).toBe(100);
      const [waiting = ''] = await refundIds(orderId);
      await put(orderId, { kind, payload: { refundId: waiting } });
      expect(backOf(ref)).toBe(totalMinor);
    }
  });

  it('while its charge is unknown gives back what the gateway has taken', async () => {
    const { orderId, number, totalMinor } = await accepted(db);
    trouble.losesCapture = true;
    await settle(orderId);
    const ref = `pi_${number}/authorize/1/1`;
    expect(truthOf(ref).state).toBe('captured');
    await put(orderId, cancel);
    await put(orderId, {
      kind: 'payment_event',
      match: ref,
      payload: { type: 'payment_intent.succeeded' },
    });
    expect((await withOrder(db.pool, orderId)).lifecycle).toBe('cancelled');
    expect(backOf(ref)).toBe(totalMinor);
    expect(await openOperations(orderId)).toBe(0);
    expect(await casesOf(orderId)).toEqual([]);
    expect((await checkLedger(db.pool)).wrong).toBe(0);
  });

  it('hears of a charge that came through while its void was being asked for', async () => {
    const { orderId, number } = await accepted(db);
    trouble.losesCapture = true;
    await settle(orderId);
    const paymentId = (await withOrder(db.pool, orderId)).shares[0]?.payments[0]?.id ?? '';
    await db.pool.query(
      `insert into operations (key, order_id, kind, subject, state) values ($1, $2, 'void', $3, 'requested')`,
      [`${number}/void/1/1`, orderId, paymentId],
    );
    const fact = { kind: 'payment_event', match: `pi_${number}/authorize/1/1` } as const;
    const stored = await storeFacts(db, 'payment', [
      { ...fact, sourceId: `evt_${number}_1`, type: 'payment_intent.succeeded' },
      { ...fact, sourceId: `evt_${number}_2`, type: 'payment_intent.canceled' },
    ]);
    expect(stored.map((one) => one.outcome)).toEqual(['stored', 'confirms']);
  });

  it('while its charge is unknown looks at what was taken without being told', async () => {
    const { orderId, number, totalMinor } = await accepted(db);
    trouble.losesCapture = true;
    await settle(orderId);
    await put(orderId, cancel);
    expect((await withOrder(db.pool, orderId)).lifecycle).toBe('cancelled');
    expect(backOf(`pi_${number}/authorize/1/1`)).toBe(totalMinor);
    expect(await openOperations(orderId)).toBe(0);
  });

  it('while its charge is unknown and never came to the gateway leaves no charge open', async () => {
    const { orderId, number } = await accepted(db);
    trouble.losesCapture = true;
    await settle(orderId);
    Object.assign(truthOf(`pi_${number}/authorize/1/1`), { state: 'authorized', capturedMinor: 0 });
    await put(orderId, cancel);
    expect((await withOrder(db.pool, orderId)).lifecycle).toBe('cancelled');
    expect(truthOf(`pi_${number}/authorize/1/1`).state).toBe('voided');
    expect(await openOperations(orderId)).toBe(0);
    expect((await checkLedger(db.pool)).wrong).toBe(0);
  });

  it('while its charge is disputed gives back what is won later', async () => {
    const { orderId, totalMinor, ref } = await taken();
    const paymentId = (await withOrder(db.pool, orderId)).shares[0]?.payments[0]?.id ?? '';
    const look = { kind: 'payment_event', match: paymentId, payload: { type: 'charge.dispute.updated' } };
    const dispute = {
      ...{ id: `dp_${ref}`, amountMinor: totalMinor, state: 'open' as const },
      ...{ reason: null, respondBy: null },
    };
    truthOf(ref).disputes = [dispute];
    await put(orderId, look);
    await put(orderId, cancel);
    expect(backOf(ref)).toBe(0);
    truthOf(ref).disputes = [{ ...dispute, state: 'won' }];
    await put(orderId, look);
    expect(backOf(ref)).toBe(totalMinor);
    await put(orderId, look);
    expect(backOf(ref)).toBe(totalMinor);
  });

  it('is free of cases once a look has found the refund whose answer was lost', async () => {
    const { orderId, totalMinor, ref } = await taken();
    trouble.losesRefund = true;
    await put(orderId, cancel);
    expect(await casesOf(orderId)).toEqual(['outcome_unknown']);
    const paymentId = (await withOrder(db.pool, orderId)).shares[0]?.payments[0]?.id ?? '';
    await put(orderId, { kind: 'payment_event', match: paymentId, payload: { type: 'refund.updated' } });
    await passRetries(orderId);
    expect(backOf(ref)).toBe(totalMinor);
    expect(await casesOf(orderId)).toEqual([]);
  });
});
