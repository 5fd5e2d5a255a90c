/**
 * The fast path from "accepted" to "started": at most a few starts in flight, each with a slot that was taken before the
 * order was stored, so that the relay leaves the order alone for 5 s. What fails here is left to the relay; a burst waits
 * in the outbox and not in the callers' requests.
 */
import type { Db } from '../db/connect.ts';
import { deleteStarted } from '../db/writes/outboxDone.ts';
import type { OrderRef } from '../workflows/contract.ts';
import type { OrderLane } from './lane.ts';

/** Starts accepted orders. */
export interface Starter {
  /** Takes a slot when one is free. */
  takeSlot(): boolean;
  /** Gives a slot back that was not used. */
  releaseSlot(): void;
  /** Starts the workflow in the background; needs a slot and gives it back. */
  start(ref: OrderRef): void;
  /** Waits until nothing is in flight and the outbox rows of what was started are deleted. */
  drain(): Promise<void>;
}

const SLOTS = 8;
const FLUSH_MILLIS = 25;
const FLUSH_ROWS_MAX = 50;

/** A starter; without a lane it has no slots and everything is left in the outbox. */
export function createStarter(
  db: Pick<Db, 'pool'>,
  lane: OrderLane | undefined,
  onStart: (ok: boolean) => void,
): Starter {
  let free = lane ? SLOTS : 0;
  const started: string[] = [];
  let flushing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const flights = new Set<Promise<void>>();

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    flushing ??= flushOnce().finally(() => {
      flushing = undefined;
      if (started.length > 0) schedule();
    });
    return flushing;
  }

  // A row that isn't deleted is started again by the relay, which harms nothing.
  async function flushOnce(): Promise<void> {
    const batch = started.splice(0, FLUSH_ROWS_MAX);
    if (batch.length > 0) await deleteStarted(db, batch).catch(() => undefined);
  }

  function schedule(): void {
    if (started.length >= FLUSH_ROWS_MAX) void flush();
    else timer ??= setTimeout(() => void flush(), FLUSH_MILLIS);
  }

  async function fly(ref: OrderRef): Promise<void> {
    try {
      await lane?.start(ref);
      started.push(ref.orderId);
      onStart(true);
      schedule();
    } catch {
      onStart(false);
    } finally {
      free += 1;
    }
  }

  return {
    takeSlot() {
      if (free === 0) return false;
      free -= 1;
      return true;
    },
    releaseSlot() {
      free += 1;
    },
    start(ref) {
      const flight: Promise<void> = fly(ref).finally(() => flights.delete(flight));
      flights.add(flight);
    },
    async drain() {
      await Promise.all(flights);
      while (started.length > 0 || flushing) await flush();
    },
  };
}
