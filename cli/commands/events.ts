/** `holdfast events tail`: the feed of events as it grows. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Event } from '../../api/schemas/feeds.ts';
import type { Context } from '../context.ts';
import { dataText, instant } from '../format.ts';
import { limit } from './inputs.ts';
import type { Act } from '../run.ts';

interface Feed {
  data: Event[];
  nextCursor: string;
  hasMore: boolean;
}

interface TailFlags {
  after?: string;
  follow?: boolean;
  limit: number;
}

const LOOK_EVERY_MILLIS = 1_000;

/** Adds the commands. */
export function registerEvents(program: Command, act: Act): void {
  program
    .command('events')
    .description('what happens')
    .command('tail')
    .description('the newest events; with --follow also those to come, until Ctrl-C')
    .option('--after <cursor>', 'everything after a cursor that was printed at the end of an earlier call')
    .option('--follow', 'goes on as events happen')
    .option('--limit <n>', 'at most so many of the past', limit, 20)
    .addHelpText(
      'after',
      '\nExamples:\n  holdfast events tail --follow\n  holdfast events tail --json | jq .type',
    )
    .action((flags: TailFlags, command: Command) => act(command, (context) => tail(context, flags)));
}

async function tail(context: Context, flags: TailFlags): Promise<void> {
  let cursor = await past(context, flags);
  while (flags.follow && !context.io.signal.aborted) {
    await pause(LOOK_EVERY_MILLIS, undefined, { signal: context.io.signal }).catch(() => undefined);
    if (context.io.signal.aborted) break;
    cursor = await drain(context, cursor, (events) => printAll(context, events));
  }
  if (cursor !== undefined) context.next(`holdfast events tail --after ${cursor}`);
}

// The feed is read forwards only; of the past the last `limit` are kept while it is read.
async function past(context: Context, flags: TailFlags): Promise<string | undefined> {
  let kept: Event[] = [];
  const cursor = await drain(context, flags.after, (events) => {
    kept = [...kept, ...events].slice(-flags.limit);
  });
  printAll(context, kept);
  return cursor;
}

async function drain(
  context: Context,
  from: string | undefined,
  take: (events: Event[]) => void,
): Promise<string | undefined> {
  let cursor = from;
  for (;;) {
    const feed: Feed = await context.api().call<Feed>('/v1/events', { query: { after: cursor, limit: 100 } });
    take(feed.data);
    cursor = feed.nextCursor;
    if (!feed.hasMore || context.io.signal.aborted) return cursor;
  }
}

function printAll(context: Context, events: readonly Event[]): void {
  for (const event of events) context.io.out(context.json ? JSON.stringify(event) : lineOf(event));
}

function lineOf(event: Event): string {
  return [
    instant(event.createdAt),
    event.type.padEnd(24),
    event.orderId ?? '-',
    event.actor,
    dataText(event.data),
  ].join('  ');
}
