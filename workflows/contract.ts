/**
 * Everything that crosses the wall between workflows and the rest: names, inputs, messages, task queues and search
 * attributes. Client code starts and messages workflows with what this file gives and nothing else.
 */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { formatMoney } from '../domain/money.ts';
import type { FailureCode } from '../domain/failures.ts';

/** Task queues by outside system: a slow one must not delay the others. */
export const TASK_QUEUES = Object.freeze({
  /** Workflow tasks, local activities and payment. */
  orders: 'orders',
  warehouse: 'warehouse',
  carrier: 'carrier',
  /** Schedules and other work nobody waits for. */
  bulk: 'bulk',
});

/** Workflow types by name. */
export const ORDER_WORKFLOW = 'order';
/** The workflow of the schedule that brings back orders whose run was lost. */
export const RECONCILE_WORKFLOW = 'reconcile';
/** The workflow that compares our money with the gateway's: of two schedules, and of the API. */
export const RECONCILE_MONEY_WORKFLOW = 'reconcileMoney';
/** The workflow of the schedule that adds what reports count to its days. */
export const FOLD_WORKFLOW = 'foldReports';

/** The input of an order's workflow: the id; everything else is loaded. */
export interface OrderInput {
  orderId: string;
}

/** The input of RECONCILE_MONEY_WORKFLOW. Without a run id it makes one; without hours it compares since the last run. */
export interface ReconcileRunInput {
  runId?: string;
  dryRun?: boolean;
  sinceHours?: number | null;
}

/** Start options of a run that was asked for: starting it twice is one run. */
export function reconcileRunOptions(input: ReconcileRunInput & { runId: string }) {
  return {
    workflowId: `reconcile-money/${input.runId}`,
    taskQueue: TASK_QUEUES.orders,
    args: [input] as [ReconcileRunInput],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
    staticSummary: `compare money with the gateway${input.dryRun ? ', repair nothing' : ''}`,
  };
}

/** What an order's workflow ends with, for people who look at it in Temporal Web. */
export interface OrderResult {
  orderId: string;
  lifecycle: string;
}

/** What became of a command. */
export interface CommandOutcome {
  applied: boolean;
  /** Why it was refused, when it was. */
  code?: FailureCode;
  detail?: string;
}

/** The doorbell: rows are waiting in the inbox. Carries nothing. */
export const RING_SIGNAL = 'ring';
/** Answers a command that was stored before: resolves once it was applied or refused. */
export const COMMAND_UPDATE = 'command';
/** The input of COMMAND_UPDATE: the id of the stored command. */
export interface CommandInput {
  commandId: string;
}

/** Signals that support may send by hand from Temporal Web or the `temporal` command line. */
export const PEOPLE_SIGNALS = Object.freeze({
  cancelOrder: 'cancel',
  retryStep: 'retry',
  refundOrder: 'refund',
} as const);
/** The JSON body of such a signal: `{"reason":"customer","note":"…","commandId":"…"}`; only cancelOrder needs a reason; refundOrder's is in domain/refundSignal.ts. */
export interface PeopleSignal {
  commandId?: string;
  reason?: string;
  note?: string;
  actor?: string;
}

/** The read-only state of the order as its workflow sees it. */
export const VIEW_QUERY = 'view';

/** Typed search attributes: never personal data, they are not encrypted. Registered by worker/setup.ts. */
export const SEARCH_ATTRIBUTES = Object.freeze({
  OrderId: defineSearchAttributeKey('OrderId', SearchAttributeType.KEYWORD),
  Channel: defineSearchAttributeKey('Channel', SearchAttributeType.KEYWORD),
  Lifecycle: defineSearchAttributeKey('Lifecycle', SearchAttributeType.KEYWORD),
  Attention: defineSearchAttributeKey('Attention', SearchAttributeType.KEYWORD_LIST),
  PlacedAt: defineSearchAttributeKey('PlacedAt', SearchAttributeType.DATETIME),
  PromisedBy: defineSearchAttributeKey('PromisedBy', SearchAttributeType.DATETIME),
});

/** The workflow id of an order: `order/100042`. The only place that builds it. */
export function orderWorkflowId(orderNumber: number): string {
  return `order/${orderNumber}`;
}

/** What has to be known of an order to start or message its workflow. */
export interface OrderRef {
  orderId: string;
  number: number;
  channel: string;
  currency: string;
  totalMinor: number;
  lineCount: number;
  placedAt: Date;
  promisedBy: Date | null;
}

/**
 * Start options of an order's workflow, for start, signal-with-start and update-with-start alike. Starting it again is
 * always safe: it loads its state from PostgreSQL and does what is due.
 */
export function orderStartOptions(ref: OrderRef) {
  const { OrderId, Channel, Lifecycle, PlacedAt, PromisedBy } = SEARCH_ATTRIBUTES;
  const input: OrderInput = { orderId: ref.orderId };
  return {
    workflowId: orderWorkflowId(ref.number),
    taskQueue: TASK_QUEUES.orders,
    args: [input] as [OrderInput],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    typedSearchAttributes: [
      { key: OrderId, value: ref.orderId },
      { key: Channel, value: ref.channel },
      { key: Lifecycle, value: 'received' },
      { key: PlacedAt, value: ref.placedAt },
      ...(ref.promisedBy ? [{ key: PromisedBy, value: ref.promisedBy }] : []),
    ],
    staticSummary: `${ref.number} · ${ref.channel} · ${ref.lineCount} ${ref.lineCount === 1 ? 'line' : 'lines'} · ${formatMoney(ref.totalMinor, ref.currency)}`,
  };
}
