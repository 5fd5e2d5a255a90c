/** The warehouse: submit a share. Its undo, asking the warehouse to stop, comes with the full cancel table. */
import { callOptions, warehouse } from '../proxies.ts';
import { shareOf, type RunStep } from './step.ts';

/** Do: the share is handed to its warehouse. From here a cancel is refused. */
export const submit: RunStep = (view, step) => {
  const share = shareOf(view, step);
  return warehouse.submitFulfillment.executeWithOptions(
    callOptions(view, `submit share ${share.seq} to ${share.location}`),
    [{ orderId: view.orderId, shareId: share.id, subject: step.subject }],
  );
};
