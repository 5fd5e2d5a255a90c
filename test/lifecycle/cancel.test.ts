/** Cancel before release: by the API and by the signal that support sends; afterwards a typed refusal. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { environment, type Environment } from '../environment.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';

let env: Environment;
beforeAll(async () => {
  env = await environment();
});

const SLOW = { releaseDelaySeconds: 3600 };
const authorized = (order: OrderDetail) => order.paymentStatus === 'authorized';
const cancelled = (order: OrderDetail) => order.lifecycle === 'cancelled';

async function cancel(
  id: string,
  idempotencyKey: string,
  body: object = { reason: 'customer', note: 'changed their mind' },
) {
  return env.call<OrderDetail & { code?: string }>('POST', `/v1/orders/${id}/cancel`, {
    key: env.keys.support,
    body,
    idempotencyKey,
  });
}

describe('cancel before release', () => {
  it('by the API gives money and stock back and answers with the order', async () => {
    const placed = await env.place({ policy: SLOW, lines: [{ sku: 'MUG' }, { sku: 'TEA' }] });
    await env.until(placed.id, 'authorized', authorized);
    const answer = await cancel(placed.id, `c-${placed.id}`);
    expect([200, 202]).toContain(answer.status);
    const order = await env.until(placed.id, 'cancelled', cancelled);
    expect(order).toMatchObject({
      paymentStatus: 'voided',
      fulfillmentStatus: 'cancelled',
      undo: { cause: 'customer' },
      attention: [],
    });
    const ledger = await env.ledger('payment', placed.number);
    expect(ledger.filter((kind) => kind === 'authorized')).toHaveLength(2);
    expect(ledger.filter((kind) => kind === 'voided')).toHaveLength(2);
    await env.record('cancelled-by-api', placed.number);
  });

  it('sent twice with one key is one cancel and one answer', async () => {
    const placed = await env.place({ policy: SLOW });
    await env.until(placed.id, 'authorized', authorized);
    const [first, second] = await Promise.all([
      cancel(placed.id, `d-${placed.id}`),
      cancel(placed.id, `d-${placed.id}`),
    ]);
    expect([first.status, second.status].every((status) => status === 200 || status === 202)).toBe(true);
    const order = await env.until(placed.id, 'cancelled', cancelled);
    const { body } = await env.call<{ data: { type: string }[] }>(
      'GET',
      `/v1/orders/${order.id}/events?after=0`,
      { key: env.keys.support },
    );
    expect(body.data.filter((event) => event.type === 'order.cancel_requested')).toHaveLength(1);
  });

  it('by the signal does the same', async () => {
    const placed = await env.place({ policy: SLOW });
    await env.until(placed.id, 'authorized', authorized);
    await env.temporal.workflow
      .getHandle(orderWorkflowId(placed.number))
      .signal('cancelOrder', { reason: 'staff', note: 'by hand' });
    const order = await env.until(placed.id, 'cancelled', cancelled);
    expect(order.undo).toMatchObject({ cause: 'staff', actor: 'temporal-web, unverified' });
    await env.record('cancelled-by-signal', placed.number);
  });

  it('by Cancel in Temporal Web takes the same path', async () => {
    const placed = await env.place({ policy: SLOW });
    await env.until(placed.id, 'authorized', authorized);
    await env.temporal.workflow.getHandle(orderWorkflowId(placed.number)).cancel();
    const order = await env.until(placed.id, 'cancelled', cancelled);
    expect(order.paymentStatus).toBe('voided');
    await env.record('cancelled-in-temporal-web', placed.number);
  });

  it('while the gateway is down ends when it is back', async () => {
    const placed = await env.place({ policy: SLOW });
    await env.until(placed.id, 'authorized', authorized);
    await env.fault(
      'payment',
      { operation: 'cancel', kind: 'error500', detail: 'before', times: 2 },
      { operation: 'void', kind: 'error500', detail: 'before', times: 2 },
    );
    await cancel(placed.id, `e-${placed.id}`);
    await env.until(placed.id, 'cancelled', cancelled);
    await env.clearFaults();
    const ledger = await env.ledger('payment', placed.number);
    expect(ledger.filter((kind) => kind === 'voided')).toHaveLength(1);
  });
});

describe('what is refused', () => {
  it('a cancel after release: 409 with the reason, and the order goes on', async () => {
    await env.fault('warehouse', { operation: 'pick', kind: 'timeout', seconds: 2, times: 1 });
    const placed = await env.place();
    await env.until(placed.id, 'submitted', (order) =>
      order.fulfillments.some((share) => share.submittedAt !== null),
    );
    const answer = await env.call<{ code: string; allowedActions: { action: string; enabled: boolean }[] }>(
      'POST',
      `/v1/orders/${placed.id}/cancel`,
      {
        key: env.keys.support,
        body: { reason: 'customer' },
        idempotencyKey: `f-${placed.id}`,
      },
    );
    expect(answer).toMatchObject({ status: 409, body: { code: 'already_released' } });
    expect(answer.body.allowedActions).toContainEqual(
      expect.objectContaining({ action: 'cancel', enabled: false }),
    );
    await env.until(placed.id, 'completed', (order) => order.lifecycle === 'completed');
    expect(await cancel(placed.id, `f2-${placed.id}`)).toMatchObject({
      status: 409,
      body: { code: 'already_ended' },
    });
    await env.clearFaults();
    await env.record('cancel-refused', placed.number);
  });

  it('a retry of an order that waits for nothing', async () => {
    const placed = await env.place({ policy: SLOW });
    await env.until(placed.id, 'authorized', authorized);
    const answer = await env.call<{ code: string }>('POST', `/v1/orders/${placed.id}/retry`, {
      key: env.keys.support,
      body: {},
      idempotencyKey: `g-${placed.id}`,
    });
    expect(answer).toMatchObject({ status: 409, body: { code: 'nothing_to_retry' } });
    await cancel(placed.id, `h-${placed.id}`);
  });

  it('rubbish in a signal: recorded on the order, harmless', async () => {
    const placed = await env.place({ policy: SLOW });
    await env.until(placed.id, 'authorized', authorized);
    const handle = env.temporal.workflow.getHandle(orderWorkflowId(placed.number));
    await handle.signal('cancelOrder', 'rubbish');
    await handle.signal('cancelOrder', { reason: 'because' });
    await handle.signal('makeCoffee', { strong: true });
    await env.until(placed.id, 'three refused signals later', () => true);
    const refused = async () => {
      const { body } = await env.call<{ data: { type: string }[] }>(
        'GET',
        `/v1/orders/${placed.id}/events?after=0`,
        { key: env.keys.support },
      );
      return body.data.filter((event) => event.type === 'signal.refused').length;
    };
    await expect.poll(refused, { timeout: 10_000 }).toBe(3);
    const order = await env.order(placed.id);
    expect(order).toMatchObject({ lifecycle: 'processing', paymentStatus: 'authorized' });
    await env.record('rubbish-signals', placed.number);
    await cancel(placed.id, `i-${placed.id}`);
    await env.until(placed.id, 'cancelled', cancelled);
  });
});
