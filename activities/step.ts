/**
 * The form of every outside step: claim under the order's lock (or find that nothing is to do), one outside call with
 * the stable key and no transaction open, settle under the lock. Safe to run twice and safe to die in between.
 */
import { ApplicationFailure } from '@temporalio/common';
import type { FailureCode } from '../domain/failures.ts';
import { dueStep, type OrderView, type ShareView, type Step, type StepKind } from '../domain/lifecycle.ts';
import { OrderMissing, withOrder, type OrderWork } from '../db/writes/order.ts';
import { settleOperation, type OperationRow } from '../db/writes/operations.ts';
import { unstallStep } from '../db/writes/stalls.ts';
import { OutcomeUnknown, type Outcome } from '../providers/outcome.ts';
import type { ActivityDeps, StepInput } from './deps.ts';

/** The workflow's clock and the database's may differ by this much about whether a release time has come. */
const CLOCK_SLACK_MILLIS = 2_000;

/** The share under the lock and the step that is due for it now, if both are there. */
export function dueNow(work: OrderWork, shareId: string): { share: ShareView; due: Step } | undefined {
  const share = work.view.shares.find((one) => one.id === shareId);
  const due = share && dueStep(work.view, share, work.snapshot.now.getTime() + CLOCK_SLACK_MILLIS);
  return share && due && { share, due };
}

/** The share a claim is for, as it is under the lock. */
export interface Claim {
  work: OrderWork;
  share: ShareView;
}

/** How one kind of step claims, calls and settles. `C` is what the claim hands to the call. */
export interface StepPlan<C extends { operation: OperationRow }, R> {
  kind: StepKind;
  /** Writes the operation row and reads what the call needs. */
  claim(claim: Claim): Promise<C>;
  call(claimed: C): Promise<Outcome<R>>;
  /** The call succeeded. Runs once: the operation row was settled in the same transaction. */
  succeeded(claim: Claim, claimed: C, value: R): Promise<void>;
  /** The other side said a definite no. Runs once. */
  refused(
    claim: Claim,
    claimed: C,
    refusal: { code: FailureCode; providerCode: string; detail: string },
  ): Promise<void>;
  /** What else to write when the outcome is not known yet. */
  unknown?(claim: Claim, claimed: C): Promise<void>;
}

/** Runs one step and returns the view after it. Throws a retryable ApplicationFailure while the outcome is unknown. */
export async function runStep<C extends { operation: OperationRow }, R>(
  deps: ActivityDeps,
  input: StepInput,
  plan: StepPlan<C, R>,
): Promise<OrderView> {
  let claimed: C | undefined;
  const view = await locked(deps, input, async (work) => {
    const now = dueNow(work, input.shareId);
    if (now?.due.kind !== plan.kind) return;
    const claim = await plan.claim({ work, share: now.share });
    if (claim.operation.state === 'requested' || claim.operation.state === 'unknown') claimed = claim;
  });
  const open = claimed;
  if (open === undefined) return view;
  const outcome = await callOutside(deps, input, { plan, claimed: open });
  return locked(deps, input, async (work) => {
    const share = work.view.shares.find((one) => one.id === input.shareId);
    if (!share) return;
    const { key } = open.operation;
    if (outcome.ok) {
      if (!(await settleOperation(work, { key, state: 'succeeded' }))) return;
      await plan.succeeded({ work, share }, open, outcome.value);
      await unstallStep(work, share.id, plan.kind);
      return;
    }
    const { code, providerCode, detail } = outcome;
    if (
      !(await settleOperation(work, {
        key,
        state: 'failed',
        failureCode: code,
        detail: `${providerCode}: ${detail}`.slice(0, 500),
      }))
    )
      return;
    await plan.refused({ work, share }, open, { code, providerCode, detail });
  });
}

async function callOutside<C extends { operation: OperationRow }, R>(
  deps: ActivityDeps,
  input: StepInput,
  step: { plan: StepPlan<C, R>; claimed: C },
): Promise<Outcome<R>> {
  try {
    return await step.plan.call(step.claimed);
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error;
    if (error.sent) await markUnknown(deps, input, step);
    throw ApplicationFailure.create({
      type: error.sent ? 'outcome_unknown' : 'provider_unavailable',
      message: error.message,
      ...(error.retryAfterMillis !== undefined && { nextRetryDelay: error.retryAfterMillis }),
    });
  }
}

async function markUnknown<C extends { operation: OperationRow }, R>(
  deps: ActivityDeps,
  input: StepInput,
  step: { plan: StepPlan<C, R>; claimed: C },
): Promise<void> {
  await locked(deps, input, async (work) => {
    const share = work.view.shares.find((one) => one.id === input.shareId);
    const first =
      share && (await settleOperation(work, { key: step.claimed.operation.key, state: 'unknown' }));
    if (share && first) await step.plan.unknown?.({ work, share }, step.claimed);
  });
}

/** withOrder for activities: an order that is gone is not worth another try. */
export async function locked(
  deps: ActivityDeps,
  input: { orderId: string },
  change?: (work: OrderWork) => Promise<void>,
): Promise<OrderView> {
  try {
    return await withOrder(deps.pool, input.orderId, change);
  } catch (error) {
    if (!(error instanceof OrderMissing)) throw error;
    throw ApplicationFailure.nonRetryable(`order ${input.orderId} does not exist`, 'not_found');
  }
}
