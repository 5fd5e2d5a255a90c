/** What staff write for colleagues: who sees it, and that events, audit and idempotency rows hold ids and codes only. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCase } from '../db/writes/cases.ts';
import { withOrder } from '../db/writes/order.ts';
import { storeSignals } from '../db/writes/signals.ts';
import { LANE_DOWN, orderBody, startApi, type TestApi } from '../test/api.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';

let postgres: TestPostgres;
let api: TestApi;

beforeAll(async () => {
  postgres = await startPostgres();
  api = await startApi(postgres.url, {
    lane: {
      ...LANE_DOWN,
      async command(ref) {
        await withOrder(api.db.pool, ref.orderId);
      },
    },
  });
});
afterAll(async () => {
  await api.stop();
  await postgres.stop();
});

const get = async (path: string, key: string) => (await api.call('GET', path, { key })).body;
let counter = 0;
const post = (path: string, body: unknown, key: string) =>
  api.call('POST', path, { key, body, headers: { 'idempotency-key': `staff-${(counter += 1)}` } });

async function place(): Promise<string> {
  return (await post('/v1/orders', orderBody(`staff-${(counter += 1)}`), api.keys.channel)).body.id;
}

/** Everything that a caller can read about an order, as one text. */
async function allOf(id: string, key: string): Promise<string> {
  const paths = [
    `/v1/orders/${id}`,
    `/v1/orders/${id}/timeline?limit=100`,
    `/v1/orders/${id}/events?limit=100`,
    '/v1/events?limit=100',
    '/v1/cases?limit=100',
  ];
  const own: { commands: { id: string }[] } = await get(`/v1/orders/${id}`, key);
  paths.push(...own.commands.map((one) => `/v1/commands/${one.id}`));
  return JSON.stringify(await Promise.all(paths.map((path) => get(path, key))));
}

/** How often the text stands in the books that are kept for ever. */
async function inBooks(text: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const table of ['events', 'audit', 'idempotency']) {
    const { rows } = await api.db.pool.query<{ n: number }>(
      `select count(*) as n from ${table} t where t::text like $1`,
      [`%${text}%`],
    );
    found[table] = rows[0]?.n ?? -1;
  }
  return found;
}
const NOWHERE = { events: 0, audit: 0, idempotency: 0 };

describe('the key of a channel', () => {
  it('sees neither notes nor close texts nor names of staff, and its own customers in full', async () => {
    const id = await place();
    await post(`/v1/orders/${id}/notes`, { text: 'a difficult customer' }, api.keys.support);
    await withOrder(api.db.pool, id, (work) =>
      openCase(work, { subject: id, code: 'parcel_lost', attention: 'carrier', detail: 'as given' }),
    );
    const [one] = (await get('/v1/cases?code=parcel_lost', api.keys.support)).data;
    const made = await post('/v1/api-keys', { name: 'Grace Hopper', role: 'support' }, api.keys.ops);
    const grace: string = made.body.key;
    await post(`/v1/cases/${one.id}/assign`, { assignee: 'me' }, grace);
    expect((await get('/v1/cases', api.keys.channel)).data[0].assigneeName).toBeNull();
    await post(`/v1/cases/${one.id}/resolve`, { note: 'paid from the tin' }, grace);
    await post(`/v1/orders/${id}/cancel`, { reason: 'staff', note: 'looks odd to me' }, grace);

    const staff = await allOf(id, api.keys.support);
    const channel = await allOf(id, api.keys.channel);
    for (const text of ['a difficult customer', 'paid from the tin', 'looks odd to me', 'Grace Hopper']) {
      expect([text, staff.includes(text)]).toEqual([text, true]);
      expect([text, channel.includes(text)]).toEqual([text, false]);
    }
    const order = await get(`/v1/orders/${id}`, api.keys.channel);
    expect(order).toMatchObject({
      recipient: { name: 'Ada Lovelace' },
      notes: [],
      undo: { cause: 'staff', reason: null },
    });
    expect(order.standing.text).toContain('by staff');
    // A person without pii:read sees who did it, and none of the texts.
    const viewer = await allOf(id, api.keys.viewer);
    expect(viewer).toContain('Grace Hopper');
    expect(viewer).not.toMatch(/difficult customer|from the tin|looks odd/);
  });

  it('writes no notes and works off no cases, but tags its orders', async () => {
    const id = await place();
    for (const [path, body] of [
      [`/v1/orders/${id}/notes`, { text: 'x' }],
      ['/v1/cases/cas_x/assign', { assignee: null }],
      ['/v1/cases/cas_x/resolve', { note: 'x' }],
    ] as const) {
      const answer = await post(path, body, api.keys.channel);
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'forbidden']);
    }
    const tagged = await post(`/v1/orders/${id}/tags`, { add: ['gift'] }, api.keys.channel);
    expect([tagged.status, tagged.body.tags]).toEqual([200, ['gift']]);
  });
});

describe('the note of a command', () => {
  it('to cancel stays with the command and the order, for those who see texts of staff', async () => {
    const id = await place();
    const NOTE = 'Ada moved to 5 Elm St';
    const answer = await post(
      `/v1/orders/${id}/cancel`,
      { reason: 'customer', note: NOTE },
      api.keys.support,
    );
    expect(answer.body.undo).toMatchObject({ cause: 'customer', reason: NOTE });
    expect(await inBooks(NOTE)).toEqual(NOWHERE);
    const shown = async (key: string) => {
      const order = await get(`/v1/orders/${id}`, key);
      const { data } = await get(`/v1/orders/${id}/timeline?limit=100`, key);
      const event = data.find((entry: { type: string }) => entry.type === 'order.cancel_requested');
      const command = data.find((entry: { type: string }) => entry.type === 'command.cancel');
      return [order.undo, order.commands[0].reason, event.data.reason, event.data.note, command.data.reason];
    };
    const actor = answer.body.undo.actor;
    expect(await shown(api.keys.support)).toEqual([
      { cause: 'customer', actor, reason: NOTE },
      'customer',
      'customer',
      NOTE,
      'customer',
    ]);
    for (const key of [api.keys.viewer, api.keys.channel])
      expect(await shown(key)).toEqual([
        { cause: 'customer', actor, reason: null },
        'customer',
        'customer',
        undefined,
        'customer',
      ]);
  });

  it('to retry likewise', async () => {
    const id = await place();
    const NOTE = 'Ada has a new card';
    // Nothing is in stock: there is something to retry.
    await withOrder(api.db.pool, id);
    const answer = await post(`/v1/orders/${id}/retry`, { note: NOTE }, api.keys.support);
    expect(answer.status).toBe(200);
    const command: string = answer.body.commands[0].id;
    expect(await inBooks(NOTE)).toEqual(NOWHERE);
    expect((await get(`/v1/commands/${command}`, api.keys.support)).reason).toBe(NOTE);
    for (const key of [api.keys.viewer, api.keys.channel]) {
      expect((await get(`/v1/commands/${command}`, key)).reason).toBeNull();
      expect(await allOf(id, key)).not.toContain(NOTE);
    }
    const { data } = await get(`/v1/orders/${id}/timeline?limit=100`, api.keys.support);
    expect(data).toContainEqual(
      expect.objectContaining({
        type: 'order.retry_requested',
        data: { commandId: command, note: NOTE },
      }),
    );
  });

  it('is masked in the answer to a command that waits', async () => {
    const quiet = await startApi(postgres.url);
    const placed = await quiet.call('POST', '/v1/orders', {
      key: quiet.keys.channel,
      body: orderBody('quiet'),
      headers: { 'idempotency-key': 'quiet' },
    });
    const retry = (key: string, idempotencyKey: string) =>
      quiet.call('POST', `/v1/orders/${placed.body.id}/retry`, {
        key,
        body: { note: 'Ada again' },
        headers: { 'idempotency-key': idempotencyKey },
      });
    const mine = await retry(quiet.keys.channel, 'r-1');
    expect([mine.status, mine.body.reason]).toEqual([202, null]);
    const staff = await retry(quiet.keys.support, 'r-2');
    expect([staff.status, staff.body.reason]).toEqual([202, 'Ada again']);
    await quiet.stop();
  });

  it('in a signal is treated the same', async () => {
    const id = await place();
    const NOTE = 'Ada called the works';
    await storeSignals(api.db.pool, id, [
      { id: 's-1', name: 'cancelOrder', body: { reason: 'staff', note: NOTE } },
    ]);
    await withOrder(api.db.pool, id);
    expect(await inBooks(NOTE)).toEqual(NOWHERE);
    expect((await get(`/v1/orders/${id}`, api.keys.support)).undo.reason).toBe(NOTE);
    expect(await allOf(id, api.keys.viewer)).not.toContain(NOTE);
    expect(await allOf(id, api.keys.channel)).not.toContain(NOTE);
  });

  it('of an older version, which stands in the event, is shown to nobody else either', async () => {
    const id = await place();
    await api.db.pool.query(
      `with o as (update orders set event_seq = event_seq + 1 where id = $1 returning id, channel, event_seq)
       insert into events (order_id, seq, channel, type, actor, data)
       select id, event_seq, channel, 'order.cancel_requested', 'key:x', '{"reason":"staff","note":"written long ago"}' from o`,
      [id],
    );
    expect(await allOf(id, api.keys.support)).toContain('written long ago');
    expect(await allOf(id, api.keys.viewer)).not.toContain('written long ago');
    expect(await allOf(id, api.keys.channel)).not.toContain('written long ago');
  });

  it('is our own word when nobody asked for the undo', async () => {
    const id = await place();
    await api.db.pool.query(
      `update orders set undo_cause = 'expired', undo_actor = 'system', undo_reason = 'not paid in time' where id = $1`,
      [id],
    );
    expect((await get(`/v1/orders/${id}`, api.keys.channel)).undo.reason).toBe('not paid in time');
  });
});

describe('a message that this version does not know', () => {
  async function refused(id: string): Promise<unknown[]> {
    const { rows } = await api.db.pool.query<{ data: unknown }>(
      `select data from events where order_id = $1 and type = 'signal.refused' order by seq`,
      [id],
    );
    return rows.map((row) => row.data);
  }

  it('leaves its kind and id in the events, and none of its text', async () => {
    const id = await place();
    await api.db.pool.query(
      `with o as (update orders set message_seq = message_seq + 1 where id = $1 returning id, message_seq)
       insert into messages (id, source, source_id, order_id, seq, kind, actor, payload)
       select 'msg_newer', 'api:x', 'newer', id, message_seq, 'command.from_a_newer_version', 'key:x', $2 from o`,
      [id, JSON.stringify({ kind: 'spoofed', name: 'Ada Lovelace', note: 'Ada was told' })],
    );
    await withOrder(api.db.pool, id);
    expect(await refused(id)).toEqual([{ kind: 'command.from_a_newer_version', messageId: 'msg_newer' }]);
  });

  it('names the signal, when it was one, and what was wrong with it', async () => {
    const id = await place();
    await storeSignals(api.db.pool, id, [
      { id: 'b-1', name: 'makeCoffee', body: { note: 'for Ada' } },
      { id: 'b-2', name: 'cancelOrder', body: { reason: 'because of Ada', note: 'for Ada' } },
    ]);
    await withOrder(api.db.pool, id);
    expect(await refused(id)).toMatchObject([
      { kind: 'signal.unknown', name: 'makeCoffee', problem: 'no such signal' },
      { kind: 'signal.malformed', name: 'cancelOrder', problem: expect.stringContaining('reason must be') },
    ]);
    expect(JSON.stringify(await refused(id))).not.toContain('Ada');
  });
});
