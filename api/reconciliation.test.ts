/** Disputes, payouts and reconciliation over the API: who may see what, and starting a run. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActivities } from '../activities/index.ts';
import type { ReconcileRunInput } from '../workflows/contract.ts';
import type { ListedPayment } from '../domain/truth.ts';
import { storePayouts } from '../db/writes/payouts.ts';
import { orderBody, startApi, type TestApi } from '../test/api.ts';
import { givenGateway } from '../test/given/gateway.ts';
import { outsideDown } from '../test/given/outside.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';

let postgres: TestPostgres;
let api: TestApi;
let isTemporalUp = true;
/** What the gateway lists. */
let listed: ListedPayment[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
  api = await startApi(postgres.url, {
    // The run itself, without a workflow around it.
    async startReconciliation({
      runId,
      dryRun = false,
      sinceHours = null,
    }: ReconcileRunInput & { runId: string }) {
      if (!isTemporalUp) throw new Error('Temporal is down');
      await activities().reconcilePayments({ runId, dryRun, sinceHours });
    },
  });
});
afterAll(async () => {
  await api.stop();
  await postgres.stop();
});

function activities() {
  return createActivities({
    pool: api.db.pool,
    payment: givenGateway({
      list: ({ cursor }) =>
        Promise.resolve(
          cursor === undefined && listed.length > 1
            ? { payments: listed.slice(0, 1), cursor: 'next' }
            : { payments: cursor === undefined ? listed : listed.slice(1) },
        ),
      listPayouts: () =>
        Promise.resolve([
          {
            id: 'po_1',
            amountMinor: 9_000,
            currency: 'EUR',
            state: 'paid',
            arrivesAt: '2026-03-16T00:00:00.000Z',
            contents: 'never',
          },
        ]),
    }),
    ...outsideDown(),
  });
}

const get = (path: string, key = api.keys.ops) => api.call('GET', path, { key });
const start = (body: unknown, key = api.keys.ops) => api.call('POST', '/v1/reconciliations', { key, body });

function stranger(providerRef: string): ListedPayment {
  return {
    ...{ providerRef, state: 'captured', amountMinor: 700, capturedMinor: 700, currency: 'EUR' },
    ...{ captureBefore: null, key: null, orderId: null, refundedMinor: 0, hasDispute: false },
    createdAt: new Date().toISOString(),
  };
}

let counter = 0;
async function givenOrder(channelKey: string): Promise<{ id: string; number: number }> {
  const name = `rec-${(counter += 1)}`;
  const answer = await api.call('POST', '/v1/orders', {
    key: channelKey,
    body: orderBody(name),
    headers: { 'idempotency-key': name },
  });
  return answer.body;
}

describe('disputes', () => {
  it('are listed by page, and a channel sees its own alone', async () => {
    for (const [key, id] of [
      [api.keys.channel, 'dp_a'],
      [api.keys.channel, 'dp_b'],
      [api.keys.other, 'dp_c'],
    ] as const) {
      const order = await givenOrder(key);
      await api.db.pool.query(
        `insert into payments (id, order_id, attempt, method, provider, state, currency, amount_minor)
         values ($1, $2, 1, 'card', 'stripe', 'captured', 'EUR', 1000)`,
        [`pay_${id}`, order.id],
      );
      await api.db.pool.query(
        `insert into disputes (id, order_id, payment_id, amount_minor, currency, state, reason) values ($1, $2, $3, 1000, 'EUR', 'open', 'fraudulent')`,
        [id, order.id, `pay_${id}`],
      );
    }
    const first = await get('/v1/disputes?limit=2');
    expect(first.body.data.map((one: { id: string }) => one.id)).toEqual(['dp_c', 'dp_b']);
    expect(first.body.data[0]).toMatchObject({ state: 'open', amount: { amount: 1_000, currency: 'EUR' } });
    const second = await get(`/v1/disputes?limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body.data.map((one: { id: string }) => one.id)).toEqual(['dp_a']);
    const own = await get('/v1/disputes', api.keys.other);
    expect(own.body.data.map((one: { id: string }) => one.id)).toEqual(['dp_c']);
    expect((await get('/v1/disputes?channel=web', api.keys.other)).status).toBe(403);
    expect((await get('/v1/disputes?state=won')).body.data).toEqual([]);
    expect((await get('/v1/disputes?cursor=x')).status).toBe(400);
  });
});

describe('a reconciliation', () => {
  it('compares every page, opens a case once, and shows what it found', async () => {
    listed = [stranger('pi_s1'), stranger('pi_s2')];
    const begun = await start({ sinceHours: 24 });
    expect(begun.status).toBe(202);
    const location = begun.headers.get('location') ?? '';
    const run = await get(location);
    expect(run.body).toMatchObject({
      ...{ provider: 'stripe', dryRun: false, compared: 2, counts: { paid_but_unknown: 2 } },
      ...{ settled: 0, problem: null },
    });
    expect(run.body.endedAt).not.toBeNull();
    const found = await get(`${location}/findings`);
    expect(found.body.data).toMatchObject([
      {
        kind: 'paid_but_unknown',
        reference: 'pi_s1',
        theirs: { amount: 700, currency: 'EUR' },
        action: 'case',
      },
      { reference: 'pi_s2' },
    ]);
    await start({});
    const cases = await get('/v1/cases?open=true&code=paid_unknown');
    expect(cases.body.data).toHaveLength(2);
    expect((await get('/v1/payouts')).body.data).toMatchObject([{ id: 'po_1', state: 'paid' }]);
  });

  it('that is dry opens no case and starts no repair', async () => {
    listed = [stranger('pi_dry')];
    const { body } = await start({ dryRun: true, sinceHours: 1 });
    const found = await get(`/v1/reconciliations/${body.id}/findings`);
    expect(found.body.data).toMatchObject([{ action: 'none' }]);
    const { rows } = await api.db.pool.query(`select 1 from cases where subject = 'pi_dry'`);
    expect(rows).toEqual([]);
    expect((await get('/v1/reconciliations?dryRun=true')).body.data).toHaveLength(1);
  });

  it('has the order of a payment that differs look at it', async () => {
    const order = await givenOrder(api.keys.channel);
    await api.db.pool.query(
      `insert into payments (id, order_id, attempt, method, provider, provider_ref, state, currency, amount_minor, authorized_minor)
       values ('pay_differs', $1, 1, 'card', 'stripe', 'pi_differs', 'authorized', 'EUR', 700, 700)`,
      [order.id],
    );
    listed = [stranger('pi_differs')];
    const { body } = await start({ sinceHours: 1 });
    const found = await get(`/v1/reconciliations/${body.id}/findings`);
    expect(found.body.data).toMatchObject([
      { kind: 'amount_differs', orderNumber: order.number, ours: { amount: 0 }, action: 'inspected' },
    ]);
    const { rows } = await api.db.pool.query(
      `select match, payload->>'type' as type from messages where order_id = $1 and kind = 'payment_event'`,
      [order.id],
    );
    expect(rows).toEqual([{ match: 'pay_differs', type: 'reconciliation.amount_differs' }]);
  });

  it('leaves no payment out, however short a time a person asks for', async () => {
    await api.db.pool.query(`update reconciliations set started_at = started_at - interval '5 hours'`);
    listed = [];
    const { body } = await start({ sinceHours: 1 });
    expect(Date.parse(body.since)).toBeLessThan(Date.now() - 5 * 3_600_000);
    const dry = await start({ sinceHours: 1, dryRun: true });
    expect(Date.parse(dry.body.since)).toBeGreaterThan(Date.now() - 2 * 3_600_000);
  });

  it('does not find again what a person recorded under the name the provider gave it', async () => {
    const order = await givenOrder(api.keys.channel);
    await api.db.pool.query(
      `with paid as (
         insert into payments (id, order_id, attempt, method, provider, provider_ref, state, currency, amount_minor, authorized_minor,
           captured_minor, refunded_minor)
         values ('pay_hand', $1, 1, 'card', 'stripe', 'pi_hand', 'captured', 'EUR', 700, 700, 700, 200))
       insert into payment_events (order_id, payment_id, type, reference, amount_minor, currency, source, provider_ref)
       values ($1, 'pay_hand', 'refund_success', 'k/r', 200, 'EUR', 'person', 're_hand')`,
      [order.id],
    );
    listed = [{ ...stranger('pi_hand'), refundedMinor: 200 }];
    const counts = async () => (await get((await start({})).headers.get('location') ?? '')).body.counts;
    expect(await counts()).toEqual({ refund_differs: 1 });
    // The look that this has started finds the refund and notes its name.
    await api.db.pool.query(
      `insert into payment_events (order_id, payment_id, type, reference, amount_minor, currency, source)
       values ($1, 'pay_hand', 'info', 're_hand', 200, 'EUR', 'gateway')`,
      [order.id],
    );
    await api.db.pool.query(`update payments set inspect_wanted = false where id = 'pay_hand'`);
    expect(await counts()).toEqual({});
  });

  it('that can not be started says so and is over', async () => {
    isTemporalUp = false;
    expect((await start({})).status).toBe(503);
    isTemporalUp = true;
    const newest = (await get('/v1/reconciliations?limit=1')).body.data[0];
    expect(newest).toMatchObject({ problem: 'could not be started' });
    expect(newest.endedAt).not.toBeNull();
  });

  it('is for operations alone', async () => {
    expect((await start({}, api.keys.support)).status).toBe(403);
    expect((await get('/v1/reconciliations', api.keys.support)).status).toBe(403);
    expect((await get('/v1/payouts', api.keys.channel)).status).toBe(403);
    expect((await get('/v1/reconciliations/rec_none')).status).toBe(404);
    expect((await get('/v1/reconciliations/rec_none/findings')).status).toBe(404);
    expect((await start({ sinceHours: 0 })).status).toBe(422);
  });
});

describe('payouts', () => {
  it('keep their newest state, whatever the order of the reports', async () => {
    const shared = { amountMinor: 100, currency: 'EUR', arrivesAt: null } as const;
    const payout = { ...shared, id: 'po_2', contents: 'later' } as const;
    for (const state of ['paid', 'pending', 'failed', 'paid'] as const)
      await storePayouts(api.db, 'stripe', [{ ...payout, state }]);
    const shown = (await get('/v1/payouts')).body.data.find((one: { id: string }) => one.id === 'po_2');
    expect(shown).toMatchObject({ state: 'failed' });
  });
});
