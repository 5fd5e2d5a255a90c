/** What has to exist in the Temporal namespace before the first order: search attributes and schedules. Repeatable. */
import { ScheduleAlreadyRunning, type Client, type Connection } from '@temporalio/client';
import {
  FOLD_WORKFLOW,
  RECONCILE_MONEY_WORKFLOW,
  RECONCILE_WORKFLOW,
  SEARCH_ATTRIBUTES,
  TASK_QUEUES,
} from '../workflows/contract.ts';

/** temporal.api.enums.v1.IndexedValueType */
const INDEXED_VALUE_TYPES: Record<string, number> = { KEYWORD: 2, DATETIME: 6, KEYWORD_LIST: 7 };

/** Registers missing search attributes and the schedules. Safe to run from every worker at once. */
export async function ensureSetup(client: Client, namespace: string): Promise<void> {
  await ensureSearchAttributes(client.connection, namespace);
  for (const schedule of SCHEDULES) await ensureSchedule(client, schedule);
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

interface Schedule {
  /** The name of the schedule and of its runs, where a workflow has several. */
  id?: string;
  workflow: string;
  every: '5s' | '30s' | '15m' | '1d';
  args: unknown[];
}

const SCHEDULES: readonly Schedule[] = [
  // Looks for orders that are overdue by a minute.
  { workflow: RECONCILE_WORKFLOW, every: '30s', args: [{ overdueSeconds: 60, limit: 600 }] },
  // Keeps the tail that every report reads beside the folded days short.
  { workflow: FOLD_WORKFLOW, every: '5s', args: [] },
  // Compares new payments with the gateway's; once a day those of a month, for what moved later.
  { workflow: RECONCILE_MONEY_WORKFLOW, every: '15m', args: [{}] },
  {
    id: `${RECONCILE_MONEY_WORKFLOW}-month`,
    workflow: RECONCILE_MONEY_WORKFLOW,
    every: '1d',
    args: [{ sinceHours: 31 * 24 }],
  },
];

/** A run that takes longer is not overlapped; of what was missed, only the last minute counts. */
async function ensureSchedule(
  client: Client,
  { workflow, every, args, id = workflow }: Schedule,
): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: id,
      spec: { intervals: [{ every }] },
      action: {
        type: 'startWorkflow',
        workflowType: workflow,
        workflowId: id,
        taskQueue: TASK_QUEUES.orders,
        args,
      },
      policies: { overlap: 'SKIP', catchupWindow: '1 minute' },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
