/**
 * How activities are called, by outside system: queues, time-outs, retries. Our own database is called by local
 * activities; everything outside has a bound on one call and on all tries of a step, from the order's policy.
 */
import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/common';
import type { Activities } from '../activities/index.ts';
import type { OrderView, StepKind } from '../domain/lifecycle.ts';
import { TASK_QUEUES } from './contract.ts';

/**
 * Our own database. lock_timeout 1 s < statement_timeout 2 s < start-to-close 3 s; a slot is given back after 2 s of
 * waiting for a retry (the default held it for a whole outage).
 */
export const database = proxyLocalActivities<Pick<Activities, 'advance' | 'recordStall'>>({
  startToCloseTimeout: '3s',
  localRetryThreshold: '2s',
  retry: { initialInterval: '100ms', backoffCoefficient: 3, maximumInterval: '60s' },
});

/** The reconciler's database work, on the queue nobody waits for. */
export const reconciling = proxyActivities<Pick<Activities, 'reconcileOrders'>>({
  taskQueue: TASK_QUEUES.bulk,
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '60s',
  retry: { initialInterval: '1s', maximumInterval: '10s' },
});

/** The reconciliation of money: one long read of the gateway, begun again from its start when its worker dies. */
export const comparing = proxyActivities<Pick<Activities, 'reconcilePayments' | 'breakOffReconciliation'>>({
  taskQueue: TASK_QUEUES.bulk,
  startToCloseTimeout: '3h',
  scheduleToCloseTimeout: '6h',
  heartbeatTimeout: '2m',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '2m', maximumAttempts: 20 },
});

/**
 * The reports' fold: a local activity, because it runs every five seconds and its history should be short. While the
 * database is away one run waits for it and the schedule starts no other.
 */
export const folding = proxyLocalActivities<Pick<Activities, 'foldReports'>>({
  startToCloseTimeout: '20s',
  localRetryThreshold: '2s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '60s' },
});

/** Bounds that hold where the order's policy says nothing shorter. */
const BOUNDS: ActivityOptions = {
  startToCloseTimeout: '25s',
  scheduleToCloseTimeout: '15m',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
};

/** The payment gateway. Money steps never try for longer than its keys live (20 h). */
export const gateway = proxyActivities<
  Pick<Activities, 'authorizePayment' | 'capturePayment' | 'voidPayment' | 'refundPayment' | 'inspectPayment'>
>({
  ...BOUNDS,
  taskQueue: TASK_QUEUES.orders,
});

/** The warehouses. */
export const warehouse = proxyActivities<Pick<Activities, 'submitFulfillment'>>({
  ...BOUNDS,
  taskQueue: TASK_QUEUES.warehouse,
});

/** The carriers. */
export const carrier = proxyActivities<Pick<Activities, 'bookShipment' | 'voidLabel'>>({
  ...BOUNDS,
  taskQueue: TASK_QUEUES.carrier,
});

/** Database work of an activity before and after its outside call, on top of the call's own bound. */
const DATABASE_MILLIS = 5_000;
const TWENTY_HOURS_MILLIS = 20 * 3_600_000;

/** The options of one call: the policy's bounds and the line an operator reads in Temporal Web. */
export function callOptions(view: OrderView, summary: string): ActivityOptions {
  const { callTimeoutSeconds, stepTimeoutSeconds, callRetryMillis } = view.timing;
  return {
    summary,
    startToCloseTimeout: callTimeoutSeconds * 1000 + DATABASE_MILLIS,
    scheduleToCloseTimeout: Math.min(stepTimeoutSeconds * 1000, TWENTY_HOURS_MILLIS),
    retry: { initialInterval: callRetryMillis },
  };
}

/** A step's outside system, in words. */
export const OUTSIDE: Record<StepKind, string> = {
  authorize: 'payment gateway',
  void: 'payment gateway',
  capture: 'payment gateway',
  refund: 'payment gateway',
  inspect: 'payment gateway',
  submit: 'warehouse',
  book: 'carrier',
  void_label: 'carrier',
};
