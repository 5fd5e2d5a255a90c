/** The simulators call back at least once: tried again until taken, and after a restart. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { charge, createWorld, factsOf, providersOf, share, tell } from '../test/given/simulators.ts';
import type { World } from '../test/given/simulators.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

describe('callbacks', () => {
  test('tell each step in signed messages, tried again until they are taken', async () => {
    const receiver = await world.receiver(2);
    const simulators = await world.start({ holdfastUrl: receiver.url });
    const { payment, warehouse } = providersOf(simulators);
    const outcome = await payment.authorize(charge(1));
    const providerRef = outcome.ok ? outcome.value.providerRef : '';
    await payment.capture({ key: '1/capture/1/1', providerRef, amountMinor: 1000, currency: 'EUR' });
    await payment.authorize(charge(2, { token: 'pm_card_chargeDeclined' }));
    await warehouse.submit(share(1));
    await expect.poll(() => receiver.messages.length, { timeout: 5000 }).toBe(8);
    const facts = factsOf(simulators, receiver.messages);
    const said = facts.map((fact) =>
      fact.kind === 'payment_event' ? fact.type : fact.kind === 'warehouse_report' ? fact.report : '',
    );
    expect([...new Set(said)].toSorted()).toEqual([
      'accepted',
      'packed',
      'payment_intent.amount_capturable_updated',
      'payment_intent.payment_failed',
      'payment_intent.succeeded',
      'picking',
    ]);
    expect(new Set(facts.map((fact) => fact.sourceId)).size).toBe(6);
  });

  test('that were not taken are sent after a restart, those that were are not', async () => {
    const first = await world.receiver();
    const before = await world.start({ holdfastUrl: first.url });
    await providersOf(before).payment.authorize(charge(1));
    await expect
      .poll(async () =>
        (await readFile(join(world.folder, 'payment.jsonl'), 'utf8')).includes('callback_delivered'),
      )
      .toBe(true);
    await first.close();
    await providersOf(before).payment.authorize(charge(2));
    await world.stop();

    const second = await world.receiver();
    const after = await world.start();
    after.connect({ url: second.url });
    await expect.poll(() => second.messages.length).toBe(1);
    expect(second.messages[0]?.raw.toString()).toContain('2/authorize/1/1');
  });

  test('are sent twice, late and lost when told so', async () => {
    const receiver = await world.receiver();
    const simulators = await world.start({ holdfastUrl: receiver.url });
    await tell(simulators.payment.url, '/_faults', {
      operation: 'callback',
      kind: 'twice',
      match: '1/authorize',
    });
    await providersOf(simulators).payment.authorize(charge(1));
    await expect.poll(() => receiver.messages.length).toBe(2);
    const facts = factsOf(simulators, receiver.messages);
    expect(facts[0]?.sourceId).toBe(facts[1]?.sourceId);
  });
});
