/**
 * Temporal's development server as Holdfast runs it: on 127.0.0.1, with a file that survives the process, and with
 * the settings without which every hop through a task queue costs 50 ms.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { answers, type Ports } from './ports.ts';
import { waitUntilUp, type Processes, type Running } from './processes.ts';

const run = promisify(execFile);
const UP_WITHIN_MILLIS = 60_000;

/**
 * The one history shard is polled 20 times a second by default, and two partitions of a queue can each hold a task
 * for 2 s; timers below 1 s wait for a clock shift that one host does not have. Not for a cluster.
 */
export const DEV_SERVER_SETTINGS: readonly string[] = [
  'history.transferProcessorMaxPollRPS=2000',
  'history.timerProcessorMaxPollRPS=2000',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  'history.timerProcessorMaxTimeShift="10ms"',
];

/** What a development server needs; `file` null keeps everything in memory. */
export interface DevServerPlan {
  program: string;
  ports: Pick<Ports, 'temporal' | 'temporalUi'>;
  file: string | null;
  /** More dynamic configuration, key=value. */
  settings?: readonly string[] | undefined;
  logFile: string;
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Hears of the process as soon as it is there, before it is up. */
  onStart: (running: Running) => void;
}

/** The arguments of `temporal` for this plan. */
export function devServerArgs(plan: Pick<DevServerPlan, 'ports' | 'file' | 'settings'>): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'error'],
    ...['--port', String(plan.ports.temporal), '--ui-port', String(plan.ports.temporalUi)],
    ...(plan.file === null
      ? []
      : [
          ...['--db-filename', plan.file],
          ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
        ]),
    ...[...DEV_SERVER_SETTINGS, ...(plan.settings ?? [])].flatMap((setting) => [
      '--dynamic-config-value',
      setting,
    ]),
  ];
}

/** Starts the server and waits until it serves. */
export async function startDevServer(processes: Processes, plan: DevServerPlan): Promise<Running> {
  const running = await processes.start({
    name: 'temporal',
    command: plan.program,
    args: devServerArgs(plan),
    env: plan.env,
    cwd: plan.cwd,
    logFile: plan.logFile,
    stopSignal: 'SIGTERM',
    graceMillis: 10_000,
  });
  plan.onStart(running);
  const address = `127.0.0.1:${plan.ports.temporal}`;
  await waitUntilUp(running, () => isServing(plan.program, address, plan.env), UP_WITHIN_MILLIS);
  return running;
}

// The port opens before the services behind it are up; the health call is the server's own word.
async function isServing(program: string, address: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  if (!(await answers(Number(address.split(':')[1])))) return false;
  try {
    const args = ['operator', 'cluster', 'health', '--address', address, '--command-timeout', '5s'];
    const { stdout } = await run(program, args, { env, timeout: 10_000 });
    return stdout.includes('SERVING');
  } catch {
    return false;
  }
}
