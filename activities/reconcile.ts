/**
 * The reconciler: brings back every open order whose next move is overdue, whatever happened to its workflow. It only
 * puts rows into the outbox; the relay starts the workflows, and starting one again is always safe.
 */
import { enqueueOverdue } from '../db/writes/outbox.ts';
import type { ActivityDeps } from './deps.ts';

/** How overdue an order must be, and how many are taken at most. */
export interface ReconcileInput {
  overdueSeconds: number;
  limit: number;
}

/** The reconciler's activity. */
export function reconcileActivities(deps: ActivityDeps) {
  return {
    /** Queues overdue orders, oldest first; none while the relay still has a backlog. Returns how many. */
    reconcileOrders: async (input: ReconcileInput): Promise<{ queued: number }> => ({
      queued: await enqueueOverdue(deps.pool, input),
    }),
  };
}
