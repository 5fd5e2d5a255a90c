/** When money is taken, how an authorization is kept alive, and what follows a decline. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { environment, type Environment } from '../environment.ts';

let env: Environment;
beforeAll(async () => {
  env = await environment();
});
afterAll(() => authorizationsHold(7 * 24 * 3600));

const completed = (order: OrderDetail) => order.lifecycle === 'completed';

/** From now on the gateway keeps an authorization for so long. */
async function authorizationsHold(seconds: number): Promise<void> {
  const response = await fetch(`${env.stack.simulators.payment}/_settings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ authorizationSeconds: seconds }),
  });
  expect(response.ok).toBe(true);
}

/** Kinds of the calls to outside systems, in the order in which they were begun. */
const calls = (order: OrderDetail) =>
  order.payment.operations
    .toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time))
    .map((operation) => operation.kind);

describe('the moment of capture', () => {
  it.each([
    ['order', ['authorize', 'capture', 'submit', 'book']],
    ['release', ['authorize', 'capture', 'submit', 'book']],
    ['shipment', ['authorize', 'submit', 'book', 'capture']],
    ['delivery', ['authorize', 'submit', 'book', 'capture']],
  ] as const)('at %s', async (captureAt, expected) => {
    const placed = await env.place({ policy: { captureAt } });
    const order = await env.until(placed.id, 'completed', completed);
    expect(calls(order)).toEqual(expected);
    expect(order.paymentStatus).toBe('captured');
    const events = await env.call<{ data: { type: string }[] }>(
      'GET',
      `/v1/orders/${placed.id}/events?after=0`,
      {
        key: env.keys.support,
      },
    );
    const types = events.body.data.map((event) => event.type);
    const isAfterDelivery = types.indexOf('payment.captured') > types.indexOf('shipment.delivered');
    expect(isAfterDelivery).toBe(captureAt === 'delivery');
    await env.record(`captured-at-${captureAt}`, placed.number);
  });
});

describe('an authorization that would not last', () => {
  it('until a far release is given back early and asked for again near it', async () => {
    await authorizationsHold(6);
    const placed = await env.place({
      policy: { releaseDelaySeconds: 12, authorizationMarginSeconds: 1, reauthorizeLeadSeconds: 3 },
    });
    await env.until(placed.id, 'given back', (order) =>
      order.payment.payments.some((payment) => payment.state === 'voided'),
    );
    const order = await env.until(placed.id, 'completed', completed);
    expect(order.payment.payments.map((payment) => payment.state)).toEqual(['voided', 'captured']);
    const ledger = await env.ledger('payment', placed.number);
    expect(ledger.filter((kind) => kind === 'captured')).toHaveLength(1);
    await env.record('reauthorized-near-release', placed.number);
  });

  it('whose renewal is declined asks the customer and is cancelled at the deadline', async () => {
    await authorizationsHold(6);
    await env.fault('payment', { operation: 'authorize', kind: 'decline', match: '/authorize/1/2' });
    const placed = await env.place({
      policy: {
        releaseDelaySeconds: 12,
        authorizationMarginSeconds: 1,
        reauthorizeLeadSeconds: 6,
        paymentWaitSeconds: 2,
      },
    });
    const order = await env.until(placed.id, 'expired', (one) => one.lifecycle === 'expired');
    await env.clearFaults();
    expect(order.lines[0]?.ledger).toMatchObject({ allocated: 0, cancelled: 1 });
    expect(order.payment.payments.map((payment) => payment.state)).toEqual(['voided', 'declined']);
    await env.record('renewal-declined', placed.number);
  });
});

describe('a declined card', () => {
  it('that may work later is tried anew by itself, without asking anybody', async () => {
    await authorizationsHold(7 * 24 * 3600);
    await env.fault('payment', {
      operation: 'authorize',
      kind: 'decline',
      detail: 'insufficient_funds',
      times: 1,
      match: '/authorize/1/1',
    });
    const placed = await env.place({ policy: { softDeclinePauseSeconds: 1 } });
    const order = await env.until(placed.id, 'completed', completed);
    await env.clearFaults();
    expect(order.payment.payments.map((payment) => payment.state)).toEqual(['declined', 'captured']);
    expect(order.cases).toEqual([]);
    await env.record('declined-soft', placed.number);
  });

  it('is replaced by another one', async () => {
    const placed = await env.place({ token: 'pm_card_chargeDeclined' });
    await env.until(placed.id, 'needing payment', (order) => order.attention.includes('payment_action'));
    const answer = await env.call('POST', `/v1/orders/${placed.id}/payments`, {
      key: env.keys.support,
      body: { method: 'card', token: 'pm_card_visa' },
      idempotencyKey: `${placed.id}-pay`,
    });
    expect([200, 202]).toContain(answer.status);
    const order = await env.until(placed.id, 'completed', completed);
    expect(order.attention).toEqual([]);
    await env.record('another-card', placed.number);
  });
});
