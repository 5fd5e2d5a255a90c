/** Parcels travel once Holdfast lists them, end as their marker or a fault says, and go on after a restart. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWorld, factsOf, parcel, providersOf, share, tell } from '../test/given/simulators.ts';
import type { World } from '../test/given/simulators.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

describe('a parcel', () => {
  async function shipped(line1: string, faults: unknown[] = []): Promise<string[]> {
    const receiver = await world.receiver();
    const simulators = await world.start({ holdfastUrl: receiver.url, warehouseKey: 'dock' });
    const { carrier, warehouse } = providersOf(simulators);
    await tell(simulators.carrier.url, '/_faults', faults);
    await warehouse.submit(share(1));
    const outcome = await carrier.book(parcel(1, line1));
    const trackingCode = outcome.ok ? outcome.value.trackingCode : '';
    receiver.dispatches.push({ fulfillmentId: 'ful_1_1', trackingCode });
    const ends = ['delivered', 'failure', 'return_to_sender'];
    const scans = () =>
      factsOf(simulators, receiver.messages).flatMap((fact) =>
        fact.kind === 'carrier_scans' && fact.match === trackingCode ? [fact.scans] : [],
      );
    const longest = () => scans().toSorted((a, b) => b.length - a.length)[0] ?? [];
    await expect.poll(() => ends.includes(longest().at(-1)?.status ?? ''), { timeout: 5000 }).toBe(true);
    expect(new Set(longest().map((one) => one.occurredAt)).size).toBe(longest().length);
    return longest().map((one) => `${one.status}/${one.detail}`);
  }

  test('is handed over once Holdfast lists it, and travels to the door', async () => {
    expect(await shipped('1 Main St')).toEqual([
      'pre_transit/label_created',
      'in_transit/received_at_origin_facility',
      'out_for_delivery/out_for_delivery',
      'delivered/arrived_at_destination',
    ]);
  });

  test.each([
    ['1 LOST Lane', 'failure/lost'],
    ['1 DAMAGED Drive', 'failure/damaged'],
    ['1 RETURN Road', 'return_to_sender/return'],
  ])('to %s ends as %s', async (line1, end) => {
    expect((await shipped(line1)).at(-1)).toBe(end);
  });

  test('is lost when a fault says so', async () => {
    const fault = { operation: 'track', kind: 'decline', detail: 'lost', match: '1/book' };
    expect((await shipped('1 Main St', [fault])).at(-1)).toBe('failure/lost');
  });

  test('goes on from where it was after a restart, at the pace it is told', async () => {
    const before = await world.start({ paceSeconds: 3600 });
    const outcome = await providersOf(before).carrier.book(parcel(1));
    const trackingCode = outcome.ok ? outcome.value.trackingCode : '';
    await tell(before.carrier.url, '/_handover', { trackingCode });
    await world.stop();
    const after = await world.start({ paceSeconds: 3600 });
    const status = async () => {
      const headers = {
        authorization: `Basic ${Buffer.from(`${after.keys.easypostApiKey}:`).toString('base64')}`,
      };
      const response = await fetch(`${after.carrier.url}/v2/trackers/${trackingCode}`, { headers });
      return ((await response.json()) as { status: string }).status;
    };
    expect(await status()).toBe('in_transit');
    await tell(after.carrier.url, '/_pace', { seconds: 0 });
    await expect.poll(status).toBe('delivered');
    expect((await tell(after.carrier.url, '/_handover', { trackingCode: 'none' })).status).toBe(404);
  });
});
