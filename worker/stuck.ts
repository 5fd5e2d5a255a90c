/**
 * The stuck radar: an order whose next move is ten minutes late although its workflow is open has a workflow task that
 * keeps failing (a bug, a bad deploy). It is written down as a case, the run is terminated and started again: starting
 * again is always safe, and a fixed worker then goes on from PostgreSQL.
 */
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Logger } from 'pino';
import type pg from 'pg';
import { overdueOrders, enqueueStart, type OverdueOrder } from '../db/writes/outbox.ts';
import { openCase } from '../db/writes/cases.ts';
import { withOrder } from '../db/writes/order.ts';
import { orderWorkflowId } from '../workflows/contract.ts';

/** A workflow task that was tried this often is not going to succeed by itself. */
const TASK_ATTEMPTS_MAX = 5;
const OVERDUE_SECONDS = 600;

/** What the radar needs. */
export interface RadarOptions {
  client: Client;
  pool: pg.Pool;
  log: Pick<Logger, 'warn'>;
  overdueSeconds?: number;
}

/** Looks once at the most overdue orders; returns the numbers of those whose run was replaced. */
export async function replaceStuckRuns(options: RadarOptions): Promise<number[]> {
  const replaced: number[] = [];
  for (const order of await overdueOrders(options.pool, {
    overdueSeconds: options.overdueSeconds ?? OVERDUE_SECONDS,
    limit: 20,
  })) {
    // One order that cannot be looked at must not hide the others.
    const isReplaced = await replaceIfStuck(options, order).catch((error: unknown) => {
      options.log.warn({ err: error, orderId: order.orderId }, 'an overdue order could not be looked at');
      return false;
    });
    if (isReplaced) replaced.push(order.number);
  }
  return replaced;
}

async function replaceIfStuck(options: RadarOptions, order: OverdueOrder): Promise<boolean> {
  const handle = options.client.workflow.getHandle(orderWorkflowId(order.number));
  try {
    const description = await handle.describe();
    const attempt = description.raw.pendingWorkflowTask?.attempt ?? 0;
    if (description.status.name !== 'RUNNING' || attempt < TASK_ATTEMPTS_MAX) return false;
    options.log.warn(
      { orderId: order.orderId, attempt },
      'a workflow task keeps failing; the run is replaced',
    );
    await withOrder(options.pool, order.orderId, (work) =>
      openCase(work, {
        subject: order.orderId,
        code: 'order_broken',
        attention: 'data_fix',
        detail: `The workflow task failed ${attempt} times; its run was replaced.`,
      }),
    );
    await handle.terminate('its workflow task kept failing; started again from PostgreSQL');
    await enqueueStart(options.pool, order.orderId);
    return true;
  } catch (error) {
    // Its workflow is gone: the reconciler starts it again.
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
