/** What has to exist in the Temporal namespace before the first order: search attributes and schedules. Repeatable. */
import { ScheduleAlreadyRunning, type Client, type Connection } from '@temporalio/client';
import { RECONCILE_WORKFLOW, SEARCH_ATTRIBUTES, TASK_QUEUES } from '../workflows/contract.ts';

/** temporal.api.enums.v1.IndexedValueType */
const INDEXED_VALUE_TYPES: Record<string, number> = { KEYWORD: 2, DATETIME: 6, KEYWORD_LIST: 7 };

/** Registers missing search attributes and the reconciler's schedule. Safe to run from every worker at once. */
export async function ensureSetup(client: Client, namespace: string): Promise<void> {
  await ensureSearchAttributes(client.connection, namespace);
  await ensureReconciler(client);
}

async function ensureSearchAttributes(
  connection: Client['connection'] | Connection,
  namespace: string,
): Promise<void> {
  if (!('operatorService' in connection)) return;
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(SEARCH_ATTRIBUTES).filter((key) => !(key.name in (customAttributes ?? {})));
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(
      missing.map((key) => [key.name, INDEXED_VALUE_TYPES[key.type] ?? 2]),
    ),
  });
}

/** The reconciler looks every 30 s for orders that are overdue by a minute; a run that takes longer is not overlapped. */
async function ensureReconciler(client: Client): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: RECONCILE_WORKFLOW,
      spec: { intervals: [{ every: '30s' }] },
      action: {
        type: 'startWorkflow',
        workflowType: RECONCILE_WORKFLOW,
        workflowId: RECONCILE_WORKFLOW,
        taskQueue: TASK_QUEUES.orders,
        args: [{ overdueSeconds: 60, limit: 600 }],
      },
      policies: { overlap: 'SKIP', catchupWindow: '1 minute' },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
