/** Keeping and dropping own views of the order list. They touch nothing but what their owner sees: no event, no audit. */
import { transaction, type Db } from '../connect.ts';
import { newId } from '../ids.ts';
import type { SavedViewRow } from '../reads/savedViews.ts';

/** The most views one key may keep. */
export const SAVED_VIEWS_MAX = 50;

/** Keeps a view; one of the same name is replaced and keeps its id. Undefined when there are SAVED_VIEWS_MAX others. */
export async function saveView(
  db: Pick<Db, 'pool'>,
  view: { keyId: string; name: string; query: string },
): Promise<SavedViewRow | undefined> {
  return transaction(db.pool, async (tx) => {
    // One key's views are counted and added one after the other.
    await tx.query('select 1 from api_keys where id = $1 for no key update', [view.keyId]);
    const { rows } = await tx.query<SavedViewRow>(
      `insert into saved_views (id, key_id, name, query)
       select $1, $2, $3, $4 where (select count(*) from saved_views where key_id = $2 and name <> $3) < $5
       on conflict (key_id, name) do update set query = excluded.query
       returning id, name, query, created_at`,
      [newId('viw'), view.keyId, view.name, view.query, SAVED_VIEWS_MAX],
    );
    return rows[0];
  });
}

/** Drops a view; false when the key has none with this id. */
export async function dropView(db: Pick<Db, 'pool'>, view: { keyId: string; id: string }): Promise<boolean> {
  const { rowCount } = await db.pool.query('delete from saved_views where id = $1 and key_id = $2', [
    view.id,
    view.keyId,
  ]);
  return Boolean(rowCount);
}
