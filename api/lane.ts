/** How the API reaches an order's workflow: start it, ring it, ask it for the answer to a command. Temporal may be down. */
import { WithStartWorkflowOperation, type Client } from '@temporalio/client';
import {
  COMMAND_UPDATE,
  ORDER_WORKFLOW,
  orderStartOptions,
  RECONCILE_MONEY_WORKFLOW,
  reconcileRunOptions,
  RING_SIGNAL,
  type OrderRef,
  type ReconcileRunInput,
} from '../workflows/contract.ts';

/** The three messages; each rejects when Temporal can't be reached in time. All may be repeated. */
export interface OrderLane {
  start(ref: OrderRef): Promise<void>;
  ring(ref: OrderRef): Promise<void>;
  /** Resolves when the workflow has answered the command, whatever the answer: the command's row holds it. */
  command(ref: OrderRef, commandId: string, boundMillis: number): Promise<void>;
}

const CALL_MILLIS = 4_000;

/** A lane over a Temporal client; the connection may be lazy. */
export function createLane(client: Client): OrderLane {
  const within = <T>(millis: number, call: () => Promise<T>) =>
    client.withDeadline(Date.now() + millis, call);
  return {
    async start(ref) {
      await within(CALL_MILLIS, () => client.workflow.start(ORDER_WORKFLOW, orderStartOptions(ref)));
    },
    async ring(ref) {
      await within(CALL_MILLIS, () =>
        client.workflow.signalWithStart(ORDER_WORKFLOW, {
          ...orderStartOptions(ref),
          signal: RING_SIGNAL,
          signalArgs: [],
        }),
      );
    },
    async command(ref, commandId, boundMillis) {
      const startWorkflowOperation = new WithStartWorkflowOperation(ORDER_WORKFLOW, orderStartOptions(ref));
      await within(boundMillis, () =>
        client.workflow.executeUpdateWithStart(COMMAND_UPDATE, {
          args: [{ commandId }],
          startWorkflowOperation,
        }),
      );
    },
  };
}

/** Starts reconciliations of money over a Temporal client; rejects when Temporal can't be reached in time. */
export function createReconciliationStarter(
  client: Client,
): (run: ReconcileRunInput & { runId: string }) => Promise<void> {
  return async (run) => {
    await client.withDeadline(Date.now() + CALL_MILLIS, () =>
      client.workflow.start(RECONCILE_MONEY_WORKFLOW, reconcileRunOptions(run)),
    );
  };
}
