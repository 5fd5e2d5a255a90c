/** All activities, made from what they need. Workflows know them as types only. */
import { carrierActivities } from './carrier.ts';
import type { ActivityDeps } from './deps.ts';
import { inspectActivities } from './inspect.ts';
import { orderActivities } from './order.ts';
import { paymentActivities } from './payment.ts';
import { reconcileActivities } from './reconcile.ts';
import { reconcileMoneyActivities } from './reconcileMoney.ts';
import { refundActivities } from './refund.ts';
import { reportActivities } from './reports.ts';
import { warehouseActivities } from './warehouse.ts';

/** Makes the activities. */
export function createActivities(deps: ActivityDeps) {
  return {
    ...orderActivities(deps),
    ...paymentActivities(deps),
    ...refundActivities(deps),
    ...inspectActivities(deps),
    ...warehouseActivities(deps),
    ...carrierActivities(deps),
    ...reconcileActivities(deps),
    ...reconcileMoneyActivities(deps),
    ...reportActivities(deps),
  };
}

/** The activities as workflows see them. */
export type Activities = ReturnType<typeof createActivities>;
