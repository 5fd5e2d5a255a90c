/** The workflows that a worker serves. */
export { order } from './order.ts';
export { reconcile } from './reconcile.ts';
export { reconcileMoney } from './reconcileMoney.ts';
export { foldReports } from './reports.ts';
