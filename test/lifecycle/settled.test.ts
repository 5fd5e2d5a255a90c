/** Money that the gateway pays out to our bank: the order says so, and takes it back when the payout fails. */
import { beforeAll, expect, it } from 'vitest';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import type { Reconciliation } from '../../api/schemas/reconciliation.ts';
import { environment, type Environment } from '../environment.ts';

let env: Environment;
beforeAll(async () => {
  env = await environment();
});

async function dashboard(path: string, body: object): Promise<{ id: string }> {
  const response = await fetch(`${env.stack.simulators.payment}/_dashboard/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.ok).toBe(true);
  return (await response.json()) as { id: string };
}

/** A run of the reconciliation, from its start to its end. */
async function reconcile(): Promise<Reconciliation> {
  const { body } = await env.call<Reconciliation>('POST', '/v1/reconciliations', {
    key: env.keys.ops,
    body: {},
  });
  let run = body;
  await expect
    .poll(
      async () => {
        run = (await env.call<Reconciliation>('GET', `/v1/reconciliations/${body.id}`, { key: env.keys.ops }))
          .body;
        return run.endedAt;
      },
      { timeout: 20_000 },
    )
    .not.toBeNull();
  expect(run.problem).toBeNull();
  return run;
}

const stateOf = ({ payment, money }: OrderDetail) => ({
  payoutId: payment.payments[0]?.payoutId,
  isSettled: payment.payments[0]?.settledAt !== null,
  settledMinor: money.settled.amount,
  charge: money.operations.find((one) => one.kind === 'charge' && one.amount.amount > 0)?.state,
});

it('a payment that is paid out is settled; when the payout fails it is not, until the next one brings the money', async () => {
  const placed = await env.place();
  const order = await env.until(placed.id, 'completed', (one) => one.lifecycle === 'completed');
  const nothing = { payoutId: null, isSettled: false, settledMinor: 0, charge: 'succeeded' };
  expect(stateOf(order)).toEqual(nothing);

  const first = await dashboard('payout', {});
  expect((await reconcile()).settled).toBeGreaterThanOrEqual(1);
  const settled = { isSettled: true, settledMinor: order.total.amount, charge: 'settled' };
  expect(stateOf(await env.order(placed.id))).toEqual({ ...settled, payoutId: first.id });

  await dashboard(`payout/${first.id}`, { status: 'failed' });
  await reconcile();
  expect(stateOf(await env.order(placed.id))).toEqual(nothing);

  const next = await dashboard('payout', {});
  await reconcile();
  expect(stateOf(await env.order(placed.id))).toEqual({ ...settled, payoutId: next.id });
});
