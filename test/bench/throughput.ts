/** B2 and B4: whole orders against a stub of the same shape, in one run on one server. */
import { randomUUID } from 'node:crypto';
import { temporalMillis } from './clock.ts';
import type { Bench } from './context.ts';
import { ANYWHERE } from './goods.ts';
import { placeOne } from './histories.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';
import { median } from './statistics.ts';
import { STUB_QUEUE } from './stub.main.ts';
import type { Shape } from './stub.workflow.ts';

const IN_FLIGHT = 32;

/** Runs `one` so often, so many at a time, and gives the rate per second. */
async function rateOf(count: number, one: () => Promise<void>): Promise<number> {
  let left = count;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await one();
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return (count / (performance.now() - startedAt)) * 1_000;
}

/** B2: orders a second from POST to their end, 32 in flight. */
export function orderRate(bench: Bench, count: number): Promise<number> {
  return rateOf(count, async () => {
    const order = await placeOne(bench, [ANYWHERE]);
    await bench.settling.wait([order.id]);
  });
}

/** B2: stubs a second, 32 in flight. */
export function stubRate(bench: Bench, shape: Shape, count: number): Promise<number> {
  return rateOf(count, async () => {
    await bench.client.workflow.execute('stub', stubOptions(shape));
  });
}

function stubOptions(shape: Shape) {
  return { taskQueue: STUB_QUEUE, workflowId: `bench-stub/${randomUUID()}`, args: [shape] as [Shape] };
}

/** B4: milliseconds from the POST until the share was submitted to the warehouse, median, one order at a time. */
export async function orderSubmitMillis(bench: Bench, count: number): Promise<number> {
  const millis: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const startedAt = Date.now();
    const order = await placeOne(bench, [ANYWHERE]);
    await bench.settling.wait([order.id]);
    millis.push((await secondCallDoneAt(bench, orderWorkflowId(order.number))) - startedAt);
  }
  return median(millis);
}

/** B4: milliseconds from the start call until the stub's second call is done, median, one at a time. */
export async function stubSubmitMillis(bench: Bench, shape: Shape, count: number): Promise<number> {
  const millis: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const options = stubOptions(shape);
    const startedAt = Date.now();
    await bench.client.workflow.execute('stub', options);
    millis.push((await secondCallDoneAt(bench, options.workflowId)) - startedAt);
  }
  return median(millis);
}

/** When the second activity of a history was done: authorize is the first, submit the second. */
async function secondCallDoneAt(bench: Bench, workflowId: string): Promise<number> {
  const history = await bench.client.workflow.getHandle(workflowId).fetchHistory();
  const done = (history.events ?? []).filter((event) => event.activityTaskCompletedEventAttributes);
  return temporalMillis(done[1]?.eventTime);
}
