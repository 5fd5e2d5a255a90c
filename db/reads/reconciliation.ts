/** Disputes, payouts, runs of the reconciliation and their findings, as lists; newest first, findings as they were found. */
import type { Db } from '../connect.ts';
import { Conditions } from './conditions.ts';

type Pool = Pick<Db, 'pool'>;

/** A page that goes on after a time and the id that settles ties. */
export interface TimePage {
  after: { at: string; id: string } | null;
  limit: number;
}

/** A dispute with its order. */
export interface DisputeListRow {
  id: string;
  order_id: string;
  order_number: number;
  channel: string;
  payment_id: string;
  amount_minor: number;
  currency: string;
  state: 'open' | 'won' | 'lost';
  reason: string | null;
  respond_by: Date | null;
  opened_at: Date;
  closed_at: Date | null;
}

/** Filters of the disputes; all that are given must hold. */
export interface DisputeFilter {
  state?: DisputeListRow['state'] | undefined;
  channel: string | null;
  /** An order's id or number. */
  order?: string | undefined;
}

/** Disputes, newest first. */
export async function listDisputes(
  db: Pool,
  page: TimePage & { filter: DisputeFilter },
): Promise<DisputeListRow[]> {
  const { state, channel, order } = page.filter;
  const where = new Conditions();
  if (state !== undefined) where.add('d.state = ?', state);
  if (channel !== null) where.add('o.channel = ?', channel);
  if (order !== undefined) where.add(`(o.id = ? or o.number::text = ?)`, order);
  addPage(where, page.after, 'd.opened_at');
  const { rows } = await db.pool.query<DisputeListRow>(
    `select d.*, o.number as order_number, o.channel from disputes d join orders o on o.id = d.order_id ${where.where()}
     order by date_trunc('milliseconds', d.opened_at) desc, d.id desc limit ${where.value(page.limit + 1)}`,
    where.values,
  );
  return rows;
}

function addPage(where: Conditions, after: TimePage['after'], column: string): void {
  if (!after) return;
  const [at, id] = [where.value(after.at), where.value(after.id)];
  where.addFixed(
    `(date_trunc('milliseconds', ${column}), ${column.split('.')[0]}.id) < (${at}::timestamptz, ${id})`,
  );
}

/** A payout. */
export interface PayoutRow {
  id: string;
  provider: string;
  amount_minor: number;
  currency: string;
  state: string;
  arrives_at: Date | null;
  seen_at: Date;
  updated_at: Date;
}

/** Payouts, newest first. */
export async function listPayouts(db: Pool, page: TimePage): Promise<PayoutRow[]> {
  const where = new Conditions();
  addPage(where, page.after, 'p.seen_at');
  const { rows } = await db.pool.query<PayoutRow>(
    `select * from payouts p ${where.where()} order by date_trunc('milliseconds', p.seen_at) desc, p.id desc
     limit ${where.value(page.limit + 1)}`,
    where.values,
  );
  return rows;
}

/** A run. */
export interface RunRow {
  id: string;
  provider: string;
  dry_run: boolean;
  since: Date;
  started_at: Date;
  ended_at: Date | null;
  compared: number;
  counts: Record<string, number>;
  settled: number;
  problem: string | null;
}

/** Runs, newest first: their ids grow with time. */
export async function listRuns(
  db: Pool,
  page: { after: string | null; limit: number; dryRun?: boolean | undefined },
): Promise<RunRow[]> {
  const { rows } = await db.pool.query<RunRow>(
    `select * from reconciliations where ($1::text is null or id < $1) and ($3::boolean is null or dry_run = $3)
     order by id desc limit $2 + 1`,
    [page.after, page.limit, page.dryRun ?? null],
  );
  return rows;
}

/** One run; undefined when there is none with this id. */
export async function readRun(db: Pool, id: string): Promise<RunRow | undefined> {
  const { rows } = await db.pool.query<RunRow>('select * from reconciliations where id = $1', [id]);
  return rows[0];
}

/** A finding with its order's number. */
export interface FindingRow {
  id: string;
  run_id: string;
  kind: string;
  order_id: string | null;
  order_number: number | null;
  payment_id: string | null;
  provider_ref: string | null;
  ours_minor: number | null;
  theirs_minor: number | null;
  currency: string | null;
  detail: string;
  action: string;
  found_at: Date;
}

/** The findings of a run, in the order in which they were found. */
export async function listFindings(
  db: Pool,
  page: { runId: string; kind?: string | undefined; after: string | null; limit: number },
): Promise<FindingRow[]> {
  const { rows } = await db.pool.query<FindingRow>(
    `select f.*, o.number as order_number from reconciliation_findings f left join orders o on o.id = f.order_id
     where f.run_id = $1 and ($2::text is null or f.id > $2) and ($4::text is null or f.kind = $4)
     order by f.id limit $3 + 1`,
    [page.runId, page.after, page.limit, page.kind ?? null],
  );
  return rows;
}
