/** A gateway that takes a part of what was set aside: the rest is charged anew, or a person says that the part is enough. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { environment, type Environment } from '../environment.ts';

let env: Environment;
beforeAll(async () => {
  env = await environment();
});

const completed = (order: OrderDetail) => order.lifecycle === 'completed';
const takenInPart = (order: OrderDetail) =>
  order.payment.payments.some((one) => one.state === 'partially_captured' && one.voided.amount > 0) &&
  order.allowedActions.some((one) => one.action === 'retry' && one.enabled);

function command(path: string, body: object) {
  return env.call<OrderDetail & { code?: string }>('POST', path, {
    key: env.keys.support,
    body,
    idempotencyKey: `${path}-${Math.random()}`.replaceAll('/', '-'),
  });
}

async function takenShort() {
  await env.fault('payment', { operation: 'capture', kind: 'amount', detail: '300', times: 1 });
  const placed = await env.place();
  const waiting = await env.until(placed.id, 'taken in part', takenInPart);
  await env.clearFaults();
  return { placed, waiting };
}

describe('a capture that takes less than was asked for', () => {
  it('keeps the parcel; a retry charges the rest and no more, and the order completes', async () => {
    const { placed, waiting } = await takenShort();
    const total = placed.total.amount;
    expect(waiting.cases.map((one) => one.code)).toContain('amount_mismatch');
    expect(waiting.payment.payments).toMatchObject([
      {
        state: 'partially_captured',
        authorized: { amount: total },
        captured: { amount: 300 },
        voided: { amount: total - 300 },
      },
    ]);
    expect(await command(`/v1/orders/${placed.id}/retry`, {})).toMatchObject({ status: 200 });
    const order = await env.until(placed.id, 'completed', completed);
    expect(order).toMatchObject({ paymentStatus: 'captured', attention: [] });
    expect(order.payment.payments.map((one) => [one.state, one.captured.amount])).toEqual([
      ['partially_captured', 300],
      ['captured', total - 300],
    ]);
    const ledger = await env.ledger('payment', placed.number);
    expect(ledger.filter((kind) => kind === 'captured')).toHaveLength(2);
    await env.record('captured-in-part-retried', placed.number);
  });

  it('is enough when a person closes the case', async () => {
    const { placed, waiting } = await takenShort();
    const found = waiting.cases.find((one) => one.code === 'amount_mismatch');
    const closed = await command(`/v1/cases/${found?.id}/resolve`, { note: 'agreed with the customer' });
    expect([200, 202]).toContain(closed.status);
    const order = await env.until(placed.id, 'completed', completed);
    expect(order).toMatchObject({ paymentStatus: 'partially_captured', attention: [] });
    expect(order.money.captured.amount).toBe(300);
    await env.record('captured-in-part-accepted', placed.number);
  });
});
