/**
 * The form of every outside step: claim under the order's lock (or find that nothing is to do), one outside call with
 * the stable key and no transaction open, settle under the lock. Safe to run twice and safe to die in between.
 */
import { ApplicationFailure } from '@temporalio/common';
import type { FailureCode } from '../domain/failures.ts';
import { dueInLane, type OrderView, type ShareView, type Step, type StepKind } from '../domain/lifecycle.ts';
import type { PaymentFacts } from '../db/reads/snapshot.ts';
import { OrderMissing, withOrder, type OrderWork } from '../db/writes/order.ts';
import { settleOperation, type OperationRow } from '../db/writes/operations.ts';
import { unstallStep } from '../db/writes/stalls.ts';
import { OutcomeUnknown, type Outcome } from '../providers/outcome.ts';
import type { ActivityDeps, StepInput } from './deps.ts';

/** The workflow's clock and the database's may differ by this much about whether a release time has come. */
const CLOCK_SLACK_MILLIS = 2_000;

/** What a step of a warehouse share acts on, as it is under the lock. */
export interface OfShare {
  share: ShareView;
}

/** What a step of a payment (refund, inspect) acts on, as it is under the lock. */
export interface OfPayment {
  payment: PaymentFacts;
}

/** The target of a claim with the order it belongs to. */
export type Claim<T = OfShare> = { work: OrderWork } & T;

/** The step that is due in a lane (a share's or a payment's) under the lock, if there is one. */
export function dueNow(work: OrderWork, laneId: string): Step | undefined {
  return dueInLane(work.view, laneId, work.snapshot.now.getTime() + CLOCK_SLACK_MILLIS);
}

/** What a claim hands to the call. A step that changes nothing outside has no operation: it may be asked again and again. */
export interface Claimed {
  operation?: OperationRow;
}

/** How one kind of step claims, calls and settles. `C` is what the claim hands to the call, `T` what the step acts on. */
export interface StepPlan<C extends Claimed, R, T = OfShare> {
  kind: StepKind;
  /** Writes the operation row and reads what the call needs. */
  claim(claim: Claim<T>): Promise<C>;
  call(claimed: C): Promise<Outcome<R>>;
  /** The call succeeded. Runs once: the operation row was settled in the same transaction. */
  succeeded(claim: Claim<T>, claimed: C, value: R): Promise<void>;
  /** The other side said a definite no. Runs once. */
  refused(
    claim: Claim<T>,
    claimed: C,
    refusal: { code: FailureCode; providerCode: string; detail: string },
  ): Promise<void>;
  /** What else to write when the outcome is not known yet. */
  unknown?(claim: Claim<T>, claimed: C): Promise<void>;
}

/** One step with where its target is found. */
interface Job<C extends Claimed, R, T> {
  input: StepInput;
  plan: StepPlan<C, R, T>;
  targetOf(work: OrderWork, laneId: string): T | undefined;
  /** Whether the due step is the one that was asked for, beyond its kind. */
  isMeant?(due: Step): boolean;
}

/** Runs one step of a share and returns the view after it. Throws a retryable ApplicationFailure while the outcome is unknown. */
export function runStep<C extends Claimed, R>(
  deps: ActivityDeps,
  input: StepInput,
  plan: StepPlan<C, R>,
): Promise<OrderView> {
  return runJob(deps, {
    input,
    plan,
    targetOf(work, laneId) {
      const share = work.view.shares.find((one) => one.id === laneId);
      return share && { share };
    },
  });
}

/** The same for a step of a payment: `input.shareId` is the payment's id, and the step must be due for `input.subject`. */
export function runPaymentStep<C extends Claimed, R>(
  deps: ActivityDeps,
  input: StepInput,
  plan: StepPlan<C, R, OfPayment>,
): Promise<OrderView> {
  return runJob(deps, {
    input,
    plan,
    isMeant: (due) => due.subject === input.subject,
    targetOf(work, laneId) {
      const payment = work.snapshot.payments.find((one) => one.id === laneId);
      return payment && { payment };
    },
  });
}

async function runJob<C extends Claimed, R, T>(deps: ActivityDeps, job: Job<C, R, T>): Promise<OrderView> {
  const { input, plan } = job;
  let claimed: C | undefined;
  const view = await locked(deps, input, async (work) => {
    const target = job.targetOf(work, input.shareId);
    const due = dueNow(work, input.shareId);
    if (!target || due?.kind !== plan.kind || job.isMeant?.(due) === false) return;
    const claim = await plan.claim({ work, ...target });
    if (!claim.operation || isOpen(claim.operation)) claimed = claim;
  });
  const open = claimed;
  if (open === undefined) return view;
  const outcome = await callOutside(deps, job, open);
  return locked(deps, input, async (work) => {
    const target = job.targetOf(work, input.shareId);
    if (!target) return;
    if (outcome.ok) {
      if (!(await settle(work, open, { state: 'succeeded' }))) return;
      await plan.succeeded({ work, ...target }, open, outcome.value);
      await unstallStep(work, input.shareId, plan.kind);
      return;
    }
    const { code, providerCode, detail } = outcome;
    const refusal = { failureCode: code, detail: `${providerCode}: ${detail}`.slice(0, 500) };
    if (!(await settle(work, open, { state: 'failed', ...refusal }))) return;
    await plan.refused({ work, ...target }, open, { code, providerCode, detail });
  });
}

function isOpen({ state }: OperationRow): boolean {
  return state === 'requested' || state === 'unknown';
}

async function settle(
  work: OrderWork,
  { operation }: Claimed,
  result: { state: 'succeeded' | 'failed' | 'unknown'; failureCode?: string; detail?: string },
): Promise<boolean> {
  return operation === undefined || settleOperation(work, { key: operation.key, ...result });
}

async function callOutside<C extends Claimed, R, T>(
  deps: ActivityDeps,
  job: Job<C, R, T>,
  claimed: C,
): Promise<Outcome<R>> {
  try {
    return await job.plan.call(claimed);
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error;
    if (error.sent) await markUnknown(deps, job, claimed);
    throw ApplicationFailure.create({
      type: error.sent ? 'outcome_unknown' : 'provider_unavailable',
      message: error.message,
      ...(error.retryAfterMillis !== undefined && { nextRetryDelay: error.retryAfterMillis }),
    });
  }
}

async function markUnknown<C extends Claimed, R, T>(
  deps: ActivityDeps,
  job: Job<C, R, T>,
  claimed: C,
): Promise<void> {
  await locked(deps, job.input, async (work) => {
    const target = job.targetOf(work, job.input.shareId);
    if (target && (await settle(work, claimed, { state: 'unknown' })))
      await job.plan.unknown?.({ work, ...target }, claimed);
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
