/**
 * The order's own activities: our database only, run as local activities. Both look before they act, so running twice,
 * in sequence or side by side, changes nothing the second time.
 */
import type { FailureCode } from '../domain/failures.ts';
import type { OrderView, StepKind } from '../domain/lifecycle.ts';
import { storeSignals, readOutcomes, type GivenSignal, type CommandAnswer } from '../db/writes/signals.ts';
import { stallStep } from '../db/writes/stalls.ts';
import type { ActivityDeps } from './deps.ts';
import { dueNow, locked } from './step.ts';

/** What to take along: signals that came by hand and commands somebody waits for. */
export interface AdvanceInput {
  orderId: string;
  signals?: GivenSignal[];
  asked?: string[];
}

/** The view after it, and what became of the commands asked about. */
export interface AdvanceResult {
  view: OrderView;
  answers: CommandAnswer[];
}

/** A step whose activity gave up for now. */
export interface StallInput {
  orderId: string;
  shareId: string;
  step: StepKind;
  code: FailureCode;
  detail: string;
}

/** The order's local activities. */
export function orderActivities(deps: ActivityDeps) {
  return {
    /** Takes the inbox, ends waits that are due and carries on with what our own database can do. */
    async advance(input: AdvanceInput): Promise<AdvanceResult> {
      if (input.signals?.length) await storeSignals(deps.pool, input.orderId, input.signals);
      const view = await locked(deps, input);
      const answers = input.asked?.length ? await readOutcomes(deps.pool, input.asked) : [];
      return { view, answers };
    },
    /**
     * Writes down that a step has to wait for its next try, and opens the case. A step that was done after all, by a run
     * that answered too late, is left alone.
     */
    recordStall: (input: StallInput): Promise<OrderView> =>
      locked(deps, input, async (work) => {
        if (dueNow(work, input.shareId)?.kind === input.step) await stallStep(work, input);
      }),
  };
}
