/** Stock that is short, carriers that are away, parcels that are lost. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { environment, type Environment } from '../environment.ts';

let env: Environment;
beforeAll(async () => {
  env = await environment();
});

const completed = (order: OrderDetail) => order.lifecycle === 'completed';

function retry(order: { id: string }) {
  return env.call<OrderDetail>('POST', `/v1/orders/${order.id}/retry`, {
    key: env.keys.support,
    body: {},
    idempotencyKey: `${order.id}-${Math.random()}`,
  });
}

describe('short stock', () => {
  it('waits with a case; after a receipt a retry carries it on', async () => {
    const sku = `SHORT-${Date.now()}`;
    await env.call('POST', '/v1/items', { body: { sku, name: 'Short' } });
    const placed = await env.place({ lines: [{ sku, quantity: 3 }] });
    const waiting = await env.until(placed.id, 'short', (order) => order.attention.includes('stock'));
    expect(waiting.waits.map((wait) => wait.kind)).toContain('stock');
    const adjusted = await env.call('POST', '/v1/inventory/adjustments', {
      body: { reason: 'receipt', adjustments: [{ sku, location: 'west', delta: 3 }] },
      idempotencyKey: sku,
    });
    expect(adjusted.status).toBeLessThan(300);
    expect(await retry(placed)).toMatchObject({ status: 200 });
    await env.until(placed.id, 'completed', completed);
    const stock = await env.call<{ data: { onHand: number; allocated: number }[] }>(
      'GET',
      `/v1/inventory?sku=${sku}`,
      { key: env.keys.ops },
    );
    expect(stock.body.data).toMatchObject([{ onHand: 0, allocated: 0 }]);
    await env.record('short-stock-retried', placed.number);
  });

  it('that does not come in time cancels the order', async () => {
    const placed = await env.place({
      lines: [{ sku: 'RARE', quantity: 50 }],
      policy: { stockWaitSeconds: 1 },
    });
    const order = await env.until(placed.id, 'cancelled', (one) => one.lifecycle === 'cancelled');
    expect(order.undo).toMatchObject({ cause: 'inventory' });
    await env.record('short-stock-cancelled', placed.number);
  });
});

describe('a carrier that is down', () => {
  it('for a while delays the parcel and nothing else', async () => {
    await env.fault('carrier', { operation: '*', kind: 'down', seconds: 2 });
    const placed = await env.place();
    const order = await env.until(placed.id, 'completed', completed);
    expect(order.attention).toEqual([]);
    await env.clearFaults();
    await env.record('carrier-down', placed.number);
  });

  it('for long opens a case, tries again by itself and never buys twice', async () => {
    await env.fault('carrier', { operation: '*', kind: 'down', seconds: 9 });
    const placed = await env.place();
    await env.until(placed.id, 'needing attention', (order) => order.attention.includes('carrier'));
    const order = await env.until(placed.id, 'completed', completed);
    expect(order.shipments).toHaveLength(1);
    expect((await env.ledger('carrier', placed.number)).filter((kind) => kind === 'bought')).toHaveLength(1);
    await env.clearFaults();
    await env.record('carrier-down-long', placed.number);
  });

  it('answers that are lost buy one label', async () => {
    await env.fault(
      'carrier',
      { operation: 'create', kind: 'lose_reply', times: 1 },
      { operation: 'buy', kind: 'lose_reply', times: 1 },
    );
    const placed = await env.place();
    await env.until(placed.id, 'completed', completed);
    expect((await env.ledger('carrier', placed.number)).filter((kind) => kind === 'bought')).toHaveLength(1);
    await env.clearFaults();
  });
});

describe('parcels that come to grief', () => {
  it.each([
    ['LOST', 'lost', 'parcel_lost'],
    ['DAMAGED', 'damaged', 'parcel_damaged'],
    ['RETURN', 'returned_to_sender', 'parcel_returned'],
  ])('%s opens a case with its owner', async (marker, state, code) => {
    const placed = await env.place({ line1: `1 ${marker} Lane` });
    const order = await env.until(
      placed.id,
      state,
      (one) => one.shipments.some((parcel) => parcel.state === state),
      30,
    );
    expect(order.cases).toMatchObject([{ code, attention: 'carrier', owner: 'support' }]);
    expect(order.lifecycle).toBe('processing');
    await env.record(`parcel-${state}`, placed.number);
  });
});

describe('a warehouse', () => {
  it('that loses its answer packs once', async () => {
    await env.fault('warehouse', { operation: 'submit', kind: 'lose_reply', times: 2 });
    const placed = await env.place();
    await env.until(placed.id, 'completed', completed);
    expect(
      (await env.ledger('warehouse', placed.number)).filter((kind) => kind === 'submitted').length,
    ).toBeLessThanOrEqual(1);
    await env.clearFaults();
  });

  it('that reports twice and late is understood once', async () => {
    await env.fault('warehouse', { operation: 'callback', kind: 'twice' });
    const placed = await env.place();
    const order = await env.until(placed.id, 'completed', completed);
    expect(order.shipments).toHaveLength(1);
    await env.clearFaults();
  });
});
