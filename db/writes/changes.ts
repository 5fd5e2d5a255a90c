/**
 * The doorbell of live screens: after a change was committed, whoever listens in PostgreSQL is told that the feed of
 * events has something new. It carries nothing and may be lost: the feed is the truth, and listeners also look by
 * themselves. It is rung after the commit and not inside the transaction, because a transaction that notifies takes the
 * one lock of the notification queue until it has committed, and intake would commit one order at a time.
 */
import { setTimeout } from 'node:timers/promises';
import type pg from 'pg';

/** The channel that is listened on. */
export const CHANGES_CHANNEL = 'holdfast_changes';

const PAUSE_MILLIS = 100;

interface Bell {
  /** From a ring until a moment after it: who wants to ring meanwhile waits for the end of it, all of them for one ring. */
  isResting: boolean;
  isWanted: boolean;
}

const bells = new WeakMap<pg.Pool, Bell>();

/**
 * Says that something was committed: rings at once, or once more after the ring that is under way and 100 ms. Never
 * throws, never waited for.
 */
export function noteChange(pool: pg.Pool): void {
  const bell = bells.get(pool) ?? { isResting: false, isWanted: false };
  bells.set(pool, bell);
  bell.isWanted = true;
  if (!bell.isResting) void ring(pool, bell);
}

async function ring(pool: pg.Pool, bell: Bell): Promise<void> {
  bell.isResting = true;
  // A pool that is ending takes no more queries; the listeners' own look finds what it wrote.
  while (bell.isWanted && !pool.ending) {
    bell.isWanted = false;
    await pool.query(`select pg_notify('${CHANGES_CHANNEL}', '')`).catch(() => undefined);
    await setTimeout(PAUSE_MILLIS, undefined, { ref: false });
  }
  bell.isResting = false;
}
