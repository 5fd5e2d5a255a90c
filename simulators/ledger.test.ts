/** The simulators' memory: it survives their death, drops what was never answered, and is read by pages. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  charge,
  createWorld,
  parcel,
  paymentOnly,
  providersOf,
  share,
  summaryOf,
} from '../test/given/simulators.ts';
import type { World } from '../test/given/simulators.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

describe('the ledger', () => {
  test('is continued after a restart: payments, keys, shipments and tombstones are known', async () => {
    const before = await world.start();
    const first = providersOf(before);
    const paid = await first.payment.authorize(charge(1));
    await first.payment.authorize(charge(2, { token: 'pm_card_chargeDeclined' }));
    const booked = await first.carrier.book(parcel(1));
    await first.warehouse.submit(share(1));
    const sums = await summaryOf(before.payment.url);
    await world.stop();

    const after = await world.start();
    const second = providersOf(after);
    expect(await second.payment.authorize(charge(1))).toEqual(paid);
    expect(await second.payment.authorize(charge(2, { token: 'pm_card_chargeDeclined' }))).toMatchObject({
      ok: false,
    });
    const again = await second.carrier.book(parcel(1));
    expect(again.ok && booked.ok && again.value.trackingCode === booked.value.trackingCode).toBe(true);
    expect(await summaryOf(after.payment.url)).toEqual(sums);
    expect(sums).toEqual({
      authorized: { EUR: { count: 1, amountMinor: 1000 } },
      declined: { EUR: { count: 1, amountMinor: 1000 } },
    });
  });

  test('drops a last line that was cut off, and refuses to guess at any other broken line', async () => {
    await providersOf(await world.start()).payment.authorize(charge(1));
    await world.stop();
    const file = join(world.folder, 'payment.jsonl');
    const whole = await readFile(file, 'utf8');
    await appendFile(file, '{"seq":2,"at":"2026-01-01T00:0');
    const { payment } = providersOf(await world.start());
    expect(await payment.authorize(charge(1))).toMatchObject({ ok: true });
    await world.stop();
    expect(await readFile(file, 'utf8')).toBe(whole);
    await writeFile(file, `{"broken":true}\n${whole}`);
    await expect(world.start()).rejects.toThrow();
  });

  test('is on the disk before the answer leaves: kill -9 loses no answered authorization', async () => {
    const env = {
      ...process.env,
      SIMULATORS_DATA: world.folder,
      SIMULATORS_PACE_SECONDS: '0',
      NODE_ENV: 'test',
    };
    const ports = { SIMULATOR_PAYMENT_PORT: '0', SIMULATOR_WAREHOUSE_PORT: '0', SIMULATOR_CARRIER_PORT: '0' };
    const child = spawn(process.execPath, ['--import', 'tsx', 'simulators/main.ts'], {
      env: { ...env, ...ports, SIMULATORS_HOLDFAST_URL: 'http://127.0.0.1:2' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { payment: url } = JSON.parse(line) as { payment: string };
    const answered: number[] = [];
    const { payment } = providersOf(paymentOnly(url));
    const tries = Array.from({ length: 40 }, async (_, number) => {
      await payment
        .authorize(charge(number))
        .catch(() => undefined)
        .then((outcome) => {
          if (outcome?.ok) answered.push(number);
          if (answered.length === 15) child.kill('SIGKILL');
        });
    });
    await Promise.all([...tries, once(child, 'exit')]);
    const { payment: after } = providersOf(await world.start());
    expect(answered.length).toBeGreaterThanOrEqual(15);
    for (const number of answered)
      expect(await after.find(charge(number).key, new Date(Date.now() - 60_000).toISOString())).toBeDefined();
  });

  test('pages by number', async () => {
    const { payment } = await world.start();
    const { payment: provider } = providersOf(paymentOnly(payment.url));
    for (let number = 1; number <= 5; number += 1) await provider.authorize(charge(number));
    const page = async (after: number) =>
      (await (await fetch(`${payment.url}/_ledger?after=${after}&limit=2`)).json()) as {
        data: { seq: number; key: string; stored?: unknown }[];
        next: number | null;
      };
    const first = await page(0);
    expect(first.data.map((row) => row.key)).toEqual(['1/authorize/1/1', '2/authorize/1/1']);
    expect(first.data[0]?.stored).toBeUndefined();
    expect((await page(first.next ?? 0)).data.map((row) => row.seq)).toEqual([3, 4]);
    expect(await page(4)).toMatchObject({ next: null });
    expect((await fetch(`${payment.url}/_ledger?limit=0`)).status).toBe(422);
  });
});
