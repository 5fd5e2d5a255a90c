/**
 * What the launcher writes into its data folder for others to read: the ports of last time, and while it runs, where
 * everything is (the command line finds the API there).
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Ports } from './ports.ts';

/** The folder of `npm start`, below the project. */
export const DATA_FOLDER = '.holdfast';

const PORTS_FILE = 'ports.json';
const STACK_FILE = 'stack.json';
const PORTS = z.object({
  api: z.number(),
  metrics: z.number(),
  workerMetrics: z.number(),
  postgres: z.number(),
  temporal: z.number(),
  temporalUi: z.number(),
  payment: z.number(),
  warehouse: z.number(),
  carrier: z.number(),
});
const RUNNING = z.object({ apiUrl: z.string(), temporalAddress: z.string(), temporalUiUrl: z.string() });

/** Where a running stack is; holds no secret. */
export type RunningStack = z.infer<typeof RUNNING>;

/** The ports of the last start, or undefined. */
export function rememberedPorts(dataDir: string): Ports | undefined {
  return readJson(join(dataDir, PORTS_FILE), PORTS);
}

/** Remembers the ports for the next start. */
export function rememberPorts(dataDir: string, ports: Ports): void {
  writeJson(join(dataDir, PORTS_FILE), ports);
}

/** Tells others where the stack is; returns how to take that back. */
export function announceStack(dataDir: string, running: RunningStack): () => void {
  const file = join(dataDir, STACK_FILE);
  writeJson(file, running);
  return () => rmSync(file, { force: true });
}

/** Where the stack of this data folder is, when one was announced; whether it still answers is for the caller to see. */
export function announcedStack(dataDir: string): RunningStack | undefined {
  return readJson(join(dataDir, STACK_FILE), RUNNING);
}

function readJson<T>(file: string, schema: z.ZodType<T>): T | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Missing, or broken by a full disk: the file only remembers, it decides nothing.
    return undefined;
  }
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}
