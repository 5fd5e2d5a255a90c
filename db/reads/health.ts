/** Whether the database can be worked with, and how much waits in it. */
import type { Db } from '../connect.ts';
import { LATEST_MIGRATION } from '../migrations/index.ts';

/** `ok` when the database answers and its schema is the one this code was written for. */
export async function readReadiness(
  db: Pick<Db, 'pool'>,
): Promise<{ database: 'ok' | 'unreachable'; migrations: 'ok' | 'missing' }> {
  try {
    const { rows } = await db.pool.query<{ has_table: boolean }>(
      `select to_regclass('knex_migrations') is not null as has_table`,
    );
    if (!rows[0]?.has_table) return { database: 'ok', migrations: 'missing' };
    const { rowCount } = await db.pool.query('select from knex_migrations where name = $1', [
      LATEST_MIGRATION,
    ]);
    return { database: 'ok', migrations: rowCount ? 'ok' : 'missing' };
  } catch {
    return { database: 'unreachable', migrations: 'missing' };
  }
}

/** Rows that wait, by kind: the outbox by lane, the inbox, and what is counted for reports and not folded yet. */
export async function readBacklog(db: Pick<Db, 'pool'>): Promise<{ kind: string; count: number }[]> {
  const { rows } = await db.pool.query<{ kind: string; count: number }>(
    `select kind, coalesce(n, 0) as count
     from unnest(array['outbox_start', 'outbox_import', 'outbox_reconcile', 'inbox', 'report_deltas']) as kind
     left join (
       select 'outbox_' || lane as kind, count(*) as n from outbox group by lane
       union all
       select 'inbox', count(*) from messages where applied_at is null and order_id is not null
       union all
       select 'report_deltas', count(*) from report_deltas
     ) waiting using (kind)`,
  );
  return rows;
}
