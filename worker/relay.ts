/**
 * The relay: starts the workflows that the API's fast path missed and rings again for inbox rows nobody has taken.
 * Leased rows, up to 16 at once, back-off per row; starts, imports and reconciliation are lanes of their own. Any
 * number of relays may run.
 */
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type pg from 'pg';
import {
  deleteStarts,
  leaseRings,
  leaseStarts,
  postponeStart,
  type LeasedStart,
  type OutboxLane,
} from '../db/writes/outbox.ts';
import { openCase, resolveCases } from '../db/writes/cases.ts';
import { withOrder } from '../db/writes/order.ts';
import { replaceStuckRuns } from './stuck.ts';
import { ORDER_WORKFLOW, orderStartOptions, RING_SIGNAL, type OrderRef } from '../workflows/contract.ts';

/** What a relay needs. */
export interface RelayOptions {
  client: Client;
  pool: pg.Pool;
  log: Pick<Logger, 'warn' | 'error'>;
  /** Pause when there was nothing to do, milliseconds. */
  idleMillis?: number;
}

/** A running relay. */
export interface Relay {
  /** Lets the round under way end, then resolves. */
  stop(): Promise<void>;
}

const AT_ONCE = 16;
/** Rows a round: starts and imports as they come, the reconciler at 20 a second (four rounds). */
const LANES: readonly { lane: OutboxLane; limit: number }[] = [
  { lane: 'start', limit: 50 },
  { lane: 'import', limit: 20 },
  { lane: 'reconcile', limit: 5 },
];
/** A row that could not be started this often needs somebody to look. */
const CASE_AFTER_TRIES = 20;
/** How often the stuck radar looks. */
const RADAR_MILLIS = 60_000;
const IDLE_MILLIS = 250;
const TROUBLE_MILLIS = 2_000;

/** Starts a relay; it runs until stopped, through outages of Temporal and of the database. */
export function startRelay(options: RelayOptions): Relay {
  const stopping = new AbortController();
  const done = loop(options, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

async function loop(options: RelayOptions, signal: AbortSignal): Promise<void> {
  let radarAt = Date.now() + RADAR_MILLIS;
  while (!signal.aborted) {
    let pause = options.idleMillis ?? IDLE_MILLIS;
    try {
      if (await runRound(options)) pause = 0;
      if (Date.now() > radarAt) {
        radarAt = Date.now() + RADAR_MILLIS;
        await replaceStuckRuns(options);
      }
    } catch (error) {
      options.log.error({ err: error }, 'the relay could not finish its round');
      pause = TROUBLE_MILLIS;
    }
    await rest(pause, signal);
  }
}

/** One round over all lanes; true when a lane was full, so that the next round should follow at once. */
async function runRound(options: RelayOptions): Promise<boolean> {
  let full = false;
  for (const { lane, limit } of LANES) {
    const rows = await leaseStarts(options.pool, lane, limit);
    const done: number[] = [];
    await inParallel(rows, async (row) => {
      if (await startOne(options, row)) done.push(row.id);
    });
    await deleteStarts(options.pool, done);
    full ||= rows.length === limit && lane !== 'reconcile' && done.length > 0;
  }
  const rings = await leaseRings(options.pool, 50);
  await inParallel(rings, async (ref) => {
    await ring(options.client, ref).catch((error: unknown) =>
      options.log.warn({ err: error, orderId: ref.orderId }, 'could not ring'),
    );
  });
  return full;
}

/** Starts one order; one that runs already is left alone, so a long outage costs no events. */
async function startOne(options: RelayOptions, row: LeasedStart): Promise<boolean> {
  try {
    await options.client.workflow.start(ORDER_WORKFLOW, orderStartOptions(row));
    if (row.attempts > CASE_AFTER_TRIES) await closeStartCase(options, row);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    options.log.warn(
      { orderId: row.orderId, attempts: row.attempts, reason: message },
      'could not start an order; will try again',
    );
    await postponeStart(options.pool, { id: row.id, attempts: row.attempts, error: message });
    if (row.attempts >= CASE_AFTER_TRIES) await openStartCase(options, row, message);
    return false;
  }
}

async function openStartCase(options: RelayOptions, row: LeasedStart, message: string): Promise<void> {
  const detail = `Could not be started ${row.attempts} times: ${message.slice(0, 200)}`;
  const given = { subject: row.orderId, code: 'unavailable', attention: 'data_fix', detail } as const;
  await withOrder(options.pool, row.orderId, (work) => openCase(work, given)).catch((error: unknown) => {
    options.log.error(
      { err: error, orderId: row.orderId },
      'could not open the case of an order that does not start',
    );
  });
}

async function closeStartCase(options: RelayOptions, row: LeasedStart): Promise<void> {
  await withOrder(options.pool, row.orderId, async (work) => {
    await resolveCases(work, { subject: row.orderId, codes: ['unavailable'], resolution: 'started' });
  });
}

async function ring(client: Client, ref: OrderRef): Promise<void> {
  await client.workflow.signalWithStart(ORDER_WORKFLOW, {
    ...orderStartOptions(ref),
    signal: RING_SIGNAL,
    signalArgs: [],
  });
}

async function inParallel<T>(rows: readonly T[], work: (row: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    await Promise.all(rows.slice(from, from + AT_ONCE).map(work));
  }
}

async function rest(millis: number, signal: AbortSignal): Promise<void> {
  if (millis === 0 || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(finish, millis);
    function finish(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    }
    signal.addEventListener('abort', finish, { once: true });
  });
}
