/**
 * What every payment provider must keep, run over each of them against the payment simulator over HTTP: one effect a
 * key, refusals that are refusals, unknown outcomes that are found out, and webhooks that can't be forged.
 */
import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
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
