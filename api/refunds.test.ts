/** Refunds through the API: preview, limits of roles, a second person, money given back by hand, and who sees what. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withOrder } from '../db/writes/order.ts';
import { settleMovement } from '../db/writes/refundMoves.ts';
import { startApi, usd, type TestApi } from '../test/api.ts';
import { captured } from '../test/given/captured.ts';
import { laneAtOnce } from '../test/given/lane.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';

let postgres: TestPostgres;
let api: TestApi;

beforeAll(async () => {
  postgres = await startPostgres();
  api = await startApi(postgres.url, { lane: laneAtOnce(() => api.db) });
});
afterAll(async () => {
  await api.stop();
  await postgres.stop();
});

/** A delivered order: 2 mugs at 10.00, a tea at 5.00, 5.00 shipping. */
function delivered() {
  return captured(api.db, {
    currency: 'USD',
    lines: [
      { sku: 'MUG', quantity: 2, unitMinor: 1_000 },
      { sku: 'TEA', unitMinor: 500 },
    ],
    shippingMinor: 500,
  });
}

let sent = 0;

function post(
  path: string,
  body: unknown,
  key: string | undefined = api.keys.support,
  idempotencyKey = `key-${(sent += 1)}`,
) {
  return api.call('POST', path, { key, body, headers: { 'idempotency-key': idempotencyKey } });
}

const get = (path: string, key = api.keys.support) => api.call('GET', path, { key });

describe('a preview', () => {
  it('is the very refund, with what it is made of and whether it needs a second person', async () => {
    const { orderId } = await delivered();
    const body = {
      reason: 'defective',
      lines: [{ lineNo: 1, units: 1 }],
      shipping: usd(200),
      fees: [{ kind: 'restocking', amount: usd(100), tax: usd(20) }],
    };
    const preview = await api.call('POST', `/v1/orders/${orderId}/refunds/preview`, {
      key: api.keys.support,
      body,
    });
    expect([preview.status, preview.body]).toMatchObject([
      200,
      {
        refundable: usd(3000),
        needsApproval: false,
        limit: usd(20_000),
        problem: null,
        plan: {
          amount: usd(1080),
          lines: [{ lineNo: 1, units: 1, total: usd(1000) }],
          shipping: usd(200),
          movements: [{ method: 'card', amount: usd(1080), byHand: false }],
        },
      },
    ]);
    expect((await get(`/v1/orders/${orderId}/refunds`)).body.data).toEqual([]);
    const granted = await post(`/v1/orders/${orderId}/refunds`, body);
    expect(granted.status).toBe(200);
    const [refund] = granted.body.money.refunds;
    const { movements: _, ...plan } = preview.body.plan;
    expect(refund).toMatchObject({ ...plan, state: 'granted', reason: 'defective' });
  });

  it('answers with the problem where the refund would be refused, and says when a channel needs approval', async () => {
    const { orderId } = await delivered();
    const preview = (body: unknown, key = api.keys.support) =>
      api.call('POST', `/v1/orders/${orderId}/refunds/preview`, { key, body });
    expect((await preview({ reason: 'other', amount: usd(3001) })).body).toMatchObject({
      plan: null,
      problem: { code: 'refund_too_large' },
    });
    expect((await preview({ reason: 'other', amount: { amount: 1, currency: 'EUR' } })).body).toMatchObject({
      problem: { code: 'invalid' },
    });
    expect((await preview({ reason: 'other', amount: usd(1) }, api.keys.channel)).body).toMatchObject({
      needsApproval: true,
      limit: usd(0),
    });
    expect((await preview({ reason: 'other', amount: usd(1) }, api.keys.other)).status).toBe(404);
  });
});

describe('a refund', () => {
  it('is one for its Idempotency-Key, counts as used at once, and stands in the money of the order', async () => {
    const { orderId, paymentId, number } = await delivered();
    const body = { reason: 'goodwill', amount: usd(700), note: 'Ada was sad' };
    const path = `/v1/orders/${orderId}/refunds`;
    const first = await post(path, body, api.keys.support, 'same');
    const again = await post(path, body, api.keys.support, 'same');
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body.money.refunds).toHaveLength(1);
    expect((await post(path, { ...body, amount: usd(1) }, api.keys.support, 'same')).status).toBe(422);
    expect(first.body.money).toMatchObject({
      captured: usd(3000),
      refunded: usd(0),
      refundPending: usd(700),
      refundable: usd(2300),
      chargeStatus: 'full',
      operations: [
        {},
        {},
        { kind: 'refund', state: 'requested', number: `${number}/refund/1.1/1`, amount: usd(700) },
      ],
      refunds: [{ note: 'Ada was sad', goodwill: usd(700), attempts: [{ state: 'requested', paymentId }] }],
    });
    expect(first.body.allowedActions).toContainEqual(
      expect.objectContaining({ action: 'refund', enabled: true, needsReason: true }),
    );
    const seenByChannel = await get(`/v1/orders/${orderId}`, api.keys.channel);
    expect(JSON.stringify(seenByChannel.body)).not.toContain('Ada was sad');
    const events = await api.db.pool.query('select data from events where order_id = $1', [orderId]);
    expect(JSON.stringify(events.rows)).not.toContain('Ada was sad');
  });

  it('is refused with its reason and leaves no refund', async () => {
    const { orderId } = await delivered();
    const path = `/v1/orders/${orderId}/refunds`;
    const refused = async (body: unknown, key = api.keys.support) => {
      const answer = await post(path, body, key);
      return [answer.status, answer.body.code];
    };
    expect(await refused({ reason: 'other', lines: [{ lineNo: 1, units: 3 }] })).toEqual([
      422,
      'units_not_refundable',
    ]);
    expect(await refused({ reason: 'other', shipping: usd(501) })).toEqual([422, 'shipping_not_refundable']);
    expect(await refused({ reason: 'other', goodwill: usd(3001) })).toEqual([422, 'refund_too_large']);
    expect(await refused({ reason: 'other', amount: { amount: 1, currency: 'EUR' } })).toEqual([
      422,
      'invalid',
    ]);
    expect(await refused({ reason: 'other' })).toEqual([422, 'invalid']);
    expect(await refused({ reason: 'other', amount: usd(1), goodwill: usd(1) })).toEqual([422, 'invalid']);
    expect(await refused({ reason: 'because', amount: usd(1) })).toEqual([422, 'invalid']);
    expect(await refused({ reason: 'other', amount: usd(1) }, api.keys.viewer)).toEqual([403, 'forbidden']);
    expect((await get(path)).body.data).toEqual([]);
    await post(path, { reason: 'other', amount: usd(3000) });
    expect(await refused({ reason: 'other', amount: usd(1) })).toEqual([409, 'nothing_to_refund']);
    const { body } = await get(`/v1/orders/${orderId}`);
    expect(body.allowedActions).toContainEqual(
      expect.objectContaining({ action: 'refund', enabled: false, reasonIfDisabled: 'nothing_to_refund' }),
    );
  });
});

describe('a second person', () => {
  it('approves or declines what a channel asks for, and never their own request', async () => {
    const { orderId } = await delivered();
    const path = `/v1/orders/${orderId}/refunds`;
    const asked = await post(path, { reason: 'late', amount: usd(300) }, api.keys.channel);
    const [refund] = asked.body.money.refunds;
    expect(refund).toMatchObject({ state: 'awaiting_approval', attempts: [{ state: 'requested' }] });
    expect(asked.body.money).toMatchObject({ refundPending: usd(300), chargeStatus: 'full' });
    const decide = (what: string, key: string, id: string = refund.id) =>
      post(`${path}/${id}/${what}`, {}, key);
    expect((await decide('approve', api.keys.channel)).status).toBe(403);
    expect((await decide('approve', api.keys.support)).status).toBe(403);
    expect(await decide('approve', api.keys.ops, 'rfd_none')).toMatchObject({
      status: 404,
      body: { code: 'refund_unknown' },
    });
    const approved = await decide('approve', api.keys.ops);
    expect(approved.body.money.refunds).toMatchObject([{ state: 'granted' }]);
    expect(await decide('decline', api.keys.ops)).toMatchObject({
      status: 409,
      body: { code: 'refused_by_state' },
    });

    await api.db.pool.query(
      `insert into policies (channel, version, created_by, body) select channel, version + 1, 'test', body || '{"refundLimits":{"channel":0,"support":0,"ops":0}}'
       from policies where channel = 'web' order by version desc limit 1`,
    );
    const strict = await delivered();
    await api.db.pool.query(
      `update orders set policy_version = (select max(version) from policies where channel = 'web') where id = $1`,
      [strict.orderId],
    );
    const own = await post(
      `/v1/orders/${strict.orderId}/refunds`,
      { reason: 'late', amount: usd(1) },
      api.keys.ops,
    );
    const ownPath = `/v1/orders/${strict.orderId}/refunds/${own.body.money.refunds[0].id}`;
    expect(await post(`${ownPath}/approve`, {}, api.keys.ops)).toMatchObject({
      status: 403,
      body: { code: 'own_request' },
    });
    const withdrawn = await post(`${ownPath}/withdraw`, {}, api.keys.ops);
    expect(withdrawn.body.money).toMatchObject({ refundPending: usd(0), refunds: [{ state: 'withdrawn' }] });
  });
});

describe('a refund that failed', () => {
  it('can be tried again, or recorded as given back by another route', async () => {
    const { orderId } = await delivered();
    const path = `/v1/orders/${orderId}/refunds`;
    const asked = await post(path, { reason: 'lost', amount: usd(400) });
    const [{ id, attempts }] = asked.body.money.refunds;
    const fail = (attemptId: string) =>
      withOrder(api.db.pool, orderId, async (work) => {
        await settleMovement(work, {
          attemptId,
          outcome: { state: 'failed', code: 'expired_or_canceled_card' },
        });
      });
    expect((await post(`${path}/${id}/record`, { reference: 'bank-1' })).body.code).toBe('refused_by_state');
    await fail(attempts[0].id);
    const failed = await get(`/v1/orders/${orderId}`);
    expect(failed.body).toMatchObject({
      attention: ['payment_action'],
      cases: [{ code: 'refund_failed', owner: 'support', isClosable: false }],
      money: { refundable: usd(3000), refunds: [{ state: 'failed' }] },
    });
    const retried = await post(`${path}/${id}/retry`, {});
    const again = retried.body.money.refunds[0].attempts[1];
    expect(again).toMatchObject({ state: 'requested', attempt: 2 });
    await fail(again.id);
    expect((await post(`${path}/${id}/record`, { reference: 'bank-1', route: 'pigeon' })).status).toBe(422);
    const wired = { reference: 'bank-1', route: 'bank_transfer', note: 'wired' };
    const recorded = await post(`${path}/${id}/record`, wired);
    expect(recorded.body).toMatchObject({
      attention: [],
      paymentStatus: 'partially_refunded',
      money: {
        refunded: usd(400),
        refunds: [
          { state: 'settled', attempts: [{}, {}, { state: 'succeeded', reference: 'bank-1', attempt: 3 }] },
        ],
      },
    });
    expect(recorded.body.money.operations.at(-1)).toMatchObject({ state: 'succeeded', source: 'person' });
    const { rows } = await api.db.pool.query(
      `select account, amount_minor from ledger where order_id = $1 and amount_minor < 0 and key like '%/refund_success/%'`,
      [orderId],
    );
    expect(rows).toEqual([{ account: 'bank', amount_minor: -400 }]);
  });
});

describe('limits of the roles', () => {
  const set = (refundLimits: unknown) =>
    api.call('PUT', '/v1/channels/other/policy', { key: api.keys.ops, body: { refundLimits } });

  it('are numbers, or tables by currency with a default', async () => {
    const limits = { channel: 0, support: 200, ops: { default: 5_000, JPY: 700_000 } };
    expect((await set(limits)).body).toMatchObject({ policy: { refundLimits: limits } });
  });

  it.each([
    ['a table without a default', { channel: 0, support: 200, ops: { JPY: 700_000 } }],
    ['a name that is no currency', { channel: 0, support: 200, ops: { default: 1, yen: 700_000 } }],
    ['half a unit', { channel: 0, support: 200, ops: { default: 0.5 } }],
    ['less than nothing', { channel: -1, support: 200, ops: 5_000 }],
    ['a role left out', { channel: 0, support: 200 }],
  ])('are not %s', async (_, limits) => {
    expect((await set(limits)).status).toBe(422);
  });
});

describe('money that a person gives back', () => {
  it('opens a case; recording it or closing the case says that it is done', async () => {
    const { orderId, paymentId } = await delivered();
    await api.db.pool.query(`update payments set method = 'prepaid', provider = 'channel' where id = $1`, [
      paymentId,
    ]);
    const path = `/v1/orders/${orderId}/refunds`;
    const first = await post(path, { reason: 'late', amount: usd(100) });
    expect(first.body).toMatchObject({
      cases: [{ code: 'refund_by_hand', owner: 'support', isClosable: true, resolvedAt: null }],
      money: { refunds: [{ state: 'executing', attempts: [{ state: 'by_hand', method: 'prepaid' }] }] },
    });
    const [refund] = first.body.money.refunds;
    const recorded = await post(`${path}/${refund.id}/record`, { reference: 'shop-refund-7' });
    expect(recorded.body.money).toMatchObject({ refunded: usd(100), refunds: [{ state: 'settled' }] });
    expect(recorded.body.cases).toMatchObject([{ code: 'refund_by_hand', resolution: 'recorded' }]);

    const second = await post(path, { reason: 'late', amount: usd(200) });
    const open = second.body.cases.find((one: { resolvedAt: string | null }) => one.resolvedAt === null);
    await post(`/v1/cases/${open.id}/resolve`, { note: 'refunded in the shop' });
    const after = await get(`/v1/orders/${orderId}`);
    expect(after.body.money).toMatchObject({
      refunded: usd(300),
      refunds: [{}, { state: 'settled', attempts: [{ state: 'succeeded', reference: open.id }] }],
    });
  });
});

describe('the queue', () => {
  it('lists refunds newest first, in pages, by state, and to a channel its own alone', async () => {
    const { orderId } = await delivered();
    for (let index = 0; index < 3; index += 1)
      await post(`/v1/orders/${orderId}/refunds`, { reason: 'other', amount: usd(10) }, api.keys.channel);
    const all: string[] = [];
    let path: string | null = '/v1/refunds?limit=2&state=awaiting_approval';
    while (path !== null) {
      const { body } = await get(path);
      all.push(...body.data.map((row: { id: string }) => row.id));
      path = body.hasMore ? `/v1/refunds?limit=2&state=awaiting_approval&cursor=${body.nextCursor}` : null;
    }
    expect(all).toEqual([...new Set(all)].toSorted().toReversed());
    expect(all.length).toBeGreaterThanOrEqual(3);
    const own = await get('/v1/refunds', api.keys.channel);
    expect(own.body.data.length).toBeGreaterThan(0);
    expect(own.body.data.every((row: { channel: string; note: null }) => row.channel === 'web')).toBe(true);
    expect((await get('/v1/refunds', api.keys.other)).body.data).toEqual([]);
    expect((await get('/v1/refunds?cursor=abc')).body.code).toBe('invalid_cursor');
  });
});
