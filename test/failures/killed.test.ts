/** Parts that die: a worker by SIGKILL between the gateway's success and the activity's answer, and Temporal while orders are posted. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environment, openEnvironment, type Environment } from '../environment.ts';
import { givenOrder } from '../given/order.ts';

let env: Environment;
beforeAll(async () => {
  env = await environment();
});

function pidOf(environmentOf: Environment, name: string): number {
  const pid = environmentOf.stack.processes.find((process) => process.name.toLowerCase() === name)?.pid();
  if (pid === undefined)
    throw new Error(
      `${name} does not run: ${environmentOf.stack.processes.map((one) => one.name).join(', ')}`,
    );
  return pid;
}

describe('a worker killed with SIGKILL between the gateway’s success and its answer', () => {
  it('has charged every order once', async () => {
    const orders = 10;
    await env.fault(
      'payment',
      { operation: 'authorize', kind: 'late', seconds: 2, times: orders },
      { operation: 'capture', kind: 'late', seconds: 2, times: orders },
    );
    const placed = await Promise.all(Array.from({ length: orders }, () => env.place()));
    const authorized = async () => {
      const entries = await env.ledgers('payment');
      return placed.filter((order) =>
        entries.some((entry) => entry.kind === 'authorized' && entry.text.includes(`${order.number}/`)),
      ).length;
    };
    // The gateway has done it and holds its answers back: now the worker dies.
    await expect.poll(authorized, { timeout: 10_000, interval: 50 }).toBeGreaterThan(0);
    process.kill(pidOf(env, 'worker'), 'SIGKILL');
    for (const order of placed)
      await env.until(order.id, 'completed', (one) => one.lifecycle === 'completed');
    await env.clearFaults();
    for (const order of placed) {
      const kinds = await env.ledger('payment', order.number);
      expect(kinds.filter((kind) => kind === 'authorized')).toHaveLength(1);
      expect(kinds.filter((kind) => kind === 'captured')).toHaveLength(1);
    }
  }, 120_000);
});

describe('Temporal down while 50 orders are posted', () => {
  let own: Environment;
  beforeAll(async () => {
    own = await openEnvironment({ temporalInMemory: false });
  });
  afterAll(async () => {
    await own?.close();
  });

  it('accepts them all, and runs each once when it is back', async () => {
    const { key } = await own.channel();
    process.kill(pidOf(own, 'temporal'), 'SIGKILL');
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const body = givenOrder();
        return own.call<{ id: string; number: number }>('POST', '/v1/orders', {
          key,
          body,
          idempotencyKey: body.externalId,
        });
      }),
    );
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 50 }, () => 201));
    for (const { body } of answers)
      await own.until(body.id, 'completed', (order) => order.lifecycle === 'completed');
    const entries = await own.ledgers('payment');
    for (const { body } of answers) {
      expect(
        entries.filter((entry) => entry.kind === 'captured' && entry.text.includes(`${body.number}/`)),
      ).toHaveLength(1);
    }
  }, 180_000);
});
