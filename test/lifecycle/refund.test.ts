/** Money that goes back: refunds by the API and by signal, of delivered and of cancelled orders, and movements made outside. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { ORDER_WORKFLOW, orderStartOptions, TASK_QUEUES } from '../../workflows/contract.ts';
import { environment, type Environment } from '../environment.ts';

let env: Environment;
beforeAll(async () => {
  env = await environment();
});

const completed = (order: OrderDetail) => order.lifecycle === 'completed';
const settled = (count: number) => (order: OrderDetail) =>
  order.money.refunds.filter((one) => one.state === 'settled').length === count;

const eur = (amount: number) => ({ amount, currency: 'EUR' });

/** 2 mugs at 100.00, 20.00 off, 10 % tax on what is left: one of them is worth 99.00. */
const TWO_MUGS = {
  lines: [{ sku: 'MUG', quantity: 2, unitMinor: 10_000, discountMinor: 2_000, taxMinor: 1_800 }],
};

function refund(order: { id: string }, body: object, path = 'refunds', key = env.keys.support) {
  return env.call<OrderDetail & { code?: string }>('POST', `/v1/orders/${order.id}/${path}`, {
    key,
    body,
    idempotencyKey: `${order.id}-${path}-${Math.random()}`.replaceAll('/', '-'),
  });
}

async function dashboard<T>(path: string, body: object): Promise<T> {
  const response = await fetch(`${env.stack.simulators.payment}/_dashboard/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.ok).toBe(true);
  return (await response.json()) as T;
}

describe('a refund of a delivered order', () => {
  it('of one unit is prorated to the cent and answered at once; the rest gives back exactly what was paid', async () => {
    const placed = await env.place(TWO_MUGS);
    await env.until(placed.id, 'completed', completed);
    const preview = await refund(
      placed,
      { reason: 'defective', lines: [{ lineNo: 1, units: 1 }] },
      'refunds/preview',
    );
    expect(preview.body).toMatchObject({ plan: { amount: eur(9_900) }, problem: null });
    const answer = await refund(placed, { reason: 'defective', lines: [{ lineNo: 1, units: 1 }] });
    expect([200, 202]).toContain(answer.status);
    await env.until(placed.id, 'one refund settled', settled(1));
    const second = await refund(placed, { reason: 'defective', lines: [{ lineNo: 1, units: 1 }] });
    expect([second.status, second.body.code]).toEqual([expect.any(Number), undefined]);
    const order = await env.until(placed.id, 'both settled', settled(2));
    expect(order).toMatchObject({ lifecycle: 'completed', paymentStatus: 'refunded' });
    expect(order.money.refunded.amount).toBe(19_800);
    expect((await env.ledger('payment', placed.number)).filter((kind) => kind === 'refunded')).toHaveLength(
      2,
    );
    expect(await refund(placed, { reason: 'goodwill', amount: eur(100) })).toMatchObject({
      status: 409,
      body: { code: 'nothing_to_refund' },
    });
    await env.record('refunded', placed.number);
  });

  it('whose replies are lost moves the money once', async () => {
    const placed = await env.place(TWO_MUGS);
    await env.until(placed.id, 'completed', completed);
    await env.fault('payment', { operation: 'refund', kind: 'lose_reply', times: 2 });
    await refund(placed, { reason: 'late', amount: eur(500) });
    await env.until(placed.id, 'settled', settled(1));
    await env.clearFaults();
    expect((await env.ledger('payment', placed.number)).filter((kind) => kind === 'refunded')).toHaveLength(
      1,
    );
    await env.record('refund-lost-reply', placed.number);
  });

  it('above the limit of the role waits for somebody else', async () => {
    const placed = await env.place({
      ...TWO_MUGS,
      policy: { refundLimits: { channel: 0, support: 50, ops: 1_000 } },
    });
    await env.until(placed.id, 'completed', completed);
    await refund(placed, { reason: 'lost', amount: eur(9_000) });
    const waiting = await env.until(placed.id, 'waiting for approval', (order) =>
      order.money.refunds.some((one) => one.state === 'awaiting_approval'),
    );
    const id = waiting.money.refunds[0]?.id ?? '';
    expect(await refund(placed, {}, `refunds/${id}/approve`)).toMatchObject({ status: 403 });
    await refund(placed, {}, `refunds/${id}/approve`, env.keys.ops);
    const order = await env.until(placed.id, 'settled', settled(1));
    expect(order.money.refunds[0]).toMatchObject({ state: 'settled' });
    await env.record('refund-approved', placed.number);
  });

  it('that the gateway refuses is a case; a retry moves it', async () => {
    const placed = await env.place();
    await env.until(placed.id, 'completed', completed);
    await env.fault('payment', { operation: 'refund', kind: 'decline', times: 1 });
    await refund(placed, { reason: 'late', amount: eur(500) });
    const failed = await env.until(placed.id, 'failed', (order) =>
      order.money.refunds.some((one) => one.state === 'failed'),
    );
    expect(failed.cases.map((one) => one.code)).toContain('refund_failed');
    await env.clearFaults();
    await refund(placed, {}, `refunds/${failed.money.refunds[0]?.id ?? ''}/retry`);
    const order = await env.until(placed.id, 'settled', settled(1));
    expect(order.attention).toEqual([]);
    await env.record('refund-failed-retried', placed.number);
  });
});

describe('the signal refundOrder', () => {
  it('from Temporal Web starts the ended order again; rubbish harms nothing', async () => {
    const placed = await env.place({ policy: { refundLimits: { channel: 10, support: 50, ops: 1_000 } } });
    const ended = await env.until(placed.id, 'completed', completed);
    const signal = (body: unknown) =>
      env.temporal.workflow.signalWithStart(ORDER_WORKFLOW, {
        ...orderStartOptions({
          orderId: ended.id,
          number: ended.number,
          channel: ended.channel,
          currency: 'EUR',
          totalMinor: ended.total.amount,
          lineCount: 1,
          placedAt: new Date(ended.placedAt),
          promisedBy: null,
        }),
        taskQueue: TASK_QUEUES.orders,
        signal: 'refundOrder',
        signalArgs: [body],
      });
    await signal('rubbish');
    await signal({ commandId: 'by-hand-1', actor: 'kim', reason: 'goodwill', amount: 400 });
    await signal({ commandId: 'by-hand-1', actor: 'kim', reason: 'goodwill', amount: 400 });
    const order = await env.until(placed.id, 'settled', settled(1));
    expect(order.money.refunds).toHaveLength(1);
    expect(order.money.refunded.amount).toBe(400);
    await env.record('refund-by-signal', placed.number);
  });
});

describe('money that was taken at the order', () => {
  it('is given back when the order is cancelled', async () => {
    const placed = await env.place({ policy: { captureAt: 'order', releaseDelaySeconds: 3600 } });
    await env.until(placed.id, 'captured', (order) => order.paymentStatus === 'captured');
    await env.call('POST', `/v1/orders/${placed.id}/cancel`, {
      key: env.keys.support,
      body: { reason: 'customer' },
      idempotencyKey: `${placed.id}-cancel`,
    });
    const order = await env.until(
      placed.id,
      'cancelled and refunded',
      (one) => one.lifecycle === 'cancelled' && settled(1)(one),
    );
    expect(order).toMatchObject({ paymentStatus: 'refunded', attention: [] });
    expect(order.money.refunded.amount).toBe(order.total.amount);
    await env.record('captured-cancelled', placed.number);
  });
});

describe('what happens at the gateway without us', () => {
  it('a refund in its dashboard is booked and shown to a person', async () => {
    const placed = await env.place();
    const done = await env.until(placed.id, 'completed', completed);
    await dashboard('refund', { payment_intent: done.payment.payments[0]?.reference, amount: 300 });
    const order = await env.until(placed.id, 'refund booked', (one) => one.money.refunded.amount === 300);
    expect(order.cases.map((one) => one.code)).toContain('moved_outside');
    await env.record('refunded-outside', placed.number);
  });

  it('an open dispute stops the parcels; won, they go on', async () => {
    const placed = await env.place({ policy: { captureAt: 'order', releaseDelaySeconds: 3 } });
    const paid = await env.until(placed.id, 'captured', (order) => order.paymentStatus === 'captured');
    const { id } = await dashboard<{ id: string }>('dispute', {
      payment_intent: paid.payment.payments[0]?.reference,
    });
    const disputed = await env.until(placed.id, 'disputed', (order) => order.paymentStatus === 'disputed');
    expect(disputed.money.disputes).toMatchObject([{ id, state: 'open' }]);
    await env.until(placed.id, 'past its release', (order) => Date.parse(order.releaseAt ?? '') < Date.now());
    const held = await env.order(placed.id);
    expect(held.fulfillments.every((share) => share.state === 'open')).toBe(true);
    await dashboard(`dispute/${id}/close`, { outcome: 'won' });
    const order = await env.until(placed.id, 'completed', completed);
    expect(order).toMatchObject({ paymentStatus: 'captured' });
    expect(order.money.chargedBack.amount).toBe(0);
    await env.record('disputed-won', placed.number);
  });
});
