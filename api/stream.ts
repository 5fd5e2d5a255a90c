/**
 * Live changes for all open streams of this process: one reader follows the feed of events and hands each change on, so
 * that a hundred screens cost one query. The doorbell (PostgreSQL NOTIFY) says when to look, a look every second makes up
 * for rings that were lost, and the feed itself says what happened: nothing is skipped and nothing comes twice.
 */
import {
  listenForChanges,
  readChanges,
  readFeedEnd,
  type ChangeRow,
  type Listening,
} from '../db/reads/changes.ts';
import type { FeedPlace } from '../db/reads/events.ts';
import type { Db } from '../db/connect.ts';
import { encodeCursor } from './cursor.ts';
import { Refusal } from './problems.ts';
import type { Change } from './schemas/stream.ts';

/** The name of the list that a change's id is a cursor of: the same as the feed's, so either can go on from the other. */
export const CHANGES_LIST = 'events';

/** One open stream, as the feed hands changes to it. None of these may throw; each is called in turn, never after `leave`. */
export interface Listener {
  /** Sees this channel's changes only; null sees all. */
  channel: string | null;
  /** Called once, before anything else: the place that the stream goes on from. */
  begin(id: string): void;
  send(id: string, change: Change): void;
  /** More was missed than is sent one by one: everything shown has to be read again. */
  reset(id: string): void;
}

/** The feed of one process. */
export interface ChangeFeed {
  /**
   * Adds a stream: what came after `after` is sent first, in order, then what comes. Without `after` it starts now.
   * `begun` rejects when the database is away or the feed was stopped; `leave` ends it at any time, more than once too.
   */
  join(listener: Listener, after: FeedPlace | undefined): { begun: Promise<void>; leave(): void };
  /** Ends listening for good. */
  stop(): Promise<void>;
}

const PAGE = 500;
/** How many missed changes are sent one by one, those of other channels counted. */
export const MISSED_MAX = 1_000;
const LOOK_MILLIS = 1_000;
/** The feed ends below the oldest running transaction, which may end a moment after the ring. */
const AGAIN_MILLIS = [40, 120];

/** A feed on a database; it holds a connection and looks only while somebody listens. */
export function createChangeFeed(db: Pick<Db, 'pool'>): ChangeFeed {
  const closing = new Set<Promise<void>>();
  let watch: Watch | undefined;
  let isStopped = false;

  function close(one: Watch): void {
    if (watch === one) watch = undefined;
    const closed = one.close().finally(() => closing.delete(closed));
    closing.add(closed);
  }

  return {
    join(listener, after) {
      if (isStopped) return { begun: Promise.reject(new Refusal('unavailable')), leave: () => undefined };
      const on = (watch ??= new Watch(db));
      const one = on.add(listener, after);
      const leave = () => {
        if (on.remove(one) === 'none left') close(on);
      };
      const begun = on.begin(one).catch((error: unknown) => {
        leave();
        throw error;
      });
      return { begun, leave };
    },
    async stop() {
      isStopped = true;
      if (watch) close(watch);
      await Promise.all(closing);
    },
  };
}

/** One change as all streams get it. */
interface Entry extends FeedPlace {
  id: string;
  channel: string | null;
  change: Change;
}

interface Joined {
  listener: Listener;
  /** The last place this stream has had; undefined until it is known where it starts. */
  sent: FeedPlace | undefined;
  /** While it catches up, what is found meanwhile waits here. */
  waiting: Entry[] | undefined;
}

/** Follows the feed from the first stream that joins until the last has left. */
class Watch {
  readonly #db: Pick<Db, 'pool'>;
  readonly #joined = new Set<Joined>();
  readonly #started: Promise<FeedPlace>;
  #place: FeedPlace | undefined;
  #listening: Listening | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<boolean> | undefined;
  #isWanted = false;
  #isClosed = false;

  constructor(db: Pick<Db, 'pool'>) {
    this.#db = db;
    this.#started = this.#start();
    // Each stream that joins hears of a failure itself.
    this.#started.catch(() => undefined);
  }

  add(listener: Listener, after: FeedPlace | undefined): Joined {
    const one: Joined = { listener, sent: after, waiting: [] };
    this.#joined.add(one);
    return one;
  }

  remove(one: Joined): 'none left' | undefined {
    return this.#joined.delete(one) && this.#joined.size === 0 ? 'none left' : undefined;
  }

  /**
   * Brings a stream up to now. From its last read on nothing is awaited: what was found meanwhile is handed over before
   * anything newer can come in between.
   */
  async begin(one: Joined): Promise<void> {
    const first = await this.#started;
    if (!this.#joined.has(one)) return;
    if (one.sent === undefined) {
      one.sent = this.#place ?? first;
      one.listener.begin(idOf(one.sent));
    } else {
      one.listener.begin(idOf(one.sent));
      await this.#catchUp(one, one.sent);
      if (!this.#joined.has(one)) return;
    }
    const held = one.waiting ?? [];
    one.waiting = undefined;
    deliver(one, held);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#joined.clear();
    clearInterval(this.#timer);
    await this.#started.catch(() => undefined);
    await this.#listening?.stop();
    await this.#looking;
  }

  async #start(): Promise<FeedPlace> {
    const end = await readFeedEnd(this.#db);
    this.#place = end;
    if (this.#isClosed) return end;
    this.#listening = listenForChanges(this.#db, () => void this.#ring());
    this.#timer = setInterval(() => void this.#look(), LOOK_MILLIS);
    this.#timer.unref();
    return end;
  }

  /** Sends what was missed, or says that it is too much to send, or that this database never came to such a place. */
  async #catchUp(one: Joined, after: FeedPlace): Promise<void> {
    const rows = await readChanges(this.#db, { after, limit: MISSED_MAX + 1 });
    const isUnknown = rows.length === 0 && isAfter(after, await readFeedEnd(this.#db));
    if (!this.#joined.has(one)) return;
    if (rows.length <= MISSED_MAX && !isUnknown) return deliver(one, rows.map(toEntry));
    one.sent = this.#place ?? after;
    one.listener.reset(idOf(one.sent));
  }

  async #ring(): Promise<void> {
    if (await this.#look()) return;
    for (const pause of AGAIN_MILLIS) setTimeout(() => void this.#look(), pause).unref();
  }

  /** Reads what is new and hands it on, one look at a time; true when the last read found something. Never rejects. */
  #look(): Promise<boolean> {
    this.#isWanted = true;
    this.#looking ??= this.#lookWhileWanted().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookWhileWanted(): Promise<boolean> {
    let found = false;
    while (this.#isWanted && !this.#isClosed) {
      this.#isWanted = false;
      // A database that is away tells nothing; the next look does.
      found = await this.#readOn().catch(() => false);
    }
    return found;
  }

  async #readOn(): Promise<boolean> {
    if (!this.#place) return false;
    const rows = await readChanges(this.#db, { after: this.#place, limit: PAGE });
    const entries = rows.map(toEntry);
    const last = entries.at(-1);
    if (!last) return false;
    this.#place = last;
    for (const one of this.#joined) {
      if (one.waiting) one.waiting.push(...entries);
      else deliver(one, entries);
    }
    if (rows.length === PAGE) this.#isWanted = true;
    return true;
  }
}

/** Sends what a stream has not had and may see. */
function deliver(one: Joined, entries: readonly Entry[]): void {
  const { channel } = one.listener;
  for (const entry of entries) {
    if (one.sent && !isAfter(entry, one.sent)) continue;
    one.sent = entry;
    if (channel === null || channel === entry.channel) one.listener.send(entry.id, entry.change);
  }
}

function isAfter(a: FeedPlace, b: FeedPlace): boolean {
  const [x, y] = [BigInt(a.xid), BigInt(b.xid)];
  return x === y ? a.position > b.position : x > y;
}

function idOf(place: FeedPlace): string {
  return encodeCursor(CHANGES_LIST, [place.xid, place.position]);
}

function toEntry(row: ChangeRow): Entry {
  const { xid, position, channel } = row;
  const change: Change = {
    id: row.id,
    type: row.type,
    orderId: row.order_id,
    orderNumber: row.order_number,
    channel,
    actor: row.actor,
    at: row.created_at.toISOString(),
  };
  return { xid, position, id: idOf(row), channel, change };
}
