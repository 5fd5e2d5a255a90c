/** The reconciler, started by a Schedule: finds open orders whose next move is overdue and has them started again. */
import type { ReconcileInput } from '../activities/reconcile.ts';
import { reconciling } from './proxies.ts';

/** Queues overdue orders for a start. Returns how many. */
export async function reconcile(input: ReconcileInput): Promise<{ queued: number }> {
  return reconciling.reconcileOrders(input);
}
