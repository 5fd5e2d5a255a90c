/** Sessions of people: who gets one, what its cookie is, when it ends, what another site can do with it (nothing). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PERSON_ROLES } from '../domain/actor.ts';
import { ROLE_SCOPES, type Role } from '../domain/access.ts';
import { createApiKey, revokeApiKey } from '../db/writes/apiKeys.ts';
import { orderBody, startApi, type TestAnswer, type TestApi } from '../test/api.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';

let postgres: TestPostgres;
let api: TestApi;
let secure: TestApi;

const OWN = { 'sec-fetch-site': 'same-origin' };
const PUBLIC_URL = 'https://oms.example.com/';

beforeAll(async () => {
  postgres = await startPostgres();
  api = await startApi(postgres.url);
  secure = await startApi(postgres.url, { publicUrl: PUBLIC_URL });
});
afterAll(async () => {
  await api.stop();
  await secure.stop();
  await postgres.stop();
});

const signIn = (apiKey: string, headers: Record<string, string> = OWN, at = api) =>
  at.call('POST', '/v1/session', { body: { apiKey }, headers });

/** The pair of the cookie that an answer set, as a browser sends it back. */
function pairOf(answer: TestAnswer): string {
  expect(answer.status).toBe(201);
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

const cookieOf = async (role: Role, at = api) => pairOf(await signIn(at.keys[role], OWN, at));

const whoIs = (cookie: string, headers: Record<string, string> = {}) =>
  api.call('GET', '/v1/session', { headers: { cookie, ...headers } });

async function makeKey(role: Role, expiresAt?: Date) {
  return createApiKey(api.db, { name: 'Ada', role, ...(expiresAt && { expiresAt }) }, { actor: 'test' });
}

/** Two keys of the same database row would be one session; each test takes a session of its own. */
async function ageSession(cookie: string, change: string): Promise<void> {
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256')
    .update(cookie.split('=')[1] ?? '')
    .digest();
  const { rowCount } = await api.db.pool.query(`update sessions set ${change} where hash = $1`, [hash]);
  expect(rowCount).toBe(1);
}

describe('signing in', () => {
  it.each([...PERSON_ROLES])('gives a key of role %s a session that says who it is', async (role) => {
    const answer = await signIn(api.keys[role]);
    const shown = await whoIs(pairOf(answer));
    expect(shown.status).toBe(200);
    expect(shown.body).toEqual(answer.body);
    expect(shown.body).toMatchObject({ role, name: role, scopes: expect.arrayContaining([]) });
    expect(shown.body.scopes.toSorted()).toEqual([...ROLE_SCOPES[role]].toSorted());
    expect(shown.body.actor).toBe(`key:${shown.body.keyId}`);
    const hours = (Date.parse(shown.body.expiresAt) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(11.9);
    expect(hours).toBeLessThanOrEqual(12);
  });

  it.each(['channel', 'warehouse'] as const)('is not for keys of role %s', async (role) => {
    const answer = await signIn(api.keys[role]);
    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('says the same of a wrong, malformed, expired and revoked key', async () => {
    const expired = await makeKey('ops', new Date(Date.now() - 1_000));
    const revoked = await makeKey('ops');
    await revokeApiKey(api.db, revoked.id, { actor: 'test' });
    const good = api.keys.ops;
    const wrong = [
      `hf_live_${'0'.repeat(16)}_${'A'.repeat(43)}`,
      `${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`,
      'nonsense',
      `Bearer ${good}`,
      ' ',
      expired.key,
      revoked.key,
    ];
    const answers = await Promise.all(wrong.map((key) => signIn(key)));
    const told = answers.map(({ status, headers, body }) => {
      const { requestId, ...rest } = body;
      expect(typeof requestId).toBe('string');
      const { date: _, 'x-request-id': __, ...kept } = Object.fromEntries(headers);
      return { status, rest, kept };
    });
    expect(told[0]).toMatchObject({ status: 401, rest: { code: 'unauthenticated' } });
    for (const one of told) expect(one).toEqual(told[0]);
  });

  it('takes a key as it was copied, with space around it', async () => {
    expect((await signIn(`  ${api.keys.viewer}\n`)).status).toBe(201);
  });

  it('refuses what is no sign-in, without repeating the key', async () => {
    for (const body of [{}, { apiKey: 7 }, { apiKey: '' }, { apiKey: api.keys.ops, more: 1 }]) {
      const answer = await api.call('POST', '/v1/session', { body, headers: OWN });
      expect([answer.status, answer.body.code]).toEqual([422, 'invalid']);
      expect(JSON.stringify(answer.body)).not.toContain(api.keys.ops);
    }
  });

  it('ends the session that the browser had before', async () => {
    const before = await cookieOf('viewer');
    expect((await whoIs(before)).status).toBe(200);
    const after = pairOf(await signIn(api.keys.support, { ...OWN, cookie: before }));
    expect(after).not.toBe(before);
    expect((await whoIs(before)).status).toBe(401);
    expect((await whoIs(after)).body.role).toBe('support');
  });

  it('never takes an id that the browser brought', async () => {
    const planted = `holdfast_session=${'A'.repeat(43)}`;
    const after = pairOf(await signIn(api.keys.viewer, { ...OWN, cookie: planted }));
    expect(after).not.toBe(planted);
    expect((await whoIs(planted)).status).toBe(401);
  });
});

describe('the cookie', () => {
  it('is HttpOnly, Strict and for the whole host; not Secure where people come by http', async () => {
    const answer = await signIn(api.keys.viewer);
    const [, ...attributes] = (answer.headers.getSetCookie()[0] ?? '').split('; ');
    expect(attributes.toSorted()).toEqual(['HttpOnly', 'Max-Age=43200', 'Path=/', 'SameSite=Strict']);
    expect(pairOf(answer)).toMatch(/^holdfast_session=[\w-]{43}$/);
  });

  it('is Secure and bound to the host where people come by https', async () => {
    const answer = await signIn(secure.keys.viewer, OWN, secure);
    const [, ...attributes] = (answer.headers.getSetCookie()[0] ?? '').split('; ');
    expect(attributes).toContain('Secure');
    expect(attributes).not.toContainEqual(expect.stringMatching(/^domain/i));
    expect(pairOf(answer)).toMatch(/^__Host-holdfast_session=[\w-]{43}$/);
  });

  it('counts under its own name only: a neighbour that plants one under the other signs nobody in', async () => {
    const own = await cookieOf('viewer', secure);
    const planted = `holdfast_session=${own.split('=')[1]}`;
    const at = (cookie: string) => secure.call('GET', '/v1/session', { headers: { cookie } });
    expect((await at(own)).status).toBe(200);
    expect((await at(planted)).status).toBe(401);
    const plain = await cookieOf('viewer');
    expect((await whoIs(`__Host-${plain}`)).status).toBe(401);
  });

  it('is found among others, and not taken when there are two', async () => {
    const own = await cookieOf('viewer');
    const other = await cookieOf('viewer');
    expect((await whoIs(`theme=dark; a=b=c;${own} ; x=y`)).status).toBe(200);
    expect((await whoIs(`${own}; ${other}`)).status).toBe(401);
    for (const broken of [`${own}x`, `${own}=x`, own.slice(0, -1), 'holdfast_session', '=', ';;;'])
      expect([broken, (await whoIs(broken)).status]).toEqual([broken, 401]);
  });

  it('lasts no longer than the key', async () => {
    const made = await makeKey('viewer', new Date(Date.now() + 600_000));
    const answer = await signIn(made.key);
    const seconds = Number(/Max-Age=(\d+)/.exec(answer.headers.getSetCookie()[0] ?? '')?.[1]);
    expect(seconds).toBeGreaterThan(590);
    expect(seconds).toBeLessThanOrEqual(600);
    expect(Date.parse(answer.body.expiresAt)).toBeLessThanOrEqual(Date.now() + 600_000);
  });

  it('loses to the key of an Authorization header', async () => {
    const cookie = await cookieOf('viewer');
    const answer = await api.call('GET', '/v1/session', { key: api.keys.ops, headers: { cookie } });
    expect([answer.status, answer.body.detail]).toEqual([403, 'needs a session']);
    expect((await api.call('GET', '/v1/orders', { key: 'nonsense', headers: { cookie } })).status).toBe(401);
  });
});

describe('what is stored', () => {
  it('is the hash of the id, and the audit says who and when, without a secret', async () => {
    const cookie = await cookieOf('support');
    const id = cookie.split('=')[1] ?? '';
    await api.call('DELETE', '/v1/session', { headers: { cookie, ...OWN } });
    const again = await cookieOf('support');
    const { rows } = await api.db.pool.query(
      `select to_jsonb(s)::text as text from sessions s union all select to_jsonb(a)::text from audit a`,
    );
    const stored = JSON.stringify(rows);
    for (const secret of [id, again.split('=')[1] ?? '', api.keys.support.slice(25)])
      expect(stored).not.toContain(secret);
    const keyId = (await whoIs(again)).body.keyId;
    const audited = await api.db.pool.query(
      `select actor, action, subject, request_id is not null as traced from audit
       where action like 'session.%' and subject = $1 order by at desc limit 3`,
      [keyId],
    );
    expect(audited.rows).toEqual(
      ['session.started', 'session.ended', 'session.started'].map((action) => ({
        actor: `key:${keyId}`,
        action,
        subject: keyId,
        traced: true,
      })),
    );
  });
});

describe('a session', () => {
  it('acts exactly as its key: the same rights, the same actor', async () => {
    const placed = await api.call('POST', '/v1/orders', {
      key: api.keys.channel,
      body: orderBody('session'),
      headers: { 'idempotency-key': 'session' },
    });
    const path = `/v1/orders/${placed.body.id}`;
    const cookie = await cookieOf('support');
    const tag = (name: string, with_: { key?: string; headers?: Record<string, string> }) =>
      api.call('POST', `${path}/tags`, { body: { add: [name] }, ...with_ });
    expect((await tag('by-key', { key: api.keys.support })).status).toBe(200);
    expect((await tag('by-session', { headers: { cookie, ...OWN } })).status).toBe(200);
    const events = await api.call('GET', `${path}/events`, { headers: { cookie } });
    const actors = events.body.data
      .filter(({ type }: { type: string }) => type === 'order.tags_changed')
      .map(({ actor }: { actor: string }) => actor);
    expect(actors).toHaveLength(2);
    expect(new Set(actors)).toEqual(new Set([(await whoIs(cookie)).body.actor]));
    const order = await api.call('GET', path, { headers: { cookie } });
    expect(order.body.recipient.name).toBe('Ada Lovelace');
    const viewer = await cookieOf('viewer');
    expect((await api.call('GET', path, { headers: { cookie: viewer } })).body.recipient.name).toBe('A***');
    expect((await tag('no', { headers: { cookie: viewer, ...OWN } })).status).toBe(403);
  });

  it('is over after signing out, and the cookie is taken away', async () => {
    const cookie = await cookieOf('viewer');
    expect((await whoIs(cookie)).status).toBe(200);
    const out = await api.call('DELETE', '/v1/session', { headers: { cookie, ...OWN } });
    expect(out.status).toBe(204);
    expect(out.headers.getSetCookie()[0]).toMatch(/^holdfast_session=; .*Max-Age=0/);
    expect((await whoIs(cookie)).status).toBe(401);
    const again = await api.call('DELETE', '/v1/session', { headers: { cookie, ...OWN } });
    expect(again.status).toBe(401);
  });

  it('can not be ended by a key, which has none', async () => {
    const answer = await api.call('DELETE', '/v1/session', { key: api.keys.ops });
    expect([answer.status, answer.body.detail]).toEqual([403, 'needs a session']);
  });

  it('is over after its time, used or not', async () => {
    const cookie = await cookieOf('viewer');
    await ageSession(cookie, `expires_at = now() - interval '1 second'`);
    expect((await whoIs(cookie)).status).toBe(401);
  });

  it('is over after four hours without use, and a use counts', async () => {
    const idle = await cookieOf('viewer');
    await ageSession(idle, `last_seen_at = now() - interval '4 hours 1 second'`);
    expect((await whoIs(idle)).status).toBe(401);
    const used = await cookieOf('viewer');
    await ageSession(used, `last_seen_at = now() - interval '3 hours 59 minutes'`);
    expect((await whoIs(used)).status).toBe(200);
    const seen = async () =>
      (
        await api.db.pool.query<{ n: number }>(
          `select count(*) as n from sessions where last_seen_at < now() - interval '3 hours'
           and last_seen_at > now() - interval '4 hours'`,
        )
      ).rows[0]?.n;
    await expect.poll(seen, { timeout: 8_000 }).toBe(0);
  });

  it('ends at once when its key is revoked here, and when it is revoked elsewhere', async () => {
    const here = await makeKey('support');
    const cookie = pairOf(await signIn(here.key));
    expect((await whoIs(cookie)).status).toBe(200);
    await api.call('DELETE', `/v1/api-keys/${here.id}`, { key: api.keys.ops });
    expect((await whoIs(cookie)).status).toBe(401);
    const elsewhere = await makeKey('support');
    const other = pairOf(await signIn(elsewhere.key));
    await revokeApiKey(api.db, elsewhere.id, { actor: 'test' });
    expect((await whoIs(other)).status).toBe(401);
  });

  it('removes what is over when somebody signs in', async () => {
    const cookie = await cookieOf('viewer');
    await ageSession(cookie, `expires_at = now() - interval '1 second'`);
    await cookieOf('viewer');
    const { rows } = await api.db.pool.query('select 1 from sessions where expires_at < now()');
    expect(rows).toEqual([]);
  });
});

describe('another site', () => {
  const origin = () => api.url;
  const host = () => new URL(api.url).host;
  type Headers = Record<string, string>;
  const refused = (): Headers[] => [
    {},
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', origin: origin() },
    { 'sec-fetch-site': '' },
    { 'sec-fetch-site': 'SAME-ORIGIN' },
    { 'sec-fetch-site': 'same-origin, cross-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: '' },
    { origin: host() },
    { origin: `http://evil.example?${host()}` },
    { origin: `http://${host()}.evil.example` },
    { origin: `http://${host()}@evil.example` },
    { origin: 'file://' },
    { referer: `${origin()}/` },
  ];
  const taken = (): Headers[] => [
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'same-origin', origin: 'http://behind.a.proxy' },
    { 'sec-fetch-site': 'none' },
    { origin: origin() },
  ];

  it('can not sign anybody in or out, nor change anything by a cookie', async () => {
    const cookie = await cookieOf('ops');
    for (const headers of refused()) {
      const answers = [
        await signIn(api.keys.viewer, headers),
        await api.call('DELETE', '/v1/session', { headers: { cookie, ...headers } }),
        await api.call('POST', '/v1/views', {
          body: { name: 'x', query: 'view=all' },
          headers: { cookie, ...headers },
        }),
        await api.call('DELETE', '/v1/views/none', { headers: { cookie, ...headers } }),
      ];
      for (const answer of answers)
        expect([headers, answer.status, answer.body?.code]).toEqual([headers, 403, 'cross_site']);
    }
    expect((await whoIs(cookie)).status).toBe(200);
  });

  it('is what our own pages are not', async () => {
    for (const headers of taken()) {
      const signedIn = await signIn(api.keys.viewer, headers);
      const cookie = pairOf(signedIn);
      const out = await api.call('DELETE', '/v1/session', { headers: { cookie, ...headers } });
      expect([headers, signedIn.status, out.status]).toEqual([headers, 201, 204]);
    }
  });

  it('is told by the public address too, scheme and all', async () => {
    const answer = (origin_: string) => signIn(secure.keys.viewer, { origin: origin_ }, secure);
    expect((await answer('https://oms.example.com')).status).toBe(201);
    for (const other of ['http://oms.example.com', 'https://oms.example.com:444', 'https://example.com'])
      expect([other, (await answer(other)).status]).toEqual([other, 403]);
  });

  it('reads nothing it could not read anyway: reading by cookie needs no proof', async () => {
    const cookie = await cookieOf('viewer');
    for (const headers of refused()) expect((await whoIs(cookie, headers)).status).toBe(200);
  });

  it('does not matter to requests with a key, which no browser sends by itself', async () => {
    for (const headers of refused()) {
      const answer = await api.call('POST', '/v1/views', {
        key: api.keys.viewer,
        body: { name: 'mine', query: 'view=all' },
        headers,
      });
      expect([headers, answer.status < 300]).toEqual([headers, true]);
    }
  });
});
