/** Which activity runs each kind of due step: for tests that do what the lane does, without a workflow. */
import type { Activities } from '../../activities/index.ts';
import type { StepKind } from '../../domain/lifecycle.ts';

/** The activity of each step. */
export const ACTIVITY_OF = {
  authorize: 'authorizePayment',
  void: 'voidPayment',
  submit: 'submitFulfillment',
  book: 'bookShipment',
  capture: 'capturePayment',
  void_label: 'voidLabel',
  refund: 'refundPayment',
  inspect: 'inspectPayment',
} as const satisfies Record<StepKind, keyof Activities>;
