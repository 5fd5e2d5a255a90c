/** Who may call what, over the whole route table; and that a channel sees its own orders only. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLE_SCOPES, ROLES, SCOPES } from '../domain/access.ts';
import { createApiKey } from '../db/writes/apiKeys.ts';
import { orderBody, startApi, type TestApi } from '../test/api.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';
import { openRoute, route, type Route } from './route.ts';
import { checkRoutes } from './routes/rules.ts';
import { noBody, noParams, noQuery } from './schemas/fields.ts';

let postgres: TestPostgres;
let api: TestApi;
let orderId: string;

beforeAll(async () => {
  postgres = await startPostgres();
  api = await startApi(postgres.url);
  const placed = await api.call('POST', '/v1/orders', {
    key: api.keys.channel,
    body: orderBody('mine'),
    headers: { 'idempotency-key': 'mine' },
  });
  orderId = placed.body.id;
});
afterAll(async () => {
  await api.stop();
  await postgres.stop();
});

function fill(path: string): string {
  return path.replaceAll(/\{\w+\}/g, 'x');
}

async function attempt(one: Route, key: string | undefined) {
  const withBody = one.bodyKind === 'none' ? {} : { body: {} };
  // A stream has no end to wait for: it is asked for from a place that was never there.
  const query = one.path === '/v1/stream' ? '?after=nowhere' : '';
  return api.call(one.method.toUpperCase(), `${fill(one.path)}${query}`, { key, ...withBody });
}

/** 503 is an answer: there is no Temporal here to start anything in. */
const isBroken = (status: number) => status >= 500 && status !== 503;

describe('the route table', () => {
  it('refuses every caller without a valid key, on every route that is not open or signed', async () => {
    const wrong = `hf_live_${'0'.repeat(16)}_${'A'.repeat(43)}`;
    for (const one of api.api.routes.filter((each) => each.access !== 'public')) {
      for (const key of [undefined, 'nonsense', wrong, `${api.keys.ops}x`, api.keys.ops.slice(0, -1)]) {
        const answer = await attempt(one, key);
        expect([one.path, key?.slice(0, 9), answer.status]).toEqual([one.path, key?.slice(0, 9), 401]);
      }
    }
  });

  it('lets each role do what its scopes say and nothing else', async () => {
    for (const one of api.api.routes) {
      const scope = SCOPES.find((each) => each === one.access);
      if (!scope) continue;
      for (const role of ROLES) {
        const isOpen = role === 'channel' ? !one.peopleOnly : !one.channelOnly;
        const allowed = ROLE_SCOPES[role].includes(scope) && isOpen;
        const answer = await attempt(one, api.keys[role]);
        const where = `${role} ${one.method} ${one.path}`;
        expect([where, answer.status === 403]).toEqual([where, !allowed]);
        expect([where, answer.status === 401 || isBroken(answer.status)]).toEqual([where, false]);
      }
    }
  });

  it('does not start with a route that declares no scope, is open by accident or stands there twice', () => {
    const shared = {
      method: 'get',
      path: '/v1/x',
      summary: '',
      tag: '',
      answers: {},
      problems: [],
      params: noParams,
      query: noQuery,
      body: noBody,
    } as const;
    const good = route({ ...shared, scope: 'orders:read', handler: () => ({ status: 200 }) });
    expect(() => checkRoutes([good])).not.toThrow();
    expect(() => checkRoutes([good, good])).toThrow('twice');
    expect(() => checkRoutes([openRoute({ ...shared, handler: () => ({ status: 200 }) })])).toThrow(
      'no scope',
    );
    const without: object = { ...good, access: undefined };
    expect(() => checkRoutes([without as Route])).toThrow('no scope');
  });
});

describe('keys', () => {
  it('end when they are revoked', async () => {
    const made = await api.call('POST', '/v1/api-keys', {
      key: api.keys.ops,
      body: { name: 'short', role: 'viewer' },
    });
    expect(made.status).toBe(201);
    expect((await api.call('GET', '/v1/orders', { key: made.body.key })).status).toBe(200);
    expect((await api.call('DELETE', `/v1/api-keys/${made.body.id}`, { key: api.keys.ops })).status).toBe(
      204,
    );
    expect((await api.call('GET', '/v1/orders', { key: made.body.key })).status).toBe(401);
    const listed = await api.call('GET', '/v1/api-keys', { key: api.keys.ops });
    expect(JSON.stringify(listed.body)).not.toContain(made.body.key);
    const { rows } = await api.db.pool.query(`select to_jsonb(k)::text as text from api_keys k`);
    expect(JSON.stringify(rows)).not.toContain(made.body.key.slice(25));
  });

  it('end when they expire', async () => {
    const made = await createApiKey(
      api.db,
      { name: 'old', role: 'viewer', expiresAt: new Date(Date.now() - 1000) },
      { actor: 'test' },
    );
    expect((await api.call('GET', '/v1/orders', { key: made.key })).status).toBe(401);
  });

  it('are audited', async () => {
    const { rows } = await api.db.pool.query(`select action from audit where action like 'api_key%'`);
    expect(rows.length).toBeGreaterThan(0);
  });
});

describe('channel isolation', () => {
  it('answers for another channel as for an order that does not exist', async () => {
    for (const path of ['', '/timeline', '/events']) {
      const other = await api.call('GET', `/v1/orders/${orderId}${path}`, { key: api.keys.other });
      const none = await api.call('GET', `/v1/orders/ord_none${path}`, { key: api.keys.other });
      expect([other.status, other.body.code]).toEqual([404, 'not_found']);
      expect(none.status).toBe(404);
      expect((await api.call('GET', `/v1/orders/${orderId}${path}`, { key: api.keys.channel })).status).toBe(
        200,
      );
    }
    const cancel = await api.call('POST', `/v1/orders/${orderId}/cancel`, {
      key: api.keys.other,
      body: { reason: 'customer' },
      headers: { 'idempotency-key': 'c' },
    });
    expect(cancel.status).toBe(404);
  });

  it('lists and feeds own orders only, whatever is asked for', async () => {
    for (const path of [
      '/v1/orders',
      '/v1/orders?channel=web',
      '/v1/orders?externalId=mine',
      '/v1/orders?view=all',
      '/v1/events',
      '/v1/cases',
      '/v1/cases/causes',
    ])
      expect((await api.call('GET', path, { key: api.keys.other })).body.data).toEqual([]);
    expect(
      (await api.call('GET', '/v1/orders?channel=web', { key: api.keys.channel })).body.data,
    ).toHaveLength(1);
  });
});

describe('personal data', () => {
  it('is shown to its channel and with pii:read, masked for others', async () => {
    const name = async (key: string) =>
      (await api.call('GET', `/v1/orders/${orderId}`, { key })).body.recipient.name;
    expect(await name(api.keys.channel)).toBe('Ada Lovelace');
    expect(await name(api.keys.support)).toBe('Ada Lovelace');
    expect(await name(api.keys.viewer)).toBe('A***');
    const masked = await api.call('GET', `/v1/orders/${orderId}`, { key: api.keys.viewer });
    expect(JSON.stringify(masked.body)).not.toMatch(/Lovelace|ada@|Main St|0100/);
  });

  it('can not be searched for without pii:read', async () => {
    const found = async (key: string, q: string) =>
      (await api.call('GET', `/v1/orders?q=${encodeURIComponent(q)}`, { key })).body.data.length;
    expect(await found(api.keys.support, 'ADA@example.com')).toBe(1);
    expect(await found(api.keys.support, 'ada lov')).toBe(1);
    expect(await found(api.keys.viewer, 'ada@example.com')).toBe(0);
    expect(await found(api.keys.viewer, 'mine')).toBe(1);
  });
});

describe('answers', () => {
  it('carry safe headers and no trace of what serves them', async () => {
    const answer = await api.call('GET', '/v1/orders', { key: api.keys.ops });
    expect(answer.headers.get('x-powered-by')).toBeNull();
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect((await api.call('GET', '/v1/orders')).headers.get('www-authenticate')).toBe('Bearer');
  });

  it('are limited when a limit is configured', async () => {
    const limited = await startApi(postgres.url, { rateLimitPerSecond: 3 });
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => limited.call('GET', '/v1/orders', { key: limited.keys.ops })),
    );
    const refused = answers.filter((answer) => answer.status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.body.code).toBe('rate_limited');
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect(answers.every((answer) => answer.headers.has('ratelimit'))).toBe(true);
    await limited.stop();
  });
});
