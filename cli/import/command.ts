/** What the import commands share with the program that mounts them: its nouns and its global options. */
import type { Command } from 'commander';
import { z } from 'zod';
import { UsageError } from '../context.ts';
import type { Target } from './patience.ts';

/** The noun's command, made when the program has none yet. */
export function nounOf(program: Command, noun: string): Command {
  if (program.name() === noun) return program;
  return program.commands.find((command) => command.name() === noun) ?? program.command(noun);
}

const GLOBALS = z.looseObject({ url: z.string().optional(), apiKey: z.string().optional() });

/** Address and key of the API from the global options --url and --api-key. Throws UsageError. */
export function readTarget(command: Command): Target {
  const { url, apiKey } = GLOBALS.parse(command.optsWithGlobals());
  if (!url) throw new UsageError('where is the API? Set HOLDFAST_URL (or --url)');
  if (!apiKey) throw new UsageError('who is asking? Set HOLDFAST_API_KEY (or --api-key)');
  return { url, apiKey };
}

/** Runs a job that a first Ctrl-C asks to end in good order: what is in flight is waited for. */
export async function untilInterrupted<T>(job: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const onInterrupt = () => stop.abort();
  process.once('SIGINT', onInterrupt);
  try {
    return await job(stop.signal);
  } finally {
    process.removeListener('SIGINT', onInterrupt);
  }
}

/** The job was stopped before its end; running the same command again goes on. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}
