/** The shape of a step: what is due in a lane of the view, done, gives the view after it. */
import type { OrderView, ShareView, Step } from '../../domain/lifecycle.ts';

/** Runs one due step. Rejects only when the activity gave up; business refusals are in the view. */
export type RunStep = (view: OrderView, step: Step) => Promise<OrderView>;

/** The share of a step that belongs to one. The step was just found due for it, so it is there. */
export function shareOf(
  view: OrderView,
  step: Step,
): Pick<ShareView, 'id' | 'seq' | 'location' | 'amountMinor'> {
  const share = view.shares.find((one) => one.id === step.shareId);
  return share ?? { id: step.shareId, seq: 0, location: '', amountMinor: 0 };
}
