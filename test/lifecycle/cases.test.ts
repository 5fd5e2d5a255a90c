/** Cases worked off by hand: taken on, closed with what was done, also when the order has ended. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Case } from '../../api/schemas/feeds.ts';
import { environment, type Environment } from '../environment.ts';

let env: Environment;
beforeAll(async () => {
  env = await environment();
});

const support = () => ({ key: env.keys.support });

async function openCaseOf(orderId: string): Promise<Case> {
  const { body } = await env.call<{ data: Case[] }>('GET', '/v1/cases?open=true&limit=100', support());
  const found = body.data.find((one) => one.orderId === orderId);
  if (!found) throw new Error(`order ${orderId} has no open case`);
  return found;
}

function resolve(one: Case, note: string) {
  const body = { note };
  return env.call<Case>('POST', `/v1/cases/${one.id}/resolve`, {
    ...support(),
    body,
    idempotencyKey: `close-${one.id}`,
  });
}

async function eventsOf(orderId: string): Promise<string[]> {
  const { body } = await env.call<{ data: { type: string }[] }>(
    'GET',
    `/v1/orders/${orderId}/events?limit=100`,
    support(),
  );
  return body.data.map((event) => event.type);
}

describe('a lost parcel', () => {
  it('is taken on, seen to and closed by hand; the order needs nobody any more', async () => {
    const placed = await env.place({ line1: '1 LOST Lane' });
    await env.until(placed.id, 'lost', (order) => order.attention.includes('carrier'));
    const one = await openCaseOf(placed.id);
    expect(one).toMatchObject({ code: 'parcel_lost', isClosable: true, orderStatus: 'needs_attention' });

    const assigned = await env.call<Case>('POST', `/v1/cases/${one.id}/assign`, {
      ...support(),
      body: { assignee: 'me' },
    });
    expect([assigned.status, typeof assigned.body.assigneeName]).toEqual([200, 'string']);

    const closed = await resolve(one, 'claimed at the carrier, new parcel agreed');
    expect(closed.status).toBe(200);
    expect(closed.body).toMatchObject({
      resolution: 'claimed at the carrier, new parcel agreed',
      assignee: assigned.body.assignee,
    });
    const order = await env.order(placed.id);
    expect([order.attention, order.lifecycle, order.status]).toEqual([[], 'processing', 'shipped']);
    expect([order.waits, order.dueAt, order.stage]).toEqual([[], null, 'transport']);
    expect(order.standing.text).toBe(
      'The carrier has lost the parcel. A person has seen to it; nothing more happens by itself.',
    );
    const types = await eventsOf(placed.id);
    expect(types.slice(-3)).toEqual(['case.opened', 'case.assigned', 'case.resolved']);
    await env.record('case-closed-by-hand', placed.number);
  });
});

describe('an order that ended with the customer’s money at the channel', () => {
  it('holds its case until somebody has refunded it, and is started again for that', async () => {
    const placed = await env.place({ prepaid: true, policy: { releaseDelaySeconds: 600 } });
    await env.until(placed.id, 'paid', (order) => order.paymentStatus === 'captured');
    await env.call('POST', `/v1/orders/${placed.id}/cancel`, {
      ...support(),
      body: { reason: 'customer' },
      idempotencyKey: `cancel-${placed.id}`,
    });
    await env.until(placed.id, 'cancelled', (order) => order.lifecycle === 'cancelled');
    const one = await openCaseOf(placed.id);
    expect(one).toMatchObject({ code: 'refund_at_channel', orderStatus: 'cancelled' });
    expect((await resolve(one, 'refunded in the shop')).status).toBe(200);
    const order = await env.order(placed.id);
    expect([order.attention, order.lifecycle]).toEqual([[], 'cancelled']);
    expect((await resolve(one, 'refunded in the shop')).status).toBe(200);
    await env.record('case-closed-after-end', placed.number);
  });
});
