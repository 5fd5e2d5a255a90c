/** Placed to delivered: the main job. */
import { beforeAll, describe, expect, it } from 'vitest';
import { environment, type Environment } from '../environment.ts';

let env: Environment;
beforeAll(async () => {
  env = await environment();
});

const completed = (order: { lifecycle: string }) => order.lifecycle === 'completed';

describe('an order', () => {
  it('of one line goes from placed to delivered', async () => {
    const placed = await env.place({ lines: [{ sku: 'MUG', quantity: 2 }], shippingMinor: 490 });
    expect(placed).toMatchObject({
      lifecycle: 'received',
      status: 'received',
      total: { amount: 2490, currency: 'EUR' },
    });
    const order = await env.until(placed.id, 'completed', completed);
    expect(order).toMatchObject({
      status: 'delivered',
      paymentStatus: 'captured',
      fulfillmentStatus: 'delivered',
      attention: [],
      waits: [],
    });
    expect(order.lines[0]?.ledger).toMatchObject({
      ordered: 2,
      allocated: 2,
      fulfilled: 2,
      shipped: 2,
      delivered: 2,
    });
    expect(order.payment.payments).toMatchObject([
      { state: 'captured', captured: { amount: 2490 }, method: 'card', card: { last4: '4242' } },
    ]);
    expect(order.payment.operations.filter((operation) => operation.state !== 'succeeded')).toEqual([]);
    expect(order.allowedActions.map((action) => action.reasonIfDisabled)).toEqual([
      'already_ended',
      'already_ended',
      'already_ended',
      undefined,
    ]);
    const payment = await env.ledger('payment', placed.number);
    expect(payment.filter((kind) => kind === 'authorized')).toHaveLength(1);
    expect(payment.filter((kind) => kind === 'captured')).toHaveLength(1);
    await env.record('delivered-one-line', placed.number);
  });

  it('is told in its timeline, in order and without gaps', async () => {
    const placed = await env.place();
    await env.until(placed.id, 'completed', completed);
    const { body } = await env.call<{ data: { seq: number; type: string; actor: string }[] }>(
      'GET',
      `/v1/orders/${placed.id}/events?after=0`,
      { key: env.keys.support },
    );
    expect(body.data.map((event) => event.seq)).toEqual(body.data.map((_, index) => index + 1));
    const types = body.data.map((event) => event.type);
    const story = [
      'order.placed',
      'order.allocated',
      'payment.authorized',
      'fulfillment.created',
      'fulfillment.packed',
      'shipment.created',
      'payment.captured',
      'shipment.delivered',
      'order.completed',
    ];
    expect(types.filter((type) => story.includes(type))).toEqual(story);
  });

  it('from two warehouses travels in two parcels, each captured whole, together the total', async () => {
    const placed = await env.place({
      lines: [{ sku: 'MUG' }, { sku: 'TEA', quantity: 2 }, { sku: 'PEN' }],
      shippingMinor: 101,
    });
    const order = await env.until(placed.id, 'completed', completed);
    expect(order.shipments.map((parcel) => parcel.state)).toEqual(['delivered', 'delivered']);
    const captured = order.payment.payments.map((payment) => payment.captured.amount);
    expect(captured).toHaveLength(2);
    expect(captured.reduce((sum, amount) => sum + amount, 0)).toBe(placed.total.amount);
    await env.record('delivered-two-parcels', placed.number);
  });

  it.each(['JPY', 'KWD', 'USD'])('in %s is charged to the minor unit', async (currency) => {
    const placed = await env.place({ currency, lines: [{ sku: 'MUG' }, { sku: 'TEA' }] });
    const order = await env.until(placed.id, 'completed', completed);
    const captured = order.payment.payments.reduce((sum, payment) => sum + payment.captured.amount, 0);
    expect(captured).toBe(placed.total.amount);
  });

  it('that is prepaid never meets the gateway', async () => {
    const placed = await env.place({ prepaid: true });
    const order = await env.until(placed.id, 'completed', completed);
    expect(order.paymentStatus).toBe('captured');
    expect(await env.ledger('payment', placed.number)).toEqual([]);
    await env.record('delivered-prepaid', placed.number);
  });

  it('waits out its release delay, shown as releaseAt', async () => {
    const placed = await env.place({ policy: { releaseDelaySeconds: 2 } });
    const waiting = await env.until(placed.id, 'waiting for release', (order) => order.releaseAt !== null);
    expect(waiting.waits.map((wait) => wait.kind)).toContain('release');
    const order = await env.until(placed.id, 'completed', completed);
    const submitted = order.fulfillments[0]?.submittedAt ?? '';
    expect(Date.parse(submitted)).toBeGreaterThanOrEqual(Date.parse(waiting.releaseAt ?? ''));
    await env.record('delivered-after-delay', placed.number);
  });
});
