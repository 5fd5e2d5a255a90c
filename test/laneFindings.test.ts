/**
 * Situations of the lane that a review found wrong once, each as a test of its own: parcels that overtake their capture,
 * retries in the middle of an undo, messages and signals that the database refuses, stock that comes at the last moment.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActivities, type Activities } from '../activities/index.ts';
import { connect, type Db } from '../db/connect.ts';
import { setPolicy } from '../db/writes/channels.ts';
import { withOrder } from '../db/writes/order.ts';
import type { OrderView, StepKind } from '../domain/lifecycle.ts';
import { OutcomeUnknown } from '../providers/outcome.ts';
import { accepted } from './given/accepted.ts';
import { givenGateway, granted } from './given/gateway.ts';
import { putMessage, type GivenMessage } from './given/message.ts';
import { CHANNEL, openShop } from './given/shop.ts';
import type { GivenOrder } from './given/order.ts';
import { givenCarrier, givenWarehouse } from './given/outside.ts';
import { freshDatabase, startPostgres, type TestPostgres } from './postgres.ts';
import { ACTIVITY_OF } from './given/steps.ts';

let postgres: TestPostgres;
let db: Db;
let activities: Activities;
/** What the outside systems do next. */
const outside = {
  decline: new Set<string>(),
  loseVoids: false,
  loseLabelVoids: false,
  refuseCapture: false,
  voided: [] as string[],
};

beforeAll(async () => {
  postgres = await startPostgres();
  db = connect({ url: await freshDatabase(postgres.url), max: 20 });
  await openShop(db, { masterKey: randomBytes(32) });
  const done = <T>(value: T) => Promise.resolve({ ok: true as const, value });
  const lost = () => Promise.reject(new OutcomeUnknown('lost', { sent: true }));
  const refused = (code: 'card_declined' | 'capture_refused') =>
    Promise.resolve({ ok: false as const, code, providerCode: 'no', detail: 'No.' });
  activities = createActivities({
    pool: db.pool,
    payment: givenGateway({
      authorize: ({ key }) => (outside.decline.has(key) ? refused('card_declined') : granted(key)),
      capture: ({ amountMinor }) =>
        outside.refuseCapture ? refused('capture_refused') : done({ capturedMinor: amountMinor }),
      void: ({ providerRef }) => {
        outside.voided.push(providerRef);
        return outside.loseVoids ? lost() : done({});
      },
    }),
    warehouse: givenWarehouse(),
    carrier: givenCarrier({ voidLabel: () => (outside.loseLabelVoids ? lost() : done({})) }),
  });
}, 120_000);

afterAll(async () => {
  await db?.close();
  await postgres?.stop();
});

async function put(orderId: string, message: GivenMessage): Promise<OrderView> {
  await putMessage(db, orderId, message);
  return (await activities.advance({ orderId })).view;
}

/** Runs one step of a share; an unknown outcome is swallowed as the workflow's retry would. */
async function step(
  orderId: string,
  kind: StepKind,
  given: { share?: number; subject?: string } = {},
): Promise<OrderView> {
  const view = await withOrder(db.pool, orderId);
  const shareId = view.shares[given.share ?? 0]?.id ?? '';
  return activities[ACTIVITY_OF[kind]]({ orderId, shareId, subject: given.subject ?? shareId }).catch(() =>
    withOrder(db.pool, orderId),
  );
}

async function packed(given: GivenOrder = {}): Promise<{ orderId: string; number: number; share: string }> {
  const { orderId, number } = await accepted(db, given);
  const { view } = await activities.advance({ orderId });
  const share = view.shares[0]?.id ?? '';
  await step(orderId, 'authorize');
  await step(orderId, 'submit');
  await put(orderId, { kind: 'warehouse_report', match: share, payload: { report: 'packed' } });
  return { orderId, number, share };
}

const scan = (status: string, minute: number) => ({
  status,
  detail: '',
  message: '',
  occurredAt: `2026-01-01T00:0${minute}:00.000Z`,
});

describe('a parcel that leaves before its capture is settled', () => {
  it('is charged all the same, and only then is the order complete', async () => {
    const { orderId, number } = await packed();
    await step(orderId, 'book');
    const after = await put(orderId, {
      kind: 'carrier_scans',
      match: `T${number}/book/1/1`,
      payload: { scans: [scan('in_transit', 1), scan('delivered', 2)] },
    });
    expect(after.lifecycle).toBe('processing');
    expect((await step(orderId, 'capture')).lifecycle).toBe('completed');
    const { rows } = await db.pool.query('select state from payments where order_id = $1', [orderId]);
    expect(rows).toEqual([{ state: 'captured' }]);
  });
});

describe('a parcel that is lost', () => {
  it('is up to people: closed by hand, its order waits for nothing and is not started again', async () => {
    const { orderId, number } = await packed();
    await step(orderId, 'book');
    await step(orderId, 'capture');
    const scans = (...all: ReturnType<typeof scan>[]) => ({
      kind: 'carrier_scans',
      match: `T${number}/book/1/1`,
      payload: { scans: all },
    });
    const lost = { ...scan('failure', 2), detail: 'package_lost' };
    const told = await put(orderId, scans(scan('in_transit', 1), lost));
    expect(told.waits.map((wait) => wait.kind)).toEqual(['case']);
    const open = await db.pool.query(`select id from cases where order_id = $1 and code = 'parcel_lost'`, [
      orderId,
    ]);
    const payload = { caseId: open.rows[0]?.id, note: 'claimed at the carrier' };
    const closed = await put(orderId, { kind: 'command.resolve_case', payload });
    expect(closed).toMatchObject({ lifecycle: 'processing', attention: [], waits: [] });
    const due = await db.pool.query('select due_at, stage from orders where id = $1', [orderId]);
    expect(due.rows).toEqual([{ due_at: null, stage: 'transport' }]);
    expect((await activities.advance({ orderId })).view.version).toBe(closed.version);
    // Found after all: the carrier's word still counts.
    expect((await put(orderId, scans(scan('delivered', 3)))).lifecycle).toBe('completed');
  });
});

describe('a retry in the middle of an undo', () => {
  it('is refused while a sibling is being voided, and the void is finished first', async () => {
    const { orderId, number } = await accepted(db, { lines: [{ sku: 'MUG' }, { sku: 'TEA' }] });
    await activities.advance({ orderId });
    outside.decline.add(`${number}/authorize/1/1`);
    await step(orderId, 'authorize', { share: 1 });
    const view = await step(orderId, 'authorize', { share: 0 });
    outside.loseVoids = true;
    const payment = view.shares[1]?.payments[0]?.id ?? '';
    const unknown = await step(orderId, 'void', { share: 1, subject: payment });
    expect(unknown.shares[1]?.undoing).toEqual([{ kind: 'void', subject: payment }]);
    const after = await put(orderId, { kind: 'command.retry', payload: {} });
    expect(after.shares.map((share) => share.paymentAttempt)).toEqual([1, 1]);
    outside.loseVoids = false;
    await step(orderId, 'void', { share: 1, subject: payment });
    const retried = await put(orderId, { kind: 'command.retry', payload: {} });
    expect(retried.shares.map((share) => share.paymentAttempt)).toEqual([2, 2]);
  });

  it('waits for a label whose void is not known yet', async () => {
    const { orderId } = await packed();
    await step(orderId, 'book');
    outside.refuseCapture = true;
    const view = await step(orderId, 'capture');
    outside.refuseCapture = false;
    outside.loseLabelVoids = true;
    const parcel = view.shares[0]?.shipment?.id ?? '';
    await step(orderId, 'void_label', { subject: parcel });
    expect((await put(orderId, { kind: 'command.retry', payload: {} })).shares[0]?.paymentAttempt).toBe(1);
    outside.loseLabelVoids = false;
    await step(orderId, 'void_label', { subject: parcel });
    await step(orderId, 'void', { subject: view.shares[0]?.payments[0]?.id ?? '' });
    const retried = await put(orderId, { kind: 'command.retry', payload: {} });
    expect(retried.shares[0]).toMatchObject({ paymentAttempt: 2, shipmentAttempt: 2 });
  });
});

describe('what the database refuses', () => {
  it('in a signal harms nothing', async () => {
    const { orderId } = await accepted(db);
    const body = { reason: 'customer', note: 'a\u0000b \uD800' };
    const signals = [
      { id: 'x'.repeat(5_000), name: 'cancelOrder', body },
      { id: 'nul\u0000', name: 'dan\u0000ce \uDC00', body: null },
    ];
    const { view } = await activities.advance({ orderId, signals });
    expect(view.lifecycle).toBe('cancelled');
    await activities.advance({ orderId, signals });
    const { rows } = await db.pool.query(`select count(*)::int as n from messages where order_id = $1`, [
      orderId,
    ]);
    expect(rows).toEqual([{ n: 2 }]);
  });

  it('in a message is refused alone, with a case, and the next one is taken', async () => {
    const { orderId, number } = await packed();
    await step(orderId, 'book');
    await step(orderId, 'capture');
    const match = `T${number}/book/1/1`;
    await put(orderId, {
      kind: 'carrier_scans',
      match,
      payload: { scans: [{ ...scan('in_transit', 1), occurredAt: '0000-12-31T14:00:00.000Z' }] },
    });
    expect((await withOrder(db.pool, orderId)).attention).toEqual(['data_fix']);
    expect(
      (await put(orderId, { kind: 'carrier_scans', match, payload: { scans: [scan('delivered', 2)] } }))
        .lifecycle,
    ).toBe('completed');
  });

  it('a report of a share that was never submitted moves nothing', async () => {
    const { orderId } = await accepted(db);
    const { view } = await activities.advance({ orderId });
    const after = await put(orderId, {
      kind: 'warehouse_report',
      match: view.shares[0]?.id ?? '',
      payload: { report: 'packed' },
    });
    expect(after.shares[0]?.state).toBe('open');
  });
});

describe('ends', () => {
  it('an order of absurd weight is allocated all the same', async () => {
    const { orderId } = await accepted(db, { lines: [{ sku: 'MUG', quantity: 1_000, unitMinor: 1 }] });
    await db.pool.query('update order_lines set weight_grams = 10000000 where order_id = $1', [orderId]);
    expect((await activities.advance({ orderId })).view.shares).toHaveLength(1);
  });

  it('a share that its warehouse rejected can be cancelled, money and stock back', async () => {
    const { orderId } = await accepted(db);
    const { view } = await activities.advance({ orderId });
    await step(orderId, 'authorize');
    await step(orderId, 'submit');
    await put(orderId, {
      kind: 'warehouse_report',
      match: view.shares[0]?.id ?? '',
      payload: { report: 'rejected', note: 'no such goods' },
    });
    await put(orderId, { kind: 'command.cancel', payload: { reason: 'inventory' } });
    const after = await step(orderId, 'void', {
      subject: (await withOrder(db.pool, orderId)).shares[0]?.payments[0]?.id ?? '',
    });
    expect(after.lifecycle).toBe('cancelled');
    const { rows } = await db.pool.query(
      'select allocated, fulfilled, cancelled from order_lines where order_id = $1',
      [orderId],
    );
    expect(rows).toEqual([{ allocated: 0, fulfilled: 0, cancelled: 1 }]);
  });

  it('stock that came in time is found at the deadline', async () => {
    await setPolicy(db, { channel: CHANNEL, policy: { stockWaitSeconds: 3_600 } }, { actor: 'story' });
    const { orderId } = await accepted(db, { lines: [{ sku: 'RARE', quantity: 7 }] });
    expect((await activities.advance({ orderId })).view.attention).toEqual(['stock']);
    await db.pool.query(`update stock set on_hand = allocated + 7 where sku = 'RARE'`);
    await db.pool.query(`update waits set deadline_at = now() where order_id = $1 and kind = 'stock'`, [
      orderId,
    ]);
    const { view } = await activities.advance({ orderId });
    expect(view).toMatchObject({ lifecycle: 'processing', direction: 'forward', attention: [] });
  });

  it('money that the channel reports for an order that ended is not forgotten', async () => {
    const { orderId } = await accepted(db, { prepaid: true });
    await db.pool.query('update orders set payment_paid = false where id = $1', [orderId]);
    await put(orderId, { kind: 'command.cancel', payload: { reason: 'customer' } });
    const after = await put(orderId, {
      kind: 'channel_paid',
      payload: { number: 'shop-1', time: '2026-01-01T00:00:00Z' },
    });
    expect(after).toMatchObject({ lifecycle: 'cancelled', attention: ['payment_action'] });
  });

  it('money that the channel reports in another amount keeps the goods until a person has looked', async () => {
    const { orderId, totalMinor } = await accepted(db, { prepaid: true });
    await db.pool.query('update orders set payment_paid = false where id = $1', [orderId]);
    const payload = { number: 'shop-2', time: '2026-01-01T00:00:00Z', amountMinor: totalMinor - 1 };
    const after = await put(orderId, { kind: 'channel_paid', payload });
    expect(after).toMatchObject({ lifecycle: 'processing', attention: ['payment_action'] });
    const { rows } = await db.pool.query(
      'select code, subject from cases where order_id = $1 and resolved_at is null',
      [orderId],
    );
    expect(rows).toEqual([{ code: 'amount_mismatch', subject: orderId }]);
  });
});
