/** Feeds and timelines: what happened to one order in its own sequence, and what happened at all, with nothing skipped. */
import type { Db } from '../connect.ts';

/** One event as stored. */
export interface EventRow {
  id: string;
  order_id: string | null;
  seq: number | null;
  channel: string | null;
  type: string;
  actor: string;
  data: Record<string, unknown>;
  created_at: Date;
}

const COLUMNS = 'id, order_id, seq, channel, type, actor, data, created_at';

/** Events of one order after a sequence number, oldest first; one more than `limit` tells that more follow. */
export async function readOrderEvents(
  db: Pick<Db, 'pool'>,
  page: { orderId: string; after: number; limit: number },
): Promise<EventRow[]> {
  const { rows } = await db.pool.query<EventRow>({
    name: 'events_of_order',
    text: `select ${COLUMNS} from events where order_id = $1 and seq > $2 order by seq limit $3 + 1`,
    values: [page.orderId, page.after, page.limit],
  });
  return rows;
}

/** The place in the feed of all events: the transaction that wrote one, and its position. */
export interface FeedPlace {
  xid: string;
  position: number;
}

/** An event with its place. */
export interface FeedRow extends EventRow, FeedPlace {}

/**
 * The feed of all events, oldest first. It stops below the oldest transaction that still runs: a serial number alone
 * would skip what commits late (4802 was seen visible before 4801). `channel` null shows all.
 */
export async function readFeed(
  db: Pick<Db, 'pool'>,
  page: { after: FeedPlace; limit: number; channel: string | null },
): Promise<FeedRow[]> {
  const { rows } = await db.pool.query<FeedRow>({
    name: 'events_feed',
    text: `select ${COLUMNS}, xid::text as xid, position from events
      where (xid, position) > ($1::text::xid8, $2::bigint) and xid < pg_snapshot_xmin(pg_current_snapshot())
        and ($3::text is null or channel = $3)
      order by events.xid, position limit $4 + 1`,
    values: [page.after.xid, page.after.position, page.channel, page.limit],
  });
  return rows;
}

/** One entry of an order's timeline: an event, or a wait, case or command with when it began and how it ended. */
export interface TimelineRow {
  at: Date;
  /** Unique within the order; breaks ties of `at`. */
  id: string;
  kind: 'event' | 'wait' | 'case' | 'command';
  type: string;
  actor: string;
  data: Record<string, unknown>;
}

const TIMELINE = `
select * from (
  select date_trunc('milliseconds', created_at) as at, id, 'event' as kind, type, actor, data from events where order_id = $1
  union all
  select date_trunc('milliseconds', since), 'wait_' || id, 'wait', kind, awaited_from, jsonb_build_object('subject', subject,
    'awaitedFrom', awaited_from, 'deadlineAt', deadline_at, 'thenWhat', then_what, 'tries', tries, 'endedAt', ended_at, 'endedAs', ended_as)
    from waits where order_id = $1
  union all
  select date_trunc('milliseconds', opened_at), id, 'case', code, owner, jsonb_build_object('subject', subject, 'attention', attention,
    'detail', detail, 'resolvedAt', resolved_at, 'resolution', resolution) from cases where order_id = $1
  union all
  select date_trunc('milliseconds', received_at), id, 'command', kind, actor, jsonb_build_object('reason', reason, 'appliedAt', applied_at,
    'outcome', outcome) from messages where order_id = $1 and kind like 'command.%'
) t
where $2::timestamptz is null or (at, id) > ($2, $3::text)
order by at, id limit $4 + 1`;

/** The merged timeline of one order, oldest first; one more than `limit` tells that more follow. */
export async function readTimeline(
  db: Pick<Db, 'pool'>,
  page: { orderId: string; after: { at: string; id: string } | null; limit: number },
): Promise<TimelineRow[]> {
  const { rows } = await db.pool.query<TimelineRow>({
    name: 'order_timeline',
    text: TIMELINE,
    values: [page.orderId, page.after?.at ?? null, page.after?.id ?? null, page.limit],
  });
  return rows;
}
