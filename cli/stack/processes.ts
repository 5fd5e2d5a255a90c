/**
 * The processes of the local stack: each is the leader of its own group (so that a Ctrl-C reaches the launcher alone,
 * which then stops them in order), writes to its own log file, is started again with back-off when it dies, and is
 * known to the guardian, so that none outlives the launcher.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Say } from './say.ts';

/** How to run one process and how to stop it. */
export interface ProcessPlan {
  name: string;
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  logFile: string;
  uid?: number | undefined;
  gid?: number | undefined;
  /** Stops it in good order. */
  stopSignal: NodeJS.Signals;
  /** Stops it at once; PostgreSQL has its own word for that. */
  abortSignal?: NodeJS.Signals;
  graceMillis: number;
  /** Runs before every start, also those after a crash. */
  beforeStart?: () => Promise<void>;
}

/** A process that is kept running. */
export interface Running {
  readonly name: string;
  readonly logFile: string;
  pid(): number | undefined;
  /** Why it is given up, or undefined while it runs or is about to run again. */
  failure(): string | undefined;
  /** Stops it in good order, and by force after the grace; safe to call twice. */
  stop(): Promise<void>;
  /** Stops it at once. */
  abort(): void;
}

/** Keeps track of all processes of one stack. */
export interface Processes {
  start(plan: ProcessPlan): Promise<Running>;
  /** Lets the guardian go and waits for that; nothing may run any more. */
  close(): Promise<void>;
}

const BACKOFF_FIRST_MILLIS = 500;
const BACKOFF_MAX_MILLIS = 30_000;
/** A process that ran this long is healthy again: its next crash starts the back-off anew. */
const HEALTHY_MILLIS = 60_000;
/** A process that has never lived longer than this so many times in a row will not come up by itself. */
const EARLY_DEATHS_MAX = 5;
const LOG_ROTATE_BYTES = 20 * 1024 * 1024;
const KILL_WAIT_MILLIS = 5_000;

/** The node arguments that run a TypeScript (or compiled) entry of this project, given without its ending. */
export function nodeArgs(entryWithoutEnding: string): string[] {
  const root = projectRoot();
  const source = join(root, `${entryWithoutEnding}.ts`);
  if (existsSync(source)) return ['--import', import.meta.resolve('tsx'), source];
  return ['--enable-source-maps', join(root, `${entryWithoutEnding}.js`)];
}

/** The folder that holds cli/, api/, worker/ …: the checkout, or dist when compiled. */
export function projectRoot(): string {
  return dirname(dirname(dirname(fileURLToPath(import.meta.url))));
}

/** How the processes of a stack are kept. */
export interface Keeping {
  /** Breaks waits off. */
  signal?: AbortSignal | undefined;
  /** Hears which processes run, each time that changes. */
  onChange?: (running: readonly { pid: number; name: string }[]) => void;
}

/** Starts the guardian and returns what starts the rest. `say` hears of crashes and restarts. */
export function openProcesses(say: Say, { signal, onChange }: Keeping = {}): Processes {
  const guardian = spawn(process.execPath, nodeArgs('cli/stack/guardian'), {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: projectRoot(),
  });
  guardian.on('error', (error) => say.warn(`the guardian process does not run: ${error.message}`));
  guardian.stdin.on('error', () => undefined);
  guardian.unref();
  const alive = new Map<number, string>();
  const tell = (line: string) => void guardian.stdin.write(`${line}\n`);
  const changed = () => onChange?.([...alive].map(([pid, name]) => ({ pid, name })));
  const keeper: Keeper = {
    say,
    signal,
    began(pid, plan) {
      alive.set(pid, plan.name);
      tell(`+${pid} ${plan.stopSignal}`);
      changed();
    },
    ended(pid) {
      alive.delete(pid);
      tell(`-${pid}`);
      changed();
    },
  };
  return {
    start: (plan) => keepRunning(plan, keeper),
    close: () =>
      new Promise((resolve) => {
        if (guardian.exitCode !== null || guardian.signalCode !== null || !guardian.pid) return resolve();
        guardian.ref();
        guardian.once('exit', () => resolve());
        guardian.stdin.end();
      }),
  };
}

interface Keeper {
  say: Say;
  signal: AbortSignal | undefined;
  /** A process runs: the guardian and the notes hear of it. */
  began(pid: number, plan: ProcessPlan): void;
  ended(pid: number): void;
}

async function keepRunning(plan: ProcessPlan, keeper: Keeper): Promise<Running> {
  const { say, signal } = keeper;
  const state: { child?: ChildProcess; stopping: boolean; failure?: string } = { stopping: false };
  const wake = new AbortController();
  const first = await launch(plan, keeper);
  state.child = first;
  const life = watch(first);
  return {
    name: plan.name,
    logFile: plan.logFile,
    pid: () => state.child?.pid,
    failure: () =>
      state.failure ?? (signal?.aborted ? `the start of ${plan.name} was broken off` : undefined),
    async stop() {
      state.stopping = true;
      wake.abort();
      await Promise.race([life, stopChild(plan, () => state.child)]);
      await life;
    },
    abort() {
      state.stopping = true;
      wake.abort();
      kill(state.child, plan.abortSignal ?? 'SIGKILL');
    },
  };

  async function watch(child: ChildProcess): Promise<void> {
    let current: ChildProcess | undefined = child;
    let deaths = 0;
    while (current) {
      const started = Date.now();
      const how = await ended(current);
      keeper.ended(current.pid ?? 0);
      if (state.stopping) return;
      deaths = Date.now() - started > HEALTHY_MILLIS ? 1 : deaths + 1;
      if (deaths > EARLY_DEATHS_MAX) {
        state.failure = `${plan.name} ended ${deaths} times in a row (${how})`;
        say.warn(`${state.failure}; it is not started again. Its log: ${plan.logFile}`);
        return;
      }
      const waitMillis = Math.min(BACKOFF_FIRST_MILLIS * 2 ** (deaths - 1), BACKOFF_MAX_MILLIS);
      say.warn(
        `${plan.name} ended (${how}); starting it again in ${waitMillis / 1000} s. Its log: ${plan.logFile}`,
      );
      await pause(waitMillis, undefined, { signal: wake.signal }).catch(() => undefined);
      current = state.stopping ? undefined : await relaunch();
    }
  }

  async function relaunch(): Promise<ChildProcess | undefined> {
    try {
      const next = await launch(plan, keeper);
      state.child = next;
      // A stop that came while it was being launched found the old child only.
      if (state.stopping) kill(next, plan.stopSignal);
      return next;
    } catch (error) {
      state.failure = `${plan.name} cannot be started: ${error instanceof Error ? error.message : String(error)}`;
      say.warn(state.failure);
      return undefined;
    }
  }
}

async function launch(plan: ProcessPlan, keeper: Keeper): Promise<ChildProcess> {
  await plan.beforeStart?.();
  mkdirSync(dirname(plan.logFile), { recursive: true });
  if (existsSync(plan.logFile) && statSync(plan.logFile).size > LOG_ROTATE_BYTES)
    renameSync(plan.logFile, `${plan.logFile}.1`);
  const log = openSync(plan.logFile, 'a');
  const child = spawn(plan.command, plan.args, {
    cwd: plan.cwd,
    env: plan.env,
    stdio: ['ignore', log, log],
    detached: true,
    ...(plan.uid === undefined ? {} : { uid: plan.uid }),
    ...(plan.gid === undefined ? {} : { gid: plan.gid }),
  });
  closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  keeper.began(child.pid ?? 0, plan);
  return child;
}

function ended(child: ChildProcess): Promise<string> {
  const word = () => (child.signalCode ? `signal ${child.signalCode}` : `code ${child.exitCode ?? '?'}`);
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(word());
  return new Promise((resolve) => child.once('exit', () => resolve(word())));
}

async function stopChild(plan: ProcessPlan, child: () => ChildProcess | undefined): Promise<void> {
  kill(child(), plan.stopSignal);
  await pause(plan.graceMillis, undefined, { ref: false });
  kill(child(), plan.abortSignal ?? 'SIGKILL');
  await pause(KILL_WAIT_MILLIS, undefined, { ref: false });
  killGroup(child());
}

function kill(child: ChildProcess | undefined, signal: NodeJS.Signals): void {
  if (child && child.exitCode === null && child.signalCode === null) child.kill(signal);
}

function killGroup(child: ChildProcess | undefined): void {
  if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended between the question and the signal.
  }
}

/** The last lines of a log file, for a message about a process that did not come up. */
export function logTail(file: string, lines = 12): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '(no log)';
  }
}

/** A part of the stack did not come up. */
export class StackFailed extends Error {
  override readonly name = 'StackFailed';
}

/**
 * Waits until `isUp` says yes, at most `withinMillis`; throws StackFailed with the tail of the log when the process is
 * given up or the time is over.
 */
export async function waitUntilUp(
  running: Running,
  isUp: () => Promise<boolean>,
  withinMillis: number,
): Promise<void> {
  const until = Date.now() + withinMillis;
  while (!(await isUp())) {
    const why =
      running.failure() ??
      (Date.now() > until ? `${running.name} is not up after ${withinMillis / 1000} s` : undefined);
    if (why) throw new StackFailed(`${why}. The end of ${running.logFile}:\n${logTail(running.logFile)}`);
    await pause(100);
  }
}
