/**
 * Rings orders whose inbox has something urgent: at most one ring an order and second from this process, a few at a
 * time, never waited for. A ring within the second is put off to its end; what is not rung here at all, the relay rings
 * five seconds after the row was stored.
 */
import type { OrderRef } from '../workflows/contract.ts';
import type { OrderLane } from './lane.ts';

/** Rings in the background. */
export interface Doorbell {
  ring(ref: OrderRef): void;
  /** Drops what was put off and waits until nothing is in flight. */
  drain(): Promise<void>;
}

const QUIET_MILLIS = 1_000;
const IN_FLIGHT_MAX = 16;
const REMEMBERED_MAX = 10_000;

/** A doorbell; without a lane it is silent. */
export function createDoorbell(lane: OrderLane | undefined, onRing: (ok: boolean) => void): Doorbell {
  /** Orders rung within the last second; true when somebody rang again since. */
  const quiet = new Map<string, { timer: NodeJS.Timeout; again: boolean }>();
  const flights = new Set<Promise<void>>();

  async function fly(ref: OrderRef): Promise<void> {
    try {
      await lane?.ring(ref);
      onRing(true);
    } catch {
      onRing(false);
    }
  }

  function ring(ref: OrderRef): void {
    const recent = quiet.get(ref.orderId);
    if (recent) {
      recent.again = true;
      return;
    }
    if (!lane || flights.size >= IN_FLIGHT_MAX || quiet.size >= REMEMBERED_MAX) return;
    const timer = setTimeout(() => {
      const again = quiet.get(ref.orderId)?.again;
      quiet.delete(ref.orderId);
      if (again) ring(ref);
    }, QUIET_MILLIS);
    quiet.set(ref.orderId, { timer, again: false });
    const flight: Promise<void> = fly(ref).finally(() => flights.delete(flight));
    flights.add(flight);
  }

  return {
    ring,
    async drain() {
      for (const { timer } of quiet.values()) clearTimeout(timer);
      quiet.clear();
      await Promise.all(flights);
    },
  };
}
