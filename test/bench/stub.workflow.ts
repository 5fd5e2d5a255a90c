/**
 * A workflow of the same shape as an order's, with empty bodies: so many local and normal activities, signals, timers
 * and upserts. What it costs is what Temporal costs; the rest is ours.
 */
import {
  condition,
  defineSignal,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { SEARCH_ATTRIBUTES } from '../../workflows/contract.ts';
import type { StubActivities } from './stub.main.ts';

/** How many of each an order of this kind has in its history. */
export interface Shape {
  locals: number;
  normals: number;
  signals: number;
  timers: number;
  upserts: number;
}

const { nothing } = proxyLocalActivities<Pick<StubActivities, 'nothing'>>({ startToCloseTimeout: '3s' });
const { call } = proxyActivities<Pick<StubActivities, 'call'>>({ startToCloseTimeout: '20s' });

/** Runs through the shape: one local activity first and one after each signal, the rest of them at the end. */
export async function stub(shape: Shape): Promise<void> {
  let rung = 0;
  setHandler(defineSignal('ring'), () => {
    rung += 1;
  });
  for (let upsert = 0; upsert < shape.upserts; upsert += 1)
    upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.Lifecycle, value: `step${upsert}` }]);
  for (let timer = 0; timer < shape.timers; timer += 1) void sleep('7 days');
  let locals = shape.locals;
  const lookUp = async () => {
    if (locals > 0) await nothing();
    locals -= 1;
  };
  await lookUp();
  let sent = 0;
  for (let done = 1; done <= shape.normals; done += 1) {
    // The callbacks come after the second call (the warehouse) and those after it.
    const due =
      done < 2 ? 0 : Math.round((shape.signals * (done - 1)) / Math.max(1, shape.normals - 1)) - sent;
    await call({ workflowId: workflowInfo().workflowId, signals: due });
    for (const until = sent + due; sent < until; sent += 1) {
      const wanted = sent + 1;
      await condition(() => rung >= wanted);
      await lookUp();
    }
  }
  while (locals > 0) await lookUp();
}
