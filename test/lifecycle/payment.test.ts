/** Money that is refused, lost on its way or answered late. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { environment, type Environment } from '../environment.ts';

let env: Environment;
beforeAll(async () => {
  env = await environment();
});

const completed = (order: OrderDetail) => order.lifecycle === 'completed';
const needsPayment = (order: OrderDetail) => order.attention.includes('payment_action');

async function command(order: { id: string }, action: 'cancel' | 'retry', body: object) {
  return env.call<OrderDetail & { code?: string }>('POST', `/v1/orders/${order.id}/${action}`, {
    key: env.keys.support,
    body,
    idempotencyKey: `${order.id}-${action}-${Math.random()}`,
  });
}

describe('a declined card', () => {
  it('waits for a person, gives the other share back, and can be cancelled', async () => {
    const placed = await env.place({ token: 'pm_card_chargeDeclined', lines: [{ sku: 'MUG' }] });
    const waiting = await env.until(placed.id, 'needing payment', needsPayment);
    expect(waiting.cases).toMatchObject([{ code: 'card_declined', owner: 'support' }]);
    expect(waiting.waits.map((wait) => wait.kind)).toContain('payment');
    expect(await command(placed, 'cancel', { reason: 'customer' })).toMatchObject({ status: 200 });
    const order = await env.until(placed.id, 'cancelled', (one) => one.lifecycle === 'cancelled');
    expect(order.lines[0]?.ledger).toMatchObject({ cancelled: 1, allocated: 0 });
    await env.record('declined-cancelled', placed.number);
  });

  it('of one share voids the other; a retry is a new attempt of both', async () => {
    await env.fault('payment', {
      operation: 'authorize',
      kind: 'decline',
      times: 1,
      match: '/authorize/2/1',
    });
    const placed = await env.place({ lines: [{ sku: 'MUG' }, { sku: 'TEA' }] });
    await env.until(
      placed.id,
      'needing payment with the other share voided',
      (order) => needsPayment(order) && order.payment.payments.some((payment) => payment.state === 'voided'),
    );
    await env.clearFaults();
    expect(await command(placed, 'retry', {})).toMatchObject({ status: 200 });
    const order = await env.until(placed.id, 'completed', completed);
    expect(order.payment.payments.map((payment) => payment.state).toSorted()).toEqual([
      'captured',
      'captured',
      'declined',
      'voided',
    ]);
    const ledger = await env.ledger('payment', placed.number);
    expect(ledger.filter((kind) => kind === 'captured')).toHaveLength(2);
    expect(ledger.filter((kind) => kind === 'voided')).toHaveLength(1);
    await env.record('declined-retried', placed.number);
  });

  it('that nobody cares for expires and gives the stock back', async () => {
    const placed = await env.place({ token: 'pm_card_chargeDeclined', policy: { paymentWaitSeconds: 1 } });
    const order = await env.until(placed.id, 'expired', (one) => one.lifecycle === 'expired');
    expect(order.lines[0]?.ledger.allocated).toBe(0);
    await env.record('expired', placed.number);
  });
});

describe('a gateway that does it and loses the reply', () => {
  it('has charged once all the same', async () => {
    await env.fault(
      'payment',
      { operation: 'authorize', kind: 'lose_reply', times: 2 },
      { operation: 'capture', kind: 'lose_reply', times: 2 },
    );
    const placed = await env.place();
    const order = await env.until(placed.id, 'completed', completed);
    expect(order.payment.operations.every((operation) => operation.state === 'succeeded')).toBe(true);
    const ledger = await env.ledger('payment', placed.number);
    expect(ledger.filter((kind) => kind === 'authorized')).toHaveLength(1);
    expect(ledger.filter((kind) => kind === 'captured')).toHaveLength(1);
    await env.clearFaults();
    await env.record('lost-reply', placed.number);
  });

  it('and an authorization that arrives late is given back when the order was cancelled meanwhile', async () => {
    await env.fault('payment', { operation: 'authorize', kind: 'arrive_late', seconds: 1, times: 1 });
    const placed = await env.place();
    await env.until(
      placed.id,
      'unknown',
      (order) =>
        order.payment.payments.some((payment) => payment.state === 'unknown') ||
        order.paymentStatus === 'authorized',
    );
    await command(placed, 'cancel', { reason: 'customer' });
    await env.until(
      placed.id,
      'ended',
      (order) => order.lifecycle === 'cancelled' || order.lifecycle === 'completed',
      30,
    );
    const ledger = await env.ledger('payment', placed.number);
    const authorized = ledger.filter((kind) => kind === 'authorized').length;
    expect(ledger.filter((kind) => kind === 'voided' || kind === 'captured')).toHaveLength(authorized);
    expect(authorized).toBeLessThanOrEqual(1);
    await env.clearFaults();
  });
});

describe('a capture that is refused after booking', () => {
  it('voids the label, keeps the goods at the dock, and goes on after a retry', async () => {
    await env.fault('payment', { operation: 'capture', kind: 'decline', times: 1 });
    const placed = await env.place();
    const waiting = await env.until(
      placed.id,
      'needing payment with its label voided',
      (order) => needsPayment(order) && order.shipments.some((parcel) => parcel.state === 'cancelled'),
    );
    expect(waiting.cases.map((one) => one.code)).toContain('capture_refused');
    expect(waiting.fulfillments[0]?.state).toBe('packed');
    await env.clearFaults();
    await env.until(placed.id, 'voided', (order) => order.payment.payments[0]?.state === 'voided');
    expect(await command(placed, 'retry', {})).toMatchObject({ status: 200 });
    const order = await env.until(placed.id, 'completed', completed);
    expect(order.shipments.map((parcel) => parcel.state).toSorted()).toEqual(['cancelled', 'delivered']);
    expect(await env.ledger('carrier', placed.number)).toContain('refunded');
    await env.record('capture-refused-retried', placed.number);
  });
});
