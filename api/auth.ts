/**
 * Who calls: an API key by its public part, compared in constant time with the stored hash, or a person's session by the
 * hash of its cookie. Both are kept a few seconds, so that a request usually costs no query; a revoked key, and every
 * session of it, is dead within that time.
 */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { SCOPES, type Role, type Scope } from '../domain/access.ts';
import type { Db } from '../db/connect.ts';
import { readApiKey, type ApiKeyRow } from '../db/reads/lists.ts';
import { readSession, type SessionRow } from '../db/reads/sessions.ts';
import { hashOfKey, touchApiKeys } from '../db/writes/apiKeys.ts';
import { hashOfSession, touchSession } from '../db/writes/sessions.ts';
import { cached } from './cached.ts';
import { sessionIdOf } from './cookie.ts';
import { Refusal } from './problems.ts';

/** The caller of a request. */
export interface Principal {
  keyId: string;
  /** The key's name. */
  name: string;
  role: Role;
  /** Set for channel keys: they see and touch this channel's orders only. */
  channel: string | null;
  scopes: ReadonlySet<Scope>;
  /** The actor that events and audit name. */
  actor: string;
  /** Whose idempotency keys these are: a channel's, whichever of its keys is used. */
  keyScope: string;
  /** Set when a person's session was used instead of the key itself. */
  session?: { hash: Buffer; expiresAt: Date };
}

/** Finds out who calls, or refuses with `unauthenticated`. */
export interface Authenticator {
  /** By the Authorization header, else by the session's cookie. */
  authenticate(headers: IncomingHttpHeaders): Principal | Promise<Principal>;
  /** As `authenticate`, but asking again on behalf of a stream that is open: no use that keeps a session alive. */
  recheck(headers: IncomingHttpHeaders): Promise<Principal>;
  /** The caller with this key, as `authenticate` finds it by the header. */
  authenticateKey(key: string): Promise<Principal & { keyExpiresAt: Date | null }>;
  /** Forgets a key and its sessions, so that this process sees its revocation at once. */
  forget(keyId: string): void;
  /** Forgets a session, so that this process sees its end at once. */
  forgetSession(hash: Buffer): void;
}

const BEARER = 'Bearer ';
const KEY = /^hf_live_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;
const CACHE_MILLIS = 3_000;
const KEYS_MAX = 1_000;
const TOUCH_MILLIS = 60_000;
const SESSIONS_MAX = 5_000;
/** So many notes of use are remembered; forgetting them costs one more write each. */
const TOUCHED_MAX = 10_000;
/** A session that nobody used for so long is over. */
export const SESSION_IDLE_MILLIS = 4 * 3_600_000;
/** A session is over after so long, used or not. */
export const SESSION_MILLIS = 12 * 3_600_000;

interface KnownSession {
  principal: Principal;
  endsAt: number;
}

interface KnownKey {
  hash: Buffer;
  expiresAt: number;
  principal: Principal;
}

/** An authenticator on a database; `publicUrl` decides which cookie counts (see cookie.ts). */
export function createAuthenticator(db: Pick<Db, 'pool'>, publicUrl?: string): Authenticator {
  const keys = cached(CACHE_MILLIS, KEYS_MAX, async (id: string) => toKnown(await readApiKey(db, id)));
  const sessions = cached(CACHE_MILLIS, SESSIONS_MAX, async (name: string) => {
    const hash = Buffer.from(name, 'hex');
    return toKnownSession(await readSession(db, hash), hash);
  });
  const noteKeyUse = rarely((id) => touchApiKeys(db, [id]));
  const noteSessionUse = rarely((name) => touchSession(db, Buffer.from(name, 'hex')));

  function verifyKey(key: string, known: KnownKey | undefined): KnownKey {
    const given = hashOfKey(key);
    if (!known || !timingSafeEqual(given, known.hash) || known.expiresAt <= Date.now())
      throw new Refusal('unauthenticated');
    noteKeyUse(known.principal.keyId);
    return known;
  }

  function byKey(key: string): KnownKey | Promise<KnownKey> {
    const id = KEY.exec(key)?.[1];
    if (id === undefined) throw new Refusal('unauthenticated');
    const known = keys.get(id);
    return known instanceof Promise ? known.then((one) => verifyKey(key, one)) : verifyKey(key, known);
  }

  function bySession(headers: IncomingHttpHeaders, isUse: boolean): Principal | Promise<Principal> {
    const id = sessionIdOf(headers, publicUrl);
    if (id === undefined) throw new Refusal('unauthenticated');
    const name = hashOfSession(id).toString('hex');
    const verify = (known: KnownSession | undefined) => {
      if (!known || known.endsAt <= Date.now()) throw new Refusal('unauthenticated');
      if (isUse) noteSessionUse(name);
      return known.principal;
    };
    const known = sessions.get(name);
    return known instanceof Promise ? known.then(verify) : verify(known);
  }

  function find(headers: IncomingHttpHeaders, isUse: boolean): Principal | Promise<Principal> {
    const { authorization } = headers;
    if (authorization === undefined) return bySession(headers, isUse);
    if (!authorization.startsWith(BEARER)) throw new Refusal('unauthenticated');
    const known = byKey(authorization.slice(BEARER.length));
    return known instanceof Promise ? known.then((one) => one.principal) : known.principal;
  }

  return {
    forget(keyId) {
      keys.forget(keyId);
      sessions.clear();
    },
    forgetSession: (hash) => sessions.forget(hash.toString('hex')),
    async authenticateKey(key) {
      const { principal, expiresAt } = await byKey(key);
      return { ...principal, keyExpiresAt: Number.isFinite(expiresAt) ? new Date(expiresAt) : null };
    },
    authenticate: (headers) => find(headers, true),
    recheck: async (headers) => find(headers, false),
  };
}

/** Notes a use at most once a minute a name, and is never waited for: a lost note harms nobody. */
function rarely(note: (name: string) => Promise<void>): (name: string) => void {
  const noted = new Map<string, number>();
  return (name) => {
    const now = Date.now();
    if (now - (noted.get(name) ?? 0) < TOUCH_MILLIS) return;
    if (noted.size >= TOUCHED_MAX) noted.clear();
    noted.set(name, now);
    note(name).catch(() => undefined);
  };
}

function toKnownSession(row: SessionRow | undefined, hash: Buffer): KnownSession | undefined {
  const key = toKnown(row);
  if (!row || !key) return undefined;
  const expiresAt = new Date(Math.min(row.session_expires_at.getTime(), key.expiresAt));
  return {
    principal: { ...key.principal, session: { hash, expiresAt } },
    endsAt: Math.min(expiresAt.getTime(), row.last_seen_at.getTime() + SESSION_IDLE_MILLIS),
  };
}

function toKnown(row: ApiKeyRow | undefined): KnownKey | undefined {
  if (!row || row.revoked_at) return undefined;
  return {
    hash: row.hash,
    expiresAt: row.expires_at?.getTime() ?? Infinity,
    principal: {
      keyId: row.id,
      name: row.name,
      role: row.role as Role,
      channel: row.channel,
      scopes: new Set(SCOPES.filter((scope) => row.scopes.includes(scope))),
      actor: `key:${row.id}`,
      keyScope: row.channel ?? row.id,
    },
  };
}
