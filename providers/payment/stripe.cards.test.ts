/**
 * One card for several payments of an order, against the payment simulator over HTTP: Stripe takes a card of nobody once only,
 * and a saved one with its Customer only.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { givenByCustomer, readCardToken } from '../../domain/cardToken.ts';
import { newMethod } from '../../simulators/payment.cards.ts';
import type { Simulators } from '../../simulators/start.ts';
import { charge, createWorld, tell } from '../../test/given/simulators.ts';
import type { World } from '../../test/given/simulators.ts';
import { OutcomeUnknown } from '../outcome.ts';
import type { AuthorizeRequest, PaymentProvider } from './port.ts';
import { createStripe } from './stripe.ts';

let simulators: Simulators;
let world: World;
let provider: PaymentProvider;

beforeAll(async () => {
  world = await createWorld();
  simulators = await world.start();
  provider = createStripe({
    apiKey: simulators.keys.stripeApiKey,
    baseUrl: simulators.payment.url,
    webhookSecret: '',
    timeoutMillis: 700,
  });
});
afterAll(() => world.close());
afterEach(async () => {
  await fetch(`${simulators.payment.url}/_faults`, { method: 'DELETE' });
});

async function fault(fields: Record<string, unknown>): Promise<void> {
  expect((await tell(simulators.payment.url, '/_faults', fields)).status).toBe(200);
}

interface LedgerRow {
  intent?: { metadata: Record<string, string> };
  customer?: { metadata: Record<string, string> };
}

async function ledger(): Promise<LedgerRow[]> {
  const response = await fetch(`${simulators.payment.url}/_ledger?limit=10000`);
  return ((await response.json()) as { data: LedgerRow[] }).data;
}

/** What the ledger holds of one order's payments. */
async function ledgerOf(orderNumber: number): Promise<LedgerRow[]> {
  return (await ledger()).filter((row) => row.intent?.metadata['order_number'] === String(orderNumber));
}

/** How many Customers were made for an order. */
async function customersOf(orderId: string): Promise<number> {
  return (await ledger()).filter((row) => row.customer?.metadata['order_id'] === orderId).length;
}

let lastOrderNumber = 700_000;

function order(fields: Partial<AuthorizeRequest> = {}): AuthorizeRequest {
  lastOrderNumber += 1;
  return charge(lastOrderNumber, fields);
}

describe('stripe, with one card for several payments', () => {
  /** The same order's next payment: another share, or the same one again. */
  const next = (request: AuthorizeRequest, place: string): AuthorizeRequest => ({
    ...request,
    key: `${request.orderNumber}/authorize/${place}`,
  });

  /** What the shop, or an earlier day, has done at the gateway: a Customer with the card. */
  async function saved(method: string | null, metadata: Record<string, string> = {}): Promise<string> {
    const named = Object.entries(metadata).map(([name, value]) => [`metadata[${name}]`, value]);
    const answer = await fetch(`${simulators.payment.url}/v1/customers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${simulators.keys.stripeApiKey}` },
      body: new URLSearchParams({
        ...(method !== null && { payment_method: method }),
        ...Object.fromEntries(named),
      }),
    });
    return ((await answer.json()) as { id: string }).id;
  }

  /** Uses a card as nobody's, as another program would. */
  async function useUp(method: string, customer?: string): Promise<Response> {
    return fetch(`${simulators.payment.url}/v1/payment_intents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${simulators.keys.stripeApiKey}` },
      body: new URLSearchParams({
        ...{ amount: '1000', currency: 'usd', payment_method: method, confirm: 'true' },
        ...{ capture_method: 'manual', ...(customer !== undefined && { customer }) },
      }),
    });
  }

  test('the shares of an order, a renewal and a rest are all authorized', async () => {
    const first = order({ token: newMethod('pm_card_mastercard') });
    for (const request of [first, next(first, '2/1'), next(first, '1/2'), next(first, '1/3')])
      expect(await provider.authorize(request)).toMatchObject({
        ok: true,
        value: { brand: 'mastercard', last4: '4444' },
      });
    expect(await customersOf(first.orderId)).toBe(1);
    expect(await ledgerOf(first.orderNumber)).toHaveLength(4);
  });

  test('shares that ask at once are authorized, each once', async () => {
    const first = order({ token: newMethod('pm_card_visa') });
    const requests = ['1/1', '2/1', '3/1'].map((place) => next(first, place));
    await Promise.allSettled(requests.map((request) => provider.authorize(request)));
    for (const request of requests) expect(await provider.authorize(request)).toMatchObject({ ok: true });
    expect(await customersOf(first.orderId)).toBe(1);
    expect(await ledgerOf(first.orderNumber)).toHaveLength(3);
  });

  test.each([
    ['lose_reply', 2],
    ['arrive_late', 2],
    ['timeout', 1],
    ['late', 1],
    ['down', 1],
  ])('fault %s while the card is attached is an unknown outcome, safe to repeat', async (kind, times) => {
    const request = order({ token: newMethod('pm_card_visa') });
    await fault({ operation: 'customer', kind, seconds: 1, times, match: request.orderId });
    await expect(provider.authorize(request)).rejects.toBeInstanceOf(OutcomeUnknown);
    await expect
      .poll(async () => (await provider.authorize(request).catch(() => undefined))?.ok, { timeout: 5000 })
      .toBe(true);
    expect(await customersOf(request.orderId)).toBe(1);
    expect(await ledgerOf(request.orderNumber)).toHaveLength(1);
  });

  test('a card that is attached already is used with its Customer, whoever attached it', async () => {
    const token = newMethod('pm_card_visa');
    await saved(token);
    const first = order({ token });
    expect(await provider.authorize(first)).toMatchObject({ ok: true });
    expect(await provider.authorize(next(first, '2/1'))).toMatchObject({ ok: true });
    expect(await customersOf(first.orderId)).toBe(0);
  });

  test('a lost reply while the Customer is read is unknown too', async () => {
    const token = newMethod('pm_card_visa');
    await saved(token);
    const request = order({ token });
    await fault({ operation: 'retrieve', kind: 'timeout', seconds: 1, times: 1, match: token });
    await expect(provider.authorize(request)).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(await provider.authorize(request)).toMatchObject({ ok: true });
  });

  test('a card that a customer gave is used when it is new or of this order, not when somebody has saved it', async () => {
    const token = newMethod('pm_card_visa');
    const first = order({ token: givenByCustomer(token) });
    expect(await provider.authorize(first)).toMatchObject({ ok: true });
    // A day later Stripe has forgotten the key: the card is found attached.
    const earlier = order({ token: givenByCustomer(newMethod('pm_card_visa')) });
    await saved(readCardToken(earlier.token).token, { order_id: earlier.orderId });
    expect(await provider.authorize(earlier)).toMatchObject({ ok: true });
    const stranger = order({ token: first.token });
    expect(await provider.authorize(stranger)).toMatchObject({
      ok: false,
      code: 'payment_refused',
      providerCode: 'card_of_another',
    });
    expect(await ledgerOf(stranger.orderNumber)).toEqual([]);
    expect(await provider.authorize(order({ token: givenByCustomer('pm_card_visa') }))).toMatchObject({
      ok: true,
    });
  });

  test('a saved card is used with the Customer it was given with, and with no other', async () => {
    const method = newMethod('pm_card_amex');
    const customer = await saved(method);
    const first = order({ token: `${customer}:${method}` });
    expect(await provider.authorize(first)).toMatchObject({ ok: true, value: { brand: 'amex' } });
    expect(await provider.authorize(next(first, '2/1'))).toMatchObject({ ok: true });
    for (const other of [await saved(null), 'cus_nobody'])
      expect(await provider.authorize(order({ token: `${other}:${method}` }))).toMatchObject({
        ok: false,
        code: 'payment_refused',
      });
  });

  test('a card that was used before as nobody’s, and one that nobody knows, are refused', async () => {
    const token = newMethod('pm_card_visa');
    expect((await useUp(token)).status).toBe(200);
    for (const used of [token, `pm_${'a'.repeat(24)}`])
      expect(await provider.authorize(order({ token: used }))).toMatchObject({
        ok: false,
        code: 'payment_refused',
      });
  });

  test('a card that is declined when it is attached is declined, and asked again by the next try', async () => {
    const declined = order({ token: newMethod('pm_card_chargeDeclinedInsufficientFunds') });
    const no = { ok: false, code: 'card_declined', providerCode: 'insufficient_funds' };
    expect(await provider.authorize(declined)).toMatchObject(no);
    expect(await provider.authorize(next(declined, '1/2'))).toMatchObject(no);
    const soft = order({ token: newMethod('pm_card_visa') });
    await fault({
      operation: 'customer',
      kind: 'decline',
      detail: 'insufficient_funds',
      times: 1,
      match: soft.orderId,
    });
    expect(await provider.authorize(soft)).toMatchObject(no);
    for (const place of ['1/2', '2/1'])
      expect(await provider.authorize(next(soft, place))).toMatchObject({ ok: true });
    expect(await customersOf(soft.orderId)).toBe(1);
  });

  test('the gateway takes a card of nobody once, and one of somebody with its Customer only', async () => {
    const message = async (answer: Response) =>
      ((await answer.json()) as { error: { message: string } }).error.message;
    const once = newMethod('pm_card_chargeDeclined');
    expect((await useUp(once)).status).toBe(402);
    expect(await message(await useUp(once))).toContain('may not be used again');
    const method = newMethod('pm_card_visa');
    const customer = await saved(method);
    expect(await message(await useUp(method))).toContain(`belongs to the Customer ${customer}`);
    expect((await useUp(method, customer)).status).toBe(200);
    expect(await message(await useUp(method, await saved(null)))).toContain('does not belong');
    expect((await useUp('pm_card_visa')).status).toBe(200);
    expect((await useUp('pm_card_visa')).status).toBe(200);
  });
});
