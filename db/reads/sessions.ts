/** Sessions of people: found by the hash of the id that only the browser holds, with the key they stand for. */
import type { Db } from '../connect.ts';
import type { ApiKeyRow } from './lists.ts';

/** A session with its key. */
export interface SessionRow extends ApiKeyRow {
  session_expires_at: Date;
  last_seen_at: Date;
}

/** Reads a session by its hash; undefined when there is none. Whether it still counts is for the caller to say. */
export async function readSession(db: Pick<Db, 'pool'>, hash: Buffer): Promise<SessionRow | undefined> {
  const { rows } = await db.pool.query<SessionRow>({
    name: 'session_read',
    text: `select k.*, s.expires_at as session_expires_at, s.last_seen_at
      from sessions s join api_keys k on k.id = s.key_id where s.hash = $1`,
    values: [hash],
  });
  return rows[0];
}
