/**
 * Retries all orders of one cause: reads all its open cases, sends a few at once, then looks for some seconds what became
 * of each.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Case } from '../../api/schemas/feeds.ts';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { pause, sendCommand } from '../actions/calls.ts';
import { refresh } from '../actions/refresh.ts';
import { useGuard } from '../actions/useGuard.ts';
import { call, newKey, queryOf } from '../api/client.ts';
import type { Page } from '../api/queries.ts';
import { isOpen, outcomeOf, withFate, type Outcome } from './bulk.ts';
import { fateOf } from './fate.ts';
import { runAll } from './queue.ts';

const AT_ONCE = 4;
const PAGE = 100;
const PAGES_MAX = 50;
const LOOKS_MAX = 8;
const LOOK_PAUSE_MILLIS = 1_000;
/** A double click on the button that starts must not hit the one that stops. */
const STOP_AFTER_MILLIS = 1_000;

interface Target {
  order: string;
  orderNumber: number;
  /** Its open cases of this cause. */
  caseIds: string[];
  /** Kept when it is sent again because nobody knows whether it arrived. */
  key: string;
}

/** What it is doing: nothing yet; reading or sending; looking what became of what was sent; or finished. */
export type RunState = 'ready' | 'running' | 'following' | 'finished';

/** Orders with an open case of a cause, each once; 5,000 cases at most. */
async function readTargets(filter: { code: string; assignee: string | undefined }): Promise<Target[]> {
  const targets = new Map<string, Target>();
  let cursor: string | null = null;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const query = queryOf({ open: true, limit: PAGE, cursor, ...filter });
    const page: Page<Case> = await call(`/v1/cases${query}`);
    for (const { id, orderId, orderNumber } of page.data) {
      if (orderId === null || orderNumber === null) continue;
      const known = targets.get(orderId);
      if (known) known.caseIds.push(id);
      else targets.set(orderId, { order: orderId, orderNumber, caseIds: [id], key: newKey() });
    }
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  return [...targets.values()];
}

/** Sends one; whatever is thrown is its outcome. */
async function sent(target: Target): Promise<Outcome> {
  const { order, key } = target;
  const answer = await sendCommand({ order, key, action: 'retry' }).catch((thrown: unknown) =>
    thrown instanceof Error ? thrown : new Error('Something failed.'),
  );
  return outcomeOf(target, answer);
}

/** Looks at one order until it is known what became of it, for some seconds at most. */
async function followed(
  target: Target,
  { code, outcome, isStopped }: { code: string; outcome: Outcome; isStopped: () => boolean },
): Promise<Outcome> {
  let last = outcome;
  for (let looks = 0; looks < LOOKS_MAX && !isStopped(); looks += 1) {
    if (looks > 0) await pause(LOOK_PAUSE_MILLIS);
    const order = await call<OrderDetail>(`/v1/orders/${encodeURIComponent(target.order)}`).catch(
      () => undefined,
    );
    if (order) last = withFate(outcome, fateOf(order, { code, caseIds: target.caseIds }));
    if (!isOpen(last)) break;
  }
  return last;
}

/** Looks at all orders that were taken, a few at once. */
function followAll(
  taken: ReadonlyMap<Target, Outcome>,
  run: { code: string; isStopped: () => boolean; onDone: (outcome: Outcome) => void },
): Promise<void> {
  const open = [...taken].filter(([, outcome]) => isOpen(outcome));
  return runAll(open, AT_ONCE, {
    act: ([target, outcome]) => followed(target, { ...run, outcome }),
    onDone: run.onDone,
  });
}

/** One run over a cause. */
export function useRetryAll(filter: { code: string; assignee: string | undefined }) {
  const client = useQueryClient();
  const [state, setState] = useState<RunState>('ready');
  const [targets, setTargets] = useState<readonly Target[]>([]);
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);
  const [error, setError] = useState<unknown>();
  const { guarded, isStopped, stop } = useRun((thrown) => {
    setError(thrown);
    setState('ready');
  });

  async function send(wanted: readonly Target[]): Promise<void> {
    setState('running');
    const taken = new Map<Target, Outcome>();
    await runAll(wanted, AT_ONCE, {
      act: async (target) => {
        const outcome = isStopped() ? outcomeOf(target, undefined) : await sent(target);
        taken.set(target, outcome);
        return outcome;
      },
      onDone: (outcome) => setOutcomes((before) => [...before, outcome]),
    });
    setState('following');
    await followAll(taken, {
      code: filter.code,
      isStopped,
      onDone: (last) => setOutcomes((before) => before.map((one) => (one.order === last.order ? last : one))),
    });
    setState('finished');
    await refresh(client);
  }

  const start = () =>
    guarded(async () => {
      setError(undefined);
      setState('running');
      const found = await readTargets(filter);
      setTargets(found);
      await send(found);
    });

  const again = () =>
    guarded(async () => {
      const open = outcomes.filter((one) => one.state === 'unknown' || one.state === 'stopped');
      const names = new Set(open.map((one) => one.order));
      setOutcomes((before) => before.filter((one) => !names.has(one.order)));
      await send(targets.filter((one) => names.has(one.order)));
    });

  return { state, count: targets.length, outcomes, error, start, again, stop };
}

/** Runs one thing at a time, however often it is pressed; stopped by the button, or because the dialog has gone. */
function useRun(onError: (thrown: unknown) => void) {
  const guard = useGuard();
  const stopped = useRef(false);
  const begunAt = useRef(0);
  useEffect(
    () => () => {
      stopped.current = true;
    },
    [],
  );
  return {
    async guarded(run: () => Promise<void>): Promise<void> {
      if (!guard.begin()) return;
      stopped.current = false;
      begunAt.current = performance.now();
      try {
        await run();
      } catch (thrown) {
        onError(thrown);
      } finally {
        guard.end();
      }
    },
    isStopped: () => stopped.current,
    stop() {
      if (performance.now() - begunAt.current >= STOP_AFTER_MILLIS) stopped.current = true;
    },
  };
}
