/** What happens at the gateway without the shop: its dashboard, banks and the clock; all of it survives a restart. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { charge, createWorld, factsOf, providersOf, summaryOf, tell } from '../test/given/simulators.ts';
import type { Receiver, World } from '../test/given/simulators.ts';
import type { Simulators } from './start.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const CAPTURED = { captured: { EUR: { count: 1, amountMinor: 1000 } } };
const eur = (amountMinor: number, count = 1) => ({ EUR: { count, amountMinor } });

/** A captured payment of 10 euros. */
async function captured(simulators: Simulators, orderNumber = 1): Promise<string> {
  const providerRef = await authorized(simulators, orderNumber);
  const key = `${orderNumber}/capture/1/1`;
  const { payment } = providersOf(simulators);
  await payment.capture({ key, providerRef, amountMinor: 1000, currency: 'EUR' });
  return providerRef;
}

async function authorized(simulators: Simulators, orderNumber = 1): Promise<string> {
  const outcome = await providersOf(simulators).payment.authorize(charge(orderNumber));
  return outcome.ok ? outcome.value.providerRef : '';
}

const refundOf = (providerRef: string, amountMinor: number, key = '1/refund/1.1/1') => ({
  key,
  providerRef,
  amountMinor,
  currency: 'EUR',
  orderId: 'ord_1',
});

async function told<T = { id: string }>(simulators: Simulators, path: string, body: unknown): Promise<T> {
  const response = await tell(simulators.payment.url, path, body);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

/** The types of the webhooks that arrived, in order; every one of them well signed. */
const typesOf = (simulators: Simulators, { messages }: Receiver) => {
  const types = messages.map(({ raw }) => (JSON.parse(raw.toString('utf8')) as { type: string }).type);
  expect(factsOf(simulators, messages).length).toBe(types.length);
  return types.toSorted();
};

describe('refunds', () => {
  test('made in the dashboard count like any other, and are told by webhook', async () => {
    const receiver = await world.receiver();
    const simulators = await world.start({ holdfastUrl: receiver.url });
    const intent = await captured(simulators);
    const made = await told(simulators, '/_dashboard/refund', { payment_intent: intent, amount: 300 });
    expect(made).toMatchObject({ amount: 300, status: 'succeeded', metadata: {} });
    const more = await tell(simulators.payment.url, '/_dashboard/refund', {
      payment_intent: intent,
      amount: 701,
    });
    expect(more.status).toBe(400);
    await expect.poll(() => receiver.messages.length).toBe(4);
    expect(typesOf(simulators, receiver)).toEqual([
      'charge.refunded',
      'payment_intent.amount_capturable_updated',
      'payment_intent.succeeded',
      'refund.created',
    ]);
    expect(await summaryOf(simulators.payment.url)).toMatchObject({ ...CAPTURED, refunded: eur(300) });
  });

  test('that fail after days give the money back to the charge', async () => {
    const receiver = await world.receiver();
    const simulators = await world.start();
    const { payment } = providersOf(simulators);
    const intent = await captured(simulators);
    const made = await payment.refund(refundOf(intent, 1000));
    const id = made.ok ? made.value.refundRef : '';
    simulators.connect({ url: receiver.url });
    await told(simulators, `/_dashboard/refund/${id}/fail`, { reason: 'expired_or_canceled_card' });
    expect((await tell(simulators.payment.url, `/_dashboard/refund/${id}/fail`, {})).status).toBe(400);
    expect(await payment.findRefund('1/refund/1.1/1', intent, new Date(0).toISOString())).toMatchObject({
      state: 'failed',
      failureCode: 'expired_or_canceled_card',
    });
    expect(await payment.refund(refundOf(intent, 1000, '1/refund/1.1/2'))).toMatchObject({ ok: true });
    expect(await summaryOf(simulators.payment.url)).toMatchObject({
      refunded: eur(2000, 2),
      refund_reversed: eur(1000),
    });
    await expect.poll(() => typesOf(simulators, receiver)).toContain('refund.failed');
  });

  test('that are pending end after a restart as well', async () => {
    const receiver = await world.receiver();
    const before = await world.start();
    const intent = await captured(before);
    await tell(before.payment.url, '/_faults', {
      operation: 'refund',
      kind: 'pending',
      seconds: 0.5,
      detail: 'failed',
    });
    await providersOf(before).payment.refund(refundOf(intent, 400));
    expect(await summaryOf(before.payment.url)).toMatchObject({ refund_pending: eur(400) });
    await world.stop();
    const after = await world.start({ holdfastUrl: receiver.url });
    await expect
      .poll(() => summaryOf(after.payment.url))
      .toMatchObject({ refund_pending: eur(400), refund_failed: eur(400) });
    await expect.poll(() => typesOf(after, receiver)).toContain('refund.failed');
    expect(typesOf(after, receiver)).toEqual(expect.arrayContaining(['refund.created', 'refund.updated']));
    const whole = await providersOf(after).payment.refund(refundOf(intent, 1000, '1/refund/1.2/1'));
    expect(whole).toMatchObject({ ok: true });
  });
});

describe('authorizations', () => {
  test('are given back when their time is over, and can not be captured then', async () => {
    const receiver = await world.receiver();
    const before = await world.start();
    await told(before, '/_settings', { authorizationSeconds: 0 });
    await world.stop();
    const simulators = await world.start({ holdfastUrl: receiver.url });
    const intent = await authorized(simulators);
    const { payment } = providersOf(simulators);
    await expect.poll(async () => (await payment.retrieve(intent))?.state, { timeout: 5000 }).toBe('voided');
    expect(
      await payment.capture({ key: '1/c', providerRef: intent, amountMinor: 1000, currency: 'EUR' }),
    ).toMatchObject({ ok: false, code: 'capture_refused', providerCode: 'charge_expired_for_capture' });
    expect(await payment.void({ key: '1/v', providerRef: intent })).toMatchObject({ ok: true });
    expect(await summaryOf(simulators.payment.url)).toEqual({
      authorized: eur(1000),
      expired: eur(1000),
    });
    await expect
      .poll(() => typesOf(simulators, receiver))
      .toEqual(['charge.expired', 'payment_intent.amount_capturable_updated', 'payment_intent.canceled']);
  });

  test('wait through a restart for their end', async () => {
    const before = await world.start();
    await told(before, '/_settings', { authorizationSeconds: 1 });
    const intent = await authorized(before);
    await world.stop();
    const { payment } = providersOf(await world.start());
    await expect.poll(async () => (await payment.retrieve(intent))?.state, { timeout: 5000 }).toBe('voided');
  });

  test('are captured in part and canceled in the dashboard', async () => {
    const simulators = await world.start();
    const first = await authorized(simulators, 1);
    const second = await authorized(simulators, 2);
    await told(simulators, '/_dashboard/capture', { payment_intent: first, amount: 400 });
    await told(simulators, '/_dashboard/cancel', { payment_intent: second });
    const again = await tell(simulators.payment.url, '/_dashboard/cancel', { payment_intent: second });
    expect(again.status).toBe(400);
    const { payment } = providersOf(simulators);
    expect(await payment.inspect(first)).toMatchObject({ state: 'captured', capturedMinor: 400 });
    expect(await payment.inspect(second)).toMatchObject({ state: 'voided', capturedMinor: 0 });
    expect(await summaryOf(simulators.payment.url)).toEqual({
      authorized: eur(2000, 2),
      captured: eur(400),
      voided: eur(1000),
    });
  });
});

describe('disputes', () => {
  test('are told as they open and close, and stop refunds while the bank has the money', async () => {
    const receiver = await world.receiver();
    const simulators = await world.start({ holdfastUrl: receiver.url });
    const { payment } = providersOf(simulators);
    const intent = await captured(simulators);
    const { id } = await told(simulators, '/_dashboard/dispute', { payment_intent: intent });
    const second = await tell(simulators.payment.url, '/_dashboard/dispute', { payment_intent: intent });
    expect(second.status).toBe(400);
    expect(await payment.refund(refundOf(intent, 1))).toMatchObject({ ok: false, code: 'dispute_open' });
    await told(simulators, `/_dashboard/dispute/${id}/close`, { outcome: 'lost' });
    expect(
      (await tell(simulators.payment.url, `/_dashboard/dispute/${id}/close`, { outcome: 'won' })).status,
    ).toBe(400);
    expect(await payment.refund(refundOf(intent, 1, '1/refund/2.1/1'))).toMatchObject({ ok: false });
    expect(await summaryOf(simulators.payment.url)).toMatchObject({
      disputed: eur(1000),
      dispute_lost: eur(1000),
    });
    await expect.poll(() => receiver.messages.length).toBe(5);
    expect(typesOf(simulators, receiver)).toEqual([
      'charge.dispute.closed',
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'payment_intent.amount_capturable_updated',
      'payment_intent.succeeded',
    ]);
  });

  test.each([
    ['/_dashboard/dispute', { payment_intent: 'pi_nobody' }, 404],
    ['/_dashboard/dispute/dp_nobody/close', { outcome: 'won' }, 404],
    ['/_dashboard/dispute/dp_nobody/close', { outcome: 'drawn' }, 422],
    ['/_dashboard/refund', {}, 422],
    ['/_dashboard/payment', { amount: -1, currency: 'EUR' }, 422],
    ['/_settings', { authorizationSeconds: -1 }, 422],
    ['/_dashboard/payout', { currency: 'EUR' }, 400],
  ])('%s with %j is refused', async (path, body, status) => {
    const simulators = await world.start();
    expect((await tell(simulators.payment.url, path, body)).status).toBe(status);
    expect(await summaryOf(simulators.payment.url)).toEqual({});
  });
});

describe('payouts and payments that nobody ordered', () => {
  test('are told, listed, and still there after a restart', async () => {
    const receiver = await world.receiver();
    const before = await world.start({ holdfastUrl: receiver.url });
    await told(before, '/_dashboard/payment', { amount: 4_200, currency: 'EUR' });
    const { id } = await told(before, '/_dashboard/payout', { status: 'in_transit' });
    await told(before, `/_dashboard/payout/${id}`, { status: 'paid' });
    await expect.poll(() => receiver.messages.length).toBe(3);
    expect(typesOf(before, receiver)).toEqual(['payment_intent.succeeded', 'payout.created', 'payout.paid']);
    expect(factsOf(before, receiver.messages)).toContainEqual(
      expect.objectContaining({
        kind: 'payout',
        match: id,
        payout: expect.objectContaining({ state: 'paid' }),
      }),
    );
    const sums = await summaryOf(before.payment.url);
    await world.stop();
    const after = await world.start();
    expect(await summaryOf(after.payment.url)).toEqual(sums);
    const since = new Date(0).toISOString();
    const { payment } = providersOf(after);
    expect(await payment.listPayouts(since)).toMatchObject([{ id, amountMinor: 4_200, state: 'paid' }]);
    expect((await payment.list({ sinceIso: since })).payments).toMatchObject([
      { state: 'captured', capturedMinor: 4_200, key: null },
    ]);
  });
});
