/**
 * Money that moves at the gateway without us, on the lane's level: the database is real, the gateway remembers what it was
 * asked for and what a test moves there behind our back. Looking twice, late or in the middle of a reply changes nothing.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActivities, type Activities } from '../activities/index.ts';
import { connect, type Db } from '../db/connect.ts';
import { storeFacts } from '../db/writes/messages.ts';
import { withOrder } from '../db/writes/order.ts';
import { dueSteps, type OrderView } from '../domain/lifecycle.ts';
import type { GatewayTruth } from '../domain/truth.ts';
import type { PaymentProvider } from '../providers/payment/port.ts';
import { accepted } from './given/accepted.ts';
import { givenGateway } from './given/gateway.ts';
import { putMessage, type GivenMessage } from './given/message.ts';
import type { GivenOrder } from './given/order.ts';
import { givenCarrier, givenWarehouse } from './given/outside.ts';
import { openShop } from './given/shop.ts';
import { freshDatabase, startPostgres, type TestPostgres } from './postgres.ts';
import { ACTIVITY_OF } from './given/steps.ts';

let postgres: TestPostgres;
let db: Db;
let activities: Activities;
/** The gateway's books, by its reference. */
const gateway = new Map<string, GatewayTruth>();
const state = {
  declines: false,
  asked: 0,
  voided: [] as string[],
  duringLook: undefined as (() => Promise<void>) | undefined,
};

function remembered(): PaymentProvider {
  const of = (ref: string) => {
    const truth = gateway.get(ref);
    if (!truth) throw new Error(`the gateway has no ${ref}`);
    return truth;
  };
  return givenGateway({
    authorize({ key, orderId, amountMinor, currency }) {
      const providerRef = `pi_${key}`;
      gateway.set(providerRef, {
        ...{ providerRef, state: state.declines ? 'declined' : 'authorized', amountMinor, capturedMinor: 0 },
        ...{ currency, captureBefore: null, key, orderId, refunds: [], disputes: [] },
      });
      if (state.declines)
        return Promise.resolve({
          ok: false,
          code: 'card_declined',
          providerCode: 'stolen_card',
          detail: 'No.',
        });
      const value = { providerRef, brand: 'visa', last4: '4242', captureBefore: null };
      return Promise.resolve({ ok: true, value });
    },
    capture({ providerRef, amountMinor }) {
      Object.assign(of(providerRef), { state: 'captured', capturedMinor: amountMinor });
      return Promise.resolve({ ok: true, value: { capturedMinor: amountMinor } });
    },
    void({ providerRef }) {
      // As Stripe does: what was taken can't be given back by a void.
      const [code, providerCode] = ['payment_refused', 'payment_intent_unexpected_state'] as const;
      if (of(providerRef).state === 'captured')
        return Promise.resolve({ ok: false, code, providerCode, detail: 'It was captured.' });
      state.voided.push(providerRef);
      of(providerRef).state = 'voided';
      return Promise.resolve({ ok: true, value: {} });
    },
    refund({ key, providerRef, amountMinor }) {
      const refundRef = `re_${key}`;
      of(providerRef).refunds.push({
        id: refundRef,
        key,
        amountMinor,
        state: 'succeeded',
        failureCode: null,
      });
      return Promise.resolve({ ok: true, value: { refundRef, state: 'succeeded' } });
    },
    find(key) {
      const truth = [...gateway.values()].find((one) => one.key === key);
      return Promise.resolve(truth && { ...truth, brand: null, last4: null });
    },
    async inspect(providerRef) {
      state.asked += 1;
      const truth = structuredClone(gateway.get(providerRef));
      await state.duringLook?.();
      return truth;
    },
  });
}

beforeAll(async () => {
  postgres = await startPostgres();
  db = connect({ url: await freshDatabase(postgres.url), max: 20 });
  await openShop(db, { masterKey: randomBytes(32) });
  activities = createActivities({
    pool: db.pool,
    payment: remembered(),
    warehouse: givenWarehouse(),
    carrier: givenCarrier(),
  });
}, 120_000);

afterAll(async () => {
  await db?.close();
  await postgres?.stop();
});

/** Does everything that is due, as the workflow would, and gives the view after it. */
async function settle(orderId: string): Promise<OrderView> {
  let { view, due } = await dueOf(orderId);
  for (let turn = 0; due && turn < 30; turn += 1) {
    const name = ACTIVITY_OF[due.kind];
    await activities[name]({ orderId, shareId: due.shareId, subject: due.subject });
    ({ view, due } = await dueOf(orderId));
  }
  return view;
}

async function dueOf(orderId: string) {
  const { view } = await activities.advance({ orderId });
  return { view, due: dueSteps(view, Date.now())[0] };
}

async function put(orderId: string, message: GivenMessage): Promise<OrderView> {
  await putMessage(db, orderId, message);
  return settle(orderId);
}

/** An order whose payment is authorized, or charged with a booked parcel. */
async function given(stage: 'authorized' | 'charged', order: GivenOrder = {}) {
  const { orderId, number } = await accepted(db, order);
  const view = await settle(orderId);
  const share = view.shares[0]?.id ?? '';
  if (stage === 'charged')
    await put(orderId, { kind: 'warehouse_report', match: share, payload: { report: 'packed' } });
  const ref = `pi_${number}/authorize/1/1`;
  return { orderId, number, share, ref, truth: truthOf(ref) };
}

function truthOf(ref: string): GatewayTruth {
  const truth = gateway.get(ref);
  if (!truth) throw new Error(`the gateway has no ${ref}`);
  return truth;
}

let hooks = 0;
/** A webhook about a payment, at its door. */
async function hook(ref: string, type: string): Promise<void> {
  hooks += 1;
  await storeFacts(db, 'payment', [{ kind: 'payment_event', sourceId: `evt_${hooks}`, match: ref, type }]);
}

/** What is known of an order's money, without times and ids that differ between two orders. */
async function moneyOf(orderId: string) {
  const { rows } = await db.pool.query(
    `select o.payment_status as status, o.lifecycle, o.disputed, p.state, p.captured_minor::int as captured, p.refunded_minor::int as refunded,
       p.voided_minor::int as voided, p.charged_back_minor::int as charged_back, p.refund_claimed_minor::int as claimed, p.inspect_wanted,
       (select coalesce(sum(amount_minor), 0)::int from ledger where order_id = o.id) as books,
       (select coalesce(sum(amount_minor), 0)::int from ledger where order_id = o.id and account = 'gateway') as gateway,
       (select array_agg(distinct code order by code) from cases c where c.order_id = o.id and resolved_at is null) as cases,
       (select array_agg(state order by opened_at) from disputes d where d.order_id = o.id) as disputes,
       (select bool_or(dispatch_at is not null) from shipments s where s.order_id = o.id) as dispatched
     from orders o join payments p on p.order_id = o.id where o.id = $1 order by p.attempt limit 1`,
    [orderId],
  );
  return rows[0] as Record<string, unknown>;
}

describe('a refund made in the dashboard', () => {
  it('is booked, told to a person, and changes nothing when it is heard of again', async () => {
    const { orderId, ref, truth } = await given('charged');
    truth.refunds.push({
      id: `re_${ref}`,
      key: null,
      amountMinor: 400,
      state: 'succeeded',
      failureCode: null,
    });
    await hook(ref, 'charge.refunded');
    await settle(orderId);
    const after = await moneyOf(orderId);
    expect(after).toMatchObject({
      status: 'partially_refunded',
      refunded: 400,
      gateway: 600,
      books: 0,
      cases: ['moved_outside'],
      inspect_wanted: false,
    });
    await hook(ref, 'refund.updated');
    await settle(orderId);
    expect(await moneyOf(orderId)).toEqual(after);
  });

  it('is booked even beyond what was charged', async () => {
    const { orderId, ref, truth } = await given('charged');
    truth.refunds.push({
      id: `re_${ref}`,
      key: null,
      amountMinor: 1_500,
      state: 'succeeded',
      failureCode: null,
    });
    await hook(ref, 'charge.refunded');
    await settle(orderId);
    expect(await moneyOf(orderId)).toMatchObject({ refunded: 1_500, gateway: -500, books: 0 });
  });
});

describe('a dispute', () => {
  it('holds the parcel and is booked; won, the parcel may go and the money is back', async () => {
    const { orderId, ref, truth } = await given('charged');
    expect(await moneyOf(orderId)).toMatchObject({ dispatched: true });
    const dispute = { id: `dp_${ref}`, amountMinor: 1_000, reason: 'fraudulent', respondBy: null };
    truth.disputes = [{ ...dispute, state: 'open' }];
    await hook(ref, 'charge.dispute.created');
    await settle(orderId);
    expect(await moneyOf(orderId)).toMatchObject({
      ...{ status: 'disputed', disputed: true, charged_back: 1_000, gateway: 0, dispatched: false },
      ...{ cases: ['dispute_open'], disputes: ['open'] },
    });
    truth.disputes = [{ ...dispute, state: 'won' }];
    await hook(ref, 'charge.dispute.closed');
    await settle(orderId);
    expect(await moneyOf(orderId)).toMatchObject({
      ...{ status: 'captured', disputed: false, charged_back: 0, gateway: 1_000, dispatched: true },
      ...{ cases: null, disputes: ['won'] },
    });
  });

  it('that was lost keeps the goods until a person has closed its case', async () => {
    const { orderId, ref, truth } = await given('charged');
    const dispute = { id: `dp_${ref}`, amountMinor: 1_000, reason: null, respondBy: null };
    truth.disputes = [{ ...dispute, state: 'lost' }];
    await hook(ref, 'charge.dispute.closed');
    await settle(orderId);
    expect(await moneyOf(orderId)).toMatchObject({ disputed: true, charged_back: 1_000, dispatched: false });
    const { rows } = await db.pool.query<{ id: string }>(
      `select id from cases where order_id = $1 and resolved_at is null`,
      [orderId],
    );
    await put(orderId, {
      kind: 'command.resolve_case',
      payload: { caseId: rows[0]?.id, note: 'we send it all the same' },
    });
    expect(await moneyOf(orderId)).toMatchObject({ disputed: false, status: 'refunded', dispatched: true });
  });

  it('stops an order that was not sent yet', async () => {
    const { orderId, ref, truth } = await given('authorized');
    Object.assign(truth, { state: 'captured', capturedMinor: 1_000 });
    truth.disputes = [{ id: `dp_${ref}`, amountMinor: 1_000, state: 'open', reason: null, respondBy: null }];
    await hook(ref, 'charge.dispute.created');
    const view = await settle(orderId);
    expect(view.money?.isDisputed).toBe(true);
    const share = view.shares[0]?.id ?? '';
    const packed = await put(orderId, {
      kind: 'warehouse_report',
      match: share,
      payload: { report: 'packed' },
    });
    expect(packed.shares[0]?.shipment).toBeNull();
  });
});

describe('an authorization', () => {
  it('that the gateway dropped is asked for anew', async () => {
    const { orderId, number, truth, ref } = await given('authorized');
    truth.state = 'voided';
    await hook(ref, 'payment_intent.canceled');
    const view = await settle(orderId);
    expect(await moneyOf(orderId)).toMatchObject({ state: 'expired', voided: 1_000 });
    expect(view.shares[0]?.payments.map((one) => one.state)).toEqual(['expired', 'authorized']);
    expect(gateway.has(`pi_${number}/authorize/1/2`)).toBe(true);
  });

  it('that came late for an order that has ended is given back', async () => {
    state.declines = true;
    const { orderId, number } = await accepted(db);
    await settle(orderId);
    state.declines = false;
    await put(orderId, { kind: 'command.cancel', payload: { reason: 'customer' } });
    expect(await moneyOf(orderId)).toMatchObject({ lifecycle: 'cancelled' });
    const ref = `pi_${number}/authorize/1/1`;
    truthOf(ref).state = 'authorized';
    const { rows } = await db.pool.query<{ id: string }>('select id from payments where order_id = $1', [
      orderId,
    ]);
    await hook(rows[0]?.id ?? '', 'reconciliation.authorized_but_ended');
    await settle(orderId);
    expect(state.voided).toContain(ref);
    expect(await moneyOf(orderId)).toMatchObject({
      ...{ state: 'voided', voided: 1_000, books: 0, inspect_wanted: false, cases: null },
    });
  });

  it('that came late while the order waits is taken on', async () => {
    state.declines = true;
    const { orderId, number } = await accepted(db);
    await settle(orderId);
    state.declines = false;
    truthOf(`pi_${number}/authorize/1/1`).state = 'authorized';
    const { rows } = await db.pool.query<{ id: string }>('select id from payments where order_id = $1', [
      orderId,
    ]);
    await hook(rows[0]?.id ?? '', 'payment_intent.amount_capturable_updated');
    const view = await settle(orderId);
    expect(await moneyOf(orderId)).toMatchObject({ state: 'authorized', cases: null });
    expect(view.shares[0]?.submitClaimed).toBe(true);
  });
});

describe('a charge', () => {
  it('that came late for an order that has ended is booked and given back', async () => {
    state.declines = true;
    const { orderId, number } = await accepted(db);
    await settle(orderId);
    state.declines = false;
    await put(orderId, { kind: 'command.cancel', payload: { reason: 'customer' } });
    const ref = `pi_${number}/authorize/1/1`;
    Object.assign(truthOf(ref), { state: 'captured', capturedMinor: 1_000 });
    const { rows } = await db.pool.query<{ id: string }>('select id from payments where order_id = $1', [
      orderId,
    ]);
    await hook(rows[0]?.id ?? '', 'reconciliation.captured_but_cancelled');
    await settle(orderId);
    expect(await moneyOf(orderId)).toMatchObject({
      ...{ state: 'captured', captured: 1_000, refunded: 1_000, gateway: 0, books: 0, cases: null },
    });
    expect(truthOf(ref).refunds).toHaveLength(1);
  });

  it('of another amount keeps the parcel until a person has closed the case', async () => {
    const { orderId, truth, ref } = await given('authorized');
    Object.assign(truth, { state: 'captured', capturedMinor: 900 });
    await hook(ref, 'payment_intent.succeeded');
    const view = await settle(orderId);
    const share = view.shares[0]?.id ?? '';
    await put(orderId, { kind: 'warehouse_report', match: share, payload: { report: 'packed' } });
    expect(await moneyOf(orderId)).toMatchObject({
      ...{ state: 'partially_captured', captured: 900, voided: 100, gateway: 900, dispatched: null },
      cases: ['amount_mismatch'],
    });
    const { rows } = await db.pool.query<{ id: string }>('select id from cases where order_id = $1', [
      orderId,
    ]);
    const payload = { caseId: rows[0]?.id, note: 'agreed with the customer' };
    await put(orderId, { kind: 'command.resolve_case', payload });
    expect(await moneyOf(orderId)).toMatchObject({ state: 'captured', cases: null, dispatched: true });
    // Looking once more does not ask for the rest again.
    await hook(ref, 'charge.updated');
    expect((await settle(orderId)).shares[0]?.payments).toMatchObject([{ state: 'captured' }]);
    expect(await moneyOf(orderId)).toMatchObject({ captured: 900, voided: 100, cases: null });
  });

  it('of a part alone is charged anew for the rest when somebody asks, and no more than the whole is taken', async () => {
    const { orderId, number, truth, ref } = await given('authorized');
    Object.assign(truth, { state: 'captured', capturedMinor: 600 });
    await hook(ref, 'payment_intent.succeeded');
    const view = await settle(orderId);
    expect(view.waits.map((wait) => wait.kind)).toContain('payment');
    expect(await moneyOf(orderId)).toMatchObject({ state: 'partially_captured', captured: 600, voided: 400 });

    const retried = await put(orderId, { kind: 'command.retry', payload: {} });
    const rest = truthOf(`pi_${number}/authorize/1/2`);
    expect(rest).toMatchObject({ state: 'authorized', amountMinor: 400 });
    expect(retried.attention).toEqual([]);
    const share = retried.shares[0]?.id ?? '';
    await put(orderId, { kind: 'warehouse_report', match: share, payload: { report: 'packed' } });
    expect(rest).toMatchObject({ state: 'captured', capturedMinor: 400 });
    expect(await moneyOf(orderId)).toMatchObject({
      ...{ status: 'captured', gateway: 1_000, books: 0, cases: null, dispatched: true },
    });
  });

  it.each([1_000, 600])('of %i before another was asked for counts for that one', async (capturedMinor) => {
    const { orderId, number, truth, ref } = await given('authorized');
    Object.assign(truth, { state: 'captured', capturedMinor });
    // The authorization is to be replaced in the same moment.
    await db.pool.query(
      `insert into waits (order_id, subject, kind, awaited_from, deadline_at, then_what, policy_version)
       select order_id, id, 'authorization', 'time', now(), 'authorize', 1 from payments where order_id = $1`,
      [orderId],
    );
    await settle(orderId);
    const rest = gateway.get(`pi_${number}/authorize/1/2`);
    expect(rest?.amountMinor ?? 0).toBe(1_000 - capturedMinor);
    expect((await moneyOf(orderId)).cases).toBeNull();
    expect(truth.refunds).toEqual([]);
    await hook(ref, 'charge.updated');
    const view = await settle(orderId);
    const share = view.shares[0]?.id ?? '';
    await put(orderId, { kind: 'warehouse_report', match: share, payload: { report: 'packed' } });
    expect(capturedMinor + (rest?.capturedMinor ?? 0)).toBe(1_000);
    expect(await moneyOf(orderId)).toMatchObject({ gateway: 1_000, books: 0, cases: null, dispatched: true });
  });

  it('of a part counts for the rest, also when somebody closes a later case about it', async () => {
    const { orderId, number, truth, ref } = await given('authorized');
    Object.assign(truth, { state: 'captured', capturedMinor: 600 });
    await hook(ref, 'payment_intent.succeeded');
    await settle(orderId);
    state.declines = true;
    await put(orderId, { kind: 'command.retry', payload: {} });
    state.declines = false;
    // The gateway has another word on it later.
    truth.capturedMinor = 500;
    await hook(ref, 'charge.updated');
    await settle(orderId);
    const { rows } = await db.pool.query<{ id: string }>(
      `select id from cases where order_id = $1 and code = 'amount_mismatch' and resolved_at is null`,
      [orderId],
    );
    const payload = { caseId: rows[0]?.id, note: 'seen to at the gateway' };
    await put(orderId, { kind: 'command.resolve_case', payload });
    expect(await moneyOf(orderId)).toMatchObject({ cases: ['card_declined'] });
    await put(orderId, { kind: 'command.retry', payload: {} });
    expect(truthOf(`pi_${number}/authorize/1/3`)).toMatchObject({ state: 'authorized', amountMinor: 400 });
  });

  it('of a part, then of a part of the rest, goes on from what both have taken', async () => {
    const { orderId, number, truth, ref } = await given('authorized');
    Object.assign(truth, { state: 'captured', capturedMinor: 600 });
    await hook(ref, 'payment_intent.succeeded');
    await settle(orderId);
    await put(orderId, { kind: 'command.retry', payload: {} });
    const second = `pi_${number}/authorize/1/2`;
    Object.assign(truthOf(second), { state: 'captured', capturedMinor: 150 });
    await hook(second, 'payment_intent.succeeded');
    await settle(orderId);
    await put(orderId, { kind: 'command.retry', payload: {} });
    expect(truthOf(`pi_${number}/authorize/1/3`)).toMatchObject({ state: 'authorized', amountMinor: 250 });
  });
});

describe('a refund of ours', () => {
  const ask = {
    kind: 'command.refund',
    payload: { request: { goodwillMinor: 300, reason: 'goodwill' }, role: 'ops' },
  };

  it('ends equal whether the reply or the webhook comes first', async () => {
    const replyFirst = await given('charged');
    await put(replyFirst.orderId, ask);
    await hook(replyFirst.ref, 'refund.created');
    await settle(replyFirst.orderId);
    const hookFirst = await given('charged');
    await putMessage(db, hookFirst.orderId, ask);
    const { due } = await dueOf(hookFirst.orderId);
    expect(due?.kind).toBe('refund');
    // The gateway has done it and said so, and the reply was lost with its worker.
    const key = `${hookFirst.number}/refund/1.1/1`;
    hookFirst.truth.refunds.push({
      id: `re_${key}`,
      key,
      amountMinor: 300,
      state: 'succeeded',
      failureCode: null,
    });
    await hook(hookFirst.ref, 'refund.created');
    await settle(hookFirst.orderId);
    expect(await moneyOf(hookFirst.orderId)).toMatchObject({
      refunded: 300,
      claimed: 300,
      gateway: 700,
      cases: null,
    });
    expect(await moneyOf(hookFirst.orderId)).toEqual(await moneyOf(replyFirst.orderId));
    expect(hookFirst.truth.refunds).toHaveLength(1);
  });

  it('that fails after it had succeeded is taken back, and a person is told', async () => {
    const { orderId, truth, ref } = await given('charged');
    await put(orderId, ask);
    const made = truth.refunds[0];
    if (made) Object.assign(made, { state: 'failed', failureCode: 'expired_or_canceled_card' });
    await hook(ref, 'refund.failed');
    await settle(orderId);
    expect(await moneyOf(orderId)).toMatchObject({
      refunded: 0,
      claimed: 0,
      gateway: 1_000,
      cases: ['refund_failed'],
    });
  });
});

describe('looking', () => {
  it('is repeated when the payment changed meanwhile', async () => {
    const { orderId, ref, truth } = await given('charged');
    await hook(ref, 'charge.refunded');
    const before = state.asked;
    state.duringLook = async () => {
      state.duringLook = undefined;
      truth.refunds.push({
        id: `re_${ref}`,
        key: null,
        amountMinor: 100,
        state: 'succeeded',
        failureCode: null,
      });
      await hook(ref, 'refund.created');
      await withOrder(db.pool, orderId);
    };
    await settle(orderId);
    expect(state.asked - before).toBe(2);
    expect(await moneyOf(orderId)).toMatchObject({ refunded: 100, inspect_wanted: false });
  });

  it('is not done for a webhook that only confirms', async () => {
    const { orderId, ref } = await given('authorized');
    const before = state.asked;
    await hook(ref, 'payment_intent.amount_capturable_updated');
    await settle(orderId);
    expect(state.asked).toBe(before);
  });
});
