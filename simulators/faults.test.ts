/** Faults are data: checked, listed, cleared, and thrown by dice with a seed. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  charge,
  createWorld,
  factsOf,
  paymentOnly,
  providersOf,
  share,
  tell,
} from '../test/given/simulators.ts';
import type { World } from '../test/given/simulators.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

describe('faults', () => {
  test('are checked, listed and cleared', async () => {
    const { warehouse } = await world.start();
    expect((await tell(warehouse.url, '/_faults', { operation: 'submit', kind: 'explode' })).status).toBe(
      422,
    );
    expect(
      (await tell(warehouse.url, '/_faults', { operation: 'submit', kind: 'late', extra: 1 })).status,
    ).toBe(422);
    await tell(warehouse.url, '/_faults', [{ operation: 'submit', kind: 'late' }]);
    expect(await (await fetch(`${warehouse.url}/_faults`)).json()).toMatchObject({
      data: [{ kind: 'late' }],
    });
    await fetch(`${warehouse.url}/_faults`, { method: 'DELETE' });
    expect(await (await fetch(`${warehouse.url}/_faults`)).json()).toEqual({ data: [] });
    expect(await (await fetch(`${warehouse.url}/_health`)).json()).toEqual({ ok: true });
  });

  test('strike with their probability, the same way for the same seed', async () => {
    const { payment } = await world.start();
    const { payment: provider } = providersOf(paymentOnly(payment.url));
    const strikes = async (seed: number, from: number): Promise<string> => {
      await fetch(`${payment.url}/_faults`, { method: 'DELETE' });
      await tell(payment.url, '/_faults', {
        operation: 'authorize',
        kind: 'decline',
        probability: 0.3,
        seed,
      });
      const results: string[] = [];
      for (let index = 0; index < 60; index += 1)
        results.push((await provider.authorize(charge(from + index))).ok ? '.' : 'x');
      return results.join('');
    };
    const first = await strikes(7, 1000);
    expect(await strikes(7, 2000)).toBe(first);
    expect(await strikes(8, 3000)).not.toBe(first);
    const struck = first.replaceAll('.', '').length;
    expect(struck).toBeGreaterThan(8);
    expect(struck).toBeLessThan(30);
  });

  test('say how often they have struck', async () => {
    const { payment } = await world.start();
    const { payment: provider } = providersOf(paymentOnly(payment.url));
    await tell(payment.url, '/_faults', { operation: 'authorize', kind: 'decline', times: 9 });
    for (let index = 0; index < 3; index += 1) await provider.authorize(charge(9_000 + index));
    expect(await (await fetch(`${payment.url}/_faults`)).json()).toMatchObject({ data: [{ struck: 3 }] });
  });

  test('reject a share while it is picked', async () => {
    const receiver = await world.receiver();
    const simulators = await world.start({ holdfastUrl: receiver.url });
    await tell(simulators.warehouse.url, '/_faults', {
      operation: 'pick',
      kind: 'decline',
      detail: 'shelf is empty',
    });
    await providersOf(simulators).warehouse.submit(share(1));
    await expect.poll(() => receiver.messages.length).toBe(2);
    expect(factsOf(simulators, receiver.messages)).toContainEqual(
      expect.objectContaining({ report: 'rejected', note: 'shelf is empty' }),
    );
  });
});
