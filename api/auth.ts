/**
 * Who calls: an API key by its public part, compared in constant time with the stored hash. Keys are kept a few seconds,
 * so that a request usually costs no query; a revoked key is dead within that time.
 */
import { timingSafeEqual } from 'node:crypto';
import { SCOPES, type Role, type Scope } from '../domain/access.ts';
import type { Db } from '../db/connect.ts';
import { readApiKey, type ApiKeyRow } from '../db/reads/lists.ts';
import { hashOfKey, touchApiKeys } from '../db/writes/apiKeys.ts';
import { cached } from './cached.ts';
import { Refusal } from './problems.ts';

/** The caller of a request. */
export interface Principal {
  keyId: string;
  role: Role;
  /** Set for channel keys: they see and touch this channel's orders only. */
  channel: string | null;
  scopes: ReadonlySet<Scope>;
  /** The actor that events and audit name. */
  actor: string;
  /** Whose idempotency keys these are: a channel's, whichever of its keys is used. */
  keyScope: string;
}

/** Finds out who calls, or refuses with `unauthenticated`. */
export interface Authenticator {
  authenticate(authorization: string | undefined): Principal | Promise<Principal>;
  /** Forgets a key, so that this process sees its revocation at once. */
  forget(keyId: string): void;
}

const FORM = /^Bearer (hf_live_([0-9a-f]{16})_[A-Za-z0-9_-]{43})$/;
const CACHE_MILLIS = 3_000;
const KEYS_MAX = 1_000;
const TOUCH_MILLIS = 60_000;

interface KnownKey {
  hash: Buffer;
  expiresAt: number;
  principal: Principal;
}

/** An authenticator on a database. */
export function createAuthenticator(db: Pick<Db, 'pool'>): Authenticator {
  const keys = cached(CACHE_MILLIS, KEYS_MAX, async (id: string) => toKnown(await readApiKey(db, id)));
  const touched = new Map<string, number>();

  function verify(key: string, known: KnownKey | undefined): Principal {
    const given = hashOfKey(key);
    if (!known || !timingSafeEqual(given, known.hash) || known.expiresAt <= Date.now())
      throw new Refusal('unauthenticated');
    touch(known.principal.keyId);
    return known.principal;
  }

  // Noted at most once a minute a key, and never waited for: a lost note harms nobody.
  function touch(id: string): void {
    const now = Date.now();
    if (now - (touched.get(id) ?? 0) < TOUCH_MILLIS) return;
    touched.set(id, now);
    touchApiKeys(db, [id]).catch(() => undefined);
  }

  return {
    forget: (keyId) => keys.forget(keyId),
    authenticate(authorization) {
      const match = FORM.exec(authorization ?? '');
      const [, key, id] = match ?? [];
      if (key === undefined || id === undefined) throw new Refusal('unauthenticated');
      const known = keys.get(id);
      return known instanceof Promise ? known.then((one) => verify(key, one)) : verify(key, known);
    },
  };
}

function toKnown(row: ApiKeyRow | undefined): KnownKey | undefined {
  if (!row || row.revoked_at) return undefined;
  return {
    hash: row.hash,
    expiresAt: row.expires_at?.getTime() ?? Infinity,
    principal: {
      keyId: row.id,
      role: row.role as Role,
      channel: row.channel,
      scopes: new Set(SCOPES.filter((scope) => row.scopes.includes(scope))),
      actor: `key:${row.id}`,
      keyScope: row.channel ?? row.id,
    },
  };
}
