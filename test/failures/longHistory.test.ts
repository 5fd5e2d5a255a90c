/**
 * A history that has grown long: the server suggests a fresh one, the order moves on when nothing is under way, carries
 * nothing over and loses nothing. Here the server is told to suggest it after a handful of events.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEnvironment, type Environment } from '../environment.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';

let env: Environment;
beforeAll(async () => {
  env = await openEnvironment({
    temporalInMemory: true,
    temporalSettings: ['limit.historyCount.suggestContinueAsNew=15'],
  });
}, 120_000);
afterAll(async () => {
  await env?.close();
});

describe('an order whose history is long', () => {
  it('continues as new between its steps and ends as any other', async () => {
    const placed = await Promise.all([env.place(), env.place({ lines: [{ sku: 'MUG' }, { sku: 'TEA' }] })]);
    for (const { id, number } of placed) {
      const order = await env.until(id, 'completed', (one) => one.lifecycle === 'completed');
      expect(order.payment.payments.every((payment) => payment.state === 'captured')).toBe(true);
      const kinds = await env.ledger('payment', number);
      expect(kinds.filter((kind) => kind === 'captured')).toHaveLength(order.fulfillments.length);
      expect(await runs(number)).toContain('CONTINUED_AS_NEW');
    }
  });
});

/** How the runs of an order ended; visibility lags, so it is asked until the last one shows. */
async function runs(orderNumber: number): Promise<string[]> {
  const read = async () => {
    const names: string[] = [];
    for await (const run of env.temporal.workflow.list({
      query: `WorkflowId = '${orderWorkflowId(orderNumber)}'`,
    }))
      names.push(run.status.name);
    return names;
  };
  await expect.poll(read, { timeout: 15_000 }).toContain('COMPLETED');
  return read();
}
