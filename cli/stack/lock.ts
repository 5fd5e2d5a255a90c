/**
 * One launcher per data folder. The lock names a process and when it was started, so that a lock left by a killed
 * launcher is taken over even when its process id belongs to somebody else by now.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const LOCK_FILE = 'launcher.lock';
const LOCK = z.object({ pid: z.number().int().positive(), started: z.string() });

/** Another launcher runs on the same data folder. */
export class StackRunning extends Error {
  override readonly name = 'StackRunning';
}

/**
 * When a process was started, in the words of the system: with the pid it names one process for good. Undefined when
 * there is no such process.
 */
export function processStart(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      // Field 22, counted behind the command name, which is in brackets and may hold anything.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    } catch {
      return undefined;
    }
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The pid of the launcher that runs on this data folder, or undefined. */
export function runningLauncher(dataDir: string): number | undefined {
  const lock = readLock(dataDir);
  return lock && processStart(lock.pid) === lock.started ? lock.pid : undefined;
}

/** Takes the lock of a data folder and returns how to give it back. Throws StackRunning when another launcher has it. */
export function takeLock(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, LOCK_FILE);
  const mine = JSON.stringify({ pid: process.pid, started: processStart(process.pid) ?? '' });
  for (;;) {
    try {
      writeFileSync(file, mine, { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (!isFileError(error, 'EEXIST')) throw error;
    }
    const holder = runningLauncher(dataDir);
    if (holder !== undefined)
      throw new StackRunning(
        `a stack is running on ${dataDir} already (launcher process ${holder}); stop it with Ctrl-C there first`,
      );
    setAside(file);
  }
}

// Of several launchers that find the same stale lock only one can rename it; the others meet the new one.
function setAside(file: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    rmSync(aside, { force: true });
  } catch (error) {
    if (!isFileError(error, 'ENOENT')) throw error;
  }
}

function readLock(dataDir: string): z.infer<typeof LOCK> | undefined {
  try {
    const parsed = LOCK.safeParse(JSON.parse(readFileSync(join(dataDir, LOCK_FILE), 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** True when an error of the file system carries this code (ENOENT, EEXIST …). */
export function isFileError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
