/** The warehouse step: hand a share over for picking and packing. */
import { operationKey } from '../domain/payment.ts';
import type { OrderView } from '../domain/lifecycle.ts';
import { readShareForShipping, type ShareForShipping } from '../db/reads/parties.ts';
import { claimOperation, type OperationRow } from '../db/writes/operations.ts';
import { stallStep } from '../db/writes/stalls.ts';
import { markSubmitted } from '../db/writes/submitted.ts';
import type { ActivityDeps, StepInput } from './deps.ts';
import { runStep, type StepPlan } from './step.ts';

interface SubmitClaim {
  operation: OperationRow;
  fulfillmentId: string;
  orderNumber: number;
  share: ShareForShipping;
}

function submitPlan(deps: ActivityDeps): StepPlan<SubmitClaim, Record<never, never>> {
  return {
    kind: 'submit',
    async claim({ work, share }) {
      const key = operationKey(work.order.number, 'submit', { shareSeq: share.seq, attempt: 1 });
      const operation = await claimOperation(work, { key, kind: 'submit', subject: share.id, again: true });
      const read = await readShareForShipping(work.tx, share.id);
      if (!read) throw new Error(`share ${share.id} has vanished`);
      return { operation, fulfillmentId: share.id, orderNumber: work.order.number, share: read };
    },
    call: ({ operation, fulfillmentId, orderNumber, share }) =>
      deps.warehouse.submit({
        key: operation.key,
        fulfillmentId,
        orderNumber,
        location: share.location,
        lines: share.lines,
        shipTo: share.shipTo,
        customerNote: share.customerNote,
      }),
    succeeded: ({ work, share }) => markSubmitted(work, share.id),
    async refused({ work, share }, _claimed, refusal) {
      await stallStep(work, {
        shareId: share.id,
        step: 'submit',
        code: 'warehouse_refused',
        detail: refusal.detail,
      });
    },
  };
}

/** The warehouse activity. */
export function warehouseActivities(deps: ActivityDeps) {
  return {
    /** Submits the share; the same share again is the same work. A refusal opens a case and waits for a retry. */
    submitFulfillment: (input: StepInput): Promise<OrderView> => runStep(deps, input, submitPlan(deps)),
  };
}
