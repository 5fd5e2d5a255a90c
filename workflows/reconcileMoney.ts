/** The reconciliation of money, started by a Schedule and by the API: our books beside the gateway's, payment by payment. */
import { ActivityFailure, isCancellation, uuid4, workflowInfo } from '@temporalio/workflow';
import type { ReconcileMoneyResult } from '../activities/reconcileMoney.ts';
import type { ReconcileRunInput } from './contract.ts';
import { comparing } from './proxies.ts';

/** Runs one reconciliation and writes its report. A run that could not be finished says why and ends. */
export async function reconcileMoney(input: ReconcileRunInput): Promise<ReconcileMoneyResult> {
  const { dryRun = false, sinceHours = null } = input;
  const run = { runId: input.runId ?? newRunId(), dryRun, sinceHours };
  try {
    return await comparing.reconcilePayments(run);
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    const problem = error.cause instanceof Error ? error.cause.message : error.message;
    await comparing.breakOffReconciliation({ ...run, problem });
    throw error;
  }
}

/** An id like those of db/ids.ts: sorts by time of making. */
function newRunId(): string {
  const millis = workflowInfo().startTime.getTime().toString(16).padStart(12, '0');
  return `rec_${millis}7${uuid4().replaceAll('-', '').slice(13)}`;
}
