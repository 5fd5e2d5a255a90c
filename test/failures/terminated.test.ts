/**
 * The workflow is terminated at every event of a happy order and of a cancel with compensation; the reconciler brings
 * it back. The end is the same and every outside effect happened once, by the simulators' own ledgers.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { environment, type Environment, type LedgerEntry } from '../environment.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';

let env: Environment;
beforeAll(async () => {
  env = await environment();
});

const HAPPY_EVENTS = 44;
const CANCEL_EVENTS = 12;
const AT_ONCE = 11;

/** Terminates the order's run as soon as its history has `event` events; false when it ended before. */
async function terminateAt(orderNumber: number, event: number): Promise<boolean> {
  const handle = env.temporal.workflow.getHandle(orderWorkflowId(orderNumber));
  const end = Date.now() + 20_000;
  while (Date.now() < end) {
    const description = await handle.describe().catch(() => undefined);
    if (description && description.status.name !== 'RUNNING') return false;
    if (description && description.historyLength >= event) {
      return handle.terminate('the story says so').then(
        () => true,
        () => false,
      );
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return false;
}

/** Reconciles again and again until the order is as wanted. */
async function broughtBack(id: string, is: (order: OrderDetail) => boolean): Promise<OrderDetail> {
  const reconciling = setInterval(() => void env.reconcile().catch(() => undefined), 1_000);
  try {
    return await env.until(id, 'at its end', is);
  } finally {
    clearInterval(reconciling);
  }
}

function count(entries: readonly LedgerEntry[], orderNumber: number, kind: string): number {
  return entries.filter((entry) => entry.kind === kind && entry.text.includes(`${orderNumber}/`)).length;
}

async function inBatches<T>(events: number, run: (event: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let first = 1; first <= events; first += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, events - first + 1) }, (_, index) => first + index);
    results.push(...(await Promise.all(batch.map(run))));
  }
  return results;
}

describe('a workflow that is terminated', () => {
  it('at each event of a happy order comes back and delivers it once', async () => {
    const orders = await inBatches(HAPPY_EVENTS, async (event) => {
      const placed = await env.place();
      const terminated = await terminateAt(placed.number, event);
      await broughtBack(placed.id, (order) => order.lifecycle === 'completed');
      return { number: placed.number, event, terminated };
    });
    const [payment, carrier, warehouse] = await Promise.all([
      env.ledgers('payment'),
      env.ledgers('carrier'),
      env.ledgers('warehouse'),
    ]);
    for (const { number, event } of orders) {
      const effects = {
        authorized: count(payment, number, 'authorized'),
        captured: count(payment, number, 'captured'),
        bought: count(carrier, number, 'bought'),
        submitted: count(warehouse, number, 'submitted'),
      };
      expect(effects, `terminated at event ${event}`).toEqual({
        authorized: 1,
        captured: 1,
        bought: 1,
        submitted: 1,
      });
    }
    expect(orders.filter((order) => order.terminated).length).toBeGreaterThan(HAPPY_EVENTS / 2);
  }, 240_000);

  it('at each event of a cancel with compensation comes back and undoes it once', async () => {
    const policy = { releaseDelaySeconds: 3600 };
    const orders = await inBatches(CANCEL_EVENTS, async (event) => {
      const placed = await env.place({ policy });
      await env.until(placed.id, 'authorized', (order) => order.paymentStatus === 'authorized');
      const before = await env.temporal.workflow.getHandle(orderWorkflowId(placed.number)).describe();
      const terminated = terminateAt(placed.number, before.historyLength + event);
      await env.call('POST', `/v1/orders/${placed.id}/cancel`, {
        key: env.keys.support,
        body: { reason: 'customer' },
        idempotencyKey: `t-${placed.id}`,
      });
      const order = await broughtBack(placed.id, (one) => one.lifecycle === 'cancelled');
      return { number: placed.number, event, terminated: await terminated, order };
    });
    const payment = await env.ledgers('payment');
    for (const { number, event, order } of orders) {
      expect(
        [count(payment, number, 'authorized'), count(payment, number, 'voided')],
        `terminated ${event} events after the cancel`,
      ).toEqual([1, 1]);
      expect(order.lines[0]?.ledger).toMatchObject({ allocated: 0, cancelled: 1 });
    }
    expect(orders.filter((order) => order.terminated).length).toBeGreaterThan(CANCEL_EVENTS / 3);
  }, 180_000);
});
