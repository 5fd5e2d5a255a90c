/** The three mains of Holdfast as processes of the local stack: simulators, worker, API, each waited for. */
import { join } from 'node:path';
import { answers, type Ports } from './ports.ts';
import { nodeArgs, waitUntilUp, type Processes, type Running } from './processes.ts';
import { asStep, type Say } from './say.ts';

const UP_WITHIN_MILLIS = 90_000;
const ASK_TIMEOUT_MILLIS = 2_000;
/** Longer than the worker's own grace for what is under way. */
const GRACE_MILLIS = 20_000;

/** What the mains need. */
export interface MainsPlan {
  dataDir: string;
  processes: Processes;
  /** Every process that was started is added, in order. */
  running: Running[];
  env: NodeJS.ProcessEnv;
  ports: Ports;
  say: Say;
  /** Throws when the start is to be broken off. */
  check: () => void;
}

/** Starts simulators, worker and API and waits for each; throws StackFailed with the end of the log of the one that fails. */
export async function startMains(plan: MainsPlan): Promise<void> {
  const { ports } = plan;
  // All three at once: each takes a second or two to load, and none needs another to come up.
  const simulators = await start(plan, 'simulators');
  const worker = await start(plan, 'worker');
  const api = await start(plan, 'api');
  plan.check();
  await asStep(plan.say, 'Simulators', () =>
    waitUntilUp(
      simulators,
      async () =>
        (
          await Promise.all([ports.payment, ports.warehouse, ports.carrier].map((port) => answers(port)))
        ).every(Boolean),
      UP_WITHIN_MILLIS,
    ),
  );
  plan.check();
  await asStep(plan.say, 'Worker', () =>
    waitUntilUp(worker, () => polls(`http://127.0.0.1:${ports.workerMetrics}/metrics`), UP_WITHIN_MILLIS),
  );
  plan.check();
  await asStep(plan.say, 'API', () =>
    waitUntilUp(api, () => isReady(`http://127.0.0.1:${ports.api}/ready`), UP_WITHIN_MILLIS),
  );
}

async function start(plan: MainsPlan, name: 'simulators' | 'worker' | 'api'): Promise<Running> {
  const running = await plan.processes.start({
    name,
    command: process.execPath,
    args: nodeArgs(`${name}/main`),
    env: plan.env,
    // Relative folders in settings mean the folder the user stands in.
    cwd: process.cwd(),
    logFile: join(plan.dataDir, 'logs', `${name}.log`),
    stopSignal: 'SIGTERM',
    graceMillis: GRACE_MILLIS,
  });
  plan.running.push(running);
  return running;
}

async function isReady(url: string): Promise<boolean> {
  return (await ask(url)) !== undefined;
}

// The metrics are served before the workers poll; the gauge of pollers is the worker's own word.
async function polls(url: string): Promise<boolean> {
  return /^temporal_num_pollers\{.*\} [1-9]/m.test((await ask(url)) ?? '');
}

/** The body of a good answer, else undefined. */
async function ask(url: string): Promise<string | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ASK_TIMEOUT_MILLIS) });
    const text = await answer.text();
    return answer.ok ? text : undefined;
  } catch {
    return undefined;
  }
}
