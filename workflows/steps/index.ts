/** Every step by its kind. */
import type { StepKind } from '../../domain/lifecycle.ts';
import { book, voidLabel } from './parcel.ts';
import { authorize, capture, giveBack, inspect, refund } from './payment.ts';
import type { RunStep } from './step.ts';
import { submit } from './warehouse.ts';

/** How each kind of due step is run. */
export const STEPS: Record<StepKind, RunStep> = {
  authorize,
  void: giveBack,
  submit,
  book,
  capture,
  void_label: voidLabel,
  refund,
  inspect,
};
