/**
 * What every payment provider must keep, run over each of them against the payment simulator over HTTP: one effect a
 * key, refusals that are refusals, unknown outcomes that are found out, and webhooks that can't be forged.
 */
import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ListedPayment } from '../../domain/truth.ts';
import type { Simulators } from '../../simulators/start.ts';
import { createWorld, tell } from '../../test/given/simulators.ts';
import type { World } from '../../test/given/simulators.ts';
import { BadSignature } from '../inbound.ts';
import { OutcomeUnknown } from '../outcome.ts';
import type { AuthorizeRequest, PaymentProvider } from './port.ts';
import { createStripe } from './stripe.ts';

const TIMEOUT_MILLIS = 700;

/** Every payment provider, made against the simulators. A new one adds a line and what its webhook looks like. */
const PROVIDERS: readonly { name: string; make(simulators: Simulators): PaymentProvider }[] = [
  {
    name: 'stripe',
    make: ({ payment, keys }) =>
      createStripe({
        apiKey: keys.stripeApiKey,
        baseUrl: payment.url,
        webhookSecret: keys.stripeWebhookSecret,
        timeoutMillis: TIMEOUT_MILLIS,
      }),
  },
];

let simulators: Simulators;
let world: World;

beforeAll(async () => {
  world = await createWorld();
  simulators = await world.start();
});
afterAll(() => world.close());
afterEach(async () => {
  await fetch(`${simulators.payment.url}/_faults`, { method: 'DELETE' });
});

async function fault(fields: Record<string, unknown>): Promise<void> {
  expect((await tell(simulators.payment.url, '/_faults', fields)).status).toBe(200);
}

interface LedgerRow {
  kind: string;
  amountMinor?: number;
  intent?: { id: string; metadata: Record<string, string> };
}

/** What the ledger holds of one order. */
async function ledgerOf(orderNumber: number): Promise<LedgerRow[]> {
  const response = await fetch(`${simulators.payment.url}/_ledger?limit=10000`);
  const { data } = (await response.json()) as { data: LedgerRow[] };
  return data.filter((row) => row.intent?.metadata['order_number'] === String(orderNumber));
}

let lastOrderNumber = 500_000;

function order(fields: Partial<AuthorizeRequest> = {}): AuthorizeRequest {
  lastOrderNumber += 1;
  return {
    key: `${lastOrderNumber}/authorize/1/1`,
    orderId: `ord_${lastOrderNumber}`,
    orderNumber: lastOrderNumber,
    amountMinor: 12_999,
    currency: 'USD',
    token: 'pm_card_visa',
    ...fields,
  };
}

describe.each(PROVIDERS)('payment provider $name', ({ make }) => {
  let provider: PaymentProvider;
  beforeAll(() => {
    provider = make(simulators);
  });

  async function authorized(request = order()): Promise<string> {
    const outcome = await provider.authorize(request);
    expect(outcome.ok).toBe(true);
    return outcome.ok ? outcome.value.providerRef : '';
  }

  test('authorizes, says the card, and captures the whole amount once', async () => {
    const request = order();
    const outcome = await provider.authorize(request);
    expect(outcome).toMatchObject({ ok: true, value: { brand: 'visa', last4: '4242' } });
    const providerRef = outcome.ok ? outcome.value.providerRef : '';
    const capture = captureOf(request.orderNumber, providerRef);
    expect(await provider.capture(capture)).toEqual({ ok: true, value: { capturedMinor: 12_999 } });
    expect(await provider.retrieve(providerRef)).toMatchObject({ state: 'captured', capturedMinor: 12_999 });
    expect((await ledgerOf(request.orderNumber)).map((row) => row.kind)).toEqual(['authorized', 'captured']);
  });

  test('the same key twice, one after the other and at once, is one authorization', async () => {
    const request = order();
    const first = await provider.authorize(request);
    expect(await provider.authorize(request)).toEqual(first);
    const parallel = order();
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => provider.authorize(parallel)));
    for (const one of tries.filter((result) => result.status === 'rejected'))
      expect(one.reason).toBeInstanceOf(OutcomeUnknown);
    expect(await provider.authorize(parallel)).toMatchObject({ ok: true });
    expect(await ledgerOf(request.orderNumber)).toHaveLength(1);
    expect(await ledgerOf(parallel.orderNumber)).toHaveLength(1);
  });

  test('capturing and voiding what is done already succeeds, also under another key', async () => {
    const request = order();
    const providerRef = await authorized(request);
    const capture = captureOf(request.orderNumber, providerRef);
    await provider.capture(capture);
    const again = { ...capture, key: `${request.orderNumber}/capture/1/2` };
    expect(await provider.capture(again)).toEqual({ ok: true, value: { capturedMinor: 12_999 } });
    const other = order();
    const held = await authorized(other);
    expect(await provider.void({ key: `${other.orderNumber}/void/1/1`, providerRef: held })).toEqual({
      ok: true,
      value: {},
    });
    expect(await provider.void({ key: `${other.orderNumber}/void/1/2`, providerRef: held })).toMatchObject({
      ok: true,
    });
    expect((await ledgerOf(other.orderNumber)).map((row) => row.kind)).toEqual(['authorized', 'voided']);
  });

  test('refuses to void what was captured and to capture what was voided', async () => {
    const captured = await authorized();
    await provider.capture(captureOf(1, captured));
    expect(await provider.void({ key: `${captured}/v`, providerRef: captured })).toMatchObject({
      ok: false,
      code: 'payment_refused',
    });
    const voided = await authorized();
    await provider.void({ key: `${voided}/v`, providerRef: voided });
    const late = captureOf(2, voided);
    expect(await provider.capture(late)).toMatchObject({ ok: false, code: 'capture_refused' });
  });

  test.each([
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'card_declined', 'expired_card'],
    ['pm_card_authenticationRequired', 'payment_refused', 'authentication_required'],
    ['pm_card_nobody_knows', 'payment_refused', 'resource_missing'],
  ])('refuses the card %s as %s, again under the same key', async (token, code, providerCode) => {
    const request = order({ token });
    const first = await provider.authorize(request);
    expect(first).toMatchObject({ ok: false, code, providerCode });
    expect(await provider.authorize(request)).toEqual(first);
    expect((await ledgerOf(request.orderNumber)).filter((row) => row.kind === 'authorized')).toEqual([]);
  });

  test.each([
    { amountMinor: 0 },
    { amountMinor: -5 },
    { amountMinor: 49 },
    { amountMinor: 10.5 },
    { amountMinor: 100_000_000 },
    { amountMinor: 12_345, currency: 'KWD' },
    { currency: 'XXQ' },
  ])('refuses an amount that can not be charged: %j', async (fields) => {
    expect(await provider.authorize(order(fields))).toMatchObject({ ok: false, code: 'payment_refused' });
  });

  test.each([
    { amountMinor: 1_200, currency: 'JPY' },
    { amountMinor: 12_340, currency: 'KWD' },
    { amountMinor: 30, currency: 'GBP' },
  ])('authorizes %j', async (fields) => {
    const providerRef = await authorized(order(fields));
    expect(await provider.retrieve(providerRef)).toMatchObject({ ...fields, state: 'authorized' });
  });

  test('a capture refused by the gateway is refused, and the authorization can still be voided', async () => {
    const request = order();
    const providerRef = await authorized(request);
    await fault({ operation: 'capture', kind: 'decline', match: String(request.orderNumber) });
    const capture = captureOf(request.orderNumber, providerRef);
    expect(await provider.capture(capture)).toMatchObject({
      ok: false,
      code: 'capture_refused',
      providerCode: 'charge_expired_for_capture',
    });
    expect(await provider.void({ key: `${request.orderNumber}/void/1/1`, providerRef })).toMatchObject({
      ok: true,
    });
  });

  // Stripe's SDK asks once more by itself when a connection was cut, so a lost reply has to be lost twice.
  test.each([
    ['lose_reply', 2],
    ['arrive_late', 2],
    ['late', 1],
    ['timeout', 1],
    ['down', 1],
  ])('fault %s is an unknown outcome; the same key then yields the one effect', async (kind, times) => {
    const request = order();
    await fault({ operation: 'authorize', kind, seconds: 1, times, match: request.key });
    await expect(provider.authorize(request)).rejects.toBeInstanceOf(OutcomeUnknown);
    await expect
      .poll(async () => (await provider.authorize(request).catch(() => undefined))?.ok, { timeout: 5000 })
      .toBe(true);
    // The request that was on its way arrives after ours, and finds the key used.
    await expect.poll(async () => (await provider.find(request.key, ago(60)))?.state).toBe('authorized');
    expect(await ledgerOf(request.orderNumber)).toHaveLength(1);
  });

  test('a 500 is unknown and kept under the key; a 500 from before execution is not kept', async () => {
    const stored = order();
    await fault({ operation: 'authorize', kind: 'error500', times: 1, match: stored.key });
    await expect(provider.authorize(stored)).rejects.toMatchObject({ name: 'OutcomeUnknown', sent: true });
    await expect(provider.authorize(stored)).rejects.toBeInstanceOf(OutcomeUnknown);
    const passing = order();
    await fault({ operation: 'authorize', kind: 'error500', detail: 'before', times: 1, match: passing.key });
    await expect(provider.authorize(passing)).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(await provider.authorize(passing)).toMatchObject({ ok: true });
  });

  test('a key that was used with other parameters is unknown, never refused', async () => {
    const request = order();
    await authorized(request);
    await expect(provider.authorize({ ...request, amountMinor: 5 })).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(await ledgerOf(request.orderNumber)).toHaveLength(1);
  });

  test('an unreachable gateway is unknown and surely not sent', async () => {
    const nobody = make({ ...simulators, payment: { url: 'http://127.0.0.1:2' } });
    await expect(nobody.authorize(order())).rejects.toMatchObject({ name: 'OutcomeUnknown', sent: false });
  });

  test('a wrong API key is unknown and did nothing', async () => {
    const stranger = make({ ...simulators, keys: { ...simulators.keys, stripeApiKey: 'sk_test_wrong' } });
    await expect(stranger.authorize(order())).rejects.toMatchObject({ name: 'OutcomeUnknown', sent: false });
  });

  test('finds a payment by its key among many, and says so when there is none', async () => {
    const since = ago(5);
    const wanted = order();
    const providerRef = await authorized(wanted);
    for (let index = 0; index < 130; index += 1) await provider.authorize(order());
    expect(await provider.find(wanted.key, since)).toMatchObject({
      providerRef,
      state: 'authorized',
      brand: 'visa',
    });
    expect(await provider.find('no/such/key', since)).toBeUndefined();
    expect(await provider.retrieve('pi_nobody')).toBeUndefined();
    const declined = order({ token: 'pm_card_chargeDeclined' });
    await provider.authorize(declined);
    expect(await provider.find(declined.key, since)).toMatchObject({ state: 'declined' });
  });

  test('a webhook is believed with a good, fresh signature only', () => {
    const event = {
      id: 'evt_1',
      type: 'payment_intent.succeeded',
      data: { object: { object: 'payment_intent', id: 'pi_1' } },
    };
    const raw = Buffer.from(JSON.stringify(event));
    const parse = (body: Buffer, headers: Record<string, string>) => provider.parseWebhook(body, headers);
    const secret = simulators.keys.stripeWebhookSecret;
    expect(parse(raw, signed(raw, secret, 299))).toEqual([
      { kind: 'payment_event', sourceId: 'evt_1', match: 'pi_1', type: 'payment_intent.succeeded' },
    ]);
    expect(() => parse(raw, signed(raw, secret, 302))).toThrow(BadSignature);
    expect(() => parse(raw, signed(raw, 'whsec_other', 0))).toThrow(BadSignature);
    expect(() => parse(Buffer.concat([raw, Buffer.from(' ')]), signed(raw, secret, 0))).toThrow(BadSignature);
    expect(() => parse(raw, {})).toThrow(BadSignature);
    const other = Buffer.from(
      JSON.stringify({ id: 'evt_2', type: 'x', data: { object: { object: 'charge', id: 'ch' } } }),
    );
    expect(parse(other, signed(other, secret, 0))).toEqual([]);
    const mute = make({ ...simulators, keys: { ...simulators.keys, stripeWebhookSecret: '' } });
    expect(() => mute.parseWebhook(raw, signed(raw, '', 0))).toThrow(BadSignature);
  });
});

describe.each(PROVIDERS)('payment provider $name, after the capture', ({ make }) => {
  let provider: PaymentProvider;
  beforeAll(() => {
    provider = make(simulators);
  });

  /** A captured payment of 129.99 dollars. */
  async function captured(request = order()): Promise<{ request: AuthorizeRequest; providerRef: string }> {
    const outcome = await provider.authorize(request);
    const providerRef = outcome.ok ? outcome.value.providerRef : '';
    await provider.capture(captureOf(request.orderNumber, providerRef));
    return { request, providerRef };
  }

  /** The n-th refund of a payment. */
  const refundOf = (
    { request, providerRef }: { request: AuthorizeRequest; providerRef: string },
    amountMinor: number,
    n = 1,
  ) => ({
    key: `${request.orderNumber}/refund/${n}.1/1`,
    providerRef,
    amountMinor,
    currency: request.currency,
    orderId: request.orderId,
  });

  const refunds = async (orderNumber: number) =>
    (await ledgerOf(orderNumber)).filter((row) => row.kind.startsWith('refund')).map((row) => row.kind);

  test('an authorization says until when it lasts; one that is captured says so no more', async () => {
    const outcome = await provider.authorize(order());
    const before = outcome.ok ? outcome.value : undefined;
    const days = (Date.parse(before?.captureBefore ?? '') - Date.now()) / 86_400_000;
    expect(days).toBeCloseTo(7, 2);
    const held = await provider.retrieve(before?.providerRef ?? '');
    expect(held?.captureBefore).toBe(before?.captureBefore);
    const paid = await captured();
    expect(await provider.retrieve(paid.providerRef)).toMatchObject({ captureBefore: null });
  });

  test('gives back in parts, once a key, and no more than was taken', async () => {
    const paid = await captured();
    const first = await provider.refund(refundOf(paid, 4_000));
    expect(first).toMatchObject({ ok: true, value: { state: 'succeeded' } });
    expect(await provider.refund(refundOf(paid, 4_000))).toEqual(first);
    expect(await provider.refund(refundOf(paid, 9_000, 2))).toMatchObject({
      ok: false,
      code: 'refund_failed',
      providerCode: 'amount_too_large',
    });
    expect(await provider.refund(refundOf(paid, 8_999, 3))).toMatchObject({ ok: true });
    expect(await provider.refund(refundOf(paid, 1, 4))).toMatchObject({
      ok: false,
      code: 'refund_failed',
      providerCode: 'charge_already_refunded',
    });
    expect(await refunds(paid.request.orderNumber)).toEqual(['refunded', 'refunded']);
  });

  test('at once with the same key it is one refund', async () => {
    const paid = await captured();
    const request = refundOf(paid, 500);
    const tries = await Promise.allSettled(Array.from({ length: 6 }, () => provider.refund(request)));
    for (const one of tries.filter((result) => result.status === 'rejected'))
      expect(one.reason).toBeInstanceOf(OutcomeUnknown);
    expect(await provider.refund(request)).toMatchObject({ ok: true });
    expect(await refunds(paid.request.orderNumber)).toEqual(['refunded']);
  });

  test('refuses when nothing was captured, and of a payment that is not there', async () => {
    const request = order();
    const held = await provider.authorize(request);
    for (const [n, providerRef] of [held.ok ? held.value.providerRef : '', 'pi_nobody'].entries())
      expect(await provider.refund(refundOf({ request, providerRef }, 100, n + 1))).toMatchObject({
        ok: false,
        code: 'refund_failed',
      });
  });

  test.each([
    ['lose_reply', 2],
    ['arrive_late', 2],
    ['late', 1],
    ['timeout', 1],
  ])('fault %s is an unknown outcome; the same key then yields the one refund', async (kind, times) => {
    const paid = await captured();
    const request = refundOf(paid, 700);
    await fault({ operation: 'refund', kind, seconds: 1, times, match: request.key });
    await expect(provider.refund(request)).rejects.toBeInstanceOf(OutcomeUnknown);
    await expect
      .poll(async () => (await provider.refund(request).catch(() => undefined))?.ok, { timeout: 5000 })
      .toBe(true);
    await expect
      .poll(async () => (await provider.findRefund(request.key, paid.providerRef, ago(60)))?.state)
      .toBe('succeeded');
    expect(await refunds(paid.request.orderNumber)).toEqual(['refunded']);
  });

  test('a refund that is refused because it was made long ago is a success', async () => {
    const paid = await captured();
    const request = refundOf(paid, 12_999);
    const made = await tell(simulators.payment.url, '/_dashboard/refund', {
      payment_intent: paid.providerRef,
      metadata: { holdfast_key: request.key },
    });
    const { id } = (await made.json()) as { id: string };
    expect(await provider.refund(request)).toEqual({
      ok: true,
      value: { refundRef: id, state: 'succeeded' },
    });
  });

  test('refused by the gateway, or made and failed at once, it is a definite no', async () => {
    const paid = await captured();
    await fault({ operation: 'refund', kind: 'decline', times: 1 });
    expect(await provider.refund(refundOf(paid, 100))).toMatchObject({ ok: false, code: 'refund_failed' });
    await fault({ operation: 'refund', kind: 'decline', detail: 'expired_or_canceled_card', times: 1 });
    expect(await provider.refund(refundOf(paid, 100, 2))).toMatchObject({
      ok: false,
      code: 'refund_failed',
      providerCode: 'expired_or_canceled_card',
    });
    expect(await provider.refund(refundOf(paid, 12_999, 3))).toMatchObject({ ok: true });
    expect(await refunds(paid.request.orderNumber)).toEqual(['refund_failed', 'refunded']);
  });

  test.each([
    ['succeeded', 'succeeded', null],
    ['failed', 'failed', 'unknown'],
    ['lost_or_stolen_card', 'failed', 'lost_or_stolen_card'],
  ])('a pending refund ends as %s, which a look-up by key tells', async (detail, state, failureCode) => {
    const paid = await captured();
    const request = refundOf(paid, 2_000);
    await fault({ operation: 'refund', kind: 'pending', detail, seconds: 0.3, times: 1 });
    const outcome = await provider.refund(request);
    expect(outcome).toMatchObject({ ok: true, value: { state: 'pending' } });
    await expect
      .poll(() => provider.findRefund(request.key, paid.providerRef, ago(60)))
      .toEqual({
        id: outcome.ok ? outcome.value.refundRef : '',
        key: request.key,
        amountMinor: 2_000,
        state,
        failureCode,
      });
    const isBack = await provider.refund(refundOf(paid, 12_999, 2));
    expect(isBack.ok).toBe(state === 'failed');
  });

  test('finds no refund under a key that was never used, nor of a payment that is not there', async () => {
    const paid = await captured();
    await provider.refund(refundOf(paid, 100));
    expect(await provider.findRefund('no/such/key', paid.providerRef, ago(60))).toBeUndefined();
    expect(await provider.findRefund('no/such/key', 'pi_nobody', ago(60))).toBeUndefined();
  });

  test('inspects a payment with all its refunds and disputes, ours and others’', async () => {
    const { request, providerRef } = await captured();
    await provider.refund(refundOf({ request, providerRef }, 1_000));
    await tell(simulators.payment.url, '/_dashboard/refund', { payment_intent: providerRef, amount: 500 });
    const told = await tell(simulators.payment.url, '/_dashboard/dispute', {
      payment_intent: providerRef,
      amount: 3_000,
      reason: 'product_not_received',
    });
    const { id } = (await told.json()) as { id: string };
    expect(await provider.inspect(providerRef)).toEqual({
      providerRef,
      state: 'captured',
      amountMinor: 12_999,
      capturedMinor: 12_999,
      currency: 'USD',
      captureBefore: null,
      key: request.key,
      orderId: request.orderId,
      refunds: [
        { id: expect.any(String), key: null, amountMinor: 500, state: 'succeeded', failureCode: null },
        {
          id: expect.any(String),
          key: `${request.orderNumber}/refund/1.1/1`,
          amountMinor: 1_000,
          state: 'succeeded',
          failureCode: null,
        },
      ],
      disputes: [
        {
          id,
          amountMinor: 3_000,
          state: 'open',
          reason: 'product_not_received',
          respondBy: expect.stringMatching(/^\d{4}-/),
        },
      ],
    });
    expect(await provider.refund(refundOf({ request, providerRef }, 100, 2))).toMatchObject({
      ok: false,
      code: 'dispute_open',
    });
    await tell(simulators.payment.url, `/_dashboard/dispute/${id}/close`, { outcome: 'won' });
    expect((await provider.inspect(providerRef))?.disputes).toMatchObject([{ id, state: 'won' }]);
    expect(await provider.refund(refundOf({ request, providerRef }, 100, 3))).toMatchObject({ ok: true });
  });

  test('inspects an authorization, a declined card and nothing', async () => {
    const held = await provider.authorize(order());
    expect(await provider.inspect(held.ok ? held.value.providerRef : '')).toMatchObject({
      state: 'authorized',
      capturedMinor: 0,
      captureBefore: held.ok ? held.value.captureBefore : '',
      refunds: [],
      disputes: [],
    });
    expect(await provider.inspect('pi_nobody')).toBeUndefined();
  });

  test('an inquiry of the bank is no charge-back', async () => {
    const { providerRef } = await captured();
    const told = await tell(simulators.payment.url, '/_dashboard/dispute', {
      payment_intent: providerRef,
      inquiry: true,
    });
    const { id } = (await told.json()) as { id: string };
    expect((await provider.inspect(providerRef))?.disputes).toMatchObject([
      { id, state: 'open', isInquiry: true },
    ]);
    await tell(simulators.payment.url, `/_dashboard/dispute/${id}/close`, { outcome: 'lost' });
    expect((await provider.inspect(providerRef))?.disputes).toMatchObject([
      { id, state: 'won', isInquiry: true },
    ]);
  });

  test('a capture says what was really taken', async () => {
    const request = order();
    const held = await provider.authorize(request);
    const providerRef = held.ok ? held.value.providerRef : '';
    await fault({ operation: 'capture', kind: 'amount', detail: '5900', times: 1 });
    expect(await provider.capture(captureOf(request.orderNumber, providerRef))).toEqual({
      ok: true,
      value: { capturedMinor: 5_900 },
    });
    expect(await provider.inspect(providerRef)).toMatchObject({ state: 'captured', capturedMinor: 5_900 });
  });

  test('lists all payments since an instant, page by page, each with its sums', async () => {
    const since = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();
    const refunded = await captured();
    await provider.refund(refundOf(refunded, 300));
    const disputed = await captured();
    await tell(simulators.payment.url, '/_dashboard/dispute', { payment_intent: disputed.providerRef });
    const voided = await provider.authorize(order());
    const voidedRef = voided.ok ? voided.value.providerRef : '';
    await provider.void({ key: `${voidedRef}/void`, providerRef: voidedRef });
    const told = await tell(simulators.payment.url, '/_dashboard/payment', {
      amount: 4_200,
      currency: 'EUR',
    });
    const stranger = (await told.json()) as { id: string };
    for (let index = 0; index < 110; index += 1) await provider.authorize(order());

    const found: ListedPayment[] = [];
    let pages = 0;
    let cursor: string | undefined;
    do {
      const page = await provider.list({ sinceIso: since, ...(cursor === undefined ? {} : { cursor }) });
      found.push(...page.payments);
      cursor = page.cursor;
      pages += 1;
    } while (cursor !== undefined);
    expect(pages).toBeGreaterThan(1);
    expect(new Set(found.map((one) => one.providerRef)).size).toBe(found.length);
    const one = (ref: string) => found.find((payment) => payment.providerRef === ref);
    expect(one(refunded.providerRef)).toMatchObject({
      state: 'captured',
      capturedMinor: 12_999,
      refundedMinor: 300,
      hasDispute: false,
      key: refunded.request.key,
    });
    expect(one(disputed.providerRef)).toMatchObject({ refundedMinor: 0, hasDispute: true });
    expect(one(voidedRef)).toMatchObject({ state: 'voided', capturedMinor: 0, refundedMinor: 0 });
    expect(one(stranger.id)).toMatchObject({
      state: 'captured',
      amountMinor: 4_200,
      currency: 'EUR',
      key: null,
      orderId: null,
    });
    expect(Date.parse(found[0]?.createdAt ?? '')).toBeGreaterThanOrEqual(Date.parse(since));
    const later = new Date(Date.now() + 60_000).toISOString();
    expect(await provider.list({ sinceIso: later })).toEqual({ payments: [] });
    await expect(provider.list({ sinceIso: since, cursor: 'pi_nobody' })).rejects.toBeInstanceOf(
      OutcomeUnknown,
    );
  });

  test('lists payouts since an instant', async () => {
    const told = await tell(simulators.payment.url, '/_dashboard/payout', { amount: 9_900, currency: 'EUR' });
    const { id } = (await told.json()) as { id: string };
    expect(await provider.listPayouts(ago(60))).toEqual([
      {
        ...{ id, amountMinor: 9_900, currency: 'EUR', state: 'paid', contents: 'never' },
        arrivesAt: expect.stringMatching(/Z$/),
      },
    ]);
    expect(await provider.listPayouts(new Date(Date.now() + 60_000).toISOString())).toEqual([]);
  });

  describe('what a payout pays out', () => {
    const payOut = async (fields: Record<string, unknown>): Promise<string> => {
      const told = await tell(simulators.payment.url, '/_dashboard/payout', { currency: 'CHF', ...fields });
      return ((await told.json()) as { id: string }).id;
    };
    const charged = async (): Promise<string> => {
      const request = order({ currency: 'CHF' });
      const outcome = await provider.authorize(request);
      if (!outcome.ok) throw new Error(outcome.detail);
      const { providerRef } = outcome.value;
      await provider.capture({ ...captureOf(request.orderNumber, providerRef), currency: 'CHF' });
      return providerRef;
    };
    const contentsOf = async (id: string) =>
      (await provider.listPayouts(ago(60))).find((one) => one.id === id)?.contents;

    test('is every charge since the one before, page by page; what was only authorized or given back is not', async () => {
      const charges = [];
      for (let index = 0; index < 110; index += 1) charges.push(await charged());
      await provider.authorize(order({ currency: 'CHF' }));
      await provider.refund({
        ...{ key: `${lastOrderNumber}/refund/1.1/1`, providerRef: charges[0] ?? '', amountMinor: 300 },
        ...{ currency: 'CHF', orderId: 'ord_1' },
      });
      const payoutId = await payOut({ status: 'in_transit' });
      expect(await contentsOf(payoutId)).toBe('later');
      await tell(simulators.payment.url, `/_dashboard/payout/${payoutId}`, { status: 'paid' });
      expect(await contentsOf(payoutId)).toBe('known');

      const found: string[] = [];
      let pages = 0;
      let cursor: string | undefined;
      do {
        const page = await provider.listSettled({ payoutId, ...(cursor !== undefined && { cursor }) });
        expect(page.earlierPayouts).toEqual([]);
        found.push(...page.payments);
        cursor = page.cursor;
        pages += 1;
      } while (cursor !== undefined);
      expect(pages).toBe(2);
      expect(found.toSorted()).toEqual(charges.toSorted());
    });

    test('of one that failed comes again with the next, which names it', async () => {
      await charged();
      const failed = await payOut({});
      await tell(simulators.payment.url, `/_dashboard/payout/${failed}`, { status: 'failed' });
      const later = await charged();
      const next = await payOut({});
      expect(await provider.listSettled({ payoutId: next })).toEqual({
        payments: [later],
        earlierPayouts: [failed],
      });
    });

    test('of a payout that nobody knows is an unknown outcome', async () => {
      await expect(provider.listSettled({ payoutId: 'po_nobody' })).rejects.toBeInstanceOf(OutcomeUnknown);
    });
  });

  test('an unreachable gateway is unknown for every call', async () => {
    const nobody = make({ ...simulators, payment: { url: 'http://127.0.0.1:2' } });
    const request = refundOf({ request: order(), providerRef: 'pi_1' }, 100);
    const calls = [
      () => nobody.refund(request),
      () => nobody.findRefund(request.key, 'pi_1', ago(60)),
      () => nobody.inspect('pi_1'),
      () => nobody.list({ sinceIso: ago(60) }),
      () => nobody.listPayouts(ago(60)),
      () => nobody.listSettled({ payoutId: 'po_1' }),
    ];
    for (const call of calls)
      await expect(call()).rejects.toMatchObject({ name: 'OutcomeUnknown', sent: false });
  });

  test.each([
    ['refund.created', { object: 'refund', id: 're_1', payment_intent: 'pi_1' }],
    [
      'refund.failed',
      { object: 'refund', id: 're_1', payment_intent: { object: 'payment_intent', id: 'pi_1' } },
    ],
    ['charge.refunded', { object: 'charge', id: 'ch_1', payment_intent: 'pi_1' }],
    ['charge.expired', { object: 'charge', id: 'ch_1', payment_intent: 'pi_1' }],
    ['charge.refund.updated', { object: 'refund', id: 're_1', payment_intent: 'pi_1' }],
    ['charge.dispute.created', { object: 'dispute', id: 'dp_1', payment_intent: 'pi_1' }],
    ['charge.dispute.closed', { object: 'dispute', id: 'dp_1', payment_intent: 'pi_1' }],
  ])('the event %s is about its payment', (type, object) => {
    const raw = Buffer.from(JSON.stringify({ id: 'evt_1', type, data: { object } }));
    expect(provider.parseWebhook(raw, signed(raw, simulators.keys.stripeWebhookSecret, 0))).toEqual([
      { kind: 'payment_event', sourceId: 'evt_1', match: 'pi_1', type },
    ]);
  });

  test.each([
    ['charge.succeeded', { object: 'charge', id: 'ch_1', payment_intent: 'pi_1' }],
    ['charge.refunded', { object: 'charge', id: 'ch_1', payment_intent: null }],
    ['refund.created', { object: 'refund', id: 're_1' }],
    ['payout.paid', { object: 'payout', id: 'po_1', amount: '5', currency: 'eur', arrival_date: 1 }],
    ['customer.created', { object: 'customer', id: 'cus_1' }],
    ['rubbish', null],
  ])('the event %s with %j says nothing', (type, object) => {
    const raw = Buffer.from(JSON.stringify({ id: 'evt_1', type, data: { object } }));
    expect(provider.parseWebhook(raw, signed(raw, simulators.keys.stripeWebhookSecret, 0))).toEqual([]);
  });

  test('a payout is a fact of its own', () => {
    const object = {
      ...{ object: 'payout', id: 'po_1', amount: 9_900, currency: 'eur', status: 'paid' },
      reconciliation_status: 'completed',
    };
    const event = {
      id: 'evt_9',
      type: 'payout.reconciliation_completed',
      data: { object: { ...object, arrival_date: 1_800_000_000 } },
    };
    const raw = Buffer.from(JSON.stringify(event));
    expect(provider.parseWebhook(raw, signed(raw, simulators.keys.stripeWebhookSecret, 0))).toEqual([
      {
        kind: 'payout',
        sourceId: 'evt_9',
        match: 'po_1',
        payout: {
          id: 'po_1',
          amountMinor: 9_900,
          currency: 'EUR',
          state: 'paid',
          contents: 'known',
          arrivesAt: '2027-01-15T08:00:00.000Z',
        },
      },
    ]);
  });
});

function captureOf(orderNumber: number, providerRef: string) {
  return { key: `${orderNumber}/capture/1/1`, providerRef, amountMinor: 12_999, currency: 'USD' };
}

function ago(seconds: number): string {
  return new Date(Date.now() - seconds * 1000).toISOString();
}

function signed(raw: Buffer, secret: string, ageSeconds: number): Record<string, string> {
  const seconds = Math.floor(Date.now() / 1000) - ageSeconds;
  const signature = createHmac('sha256', secret)
    .update(`${seconds}.${raw.toString('utf8')}`)
    .digest('hex');
  return { 'stripe-signature': `t=${seconds},v1=${signature}` };
}

test.each(['ISK', 'UGX', 'MGA'])(
  'stripe refuses %s, whose digits it counts otherwise, and sends nothing',
  async (currency) => {
    const stripe = PROVIDERS[0]?.make(simulators);
    const request = order({ currency, amountMinor: 10_000 });
    expect(await stripe?.authorize(request)).toMatchObject({
      ok: false,
      providerCode: 'currency_not_supported',
    });
    expect(await ledgerOf(request.orderNumber)).toEqual([]);
  },
);
