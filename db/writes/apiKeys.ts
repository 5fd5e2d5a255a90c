/**
 * API keys: `hf_live_<id>_<secret>`. The secret has 256 bits of entropy, so its SHA-256 is what is stored and no slow
 * hash is needed; the key itself is given out once, here, and can't be read again.
 */
import { createHash, randomBytes } from 'node:crypto';
import { ROLE_SCOPES, type Role } from '../../domain/access.ts';
import { transaction, type Db } from '../connect.ts';
import { writeAudit, type Caller } from './audit.ts';

/** A key to make. `channel` is needed for role channel and refused for others. */
export interface NewApiKey {
  name: string;
  role: Role;
  channel?: string | undefined;
  expiresAt?: Date | undefined;
}

/** A key that was made: `key` is the secret, shown this once. */
export interface CreatedApiKey {
  id: string;
  key: string;
}

/** Makes a key and audits it. Rejects with a foreign key error when the channel does not exist. */
export async function createApiKey(
  db: Pick<Db, 'pool'>,
  wanted: NewApiKey,
  caller: Caller,
): Promise<CreatedApiKey> {
  if ((wanted.role === 'channel') !== (wanted.channel !== undefined))
    throw new RangeError('a key belongs to a channel exactly when its role is channel');
  const id = randomBytes(8).toString('hex');
  const key = `hf_live_${id}_${randomBytes(32).toString('base64url')}`;
  await transaction(db.pool, async (tx) => {
    await tx.query(
      `insert into api_keys (id, name, role, channel, scopes, hash, created_by, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        id,
        wanted.name,
        wanted.role,
        wanted.channel ?? null,
        ROLE_SCOPES[wanted.role],
        hashOfKey(key),
        caller.actor,
        wanted.expiresAt ?? null,
      ],
    );
    await writeAudit(tx, {
      ...caller,
      action: 'api_key.created',
      subject: id,
      data: { role: wanted.role, channel: wanted.channel ?? null },
    });
  });
  return { id, key };
}

/** The stored form of a key. */
export function hashOfKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** Revokes a key for good; true when there was a live one. Processes forget it within their cache time (seconds). */
export async function revokeApiKey(db: Pick<Db, 'pool'>, id: string, caller: Caller): Promise<boolean> {
  return transaction(db.pool, async (tx) => {
    const { rowCount } = await tx.query(
      'update api_keys set revoked_at = now() where id = $1 and revoked_at is null',
      [id],
    );
    if (!rowCount) return false;
    await writeAudit(tx, { ...caller, action: 'api_key.revoked', subject: id });
    return true;
  });
}

/** Notes that keys were used; called rarely, never awaited by a request. */
export async function touchApiKeys(db: Pick<Db, 'pool'>, ids: readonly string[]): Promise<void> {
  await db.pool.query('update api_keys set last_used_at = now() where id = any ($1)', [ids]);
}
