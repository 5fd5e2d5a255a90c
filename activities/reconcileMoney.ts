/**
 * The reconciliation of money: pages through what the gateway has and compares it with our books. Reads only, apart from
 * its own report and what payouts have paid out; what is repaired is repaired by the order it belongs to, which asks the
 * gateway itself.
 */
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import {
  compareListed,
  missingAtGateway,
  type FoundDifference,
  type OurPayment,
} from '../domain/reconcile.ts';
import type { ListedPayment } from '../domain/truth.ts';
import { storePayouts } from '../db/writes/payouts.ts';
import {
  beginRun,
  endRun,
  readHeld,
  readOurs,
  startOver,
  storeFindings,
  type KeyedPayment,
} from '../db/writes/reconciliation.ts';
import { OutcomeUnknown } from '../providers/outcome.ts';
import type { ActivityDeps } from './deps.ts';
import { settlePayouts } from './settlePayouts.ts';

/** Which run, and how far it looks back: null is since the last run. */
export interface ReconcileMoneyInput {
  runId: string;
  dryRun: boolean;
  sinceHours: number | null;
}

/** What a run came to. */
export interface ReconcileMoneyResult {
  compared: number;
  found: number;
}

/** More pages than this are not one run: 500,000 payments at 100 a page. */
const PAGES_MAX = 5_000;
/** Clocks differ, and a payment made in this very moment may not be listed yet. */
const EDGE_MILLIS = 5 * 60_000;
/** So many payments that were not listed are asked for one by one; more than that is an outage, not a difference. */
const MISSING_MAX = 200;

/** The activities of the reconciliation. */
export function reconcileMoneyActivities(deps: ActivityDeps) {
  return {
    /** Runs one reconciliation from its beginning. Throws a retryable failure while the gateway does not answer. */
    reconcilePayments: async (input: ReconcileMoneyInput): Promise<ReconcileMoneyResult> => {
      try {
        return await run(deps, input);
      } catch (error) {
        if (!(error instanceof OutcomeUnknown)) throw error;
        throw ApplicationFailure.create({ type: 'provider_unavailable', message: error.message });
      }
    },
    /** Ends a run that could not be finished. */
    breakOffReconciliation: async (input: ReconcileMoneyInput & { problem: string }): Promise<void> => {
      const { runId, dryRun, sinceHours } = input;
      await beginRun(deps, { runId, dryRun, sinceHours, provider: deps.payment.id });
      await endRun(deps, runId, input.problem.slice(0, 500));
    },
  };
}

async function run(deps: ActivityDeps, input: ReconcileMoneyInput): Promise<ReconcileMoneyResult> {
  const { runId, dryRun } = input;
  const { since, startedAt } = await beginRun(deps, { ...input, provider: deps.payment.id });
  await startOver(deps, runId);
  const seen = new Set<string>();
  const result = { compared: 0, found: 0 };
  let cursor: string | undefined;
  for (let page = 1; page === 1 || cursor !== undefined; page += 1) {
    if (page > PAGES_MAX)
      throw ApplicationFailure.nonRetryable('more payments than one run can compare', 'invalid');
    const next = await deps.payment.list({
      sinceIso: since.toISOString(),
      ...(cursor !== undefined && { cursor }),
    });
    const found = await comparePage(deps, next.payments);
    await storeFindings(deps, { runId, dryRun }, { compared: next.payments.length, found });
    for (const one of next.payments) seen.add(one.providerRef);
    result.compared += next.payments.length;
    result.found += found.length;
    cursor = next.cursor;
    heartbeat(page);
  }
  const missing = await findMissing(deps, seen, { since, startedAt });
  await storeFindings(deps, { runId, dryRun }, { compared: 0, found: missing });
  await storePayouts(deps, deps.payment.id, await deps.payment.listPayouts(since.toISOString()));
  await settlePayouts(deps, { runId, dryRun, heartbeat });
  await endRun(deps, runId, null);
  return { ...result, found: result.found + missing.length };
}

async function comparePage(deps: ActivityDeps, listed: readonly ListedPayment[]): Promise<FoundDifference[]> {
  if (listed.length === 0) return [];
  const ours = await readOurs(deps, deps.payment.id, {
    refs: listed.map((one) => one.providerRef),
    keys: listed.flatMap((one) => one.key ?? []),
  });
  return listed.flatMap((one) => compareListed(ourOf(ours, one), one) ?? []);
}

/** By the gateway's reference; by our key where we never learned it. */
function ourOf(ours: readonly KeyedPayment[], listed: ListedPayment): OurPayment | undefined {
  return (
    ours.find((one) => one.providerRef === listed.providerRef) ??
    ours.find((one) => one.providerRef === null && one.key !== null && one.key === listed.key)
  );
}

/** What is held by our books and was not listed is asked for by itself: only what the gateway does not know is a finding. */
async function findMissing(
  deps: ActivityDeps,
  seen: ReadonlySet<string>,
  span: { since: Date; startedAt: Date },
): Promise<FoundDifference[]> {
  const held = await readHeld(deps, deps.payment.id, {
    from: new Date(span.since.getTime() + EDGE_MILLIS),
    to: new Date(span.startedAt.getTime() - EDGE_MILLIS),
  });
  const missing: FoundDifference[] = [];
  for (const one of missingAtGateway(held, seen).slice(0, MISSING_MAX)) {
    if ((await deps.payment.retrieve(one.reference ?? '')) === undefined) missing.push(one);
    heartbeat('missing');
  }
  return missing;
}

/** Says that the run is alive; outside Temporal nobody listens. */
function heartbeat(detail: number | string): void {
  try {
    Context.current().heartbeat(detail);
  } catch (error) {
    if (!(error instanceof Error) || error.message !== 'Activity context not initialized') throw error;
  }
}
