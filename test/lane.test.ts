/**
 * The lane's local activities (our own database) run twice in normal operation: each must change nothing the second
 * time, in sequence and side by side. Claims and settles of outside steps are held to the same.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActivities, type Activities } from '../activities/index.ts';
import { connect, type Db } from '../db/connect.ts';
import { storeFacts } from '../db/writes/messages.ts';
import { withOrder } from '../db/writes/order.ts';
import { OutcomeUnknown } from '../providers/outcome.ts';
import { accepted } from './given/accepted.ts';
import { givenGateway, granted } from './given/gateway.ts';
import { putMessage, type GivenMessage } from './given/message.ts';
import { openShop } from './given/shop.ts';
import { freshDatabase, startPostgres, type TestPostgres } from './postgres.ts';

let postgres: TestPostgres;
let db: Db;
let activities: Activities;
const calls: string[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
  db = connect({ url: await freshDatabase(postgres.url), max: 20 });
  await openShop(db, { masterKey: randomBytes(32) });
  activities = createActivities({
    pool: db.pool,
    payment: givenGateway({
      authorize: ({ key }) => {
        calls.push(key);
        return granted(key);
      },
      void: ({ key }) => {
        calls.push(key);
        return Promise.resolve({ ok: true, value: {} });
      },
    }),
    warehouse: {
      id: 'http',
      submit: () => Promise.reject(new OutcomeUnknown('down', { sent: false })),
      parseWebhook: () => [],
    },
    carrier: {
      id: 'none',
      book: () => Promise.reject(new OutcomeUnknown('down', { sent: true })),
      voidLabel: () => Promise.resolve({ ok: true, value: {} }),
      parseWebhook: () => [],
    },
  });
}, 120_000);

afterAll(async () => {
  await db?.close();
  await postgres?.stop();
});

const TABLES = [
  'orders',
  'order_lines',
  'fulfillment_orders',
  'fulfillment_lines',
  'payments',
  'payment_events',
  'operations',
  'ledger',
  'shipments',
  'scans',
  'waits',
  'cases',
  'messages',
  'events',
];

/** Everything that is stored about an order, and the stock, as one text. */
async function everything(orderId: string): Promise<string> {
  const parts: string[] = [];
  for (const table of TABLES) {
    const column = table === 'orders' ? 'id' : 'order_id';
    const where =
      table === 'fulfillment_lines'
        ? 'fulfillment_id in (select id from fulfillment_orders where order_id = $1)'
        : table === 'scans'
          ? 'shipment_id in (select id from shipments where order_id = $1)'
          : `${column} = $1`;
    const { rows } = await db.pool.query<{ row: string }>(
      `select to_jsonb(t)::text as row from ${table} t where ${where} order by 1`,
      [orderId],
    );
    parts.push(table, ...rows.map((row) => row.row));
  }
  const stock = await db.pool.query<{ row: string }>(
    'select to_jsonb(t)::text as row from stock t order by 1',
  );
  return [...parts, ...stock.rows.map((row) => row.row)].join('\n');
}

const put = (orderId: string, message: GivenMessage) => putMessage(db, orderId, message);

/** Runs it three times side by side, then once more, and demands that what stands after the first stands at the end. */
async function holdsWhenRepeated(orderId: string, run: () => Promise<unknown>): Promise<void> {
  await Promise.all([run(), run(), run()]);
  const first = await everything(orderId);
  await run();
  expect(await everything(orderId)).toBe(first);
}

describe('advance', () => {
  it('allocates once', async () => {
    const { orderId } = await accepted(db, { lines: [{ sku: 'MUG', quantity: 2 }, { sku: 'TEA' }] });
    await holdsWhenRepeated(orderId, () => activities.advance({ orderId }));
    const view = await withOrder(db.pool, orderId);
    expect(view.shares.map((share) => share.location)).toEqual(['east', 'west']);
    const { rows } = await db.pool.query(
      'select kind, allocated_delta from stock_movements where order_id = $1 order by sku',
      [orderId],
    );
    expect(rows).toEqual([
      { kind: 'allocation', allocated_delta: 2 },
      { kind: 'allocation', allocated_delta: 1 },
    ]);
  });

  it('opens one case for short stock, and a retry after a receipt allocates once', async () => {
    const { orderId } = await accepted(db, { lines: [{ sku: 'RARE', quantity: 2 }] });
    await holdsWhenRepeated(orderId, () => activities.advance({ orderId }));
    expect((await withOrder(db.pool, orderId)).attention).toEqual(['stock']);
    await db.pool.query(`update stock set on_hand = 2 where sku = 'RARE'`);
    await put(orderId, { kind: 'command.retry', payload: {} });
    await holdsWhenRepeated(orderId, () => activities.advance({ orderId }));
    const view = await withOrder(db.pool, orderId);
    expect(view.attention).toEqual([]);
    expect(view.lifecycle).toBe('processing');
  });

  it('takes a signal that came twice once, and records a malformed one without harm', async () => {
    const { orderId } = await accepted(db);
    const signals = [
      { id: 'a', name: 'cancelOrder', body: { reason: 'customer' } },
      { id: 'b', name: 'cancelOrder', body: 'rubbish' },
      { id: 'c', name: 'dance', body: null },
    ];
    await holdsWhenRepeated(orderId, () => activities.advance({ orderId, signals }));
    const { rows } = await db.pool.query('select type from events where order_id = $1 order by seq', [
      orderId,
    ]);
    const types = rows.map((row: { type: string }) => row.type);
    expect(types.filter((type) => type === 'order.cancel_requested')).toHaveLength(1);
    expect(types.filter((type) => type === 'signal.refused')).toHaveLength(2);
    expect((await withOrder(db.pool, orderId)).lifecycle).toBe('cancelled');
  });

  it('ends an order in undo once: stock back, units cancelled', async () => {
    const { orderId } = await accepted(db, { lines: [{ sku: 'PEN', quantity: 3 }] });
    await activities.advance({ orderId });
    await put(orderId, { kind: 'command.cancel', payload: { reason: 'customer' } });
    await holdsWhenRepeated(orderId, () => activities.advance({ orderId }));
    const { rows } = await db.pool.query('select cancelled, allocated from order_lines where order_id = $1', [
      orderId,
    ]);
    expect(rows).toEqual([{ cancelled: 3, allocated: 0 }]);
  });

  it('moves a parcel once by scans that come twice and in the wrong order', async () => {
    const { orderId } = await accepted(db, { prepaid: true });
    const { view } = await activities.advance({ orderId });
    const share = view.shares[0];
    expect(share).toBeDefined();
    await db.pool.query(`update fulfillment_orders set state = 'packed' where id = $1`, [share?.id]);
    await db.pool.query(`update order_lines set fulfilled = allocated where order_id = $1`, [orderId]);
    await db.pool.query(
      `insert into shipments (id, order_id, fulfillment_id, attempt, state, tracking_code) values ($1, $2, $3, 1, 'booked', $1)`,
      [`shp_${orderId}`, orderId, share?.id],
    );
    const scan = (status: string, minute: number) => ({
      status,
      detail: '',
      message: '',
      occurredAt: `2026-01-01T00:0${minute}:00.000Z`,
    });
    await put(orderId, {
      kind: 'carrier_scans',
      match: `shp_${orderId}`,
      payload: { scans: [scan('delivered', 3), scan('in_transit', 1)] },
    });
    await put(orderId, {
      kind: 'carrier_scans',
      match: `shp_${orderId}`,
      payload: { scans: [scan('in_transit', 1), scan('delivered', 3)] },
    });
    await holdsWhenRepeated(orderId, () => activities.advance({ orderId }));
    expect((await withOrder(db.pool, orderId)).lifecycle).toBe('completed');
    const { rows } = await db.pool.query(
      `select on_hand_delta, allocated_delta from stock_movements where order_id = $1 and kind = 'sale'`,
      [orderId],
    );
    expect(rows).toEqual([{ on_hand_delta: -1, allocated_delta: -1 }]);
  });
});

describe('recordStall', () => {
  it('opens one wait and one case', async () => {
    const { orderId } = await accepted(db);
    const { view } = await activities.advance({ orderId });
    const stall = {
      orderId,
      shareId: view.shares[0]?.id ?? '',
      step: 'authorize',
      code: 'provider_unavailable',
      detail: 'down',
    } as const;
    await holdsWhenRepeated(orderId, () => activities.recordStall(stall));
    expect((await withOrder(db.pool, orderId)).waits.filter((wait) => wait.kind === 'retry')).toHaveLength(1);
  });
});

describe('outside steps', () => {
  it('authorize under one key however often they run, and settle once', async () => {
    const { orderId, number } = await accepted(db);
    const { view } = await activities.advance({ orderId });
    const shareId = view.shares[0]?.id ?? '';
    await holdsWhenRepeated(orderId, () =>
      activities.authorizePayment({ orderId, shareId, subject: shareId }),
    );
    expect(new Set(calls.filter((key) => key.startsWith(`${number}/authorize`)))).toEqual(
      new Set([`${number}/authorize/1/1`]),
    );
    const { rows } = await db.pool.query('select state, authorized_minor from payments where order_id = $1', [
      orderId,
    ]);
    expect(rows).toEqual([{ state: 'authorized', authorized_minor: 1000 }]);
  });

  it('settle although the gateway reported before it answered', async () => {
    const { orderId, number } = await accepted(db);
    const { view } = await activities.advance({ orderId });
    const shareId = view.shares[0]?.id ?? '';
    const match = `pi_${number}/authorize/1/1`;
    const [parked] = await storeFacts(db, 'payment', [
      {
        sourceId: `evt_${number}`,
        match,
        kind: 'payment_event',
        type: 'payment_intent.amount_capturable_updated',
      },
    ]);
    expect(parked?.outcome).toBe('parked');
    const after = await activities.authorizePayment({ orderId, shareId, subject: shareId });
    expect(after.shares[0]?.payments).toMatchObject([{ state: 'authorized' }]);
    const { rows } = await db.pool.query(
      'select order_id, applied_at is not null as applied from messages where match = $1',
      [match],
    );
    expect(rows).toEqual([{ order_id: orderId, applied: true }]);
  });

  it('do nothing forward once the order is turned round', async () => {
    const { orderId, number } = await accepted(db);
    const { view } = await activities.advance({ orderId });
    await put(orderId, { kind: 'command.cancel', payload: { reason: 'customer' } });
    const shareId = view.shares[0]?.id ?? '';
    const after = await activities.authorizePayment({ orderId, shareId, subject: shareId });
    expect(after.lifecycle).toBe('cancelled');
    expect(calls.filter((key) => key.startsWith(`${number}/`))).toEqual([]);
  });
});
