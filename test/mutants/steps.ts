/**
 * A mutant of workflows/steps: the parcel is captured before it is booked. Replaying recorded histories against it must
 * go red, or the replay test proves nothing.
 */
import type { StepKind } from '../../domain/lifecycle.ts';
import { book, voidLabel } from '../../workflows/steps/parcel.ts';
import { authorize, capture, giveBack, inspect, refund } from '../../workflows/steps/payment.ts';
import type { RunStep } from '../../workflows/steps/step.ts';
import { submit } from '../../workflows/steps/warehouse.ts';

/** Book and capture have changed places. */
export const STEPS: Record<StepKind, RunStep> = {
  authorize,
  void: giveBack,
  submit,
  book: capture,
  capture: book,
  void_label: voidLabel,
  refund,
  inspect,
};
