/** Views of the order list that people keep for themselves. */
import type { Db } from '../connect.ts';

/** A kept view: the filters as they stand in the console's address. */
export interface SavedViewRow {
  id: string;
  name: string;
  query: string;
  created_at: Date;
}

/** The views of one key, by name. */
export async function listSavedViews(db: Pick<Db, 'pool'>, keyId: string): Promise<SavedViewRow[]> {
  const { rows } = await db.pool.query<SavedViewRow>(
    'select id, name, query, created_at from saved_views where key_id = $1 order by lower(name), name',
    [keyId],
  );
  return rows;
}
