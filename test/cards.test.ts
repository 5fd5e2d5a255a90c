/**
 * Cards that say no for now, authorizations that end too early, other moments of capture and another card: each as the
 * lane's activities meet it, with the gateway's answers given by the test and deadlines brought forward in the database.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createActivities, type Activities } from '../activities/index.ts';
import { connect, type Db } from '../db/connect.ts';
import { setPolicy } from '../db/writes/channels.ts';
import { withOrder } from '../db/writes/order.ts';
import { currentPayment, dueSteps, type OrderView, type WaitKind } from '../domain/lifecycle.ts';
import type { Policy } from '../domain/policy.ts';
import { accepted } from './given/accepted.ts';
import { givenGateway, granted } from './given/gateway.ts';
import type { GivenOrder } from './given/order.ts';
import { putMessage, type GivenMessage } from './given/message.ts';
import { givenCarrier, givenWarehouse } from './given/outside.ts';
import { CHANNEL, openShop, SHORT_WAITS } from './given/shop.ts';
import { freshDatabase, startPostgres, type TestPostgres } from './postgres.ts';
import { ACTIVITY_OF } from './given/steps.ts';

const DAY = 86_400_000;

let postgres: TestPostgres;
let db: Db;
let activities: Activities;
/** What the gateway does next, and what it was asked. */
const gateway = {
  decline: null as string | null,
  refuseCapture: null as string | null,
  liveDays: 7,
  asked: [] as { kind: 'authorize' | 'capture' | 'void'; key: string; token?: string }[],
};

beforeAll(async () => {
  postgres = await startPostgres();
  db = connect({ url: await freshDatabase(postgres.url), max: 10 });
  await openShop(db, { masterKey: randomBytes(32) });
  const done = <T>(value: T) => Promise.resolve({ ok: true as const, value });
  const no = (code: 'card_declined' | 'capture_refused', providerCode: string) =>
    Promise.resolve({ ok: false as const, code, providerCode, detail: 'No.' });
  activities = createActivities({
    pool: db.pool,
    payment: givenGateway({
      authorize: ({ key, token }) => {
        gateway.asked.push({ kind: 'authorize', key, token });
        const captureBefore = new Date(Date.now() + gateway.liveDays * DAY).toISOString();
        return gateway.decline === null
          ? granted(key, { captureBefore })
          : no('card_declined', gateway.decline);
      },
      capture: ({ key, amountMinor }) => {
        gateway.asked.push({ kind: 'capture', key });
        return gateway.refuseCapture === null
          ? done({ capturedMinor: amountMinor })
          : no('capture_refused', gateway.refuseCapture);
      },
      void: ({ key }) => {
        gateway.asked.push({ kind: 'void', key });
        return done({});
      },
    }),
    warehouse: givenWarehouse(),
    carrier: givenCarrier(),
  });
}, 120_000);

beforeEach(() => {
  Object.assign(gateway, { decline: null, refuseCapture: null, liveDays: 7, asked: [] });
});

afterAll(async () => {
  await db?.close();
  await postgres?.stop();
});

/** Takes the inbox and the deadlines, then does what is due, as the lane would, until somebody is waited for. */
async function run(orderId: string): Promise<OrderView> {
  let { view } = await activities.advance({ orderId });
  for (let step = dueSteps(view, Date.now())[0]; step; step = dueSteps(view, Date.now())[0]) {
    const { shareId, subject } = step;
    await activities[ACTIVITY_OF[step.kind]]({ orderId, shareId, subject });
    ({ view } = await activities.advance({ orderId }));
  }
  return view;
}

async function placed(
  policy: Partial<Policy>,
  given: GivenOrder = {},
): Promise<{ orderId: string; number: number; view: OrderView }> {
  const version = await setPolicy(
    db,
    { channel: CHANNEL, policy: { ...SHORT_WAITS, ...policy } },
    { actor: 'story' },
  );
  const { orderId, number } = await accepted(db, given);
  await db.pool.query('update orders set policy_version = $2 where id = $1', [orderId, version]);
  return { orderId, number, view: await run(orderId) };
}

async function put(orderId: string, message: GivenMessage): Promise<OrderView> {
  await putMessage(db, orderId, message);
  return run(orderId);
}

/** The deadline of a wait comes now. */
async function pass(orderId: string, kind: WaitKind): Promise<OrderView> {
  const { rowCount } = await db.pool.query(
    `update waits set deadline_at = now() where order_id = $1 and kind = $2 and ended_at is null`,
    [orderId, kind],
  );
  expect(rowCount).toBeGreaterThan(0);
  return run(orderId);
}

const states = (view: OrderView) =>
  view.shares.flatMap((share) => share.payments.map((payment) => payment.state));
const kinds = (view: OrderView) => view.waits.map((wait) => wait.kind).toSorted();
const asked = () => gateway.asked.map(({ kind, key }) => `${kind} ${key.split('/').slice(2).join('/')}`);

async function events(orderId: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ type: string }>(
    `select type from events where order_id = $1 and type like 'payment.%' order by seq`,
    [orderId],
  );
  return rows.map((row) => row.type.slice('payment.'.length));
}

async function packed(orderId: string): Promise<OrderView> {
  const { shares } = await withOrder(db.pool, orderId);
  return put(orderId, {
    kind: 'warehouse_report',
    match: shares[0]?.id ?? '',
    payload: { report: 'packed' },
  });
}

async function dispatchAt(orderId: string): Promise<unknown> {
  const { rows } = await db.pool.query('select dispatch_at from shipments where order_id = $1', [orderId]);
  return rows[0]?.dispatch_at;
}

const delivered = (number: number): GivenMessage => ({
  kind: 'carrier_scans',
  match: `T${number}/book/1/1`,
  payload: {
    scans: [{ status: 'delivered', detail: '', message: '', occurredAt: '2026-01-01T00:01:00.000Z' }],
  },
});

describe('money is taken', () => {
  it('with the order, before anything goes to the warehouse', async () => {
    const { orderId, view } = await placed({ captureAt: 'order', releaseDelaySeconds: 3_600 });
    expect(states(view)).toEqual(['captured']);
    expect(kinds(view)).toEqual(['release']);
    const submitted = await pass(orderId, 'release');
    expect(submitted.shares[0]?.state).toBe('open');
    await db.pool.query('update orders set release_at = now() where id = $1', [orderId]);
    expect((await run(orderId)).shares[0]?.state).toBe('submitted');
    await packed(orderId);
    expect(asked()).toEqual(['authorize 1/1', 'capture 1/1']);
    expect(await dispatchAt(orderId)).toBeInstanceOf(Date);
  });

  it('at the release, and only what was taken is submitted', async () => {
    gateway.refuseCapture = 'charge_expired_for_capture';
    const { orderId, view } = await placed({ captureAt: 'release' });
    expect(view.shares[0]?.state).toBe('open');
    expect(states(view)).toEqual(['voided']);
    expect(kinds(view)).toContain('payment');
    gateway.refuseCapture = null;
    const retried = await put(orderId, { kind: 'command.retry', payload: {} });
    expect(states(retried)).toEqual(['voided', 'captured']);
    expect(retried.shares[0]?.state).toBe('submitted');
  });

  it('on delivery: the parcel leaves uncharged, and the order ends with its charge', async () => {
    const { orderId, number } = await placed({ captureAt: 'delivery' });
    const booked = await packed(orderId);
    expect(states(booked)).toEqual(['authorized']);
    expect(await dispatchAt(orderId)).toBeInstanceOf(Date);
    const ended = await put(orderId, delivered(number));
    expect(states(ended)).toEqual(['captured']);
    expect(ended.lifecycle).toBe('completed');
  });

  it('when a parcel is booked, where nothing else was said: it does not leave before', async () => {
    gateway.refuseCapture = 'processing_error';
    const { orderId } = await placed({});
    await packed(orderId);
    expect(await dispatchAt(orderId)).toBeNull();
  });

  it('and given back as a refund when the order is cancelled', async () => {
    const { orderId, view } = await placed({ captureAt: 'order', releaseDelaySeconds: 3_600 });
    expect(states(view)).toEqual(['captured']);
    const after = await put(orderId, { kind: 'command.cancel', payload: { reason: 'customer' } });
    expect(after.lifecycle).toBe('cancelled');
    expect(asked()).not.toContain('void 1/1');
    const { rows } = await db.pool.query('select reason, amount_minor from refunds where order_id = $1', [
      orderId,
    ]);
    expect(rows).toEqual([{ reason: 'cancelled', amount_minor: view.totalMinor }]);
  });
});

describe('an authorization that would not live until the release', () => {
  const FAR = { releaseDelaySeconds: 30 * 86_400 };

  it('is given back at once and asked for again near it', async () => {
    const { orderId, view } = await placed(FAR, { lines: [{ sku: 'MUG' }, { sku: 'TEA' }] });
    expect(states(view)).toEqual(['voided', 'voided']);
    expect(view.lifecycle).toBe('processing');
    const rest = Date.parse(view.releaseAt ?? '') - Date.parse(view.authorizeAt ?? '');
    expect(rest).toBe(DAY);
    expect(view.waits).toMatchObject([{ kind: 'reauthorize', deadlineAt: view.authorizeAt }]);
    const { rows } = await db.pool.query('select stage, due_at from orders where id = $1', [orderId]);
    expect(rows).toEqual([{ stage: 'release', due_at: new Date(view.authorizeAt ?? '') }]);
    // Nothing happens before.
    expect((await run(orderId)).version).toBe(view.version);
    await db.pool.query(`update orders set release_at = now() + interval '1 day' where id = $1`, [orderId]);
    const again = await pass(orderId, 'reauthorize');
    expect(again.shares.map((share) => currentPayment(share)?.state)).toEqual(['authorized', 'authorized']);
    expect(again).not.toHaveProperty('authorizeAt');
    expect(kinds(again)).toEqual(['authorization', 'authorization', 'release']);
    await db.pool.query('update orders set release_at = now() where id = $1', [orderId]);
    expect((await run(orderId)).shares.map((share) => share.state)).toEqual(['submitted', 'submitted']);
    expect(await events(orderId)).toEqual(
      expect.arrayContaining(['expiring', 'voided', 'reauthorizing', 'authorized']),
    );
  });

  it('meets a card that says no then: the customer is asked, and the order expires before its release', async () => {
    const { orderId } = await placed(FAR);
    gateway.decline = 'stolen_card';
    const asks = await pass(orderId, 'reauthorize');
    expect(kinds(asks)).toEqual(['case', 'payment']);
    expect(await events(orderId)).toContain('action_required');
    expect((await pass(orderId, 'payment')).lifecycle).toBe('expired');
  });

  it('leaves a cancelled order nothing to do', async () => {
    const { orderId } = await placed(FAR);
    const after = await put(orderId, { kind: 'command.cancel', payload: { reason: 'customer' } });
    expect(after).toMatchObject({ lifecycle: 'cancelled', waits: [] });
    expect(asked()).toEqual(['authorize 1/1', 'void 1/1']);
  });

  it('is kept when it lives long enough', async () => {
    const { view } = await placed({ releaseDelaySeconds: 5 * 86_400 });
    expect(states(view)).toEqual(['authorized']);
    expect(kinds(view)).toEqual(['authorization', 'release']);
  });
});

describe('an authorization that is not taken in time', () => {
  it('is replaced by a new one, also at the warehouse', async () => {
    const { orderId, view } = await placed({});
    expect(kinds(view)).toEqual(['authorization', 'packing']);
    const replaced = await pass(orderId, 'authorization');
    expect(states(replaced)).toEqual(['voided', 'authorized']);
    expect(kinds(replaced)).toEqual(['authorization', 'packing']);
    expect(asked()).toEqual(['authorize 1/1', 'void 1/1', 'authorize 1/2']);
    await packed(orderId);
    expect(asked().at(-1)).toBe('capture 1/2');
  });

  it('meets a card that says no: the goods are out, so whoever works on it is reminded, again and again', async () => {
    const { orderId } = await placed({});
    gateway.decline = 'lost_card';
    const asks = await pass(orderId, 'authorization');
    expect(kinds(asks)).toEqual(['case', 'packing', 'payment']);
    const reminded = await pass(orderId, 'payment');
    expect(reminded.lifecycle).toBe('processing');
    expect(kinds(reminded)).toEqual(['case', 'packing', 'payment']);
  });

  it('is left alone while its money is being taken', async () => {
    const { orderId, number, view } = await placed({});
    const subject = view.shares[0]?.payments[0]?.id;
    await db.pool.query(
      `insert into operations (key, order_id, kind, subject, amount_minor, state) values ($1, $2, 'capture', $3, 1000, 'unknown')`,
      [`${number}/capture/1/1`, orderId, subject],
    );
    const after = await pass(orderId, 'authorization');
    expect(after.shares[0]?.paymentAttempt).toBe(1);
    expect(states(after)).toEqual(['authorized']);
  });
});

describe('a card that says no for now', () => {
  it('is asked again by itself, twice, each pause twice as long; then the customer is asked', async () => {
    gateway.decline = 'insufficient_funds';
    const { orderId, view } = await placed({ softDeclinePauseSeconds: 100 });
    const pause = (from: OrderView) => {
      const [wait] = from.waits;
      return Math.round((Date.parse(wait?.deadlineAt ?? '') - Date.parse(wait?.since ?? '')) / 1_000);
    };
    expect(kinds(view)).toEqual(['decline']);
    expect(pause(view)).toBe(100);
    const second = await pass(orderId, 'decline');
    expect(kinds(second)).toEqual(['decline']);
    expect(pause(second)).toBe(200);
    const third = await pass(orderId, 'decline');
    expect(kinds(third)).toEqual(['case', 'payment']);
    expect(asked()).toEqual(['authorize 1/1', 'authorize 1/2', 'authorize 1/3']);
    expect(await events(orderId)).toEqual(expect.arrayContaining(['failed', 'action_required']));
  });

  it('says yes the second time, and nobody heard of it', async () => {
    gateway.decline = 'issuer_not_available';
    const { orderId } = await placed({});
    gateway.decline = null;
    const after = await pass(orderId, 'decline');
    expect(after.shares[0]?.state).toBe('submitted');
    const { rows } = await db.pool.query('select 1 from cases where order_id = $1', [orderId]);
    expect(rows).toEqual([]);
  });

  it('keeps what is authorized for another part', async () => {
    gateway.decline = null;
    const { orderId, view } = await placed(
      { releaseDelaySeconds: 60 },
      { lines: [{ sku: 'MUG' }, { sku: 'TEA' }] },
    );
    gateway.decline = 'try_again_later';
    const subject = view.shares[0]?.payments[0]?.id ?? '';
    await db.pool.query(
      `update waits set deadline_at = now() where order_id = $1 and kind = 'authorization' and subject = $2`,
      [orderId, subject],
    );
    const after = await run(orderId);
    expect(after.shares.map((share) => currentPayment(share)?.state)).toEqual(['declined', 'authorized']);
    expect(kinds(after)).toEqual(['authorization', 'decline']);
  });

  it.each([
    ['a final no', 'stolen_card', {}],
    ['a no of unknown kind', 'mystery', {}],
    ['every no, where the channel says so', 'insufficient_funds', { softDeclineRetries: 0 }],
  ])('%s asks the customer at once', async (_name, code, policy) => {
    gateway.decline = code;
    const { view } = await placed(policy);
    expect(kinds(view)).toEqual(['case', 'payment']);
  });

  it('is cancelled during the pause like any other order', async () => {
    gateway.decline = 'insufficient_funds';
    const { orderId } = await placed({});
    const after = await put(orderId, { kind: 'command.cancel', payload: { reason: 'customer' } });
    expect(after).toMatchObject({ lifecycle: 'cancelled', waits: [] });
  });
});

describe('another card', () => {
  const card = (token = 'pm_other'): GivenMessage => ({
    kind: 'command.change_payment',
    payload: { method: 'card', token },
  });

  it('is asked as often as the first one was', async () => {
    gateway.decline = 'insufficient_funds';
    const { orderId } = await placed({ softDeclinePauseSeconds: 100 });
    await pass(orderId, 'decline');
    expect(kinds(await pass(orderId, 'decline'))).toEqual(['case', 'payment']);
    const after = await put(orderId, card());
    expect(kinds(after)).toEqual(['decline']);
  });

  it.each(['stolen_card', 'insufficient_funds'])(
    'is asked after %s, with all cases and waits ended',
    async (code) => {
      gateway.decline = code;
      const { orderId } = await placed({});
      gateway.decline = null;
      const after = await put(orderId, card());
      expect(after).toMatchObject({ attention: [] });
      expect(after.shares[0]?.state).toBe('submitted');
      expect(kinds(after)).toEqual(['authorization', 'packing']);
      expect(gateway.asked.at(-1)).toMatchObject({ token: 'pm_other' });
      expect(await events(orderId)).toContain('method_changed');
      const { rows } = await db.pool.query(`select data::text from events where order_id = $1`, [orderId]);
      expect(JSON.stringify(rows)).not.toContain('pm_other');
    },
  );

  it('is refused where nothing waits for it', async () => {
    const { orderId } = await placed({});
    await put(orderId, card());
    const { rows } = await db.pool.query(
      `select outcome->>'code' as code, (select payment_token from orders where id = $1) as token
       from messages where order_id = $1 and kind = 'command.change_payment'`,
      [orderId],
    );
    expect(rows).toMatchObject([{ code: 'payment_not_changeable' }]);
    expect(rows[0]).not.toMatchObject({ token: 'pm_other' });
  });
});
