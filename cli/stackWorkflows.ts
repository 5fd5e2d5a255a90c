/** What Temporal says of the workflows of a stack: the launcher and the proofs look for any that failed. */
import { Client, Connection } from '@temporalio/client';

/** How workflows ended that should not have, and how many still run. */
export interface WorkflowCounts {
  running: number;
  completed: number;
  /** Failed, timed out or terminated. */
  failed: number;
}

/** Counts the order workflows of a Temporal server by how they ended. */
export async function countOrderWorkflows(address: string, namespace = 'default'): Promise<WorkflowCounts> {
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection, namespace });
    const count = async (statuses: string) =>
      (await client.workflow.count(`WorkflowType = 'order' AND ExecutionStatus IN (${statuses})`)).count;
    return {
      running: await count("'Running'"),
      completed: await count("'Completed', 'ContinuedAsNew'"),
      failed: await count("'Failed', 'TimedOut', 'Terminated'"),
    };
  } finally {
    await connection.close();
  }
}
