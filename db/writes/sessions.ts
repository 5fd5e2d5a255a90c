/**
 * Sessions of people. The id has 256 bits of entropy and is given to the browser once; its SHA-256 is what is stored, so
 * that a read of this table lets nobody in.
 */
import { createHash, randomBytes } from 'node:crypto';
import { transaction, type Db, type Tx } from '../connect.ts';
import { writeAudit, type Caller } from './audit.ts';

/**
 * Starts a session of a key and audits it; the one it replaces ends, and sessions that are over are removed on the way.
 * Returns the id, this once.
 */
export async function startSession(
  db: Pick<Db, 'pool'>,
  given: { keyId: string; expiresAt: Date; replaces: Buffer | undefined },
  caller: Caller,
): Promise<string> {
  const id = randomBytes(32).toString('base64url');
  await transaction(db.pool, async (tx) => {
    await tx.query('delete from sessions where expires_at < now()');
    if (given.replaces) await removeSession(tx, given.replaces, caller);
    await tx.query('insert into sessions (hash, key_id, expires_at) values ($1, $2, $3)', [
      hashOfSession(id),
      given.keyId,
      given.expiresAt,
    ]);
    await writeAudit(tx, { ...caller, action: 'session.started', subject: given.keyId });
  });
  return id;
}

/** Ends a session and audits it; nothing happens when it is gone already. */
export async function endSession(db: Pick<Db, 'pool'>, hash: Buffer, caller: Caller): Promise<void> {
  await transaction(db.pool, (tx) => removeSession(tx, hash, caller));
}

async function removeSession(tx: Tx, hash: Buffer, caller: Caller): Promise<void> {
  const { rows } = await tx.query<{ key_id: string }>(
    'delete from sessions where hash = $1 returning key_id',
    [hash],
  );
  for (const { key_id: subject } of rows)
    await writeAudit(tx, { ...caller, action: 'session.ended', subject });
}

/** Notes that a session is used; called at most once a minute for each. */
export async function touchSession(db: Pick<Db, 'pool'>, hash: Buffer): Promise<void> {
  await db.pool.query('update sessions set last_seen_at = now() where hash = $1', [hash]);
}

/** The stored form of a session's id. */
export function hashOfSession(id: string): Buffer {
  return createHash('sha256').update(id).digest();
}
