/**
 * The changes that live screens follow: the feed of all events with the number of the order each belongs to, and the
 * doorbell that says when to look at it.
 */
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import type { Db } from '../connect.ts';
import { CHANGES_CHANNEL } from '../writes/changes.ts';
import type { FeedPlace } from './events.ts';

/** One change with its place in the feed. */
export interface ChangeRow extends FeedPlace {
  id: string;
  type: string;
  order_id: string | null;
  order_number: number | null;
  channel: string | null;
  actor: string;
  created_at: Date;
}

/**
 * Changes of all channels after a place, oldest first, at most `limit`; like the feed it stops below the oldest
 * transaction that still runs, so it skips no late commit.
 */
export async function readChanges(
  db: Pick<Db, 'pool'>,
  page: { after: FeedPlace; limit: number },
): Promise<ChangeRow[]> {
  const { rows } = await db.pool.query<ChangeRow>({
    name: 'changes_feed',
    text: `select e.id, e.type, e.order_id, o.number as order_number, e.channel, e.actor, e.created_at,
        e.xid::text as xid, e.position
      from events e left join orders o on o.id = e.order_id
      where (e.xid, e.position) > ($1::text::xid8, $2::bigint) and e.xid < pg_snapshot_xmin(pg_current_snapshot())
      order by e.xid, e.position limit $3`,
    values: [page.after.xid, page.after.position, page.limit],
  });
  return rows;
}

/** The place of the newest event that the feed shows: what comes after it is new. */
export async function readFeedEnd(db: Pick<Db, 'pool'>): Promise<FeedPlace> {
  const { rows } = await db.pool.query<FeedPlace>(
    `select xid::text as xid, position from events where xid < pg_snapshot_xmin(pg_current_snapshot())
     order by events.xid desc, position desc limit 1`,
  );
  return rows[0] ?? { xid: '0', position: 0 };
}

const RECONNECT_MILLIS = [100, 500, 2_000, 5_000];

/** Listens for the doorbell; `stop` ends it and its connection. */
export interface Listening {
  stop(): Promise<void>;
}

/**
 * Listens until it is stopped, on a connection of its own to the database of the pool: one of the pool's would be missing
 * there for as long as somebody listens. A connection that breaks is replaced. `onRing` is called at each ring, and
 * whenever listening begins, because a ring may have been missed before.
 */
export function listenForChanges(db: Pick<Db, 'pool'>, onRing: () => void): Listening {
  const stopping = new AbortController();
  const listening = listenOn(db, onRing, stopping.signal);
  return {
    stop() {
      stopping.abort();
      return listening;
    },
  };
}

async function listenOn(db: Pick<Db, 'pool'>, onRing: () => void, stopping: AbortSignal): Promise<void> {
  for (let failures = 0; !stopping.aborted; failures += 1) {
    const heard = () => {
      failures = 0;
      onRing();
    };
    await listenOnce(new pg.Client(db.pool.options), heard, stopping).catch(() => undefined);
    const pause = RECONNECT_MILLIS[Math.min(failures, RECONNECT_MILLIS.length - 1)] ?? 0;
    await setTimeout(pause, undefined, { signal: stopping }).catch(() => undefined);
  }
}

/** Listens on one connection until it breaks or `stopping` is aborted, and closes it. */
async function listenOnce(client: pg.Client, onRing: () => void, stopping: AbortSignal): Promise<void> {
  const over = new AbortController();
  const ended = new Promise<void>((resolve) => {
    // One connection may report several errors; each needs somebody who hears it.
    client.on('error', () => resolve()).on('end', () => resolve());
    stopping.addEventListener('abort', () => resolve(), { signal: over.signal });
  });
  client.on('notification', onRing);
  try {
    const begun = client.connect().then(() => client.query(`listen ${CHANGES_CHANNEL}`));
    await Promise.race([begun.then(onRing), ended]);
    await ended;
  } finally {
    over.abort();
    client.off('notification', onRing);
    await client.end().catch(() => undefined);
  }
}
