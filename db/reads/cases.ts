/** Cases as people work them off: the queue, oldest first, one case, and how many are open for each cause. */
import type { StatusAxes } from '../../domain/order.ts';
import type { Db } from '../connect.ts';
import { Conditions } from './conditions.ts';
import type { KeyPage } from './lists.ts';

/** A case: what a person has to look at. `channel` is the order's, or that of the message that was kept. */
export interface CaseRow {
  id: string;
  order_id: string | null;
  order_number: number | null;
  channel: string | null;
  subject: string;
  code: string;
  attention: string;
  owner: string;
  detail: string;
  opened_at: Date;
  resolved_at: Date | null;
  resolution: string | null;
  resolved_by: string | null;
  assignee: string | null;
  assignee_name: string | null;
  assigned_at: Date | null;
  /** Of the step that failed; null when nothing is tried by itself. */
  next_retry_at: Date | null;
  tries: number;
  /** What the order's status word is made of; null without an order. */
  order_state: StatusAxes | null;
}

/** Filters of the queue; all that are given must hold. `assignee` null means: nobody's. */
export interface CaseFilter {
  open?: boolean | undefined;
  attention?: string | undefined;
  code?: string | undefined;
  assignee?: string | null | undefined;
  /** The caller's own channel, when it may see no other. */
  channel: string | null;
}

// The wait of a step that failed has the subject of its case.
const RETRY = `left join waits w on w.order_id = c.order_id and w.subject = c.subject and w.kind = 'retry' and w.ended_at is null`;
const ORDER = `left join orders o on o.id = c.order_id left join inbound i on i.id = c.subject and c.order_id is null`;

/** Cases that fit `where`, the first `limit` of them; what only the page shows is looked up for its rows alone. */
function select(where: string, limit: string, direction: 'asc' | 'desc' = 'asc'): string {
  return `select c.*, k.name as assignee_name, w.deadline_at as next_retry_at, coalesce(w.tries, 0) as tries
    from (select c.*, o.number as order_number, coalesce(o.channel, i.channel) as channel,
        case when o.id is not null then json_build_object('lifecycle', o.lifecycle, 'direction', o.direction,
          'stage', o.stage, 'fulfillmentStatus', o.fulfillment_status, 'attention', o.attention) end as order_state
      from cases c ${ORDER} ${where} order by c.id ${direction} limit ${limit}) c
    left join api_keys k on k.id = c.assignee ${RETRY} order by c.id ${direction}`;
}

function conditionsOf(filter: CaseFilter): Conditions {
  const where = new Conditions();
  if (filter.open === true) where.addFixed('c.resolved_at is null');
  if (filter.open === false) where.addFixed('c.resolved_at is not null');
  if (filter.attention !== undefined) where.add('c.attention = ?', filter.attention);
  if (filter.code !== undefined) where.add('c.code = ?', filter.code);
  if (filter.assignee === null) where.addFixed('c.assignee is null');
  else if (filter.assignee !== undefined) where.add('c.assignee = ?', filter.assignee);
  if (filter.channel !== null) where.add('coalesce(o.channel, i.channel) = ?', filter.channel);
  return where;
}

/** Cases, oldest first or newest first (their ids grow with time). */
export async function listCases(
  db: Pick<Db, 'pool'>,
  page: KeyPage & { filter: CaseFilter; newestFirst: boolean },
): Promise<CaseRow[]> {
  const where = conditionsOf(page.filter);
  if (page.after !== null) where.add(page.newestFirst ? 'c.id < ?' : 'c.id > ?', page.after);
  const direction = page.newestFirst ? 'desc' : 'asc';
  const { rows } = await db.pool.query<CaseRow>(
    select(where.where(), where.value(page.limit + 1), direction),
    where.values,
  );
  return rows;
}

/** One case; undefined when there is none, or none of the caller's channel. */
export async function readCase(
  db: Pick<Db, 'pool'>,
  id: string,
  channel: string | null,
): Promise<CaseRow | undefined> {
  const { rows } = await db.pool.query<CaseRow>({
    name: 'case_read',
    text: select('where c.id = $1 and ($2::text is null or coalesce(o.channel, i.channel) = $2)', '1'),
    values: [id, channel],
  });
  return rows[0];
}

/** Open cases of one cause. `attention` and `owner` are those most of them have. */
export interface CauseRow {
  code: string;
  attention: string;
  owner: string;
  open: number;
  oldest_at: Date;
  next_retry_at: Date | null;
}

/** Open cases by cause, the cause with the oldest case first. */
export async function listCauses(
  db: Pick<Db, 'pool'>,
  filter: Pick<CaseFilter, 'assignee' | 'channel'>,
): Promise<CauseRow[]> {
  const where = conditionsOf({ ...filter, open: true });
  const { rows } = await db.pool.query<CauseRow>(
    `select c.code, mode() within group (order by c.attention) as attention, mode() within group (order by c.owner) as owner,
       count(*)::int as open, min(c.opened_at) as oldest_at, min(w.deadline_at) as next_retry_at
     from cases c ${filter.channel === null ? '' : ORDER} ${RETRY} ${where.where()}
     group by c.code order by oldest_at, c.code`,
    where.values,
  );
  return rows;
}
