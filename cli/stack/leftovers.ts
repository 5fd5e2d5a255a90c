/**
 * Processes of an earlier launcher that was killed together with its guardian. Each start writes down what it started,
 * with the time each process began, so that a pid that belongs to somebody else by now is left alone.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { processStart } from './lock.ts';
import type { Say } from './say.ts';

const FILE = 'processes.json';
const PROCESSES = z.array(
  z.object({ pid: z.number().int().positive(), started: z.string(), name: z.string() }),
);
const GRACE_MILLIS = 5_000;
const GONE_WITHIN_MILLIS = 15_000;

/** Writes down which processes run; the whole list each time. */
export function noteProcesses(dataDir: string, running: readonly { pid: number; name: string }[]): void {
  const list = running.map(({ pid, name }) => ({ pid, name, started: processStart(pid) ?? '' }));
  const file = join(dataDir, FILE);
  writeFileSync(`${file}.new`, JSON.stringify(list));
  renameSync(`${file}.new`, file);
}

/** Ends what an earlier launcher left running; only for the holder of the folder's lock. Waits until it is gone. */
export async function endLeftovers(dataDir: string, say: Say): Promise<void> {
  const left = readList(dataDir).filter(
    ({ pid, started }) => started !== '' && processStart(pid) === started,
  );
  if (left.length === 0) return;
  say.line(`Ending what a killed launcher left running: ${left.map(({ name }) => name).join(', ')}`);
  const still = () => left.filter(({ pid, started }) => processStart(pid) === started);
  for (const { pid, name } of left) send(pid, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
  const since = Date.now();
  while (still().length > 0 && Date.now() - since < GONE_WITHIN_MILLIS) {
    // PostgreSQL is spared: killed hard it leaves children that hold its shared memory; it is asked again when it starts.
    const deaf = Date.now() - since > GRACE_MILLIS ? still().filter(({ name }) => name !== 'postgres') : [];
    for (const { pid } of deaf) send(pid, 'SIGKILL');
    await pause(100);
  }
}

function readList(dataDir: string): z.infer<typeof PROCESSES> {
  try {
    const parsed = PROCESSES.safeParse(JSON.parse(readFileSync(join(dataDir, FILE), 'utf8')));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between.
  }
}
