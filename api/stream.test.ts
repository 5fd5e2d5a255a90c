/** The live stream: what arrives, what a stream that comes back gets, who may listen, and that nothing is left behind. */
import { connect as connectTcp } from 'node:net';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { createApiKey, revokeApiKey } from '../db/writes/apiKeys.ts';
import { orderBody, startApi, type TestApi } from '../test/api.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';
import { openStream, type TestStream } from '../test/sse.ts';
import { encodeCursor } from './cursor.ts';

let postgres: TestPostgres;
let api: TestApi;
let opened: TestStream[] = [];

const CHECK_MILLIS = 25;
const WITHIN = { timeout: 8_000 };

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres.stop();
});
beforeEach(async () => {
  api = await startApi(postgres.url, { streamCheckMillis: CHECK_MILLIS });
});
afterEach(async () => {
  opened.forEach((stream) => stream.leave());
  opened = [];
  await api.stop();
});

async function listen(
  key: string,
  given: { after?: string; lastEventId?: string } = {},
): Promise<TestStream> {
  const query = given.after === undefined ? '' : `?after=${given.after}`;
  const stream = await openStream(`${api.url}/v1/stream${query}`, {
    authorization: `Bearer ${key}`,
    ...(given.lastEventId !== undefined && { 'last-event-id': given.lastEventId }),
  });
  opened.push(stream);
  return stream;
}

/** A stream that has said that it is open. */
async function ready(key = api.keys.viewer, given: { after?: string; lastEventId?: string } = {}) {
  const stream = await listen(key, given);
  expect(stream.status).toBe(200);
  await stream.until('ready', ({ seen }) => seen[0]?.event === 'ready');
  return stream;
}

/** Writes events that are told apart by their actor. */
async function write(actors: readonly string[], channel: string | null = 'web'): Promise<void> {
  await api.db.pool.query(
    `insert into events (type, actor, channel) select 'order.tested', actor, $2 from unnest($1::text[]) actor`,
    [actors, channel],
  );
}

const names = (prefix: string, count: number) => Array.from({ length: count }, (_, at) => `${prefix}-${at}`);
const actorsOf = (stream: TestStream) => stream.changes().map(({ data }) => data.actor);

async function openCount(): Promise<number> {
  const server = api.api.metricsApp.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return Number(/^holdfast_streams_open (\d+)$/m.exec(text)?.[1]);
}

async function listeners(): Promise<number[]> {
  const { rows } = await api.db.pool.query<{ pid: number }>(
    `select pid from pg_stat_activity where datname = current_database() and query ilike 'listen %'`,
  );
  return rows.map(({ pid }) => pid);
}

describe('a stream', () => {
  it('says that it is open and from where, in a form that browsers and proxies understand', async () => {
    const stream = await ready();
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    expect(stream.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(stream.headers.get('x-accel-buffering')).toBe('no');
    expect(stream.headers.get('x-request-id')).toMatch(/^req_/);
    expect(stream.headers.get('x-content-type-options')).toBe('nosniff');
    expect(stream.text()).toMatch(/^retry: ?1000\n/);
    expect(stream.seen).toEqual([{ event: 'ready', id: stream.seen[0]?.id, data: {} }]);
    expect(await openCount()).toBe(1);
  });

  it('brings what another request changed', async () => {
    const stream = await ready();
    const placed = await api.call('POST', '/v1/orders', {
      key: api.keys.channel,
      body: orderBody('live'),
      headers: { 'idempotency-key': 'live' },
    });
    await stream.until('the order', (one) => one.changes().length > 0);
    const [change] = stream.changes();
    expect(change?.data).toEqual({
      id: expect.stringMatching(/^evt_/),
      type: 'order.placed',
      orderId: placed.body.id,
      orderNumber: placed.body.number,
      channel: 'web',
      actor: expect.stringMatching(/^key:/),
      at: expect.stringMatching(/Z$/),
    });
    expect(JSON.stringify(stream.seen)).not.toMatch(/Ada|example\.com/);
    await api.call('POST', `/v1/orders/${placed.body.id}/tags`, {
      key: api.keys.support,
      body: { add: ['vip'] },
    });
    await stream.until('the tag', (one) =>
      one.changes().some(({ data }) => data.type === 'order.tags_changed'),
    );
  });

  it('brings each change once and in the order of the feed', async () => {
    const [one, two] = [await ready(), await ready()];
    await Promise.all(Array.from({ length: 8 }, (_, at) => write(names(`w${at}`, 40))));
    for (const stream of [one, two]) await stream.until('all', (now) => now.changes().length >= 320);
    const feed = await api.call('GET', '/v1/events?limit=100', { key: api.keys.viewer });
    expect(actorsOf(one).slice(0, 50)).toEqual(
      feed.body.data.slice(0, 50).map(({ actor }: { actor: string }) => actor),
    );
    expect(actorsOf(two)).toEqual(actorsOf(one));
    expect(new Set(actorsOf(one)).size).toBe(320);
  });

  it('does not pass a change whose transaction commits late', async () => {
    const stream = await ready();
    const slow = await api.db.pool.connect();
    await slow.query('begin');
    await slow.query(`insert into events (type, actor) values ('order.tested', 'slow')`);
    await write(['fast']);
    const other = await ready();
    expect(stream.changes()).toEqual([]);
    await slow.query('commit');
    slow.release();
    for (const one of [stream, other]) {
      await one.until('both', (now) => now.changes().length >= 2);
      expect(actorsOf(one)).toEqual(['slow', 'fast']);
    }
  });

  it('shows a channel its own changes only, whatever it comes back from', async () => {
    const mine = await ready(api.keys.channel);
    await write(['theirs'], 'other');
    await write(['nobodys'], null);
    await write(['mine'], 'web');
    await mine.until('its own', (now) => now.changes().length > 0);
    expect(actorsOf(mine)).toEqual(['mine']);
    const again = await ready(api.keys.channel, { after: mine.seen[0]?.id ?? '' });
    await again.until('its own', (now) => now.changes().length > 0);
    await write(['mine-too'], 'web');
    await again.until('the next', (now) => now.changes().length > 1);
    expect(actorsOf(again)).toEqual(['mine', 'mine-too']);
  });

  it('answers HEAD with its head, and keeps nothing open', async () => {
    const response = await fetch(`${api.url}/v1/stream`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${api.keys.viewer}` },
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    expect(await response.text()).toBe('');
    expect(await openCount()).toBe(0);
  });
});

describe('a stream that comes back', () => {
  it('gets what it missed, in order, by Last-Event-ID and by ?after=', async () => {
    const first = await ready();
    await write(names('seen', 3));
    await first.until('three', (now) => now.changes().length === 3);
    first.leave();
    const last = first.changes()[1]?.id ?? '';
    await write(names('missed', 700));
    const expected = ['seen-2', ...names('missed', 700)];
    for (const given of [
      { lastEventId: last },
      { after: last },
      { after: first.seen[0]?.id ?? '', lastEventId: last },
    ]) {
      const again = await ready(api.keys.viewer, given);
      await again.until('what it missed', (now) => now.changes().length >= expected.length);
      expect(actorsOf(again)).toEqual(expected);
      expect(again.seen[0]).toMatchObject({ event: 'ready', id: last });
    }
  });

  it('has no gap and no double while others go on writing', async () => {
    const count = 30;
    const total = 8 * count;
    let stream = await ready();
    let last = stream.seen[0]?.id ?? '';
    const got: string[] = [];
    const writing = Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        for (let at = 0; at < count; at += 1) await write([`w${writer}-${at}`]);
      }),
    );
    // Comes back again and again, each time after whatever has arrived.
    for (let had = 0; got.length < total;) {
      await stream.until('something', (now) => now.changes().length > 0);
      stream.leave();
      await stream.untilEnded();
      got.push(...actorsOf(stream));
      expect(got.length).toBeGreaterThan(had);
      had = got.length;
      last = stream.seen.at(-1)?.id ?? last;
      if (got.length < total) stream = await ready(api.keys.viewer, { lastEventId: last });
    }
    await writing;
    expect(got.toSorted()).toEqual(
      Array.from({ length: 8 }, (_, writer) => names(`w${writer}`, count))
        .flat()
        .toSorted(),
    );
    for (let writer = 0; writer < 8; writer += 1)
      expect(got.filter((actor) => actor.startsWith(`w${writer}-`))).toEqual(names(`w${writer}`, count));
  });

  it('is told to read all again when more than 1,000 changes were missed, and goes on from there', async () => {
    const first = await ready();
    const from = first.seen[0]?.id ?? '';
    await write(names('missed', 1_000));
    const whole = await ready(api.keys.viewer, { after: from });
    await whole.until('a thousand', (now) => now.changes().length === 1_000);
    await write(['one more']);
    // A transaction elsewhere in the cluster holds the feed back: only what is past it can be counted as missed.
    await whole.until('one more', (now) => actorsOf(now).includes('one more'));
    const again = await ready(api.keys.viewer, { after: from });
    await again.until('reset', ({ seen }) => seen[1]?.event === 'reset');
    await write(['new']);
    await again.until('what is new', (now) => actorsOf(now).includes('new'));
    expect(again.changes().length).toBeLessThanOrEqual(2);
    const third = await ready(api.keys.viewer, { after: again.seen[1]?.id ?? '' });
    await third.until('what is new', (now) => actorsOf(now).includes('new'));
  });

  it('is told so too when it comes from a place that this database has not come to', async () => {
    const after = encodeCursor('events', ['9000000000000000000', 1]);
    const stream = await ready(api.keys.viewer, { after });
    await stream.until('reset', ({ seen }) => seen[1]?.event === 'reset');
    await write(['new']);
    await stream.until('what is new', (now) => actorsOf(now).includes('new'));
  });

  it('is refused a place that no stream gave', async () => {
    for (const after of ['nowhere', encodeCursor('orders', ['1', 1]), encodeCursor('events', ['x', 1])]) {
      const answer = await api.call('GET', `/v1/stream?after=${after}`, { key: api.keys.viewer });
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_cursor']);
    }
    expect(await openCount()).toBe(0);
  });
});

describe('listening to the database', () => {
  it('takes one connection for all streams and no place in the pool, and gives it back with the last', async () => {
    const streams = [await ready(), await ready(), await ready(api.keys.ops)];
    await expect.poll(listeners, WITHIN).toHaveLength(1);
    const { pool } = api.db;
    await expect.poll(() => pool.totalCount - pool.idleCount, WITHIN).toBe(0);
    streams.forEach((stream) => stream.leave());
    await expect.poll(listeners, WITHIN).toHaveLength(0);
    await expect.poll(openCount, WITHIN).toBe(0);
    const again = await ready();
    await expect.poll(listeners, WITHIN).toHaveLength(1);
    await write(['again']);
    await again.until('again', (now) => now.changes().length === 1);
  });

  it('goes on after its connection was killed', async () => {
    const stream = await ready();
    await expect.poll(listeners, WITHIN).toHaveLength(1);
    const [killed] = await listeners();
    await api.db.pool.query('select pg_terminate_backend($1)', [killed]);
    await write(['after']);
    await stream.until('what came after', (now) => now.changes().length === 1);
    await expect
      .poll(async () => (await listeners()).filter((pid) => pid !== killed), WITHIN)
      .toHaveLength(1);
  });
});

describe('who may listen', () => {
  it('is looked at again: a revoked key ends its streams, and only those', async () => {
    const made = await createApiKey(api.db, { name: 'short', role: 'viewer' }, { actor: 'test' });
    const [gone, stays] = [await ready(made.key), await ready()];
    await revokeApiKey(api.db, made.id, { actor: 'test' });
    await gone.untilEnded();
    await write(['later']);
    await stays.until('later', (now) => now.changes().length === 1);
    expect((await listen(made.key)).status).toBe(401);
    expect(await openCount()).toBe(1);
  });

  it('ends with the session, and an open stream alone does not keep one alive', async () => {
    const { body, headers } = await api.call('POST', '/v1/session', {
      body: { apiKey: api.keys.viewer },
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    expect(body.role).toBe('viewer');
    const cookie = headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const stream = await openStream(`${api.url}/v1/stream`, { cookie });
    opened.push(stream);
    await stream.until('ready', ({ seen }) => seen.length === 1);
    await api.db.pool.query(`update sessions set last_seen_at = now() - interval '5 hours'`);
    await stream.untilEnded();
  });

  it('is at most 20 times the same caller', async () => {
    const streams = await Promise.all(Array.from({ length: 20 }, () => ready()));
    const refused = await api.call('GET', '/v1/stream', { key: api.keys.viewer });
    expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
    expect(refused.headers.get('retry-after')).toBe('5');
    await ready(api.keys.ops);
    streams[0]?.leave();
    await expect.poll(openCount, WITHIN).toBe(20);
    await ready();
  });

  it('holds no place for a caller who left before it was known who it is', async () => {
    const { pool } = api.db;
    const blocking = await pool.connect();
    await blocking.query('begin');
    await blocking.query('lock table api_keys in access exclusive mode');
    const port = Number(new URL(api.url).port);
    const socket = connectTcp(port, '127.0.0.1');
    socket.write(
      `GET /v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.keys.viewer}\r\nConnection: close\r\n\r\n`,
    );
    const waiting = async () =>
      (
        await pool.query<{ n: number }>(
          `select count(*) as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
        )
      ).rows[0]?.n;
    await expect.poll(waiting, WITHIN).toBe(1);
    socket.destroy();
    // By the time this is answered, the server has seen the other one go.
    await api.call('GET', '/health');
    const second = api.call('GET', '/v1/orders', { key: api.keys.viewer });
    await blocking.query('rollback');
    blocking.release();
    expect((await second).status).toBe(200);
    expect(await openCount()).toBe(0);
  });
});

describe('when the process stops', () => {
  it('all streams end, nothing is listened to any more, the pool is whole, and a late caller is told', async () => {
    const streams = [await ready(), await ready(), await ready(api.keys.channel)];
    await expect.poll(listeners, WITHIN).toHaveLength(1);
    await api.api.close();
    for (const stream of streams) await stream.untilEnded();
    const { pool } = api.db;
    expect([pool.totalCount - pool.idleCount, pool.waitingCount]).toEqual([0, 0]);
    await expect.poll(listeners, WITHIN).toHaveLength(0);
    const late = await api.call('GET', '/v1/stream', { key: api.keys.viewer });
    expect([late.status, late.body.code]).toEqual([503, 'unavailable']);
    expect(await openCount()).toBe(0);
  });

  it('a stream that is just being opened ends too', async () => {
    const opening = Array.from({ length: 10 }, () => listen(api.keys.viewer).catch(() => undefined));
    await api.call('GET', '/health');
    await api.api.close();
    for (const stream of await Promise.all(opening)) await stream?.untilEnded();
    await expect.poll(listeners, WITHIN).toHaveLength(0);
    expect(await openCount()).toBe(0);
  });
});
