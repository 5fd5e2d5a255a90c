/**
 * The workers of one process, one a task queue: the orders queue runs workflows, local activities and payment; the
 * others run the activities of one outside system each, with concurrency and rate of their own.
 */
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import { createActivities } from '../activities/index.ts';
import type { ActivityDeps } from '../activities/deps.ts';
import { TASK_QUEUES } from '../workflows/contract.ts';
import { CONVERTER_PATH, workflowBundle } from './bundle.ts';

/** What the workers need. */
export interface WorkersOptions {
  connection: NativeConnection;
  namespace: string;
  deps: ActivityDeps;
  /** Local-activity slots; the database pool must have at least as many connections. */
  localActivitiesMax: number;
  /** Most calls a second to each outside system, shared by all workers of its queue; undefined = no limit. */
  callsPerSecond?: number;
  /** Shortens the wait for running activities when a worker stops. */
  shutdownGraceMillis?: number;
}

/** Workers that run together. */
export interface Workers {
  /** Resolves when all have stopped; rejects when one fails. */
  run(): Promise<void>;
  /** Stops polling, lets running work end, then `run` resolves. */
  stop(): void;
}

/** Creates the workers of all queues. They poll once `run` is called. */
export async function createWorkers(options: WorkersOptions): Promise<Workers> {
  const activities = createActivities(options.deps);
  const common: WorkerOptions = {
    connection: options.connection,
    namespace: options.namespace,
    taskQueue: TASK_QUEUES.orders,
    activities,
    dataConverter: { payloadConverterPath: CONVERTER_PATH },
    shutdownGraceTime: options.shutdownGraceMillis ?? 10_000,
    ...(options.callsPerSecond !== undefined && { maxTaskQueueActivitiesPerSecond: options.callsPerSecond }),
  };
  const workers = await Promise.all([
    Worker.create({
      ...common,
      workflowBundle: await workflowBundle(),
      maxConcurrentLocalActivityExecutions: options.localActivitiesMax,
    }),
    Worker.create({ ...common, taskQueue: TASK_QUEUES.warehouse, maxConcurrentActivityTaskExecutions: 50 }),
    Worker.create({ ...common, taskQueue: TASK_QUEUES.carrier, maxConcurrentActivityTaskExecutions: 50 }),
    Worker.create({ ...common, taskQueue: TASK_QUEUES.bulk, maxConcurrentActivityTaskExecutions: 5 }),
  ]);
  const stop = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  return {
    stop,
    async run() {
      const runs = workers.map((worker) => worker.run());
      // One queue that fails must not leave the others polling as if all were well.
      await Promise.all(runs).catch(async (error: unknown) => {
        stop();
        await Promise.allSettled(runs);
        throw error;
      });
    },
  };
}
