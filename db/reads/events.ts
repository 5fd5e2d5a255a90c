/** Feeds and timelines: what happened to one order in its own sequence, and what happened at all, with nothing skipped. */
import { PERSON_ROLES, SIGNAL_SENDER } from '../../domain/actor.ts';
import { RETRIED } from '../../domain/cases.ts';
import { CANCEL_REASONS } from '../../domain/order.ts';
import type { Db } from '../connect.ts';
import { KEY_OF } from './find.ts';

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
  /** The name of the key, when a key did it. */
  actor_name: string | null;
  /** True when a person did it: a key of a person's role, or a signal by hand. */
  is_person: boolean;
  data: Record<string, unknown>;
}

/** Which page of an order's timeline. `people`: only what people did, or only the rest; null for all. */
export interface TimelinePage {
  orderId: string;
  after: { at: string; id: string } | null;
  limit: number;
  people: boolean | null;
  /** True to put in what staff wrote: notes, why they cancelled or retried, and what they said when they closed a case. */
  showsTexts: boolean;
}

const TIMELINE = `
select at, id, kind, type, actor, actor_name, is_person, data from (
  select t.*, k.name as actor_name, coalesce(k.role = any ($5::text[]), false) or t.actor = $6 as is_person from (
    select date_trunc('milliseconds', created_at) as at, id, 'event' as kind, type, actor,
      case when type = 'order.note_added' and $8 then data || coalesce((select jsonb_build_object('text', body) from notes n where n.id = data->>'noteId'), '{}')
        when type in ('order.cancel_requested', 'order.retry_requested') then
          case when $8 then data || coalesce((select jsonb_build_object('note', m.payload->>'note') from messages m
            where m.id = data->>'commandId' and m.payload ? 'note'), '{}') else data - 'note' end
        else data end as data
      from events where order_id = $1
    union all
    select date_trunc('milliseconds', since), 'wait_' || id, 'wait', kind, awaited_from, jsonb_build_object('subject', subject,
      'awaitedFrom', awaited_from, 'deadlineAt', deadline_at, 'thenWhat', then_what, 'tries', tries, 'endedAt', ended_at, 'endedAs', ended_as)
      from waits where order_id = $1
    union all
    select date_trunc('milliseconds', opened_at), id, 'case', code, owner, jsonb_build_object('subject', subject, 'attention', attention,
      'detail', detail, 'resolvedAt', resolved_at, 'resolvedBy', resolved_by, 'resolution',
      case when $8 or coalesce(resolved_by, '') not like 'key:%' or resolution = '${RETRIED}' then resolution end) from cases where order_id = $1
    union all
    select date_trunc('milliseconds', received_at), id, 'command', kind, actor, jsonb_build_object('reason',
      case when $8 or reason = any ($9::text[]) then reason end, 'appliedAt', applied_at,
      'outcome', outcome) from messages where order_id = $1 and kind like 'command.%'
  ) t left join api_keys k on k.id = ${KEY_OF('t.actor')}
) u
where ($2::timestamptz is null or (at, id) > ($2, $3::text)) and ($7::boolean is null or is_person = $7)
order by at, id limit $4 + 1`;

/** The merged timeline of one order, oldest first; one more than `limit` tells that more follow. */
export async function readTimeline(db: Pick<Db, 'pool'>, page: TimelinePage): Promise<TimelineRow[]> {
  const { rows } = await db.pool.query<TimelineRow>({
    name: 'order_timeline',
    text: TIMELINE,
    values: [
      page.orderId,
      page.after?.at ?? null,
      page.after?.id ?? null,
      page.limit,
      PERSON_ROLES,
      SIGNAL_SENDER,
      page.people,
      page.showsTexts,
      CANCEL_REASONS,
    ],
  });
  return rows;
}
