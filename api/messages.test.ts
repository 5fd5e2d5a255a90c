/** Facts of outside systems and commands: stored once, in sequence, rung at most once a second, parked when unknown. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Scan, TrackingStatus } from '../domain/shipment.ts';
import { transaction } from '../db/connect.ts';
import { adoptParked, storeFacts, type NewFact } from '../db/writes/messages.ts';
import { orderBody, startApi, type TestApi } from '../test/api.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';
import { createDoorbell } from './doorbell.ts';
import type { OrderLane } from './lane.ts';

let postgres: TestPostgres;
let api: TestApi;
let rung: string[] = [];
let onCommand: (commandId: string) => Promise<void> = () => Promise.resolve();
const lane: OrderLane = {
  start: () => Promise.resolve(),
  ring: (ref) => {
    rung.push(ref.orderId);
    return Promise.resolve();
  },
  command: (_ref, commandId) => onCommand(commandId),
};

beforeAll(async () => {
  postgres = await startPostgres();
  const signed = (raw: Buffer): [] => JSON.parse(raw.toString());
  api = await startApi(postgres.url, {
    lane,
    parsers: { stripe: signed, easypost: signed, warehouse: signed },
  });
});
beforeEach(() => {
  rung = [];
  onCommand = () => Promise.resolve();
});
afterAll(async () => {
  await api.stop();
  await postgres.stop();
});

let made = 0;

/** An order with a share, a payment and a booked parcel, as activities leave them. */
async function shippedOrder() {
  made += 1;
  const placed = await api.call('POST', '/v1/orders', {
    key: api.keys.channel,
    body: orderBody(`order-${made}`),
    headers: { 'idempotency-key': `order-${made}` },
  });
  const orderId: string = placed.body.id;
  const names = { share: `ful_${made}`, payment: `pi_${made}`, tracking: `TRACK${made}` };
  const { pool } = api.db;
  await pool.query(
    `insert into fulfillment_orders (id, order_id, seq, location, amount_minor) values ($1, $2, 1, 'east', 3000)`,
    [names.share, orderId],
  );
  await pool.query(
    `insert into payments (id, order_id, fulfillment_id, attempt, method, provider, provider_ref, state, currency, amount_minor, authorized_minor)
     values ($1, $2, $3, 1, 'card', 'stripe', $4, 'authorized', 'USD', 3000, 3000)`,
    [`pay_${made}`, orderId, names.share, names.payment],
  );
  await pool.query(
    `insert into shipments (id, order_id, fulfillment_id, attempt, state, tracking_code, carrier, dispatch_at)
     values ($1, $2, $3, 1, 'booked', $4, 'USPS', now())`,
    [`shp_${made}`, orderId, names.share, names.tracking],
  );
  return { orderId, number: placed.body.number as number, paymentId: `pay_${made}`, ...names };
}

const hook = (name: string, facts: NewFact[]) => api.call('POST', `/v1/webhooks/${name}`, { body: facts });

async function stored(orderId: string) {
  const { rows } = await api.db.pool.query<Record<string, unknown>>(
    'select source, kind, seq, match, payload, applied_at is not null as applied from messages where order_id = $1 order by seq',
    [orderId],
  );
  return rows;
}

const scan = (status: TrackingStatus): Scan => ({
  status,
  detail: '',
  occurredAt: '2026-01-01T00:00:00Z',
  message: '',
});
const report = (match: string, what: string, sourceId: string): NewFact => ({
  kind: 'warehouse_report',
  sourceId,
  match,
  report: what,
  occurredAt: '2026-01-01T00:00:00Z',
});

describe('facts', () => {
  it('are stored in sequence; only those that make the workflow act ring, at once', async () => {
    const order = await shippedOrder();
    await hook('warehouse', [report(order.share, 'accepted', 'w1'), report(order.share, 'picking', 'w2')]);
    expect(rung).toEqual([]);
    const answer = await hook('warehouse', [report(order.share, 'packed', 'w3')]);
    expect([answer.status, answer.body]).toEqual([200, { received: 1 }]);
    expect(rung).toEqual([order.orderId]);
    expect(await stored(order.orderId)).toMatchObject([
      {
        source: 'warehouse',
        kind: 'warehouse_report',
        seq: 1,
        match: order.share,
        payload: { report: 'accepted' },
      },
      { seq: 2, payload: { report: 'picking' } },
      { seq: 3, payload: { report: 'packed' }, applied: false },
    ]);
  });

  it('that are repeated are 200 and change nothing, in parallel too', async () => {
    const order = await shippedOrder();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => hook('warehouse', [report(order.share, 'packed', 'same')])),
    );
    expect(answers.every((answer) => answer.status === 200)).toBe(true);
    expect(answers.reduce((sum, answer) => sum + answer.body.received, 0)).toBe(1);
    expect(await stored(order.orderId)).toHaveLength(1);
    expect(rung).toEqual([order.orderId]);
  });

  it('of the carrier ring for what needs an answer only', async () => {
    const order = await shippedOrder();
    const scans = (sourceId: string, status: TrackingStatus): NewFact => ({
      kind: 'carrier_scans',
      sourceId,
      match: order.tracking,
      scans: [scan(status)],
    });
    await hook('easypost', [scans('s1', 'in_transit'), scans('s2', 'out_for_delivery')]);
    expect(rung).toEqual([]);
    await hook('easypost', [scans('s3', 'delivered')]);
    expect(rung).toEqual([order.orderId]);
    const { rows } = await api.db.pool.query(
      `select bool_and(ring_at between now() and now() + interval '6 seconds') as later from messages where order_id = $1`,
      [order.orderId],
    );
    expect(rows).toEqual([{ later: true }]);
  });

  it('of the gateway that confirm what is known are stored as applied and ring nothing', async () => {
    const order = await shippedOrder();
    const event = (sourceId: string, type: string): NewFact => ({
      kind: 'payment_event',
      sourceId,
      match: order.payment,
      type,
    });
    await hook('stripe', [event('e1', 'payment_intent.amount_capturable_updated')]);
    expect(rung).toEqual([]);
    await hook('stripe', [event('e2', 'payment_intent.succeeded')]);
    expect(rung).toEqual([order.orderId]);
    await api.db.pool.query(
      `insert into operations (key, order_id, kind, subject, state) values ($1, $2, 'capture', $3, 'requested')`,
      [`${made}/capture`, order.orderId, order.paymentId],
    );
    await hook('stripe', [event('e3', 'payment_intent.succeeded')]);
    expect((await stored(order.orderId)).map((row) => row['applied'])).toEqual([true, false, true]);
  });

  it('of an unknown order are parked and come home when the order learns the name', async () => {
    const order = await shippedOrder();
    const early: NewFact = {
      kind: 'payment_event',
      sourceId: 'early',
      match: 'pi_later',
      type: 'charge.dispute.created',
    };
    expect(await storeFacts(api.db, 'payment', [early, early])).toMatchObject([
      { outcome: 'parked', orderId: null },
      { outcome: 'repeated' },
    ]);
    await transaction(api.db.pool, async (tx) => {
      await tx.query('select 1 from orders where id = $1 for update', [order.orderId]);
      await tx.query(`update payments set provider_ref = 'pi_later' where id = $1`, [order.paymentId]);
      expect(await adoptParked(tx, { orderId: order.orderId, match: 'pi_later' })).toBe(1);
      expect(await adoptParked(tx, { orderId: order.orderId, match: 'pi_later' })).toBe(0);
    });
    expect(await stored(order.orderId)).toMatchObject([{ kind: 'payment_event', seq: 1 }]);
    expect(await storeFacts(api.db, 'payment', [early])).toMatchObject([{ outcome: 'repeated' }]);
  });

  it('are never lost between a fact and the order that learns its name at the same moment', async () => {
    for (let round = 0; round < 20; round += 1) {
      const order = await shippedOrder();
      const match = `pi_race_${round}`;
      const fact: NewFact = { kind: 'payment_event', sourceId: `race-${round}`, match, type: 'other' };
      await Promise.all([
        storeFacts(api.db, 'payment', [fact]),
        transaction(api.db.pool, async (tx) => {
          await tx.query('select 1 from orders where id = $1 for update', [order.orderId]);
          await tx.query(`update payments set provider_ref = $2 where id = $1`, [order.paymentId, match]);
          await adoptParked(tx, { orderId: order.orderId, match });
        }),
      ]);
      expect(await stored(order.orderId)).toHaveLength(1);
    }
  });

  it('are stored without the characters that can not be and without card numbers, and are not lost for them', async () => {
    const order = await shippedOrder();
    const odd = 'a\u0000b\ud800c\udfffd 😀';
    const clean = 'a\ufffdb\ufffdc\ufffdd 😀';
    const [card, masked] = [' 4242 4242 4242 4242', ' •••• •••• •••• 4242'];
    const packed = { ...report(order.share, 'packed', 'odd-1'), note: odd + card };
    const scans: NewFact = {
      kind: 'carrier_scans',
      sourceId: 'odd-2',
      match: order.tracking,
      scans: [{ ...scan('delivered'), detail: odd + card, message: odd + card }],
    };
    const event: NewFact = { kind: 'payment_event', sourceId: 'odd-3', match: order.payment, type: odd };
    for (const [door, fact] of [
      ['warehouse', packed],
      ['easypost', scans],
      ['stripe', event],
    ] as const)
      expect([door, (await hook(door, [fact])).body]).toEqual([door, { received: 1 }]);
    expect(await stored(order.orderId)).toMatchObject([
      { kind: 'warehouse_report', payload: { report: 'packed', note: clean + masked } },
      {
        kind: 'carrier_scans',
        payload: { scans: [{ status: 'delivered', detail: clean + masked, message: clean + masked }] },
      },
      { kind: 'payment_event', payload: { type: clean } },
    ]);
  });

  it('with a name that can not be stored are refused', async () => {
    const answer = await hook('warehouse', [report('ful_\u0000', 'packed', 'nul')]);
    expect([answer.status, answer.body.code]).toEqual([400, 'malformed_json']);
  });
});

describe('the doorbell', () => {
  it('rings once at the start of a second and once at its end, however many rings there are', async () => {
    const rings: number[] = [];
    let heard: () => void = () => undefined;
    const second = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const started = performance.now();
    const bell = createDoorbell(
      {
        ...lane,
        ring: () => {
          rings.push(performance.now() - started);
          if (rings.length === 2) heard();
          return Promise.resolve();
        },
      },
      () => undefined,
    );
    const ref = {
      orderId: 'ord_1',
      number: 1,
      channel: 'web',
      currency: 'USD',
      totalMinor: 1,
      lineCount: 1,
      placedAt: new Date(),
      promisedBy: null,
    };
    for (let time = 0; time < 50; time += 1) bell.ring(ref);
    await second;
    expect(rings[0]).toBeLessThan(500);
    expect(rings[1]).toBeGreaterThan(990);
    await bell.drain();
    expect(rings).toHaveLength(2);
  });
});

describe('commands', () => {
  const cancel = (order: string | number, key: string, body: unknown = { reason: 'customer', note: 'n' }) =>
    api.call('POST', `/v1/orders/${order}/cancel`, {
      key: api.keys.channel,
      body,
      headers: { 'idempotency-key': key },
    });

  async function settle(commandId: string, outcome: unknown) {
    await api.db.pool.query('update messages set applied_at = now(), outcome = $2 where id = $1', [
      commandId,
      JSON.stringify(outcome),
    ]);
  }

  it('that the workflow applied are answered with the order', async () => {
    const order = await shippedOrder();
    onCommand = (id) => settle(id, { applied: true });
    const answer = await cancel(order.number, 'c-1');
    expect([answer.status, answer.body.id, answer.body.commands[0].state]).toEqual([
      200,
      order.orderId,
      'applied',
    ]);
  });

  it('that were refused are 409 with what is allowed', async () => {
    const order = await shippedOrder();
    onCommand = (id) => settle(id, { applied: false, code: 'already_released', detail: 'too late' });
    const answer = await cancel(order.orderId, 'c-2');
    expect([answer.status, answer.body.code, answer.body.detail]).toEqual([
      409,
      'already_released',
      'too late',
    ]);
    expect(answer.body.allowedActions[0]).toMatchObject({ action: 'cancel' });
  });

  it('that nobody answers are 202 with an address to ask, and are not lost', async () => {
    const order = await shippedOrder();
    onCommand = () => Promise.reject(new Error('Temporal is down'));
    const answer = await cancel(order.orderId, 'c-3');
    expect([answer.status, answer.body.state]).toEqual([202, 'pending']);
    const at = answer.headers.get('location') ?? '';
    expect(at).toBe(`/v1/commands/${answer.body.id}`);
    await settle(answer.body.id, { applied: true });
    expect((await api.call('GET', at, { key: api.keys.channel })).body.state).toBe('applied');
    expect((await api.call('GET', at, { key: api.keys.other })).status).toBe(404);
    expect(await stored(order.orderId)).toMatchObject([
      { source: 'api:web', kind: 'command.cancel', payload: { reason: 'customer', note: 'n' } },
    ]);
    const { rows } = await api.db.pool.query(`select action, reason from audit where subject = $1`, [
      order.orderId,
    ]);
    expect(rows).toEqual([{ action: 'order.cancel', reason: 'customer' }]);
  });

  it('that are repeated are one command; the key can not be used for another', async () => {
    const order = await shippedOrder();
    const answers = await Promise.all(Array.from({ length: 10 }, () => cancel(order.orderId, 'c-4')));
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(await stored(order.orderId)).toHaveLength(1);
    const other = await cancel(order.orderId, 'c-4', { reason: 'fraud' });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
    const elsewhere = await cancel((await shippedOrder()).orderId, 'c-4');
    expect([elsewhere.status, elsewhere.body.code]).toEqual([422, 'idempotency_key_reused']);
  });

  it('wait about two seconds at most', async () => {
    const order = await shippedOrder();
    onCommand = () => new Promise(() => undefined);
    const started = performance.now();
    expect((await cancel(order.orderId, 'c-5')).status).toBe(202);
    expect(performance.now() - started).toBeLessThan(4_000);
  });
});

describe('the dispatch feed', () => {
  it('shows what may be handed over, at a location or everywhere', async () => {
    const order = await shippedOrder();
    const at = async (location: string) =>
      (await api.call('GET', `/v1/locations/${location}/dispatches`, { key: api.keys.warehouse })).body.data;
    expect((await at('east')).at(-1)).toMatchObject({
      fulfillmentId: order.share,
      trackingCode: order.tracking,
      carrier: 'USPS',
    });
    expect(await at('west')).toEqual([]);
    expect((await at('-')).length).toBe((await at('east')).length);
  });
});
