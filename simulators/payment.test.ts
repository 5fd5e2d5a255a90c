/** The payment gateway's idempotency, as Stripe documents it, and its refunds. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { charge, createWorld, providersOf, summaryOf, tell } from '../test/given/simulators.ts';
import type { World } from '../test/given/simulators.ts';
import type { Simulators } from './start.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

describe('Stripe’s idempotency', () => {
  const form = (fields: Record<string, string>) =>
    new URLSearchParams({
      amount: '1000',
      currency: 'eur',
      payment_method: 'pm_card_visa',
      confirm: 'true',
      capture_method: 'manual',
      ...fields,
    });
  const send = (simulators: Simulators, key: string | undefined, fields: Record<string, string> = {}) =>
    fetch(`${simulators.payment.url}/v1/payment_intents`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${simulators.keys.stripeApiKey}`,
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      body: form(fields),
    });
  const errorOf = async (response: Response) =>
    ((await response.json()) as { error: { type: string; code?: string } }).error;

  test('replays the same bytes and says so; other parameters are an idempotency_error', async () => {
    const simulators = await world.start();
    const first = await send(simulators, 'k');
    const second = await send(simulators, 'k');
    expect(await second.text()).toBe(await first.text());
    expect([first.headers.get('idempotent-replayed'), second.headers.get('idempotent-replayed')]).toEqual([
      null,
      'true',
    ]);
    const other = await send(simulators, 'k', { amount: '1001' });
    expect([other.status, (await errorOf(other)).type]).toEqual([400, 'idempotency_error']);
    expect((await send(simulators, 'k'.repeat(256))).status).toBe(400);
  });

  test('keeps declines and 500s, but not what failed validation', async () => {
    const simulators = await world.start();
    await send(simulators, 'declined', { payment_method: 'pm_card_chargeDeclined' });
    const again = await send(simulators, 'declined', { payment_method: 'pm_card_chargeDeclined' });
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([402, 'true']);
    expect((await send(simulators, 'mended', { amount: '1' })).status).toBe(400);
    expect((await send(simulators, 'mended', { amount: '50' })).status).toBe(200);
    await tell(simulators.payment.url, '/_faults', { operation: 'authorize', kind: 'error500', times: 1 });
    expect((await send(simulators, 'broken')).status).toBe(500);
    expect((await send(simulators, 'broken')).status).toBe(500);
  });

  test('refuses a key that is in use', async () => {
    const simulators = await world.start();
    await tell(simulators.payment.url, '/_faults', {
      operation: 'authorize',
      kind: 'late',
      seconds: 1,
      times: 1,
    });
    const slow = send(simulators, 'busy');
    await expect
      .poll(async () => ((await summaryOf(simulators.payment.url)) as Record<string, unknown>)['authorized'])
      .toBeDefined();
    const busy = await send(simulators, 'busy');
    expect([busy.status, (await errorOf(busy)).code]).toEqual([409, 'idempotency_key_in_use']);
    expect((await slow).status).toBe(200);
    expect((await send(simulators, 'busy')).status).toBe(200);
  });

  test('forgets a key after 24 hours', async () => {
    await send(await world.start(), 'old');
    await world.stop();
    const file = join(world.folder, 'payment.jsonl');
    const dayAgo = new Date(Date.now() - 24 * 3_600_000 - 1000).toISOString();
    await writeFile(file, (await readFile(file, 'utf8')).replace(/"at":"[^"]+"/, `"at":"${dayAgo}"`));
    const simulators = await world.start();
    expect((await send(simulators, 'old')).headers.get('idempotent-replayed')).toBeNull();
    expect(await summaryOf(simulators.payment.url)).toMatchObject({ authorized: { EUR: { count: 2 } } });
  });

  test('wants a key of the account', async () => {
    const simulators = await world.start();
    const response = await fetch(`${simulators.payment.url}/v1/payment_intents/pi_1`);
    expect(response.status).toBe(401);
  });

  test('refunds what was captured, and no more', async () => {
    const simulators = await world.start();
    const { payment } = providersOf(simulators);
    const outcome = await payment.authorize(charge(1));
    const providerRef = outcome.ok ? outcome.value.providerRef : '';
    await payment.capture({ key: '1/capture/1/1', providerRef, amountMinor: 1000, currency: 'EUR' });
    const refund = (key: string, amount: string) =>
      fetch(`${simulators.payment.url}/v1/refunds`, {
        method: 'POST',
        headers: { authorization: `Bearer ${simulators.keys.stripeApiKey}`, 'idempotency-key': key },
        body: new URLSearchParams({ payment_intent: providerRef, amount }),
      });
    const made = (await (await refund('r1', '400')).json()) as { id: string; amount: number };
    expect((await refund('r1', '400')).headers.get('idempotent-replayed')).toBe('true');
    expect((await refund('r2', '601')).status).toBe(400);
    expect((await refund('r3', '600')).status).toBe(200);
    expect((await refund('r4', '1')).status).toBe(400);
    const read = await fetch(`${simulators.payment.url}/v1/refunds/${made.id}`, {
      headers: { authorization: `Bearer ${simulators.keys.stripeApiKey}` },
    });
    expect(await read.json()).toMatchObject({ id: made.id, amount: 400, status: 'succeeded' });
    expect(await summaryOf(simulators.payment.url)).toMatchObject({
      refunded: { EUR: { count: 2, amountMinor: 1000 } },
    });
  });
});
