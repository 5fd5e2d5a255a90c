/**
 * The loading dock: asks Holdfast's dispatch feed which packed parcels may leave, and gives those to the carrier. It
 * asks only while packed parcels stand here, and less often while nothing comes of it.
 */
import { z } from 'zod';
import { postJson } from './outgoing.ts';

const FEED = z.object({
  data: z.array(z.object({ fulfillmentId: z.string(), trackingCode: z.string().min(1) })),
});

const INTERVAL_MIN_MILLIS = 100;
const INTERVAL_MAX_MILLIS = 2_000;
const SLOWDOWN = 1.15;
const TIMEOUT_MILLIS = 10_000;

/** What the dock has to know. */
export interface DockOptions {
  holdfastUrl: string | undefined;
  warehouseKey: string | undefined;
  carrierUrl: string;
  paceSeconds(): number;
  /** Ids of the packed parcels that stand here. */
  packed(): ReadonlyMap<string, unknown>;
  onHandedOver(fulfillmentId: string, trackingCode: string): void;
}

/** The loading dock. */
export interface Dock {
  /** A parcel was packed: begin to ask again, at the shortest interval. */
  wake(): void;
  connect(holdfastUrl: string, warehouseKey: string | undefined): void;
  close(): void;
}

/** A dock that sleeps until it is woken. */
export function createDock(options: DockOptions): Dock {
  let { holdfastUrl, warehouseKey } = options;
  let timer: NodeJS.Timeout | undefined;
  let asking = false;
  let closed = false;
  let slowdown = 1;
  let dueAt = Infinity;

  /** Asks after the interval, unless it is to ask earlier anyway. */
  function arm(): void {
    if (closed || asking || holdfastUrl === undefined || warehouseKey === undefined) return;
    if (options.packed().size === 0) return;
    const shortest = Math.max(INTERVAL_MIN_MILLIS, options.paceSeconds() * 250);
    const millis = Math.max(shortest, Math.min(INTERVAL_MAX_MILLIS, shortest * slowdown));
    if (Date.now() + millis >= dueAt) return;
    clearTimeout(timer);
    dueAt = Date.now() + millis;
    timer = setTimeout(() => void ask(), millis);
  }

  async function ask(): Promise<void> {
    asking = true;
    dueAt = Infinity;
    const moved = await round().catch(() => 0);
    asking = false;
    slowdown = moved > 0 ? 1 : slowdown * SLOWDOWN;
    arm();
  }

  async function round(): Promise<number> {
    if (holdfastUrl === undefined || warehouseKey === undefined) return 0;
    const response = await fetch(new URL('/v1/locations/-/dispatches', holdfastUrl), {
      headers: { authorization: `Bearer ${warehouseKey}` },
      signal: AbortSignal.timeout(TIMEOUT_MILLIS),
    });
    if (!response.ok) return 0;
    const { data } = FEED.parse(await response.json());
    const here = data.filter((row) => options.packed().has(row.fulfillmentId));
    const taken = await Promise.all(here.map((row) => handOver(options.carrierUrl, row.trackingCode)));
    const moved = here.filter((_, index) => taken[index] === true);
    if (closed) return 0;
    for (const row of moved) options.onHandedOver(row.fulfillmentId, row.trackingCode);
    return moved.length;
  }

  return {
    wake() {
      slowdown = 1;
      arm();
    },
    connect(url, key) {
      holdfastUrl = url;
      warehouseKey = key;
      arm();
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/** Gives one parcel to the driver; false when the carrier did not take it (yet). */
async function handOver(carrierUrl: string, trackingCode: string): Promise<boolean> {
  try {
    const body = JSON.stringify({ trackingCode });
    const url = new URL('/_handover', carrierUrl);
    return (await postJson(url, { body, timeoutMillis: TIMEOUT_MILLIS })) === 200;
  } catch {
    return false;
  }
}
