/** Receipts on a real database: booked once on the order they name, never lost, and what follows for the order. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowedActions } from '../../domain/actions.ts';
import { METHODS, type OfflineMethod } from '../../domain/method.ts';
import { offlinePaymentId } from '../../domain/payment.ts';
import { accepted } from '../../test/given/accepted.ts';
import { putMessage } from '../../test/given/message.ts';
import type { GivenOrder } from '../../test/given/order.ts';
import { openShop } from '../../test/given/shop.ts';
import { freshDatabase, startPostgres, type TestPostgres } from '../../test/postgres.ts';
import { connect, type Db } from '../connect.ts';
import { checkLedger } from '../reads/ledgerCheck.ts';
import { withOrder } from './order.ts';
import {
  assignReceipt,
  returnReceipt,
  storeReceipt,
  type NewReceipt,
  type ReceiptCaller,
} from './receipts.ts';

let postgres: TestPostgres;
let db: Db;

beforeAll(async () => {
  postgres = await startPostgres();
  const url = await freshDatabase(postgres.url);
  db = connect({ url, max: 20, lockTimeoutMillis: 30_000, statementTimeoutMillis: 30_000 });
  await openShop(db, { masterKey: randomBytes(32) });
}, 120_000);

afterAll(async () => {
  await db?.close();
  await postgres?.stop();
});

const CALLER = { actor: 'key:1', channel: null, source: 'person' as const };
const BY = { actor: 'key:1' };
let counter = 0;

async function rows<T extends object = Record<string, unknown>>(sql: string, values: unknown[] = []) {
  return (await db.pool.query<T>(sql, values)).rows;
}

/** An order of 10.00 EUR, with its stock. */
async function placed(method: OfflineMethod, given: GivenOrder = {}) {
  const ref = await accepted(db, { payment: { method }, ...given });
  await withOrder(db.pool, ref.orderId);
  return ref;
}

function receiptOf(order: { number: number }, given: Partial<NewReceipt> = {}): NewReceipt {
  counter += 1;
  return {
    order: String(order.number),
    number: `n-${counter}`,
    amountMinor: 1_000,
    currency: 'EUR',
    ...given,
  };
}

const store = (receipt: NewReceipt, caller: Partial<ReceiptCaller> = {}) =>
  storeReceipt(db, receipt, { ...CALLER, ...caller });

/** Stores it and lets its order take it. */
async function receive(order: { orderId: string; number: number }, given: Partial<NewReceipt> = {}) {
  const stored = await store(receiptOf(order, given));
  const view = await withOrder(db.pool, order.orderId);
  return { id: 'id' in stored ? stored.id : '', stored, view };
}

async function payment(orderId: string, id = offlinePaymentId(orderId)) {
  const [row] = await rows(
    'select method, provider, state, amount_minor, captured_minor, tender from payments where id = $1',
    [id],
  );
  return row;
}

async function orderRow(orderId: string) {
  const [row] = await rows(
    'select lifecycle, payment_paid, payment_status, payment_due_at from orders where id = $1',
    [orderId],
  );
  return row;
}

const cases = async (orderId: string) =>
  (
    await rows<{ code: string }>(
      'select code from cases where order_id = $1 and resolved_at is null order by code',
      [orderId],
    )
  ).map((row) => row.code);

const events = async (orderId: string, type: string) =>
  (
    await rows<{ data: object }>('select data from events where order_id = $1 and type = $2 order by seq', [
      orderId,
      type,
    ])
  ).map((row) => row.data);

const receipt = async (id: string) =>
  (await rows('select state, problem, order_id, payment_id from receipts where id = $1', [id]))[0];

const cancel = (orderId: string) =>
  putMessage(db, orderId, { kind: 'command.cancel', payload: { reason: 'customer' } });

/** The customer pays in another way. */
async function changeTo(orderId: string, method: 'card' | 'bank_transfer') {
  const token = method === 'card' ? 'pm_card_visa' : null;
  await putMessage(db, orderId, { kind: 'command.change_payment', payload: { method, token } });
  return withOrder(db.pool, orderId);
}

/** The gateway has declined the order's first try by card. */
async function declinedCard(orderId: string) {
  await rows(
    `insert into payments (id, order_id, fulfillment_id, attempt, method, provider, state, currency, amount_minor)
     select 'pay_1_' || id, order_id, id, 1, 'card', 'stripe', 'declined', 'EUR', 1000 from fulfillment_orders where order_id = $1`,
    [orderId],
  );
}

/** The goods have left, or are in another state. */
async function parcels(orderId: string, state: string) {
  await rows(`update fulfillment_orders set state = 'packed', packed_at = now() where order_id = $1`, [
    orderId,
  ]);
  await rows(
    `insert into shipments (id, order_id, fulfillment_id, attempt, state) select 'shp_' || id, order_id, id, 1, $2
     from fulfillment_orders where order_id = $1 on conflict (fulfillment_id, attempt) do update set state = $2`,
    [orderId, state],
  );
  return withOrder(db.pool, orderId);
}

/** The time has come for its wait. */
async function pass(orderId: string, kind: string) {
  await rows(`update waits set deadline_at = now() where order_id = $1 and kind = $2 and ended_at is null`, [
    orderId,
    kind,
  ]);
  return withOrder(db.pool, orderId);
}

describe('an order that is paid by bank transfer', () => {
  it('owes its total once, waits for it as long as the policy says, and is not sent', async () => {
    const { orderId } = await placed('bank_transfer');
    await withOrder(db.pool, orderId);
    expect(await payment(orderId)).toEqual({
      ...{ method: 'bank_transfer', provider: 'offline', state: 'created' },
      ...{ amount_minor: 1_000, captured_minor: 0, tender: 1 },
    });
    const view = await withOrder(db.pool, orderId);
    const [wait] = view.waits;
    expect(wait).toMatchObject({ kind: 'payment', awaitedFrom: 'customer', thenWhat: 'expire' });
    expect(Date.parse(wait?.deadlineAt ?? '') - Date.now()).toBeGreaterThan(13 * 24 * 3_600_000);
    expect(view.releaseAt).toBeNull();
  });

  it('goes on when the last part of it has come', async () => {
    const order = await placed('bank_transfer');
    const first = await receive(order, { amountMinor: 400 });
    expect(first.view).toMatchObject({ paid: false, waits: [{ kind: 'payment' }] });
    expect(await payment(order.orderId)).toMatchObject({ state: 'partially_captured', captured_minor: 400 });
    const second = await receive(order, { amountMinor: 600, receivedAt: '2026-01-02T03:04:05Z' });
    expect(second.view).toMatchObject({ paid: true });
    expect(second.view.releaseAt).not.toBeNull();
    expect(second.view.waits.map((wait) => wait.kind)).not.toContain('payment');
    expect(await payment(order.orderId)).toMatchObject({ state: 'captured', captured_minor: 1_000 });
    expect(await receipt(second.id)).toMatchObject({
      state: 'booked',
      payment_id: offlinePaymentId(order.orderId),
    });
    expect(await orderRow(order.orderId)).toMatchObject({ payment_paid: true, payment_status: 'captured' });
    const [booked] = await rows(
      'select type, amount_minor, source, actor, at from payment_events where reference = $1',
      [second.id],
    );
    expect(booked).toEqual({
      ...{ type: 'charge_success', amount_minor: 600, source: 'person', actor: 'key:1' },
      at: new Date('2026-01-02T03:04:05Z'),
    });
    expect(await events(order.orderId, 'payment.received')).toHaveLength(2);
    expect(await cases(order.orderId)).toEqual([]);
  });

  it('is not undone by a deadline that passes with the money', async () => {
    const order = await placed('bank_transfer');
    await store(receiptOf(order));
    const view = await pass(order.orderId, 'payment');
    expect(view).toMatchObject({ paid: true, direction: 'forward' });
  });

  it('expires without it, and gives back by hand what had come', async () => {
    const order = await placed('bank_transfer');
    await receive(order, { amountMinor: 300 });
    const view = await pass(order.orderId, 'payment');
    expect(view.lifecycle).toBe('expired');
    expect(await cases(order.orderId)).toEqual(['refund_by_hand']);
    const [moved] = await rows('select amount_minor, state from refund_attempts where order_id = $1', [
      order.orderId,
    ]);
    expect(moved).toEqual({ amount_minor: 300, state: 'by_hand' });
  });

  it('owes nothing any more once it has expired', async () => {
    const { orderId } = await placed('bank_transfer');
    await pass(orderId, 'payment');
    expect(await payment(orderId)).toMatchObject({ state: 'voided' });
    expect(await orderRow(orderId)).toMatchObject({ lifecycle: 'expired', payment_status: 'none' });
  });
});

it('what is owed follows the order while nothing has come for it', async () => {
  const { orderId } = await placed('bank_transfer');
  const change = async (method: string) => {
    await rows('update orders set payment_method = $2 where id = $1', [orderId, method]);
    await withOrder(db.pool, orderId);
    return payment(orderId);
  };
  expect(await change('invoice')).toMatchObject({ method: 'invoice', state: 'created' });
  expect(await change('card')).toMatchObject({ state: 'voided' });
  expect(await change('bank_transfer')).toMatchObject({ method: 'bank_transfer', state: 'created' });
});

describe('money for an order that does not need it', () => {
  it('is booked and a case when more came than is owed', async () => {
    const order = await placed('bank_transfer');
    await receive(order, { amountMinor: 1_500 });
    expect(await cases(order.orderId)).toEqual(['overpaid']);
    expect(await orderRow(order.orderId)).toMatchObject({ payment_paid: true, payment_status: 'overpaid' });
  });

  it('is booked and a case when the order is paid by card', async () => {
    const order = await accepted(db);
    await receive(order, { method: 'bank_transfer', amountMinor: 700 });
    expect(await payment(order.orderId)).toMatchObject({
      ...{ method: 'bank_transfer', state: 'captured', amount_minor: 0, captured_minor: 700 },
    });
    expect(await cases(order.orderId)).toEqual(['overpaid']);
  });

  it('pays for it after all when the order comes to owe it, and what is too much stays a case', async () => {
    const order = await placed('bank_transfer');
    await changeTo(order.orderId, 'card');
    await receive(order, { method: 'bank_transfer', amountMinor: 1_200 });
    expect(await cases(order.orderId)).toEqual(['overpaid']);
    await declinedCard(order.orderId);
    const view = await changeTo(order.orderId, 'bank_transfer');
    expect(view).toMatchObject({ method: 'bank_transfer', paid: true });
    expect(view.releaseAt).not.toBeNull();
    expect(view.waits.map((wait) => wait.kind)).not.toContain('payment');
    expect(await payment(order.orderId)).toMatchObject({ state: 'captured', amount_minor: 1_000 });
    expect(await cases(order.orderId)).toEqual(['overpaid']);
  });

  it('takes the place of a card that is declined, so that nobody is charged again', async () => {
    for (const isFirst of [true, false]) {
      const order = await placed('bank_transfer');
      await changeTo(order.orderId, 'card');
      if (isFirst) await receive(order, { method: 'bank_transfer', amountMinor: 1_000 });
      await declinedCard(order.orderId);
      if (!isFirst) await receive(order, { method: 'bank_transfer', amountMinor: 1_000 });
      const view = await withOrder(db.pool, order.orderId);
      expect(view).toMatchObject({ method: 'bank_transfer', paid: true });
      expect(allowedActions(view).filter((one) => one.enabled && one.action !== 'cancel')).toEqual([]);
      expect(await cases(order.orderId)).toEqual([]);
    }
  });

  it('leaves a part of what a declined card owed to a person', async () => {
    const order = await placed('bank_transfer');
    await changeTo(order.orderId, 'card');
    await declinedCard(order.orderId);
    await receive(order, { method: 'bank_transfer', amountMinor: 400 });
    expect(await withOrder(db.pool, order.orderId)).toMatchObject({ method: 'card' });
    expect(await cases(order.orderId)).toContain('overpaid');
  });

  it('pays for a part of it when the order comes to owe more', async () => {
    const order = await placed('bank_transfer');
    await changeTo(order.orderId, 'card');
    await receive(order, { method: 'bank_transfer', amountMinor: 400 });
    await declinedCard(order.orderId);
    expect(await changeTo(order.orderId, 'bank_transfer')).toMatchObject({ paid: false });
    expect(await payment(order.orderId)).toMatchObject({ state: 'partially_captured', amount_minor: 1_000 });
    expect(await cases(order.orderId)).toEqual([]);
    expect((await receive(order, { amountMinor: 600 })).view.paid).toBe(true);
    expect(await cases(order.orderId)).toEqual([]);
  });

  it('does not count what has gone back before', async () => {
    const order = await placed('bank_transfer');
    await receive(order, { amountMinor: 600 });
    const refund = { request: { amountMinor: 600, reason: 'duplicate' }, role: 'ops' };
    await putMessage(db, order.orderId, { kind: 'command.refund', payload: refund });
    await withOrder(db.pool, order.orderId);
    expect((await receive(order, { amountMinor: 400 })).view.paid).toBe(false);
    expect((await receive(order, { amountMinor: 600 })).view.paid).toBe(true);
    expect(await cases(order.orderId)).toEqual(['refund_by_hand']);
  });

  it('leaves the order free to be paid in another way once all of it has gone back', async () => {
    const order = await placed('bank_transfer');
    await receive(order, { amountMinor: 600 });
    expect(await changeTo(order.orderId, 'card')).toMatchObject({ method: 'bank_transfer' });
    const refund = { request: { amountMinor: 600, reason: 'duplicate' }, role: 'ops' };
    await putMessage(db, order.orderId, { kind: 'command.refund', payload: refund });
    await withOrder(db.pool, order.orderId);
    const [asked] = await rows<{ id: string }>('select id from refunds where order_id = $1', [order.orderId]);
    const recorded = { refundId: asked?.id, reference: 'by hand' };
    await putMessage(db, order.orderId, { kind: 'command.record_refund', payload: recorded });
    expect(await changeTo(order.orderId, 'card')).toMatchObject({ method: 'card' });
  });

  it('is booked and given back by hand when the order has ended without it', async () => {
    const order = await placed('bank_transfer');
    await cancel(order.orderId);
    await withOrder(db.pool, order.orderId);
    const late = await receive(order);
    expect(late.view.lifecycle).toBe('cancelled');
    expect(await receipt(late.id)).toMatchObject({ state: 'booked' });
    expect(await cases(order.orderId)).toEqual(['refund_by_hand']);
    expect(await payment(order.orderId)).toMatchObject({ captured_minor: 1_000, state: 'captured' });
  });

  it('goes back when the order is cancelled before it is sent', async () => {
    const order = await placed('invoice');
    await receive(order, { amountMinor: 200 });
    await rows("update orders set release_at = now() + interval '1 hour' where id = $1", [order.orderId]);
    await cancel(order.orderId);
    const view = await withOrder(db.pool, order.orderId);
    expect(view.lifecycle).toBe('cancelled');
    expect(await cases(order.orderId)).toEqual(['refund_by_hand']);
  });

  it('lies in the books where it is: cash for an invoice is cash', async () => {
    const order = await placed('invoice');
    await receive(order, { amountMinor: 400, method: 'cash_on_delivery' });
    await receive(order, { amountMinor: 600 });
    const accounts = await rows(
      `select account, amount_minor from ledger where order_id = $1 and account <> 'customer' order by account`,
      [order.orderId],
    );
    expect(accounts).toEqual([
      { account: METHODS.invoice.account, amount_minor: 600 },
      { account: METHODS.cash_on_delivery.account, amount_minor: 400 },
    ]);
    expect(await orderRow(order.orderId)).toMatchObject({ payment_paid: true, payment_status: 'captured' });
    expect(await cases(order.orderId)).toEqual([]);
  });
});

describe('an order that is paid after its goods', () => {
  it('is due when all of them have left, after the days of the order or of the policy', async () => {
    const own = await placed('invoice', { payment: { method: 'invoice', termsDays: 10 } });
    const { orderId } = await placed('cash_on_delivery', { lines: [{ sku: 'MUG' }, { sku: 'TEA' }] });
    await parcels(own.orderId, 'booked');
    expect(await orderRow(own.orderId)).toMatchObject({ payment_due_at: null });
    const view = await parcels(own.orderId, 'in_transit');
    const days = (Date.parse(view.dueAt ?? '') - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(9.9);
    expect(days).toBeLessThanOrEqual(10);
    expect(view.waits).toContainEqual(expect.objectContaining({ kind: 'receipt', deadlineAt: view.dueAt }));
    expect(await events(own.orderId, 'payment.due')).toMatchObject([
      { amountMinor: 1_000, dueAt: view.dueAt },
    ]);
    const cash = await parcels(orderId, 'in_transit');
    expect((Date.parse(cash.dueAt ?? '') - Date.now()) / 86_400_000).toBeGreaterThan(13.9);
    expect(cash.waits).toContainEqual(expect.objectContaining({ kind: 'receipt', awaitedFrom: 'carrier' }));
  });

  it('completes when it is delivered and paid, in either order', async () => {
    const late = await placed('invoice');
    await parcels(late.orderId, 'in_transit');
    expect((await parcels(late.orderId, 'delivered')).lifecycle).toBe('processing');
    expect((await receive(late)).view.lifecycle).toBe('completed');
    const early = await placed('invoice');
    await receive(early);
    expect((await parcels(early.orderId, 'in_transit')).dueAt).toBeUndefined();
    expect((await parcels(early.orderId, 'delivered')).lifecycle).toBe('completed');
  });

  it('is a case when the money does not come, again after somebody has closed it, and none once it has come', async () => {
    const order = await placed('invoice');
    await parcels(order.orderId, 'delivered');
    const overdue = await pass(order.orderId, 'receipt');
    expect(overdue.attention).toEqual(['payment_action']);
    expect(await cases(order.orderId)).toEqual(['payment_overdue']);
    expect(await events(order.orderId, 'payment.overdue')).toHaveLength(1);
    const [told] = await rows<{ detail: string }>('select detail from cases where order_id = $1', [
      order.orderId,
    ]);
    expect(told?.detail).toMatch(/^10\.00 EUR had not come by \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/);
    // The rest of the time until the next look is no loop: nothing is due now.
    const [row] = await rows<{ ahead: boolean }>('select due_at > now() as ahead from orders where id = $1', [
      order.orderId,
    ]);
    expect(row?.ahead).toBe(true);
    await rows(`update orders set payment_due_at = now() - interval '1 day' where id = $1`, [order.orderId]);
    const [open] = await rows<{ id: string }>('select id from cases where order_id = $1', [order.orderId]);
    await putMessage(db, order.orderId, {
      kind: 'command.resolve_case',
      payload: { caseId: open?.id, note: 'They pay next week.' },
    });
    const closed = await withOrder(db.pool, order.orderId);
    expect(closed.attention).toEqual([]);
    const [wait] = closed.waits;
    expect([closed.waits.length, wait?.kind]).toEqual([1, 'receipt']);
    expect(Date.parse(wait?.deadlineAt ?? '')).toBeGreaterThan(Date.now() + 3_600_000);
    await pass(order.orderId, 'receipt');
    expect(await cases(order.orderId)).toEqual(['payment_overdue']);
    await pass(order.orderId, 'receipt');
    expect(await events(order.orderId, 'payment.overdue')).toHaveLength(2);
    expect(await events(order.orderId, 'case.reminded')).toHaveLength(1);
    const waits = await rows(
      `select ended_as from waits where order_id = $1 and kind = 'receipt' and ended_at is not null order by ended_at`,
      [order.orderId],
    );
    expect(waits.map((one) => one['ended_as'])).toEqual(['case', 'case', 'remind']);
    const paid = await receive(order);
    expect(paid.view).toMatchObject({ lifecycle: 'completed', attention: [], waits: [] });
  });

  it('is given up by a person, and booked when it comes after all', async () => {
    const order = await placed('invoice');
    const writeOff = async () => {
      const id = await putMessage(db, order.orderId, {
        kind: 'command.write_off',
        payload: { note: 'Bankrupt.' },
      });
      await withOrder(db.pool, order.orderId);
      return id;
    };
    await writeOff();
    expect(allowedActions(await withOrder(db.pool, order.orderId)).map((one) => one.action)).not.toContain(
      'write_off',
    );
    await parcels(order.orderId, 'delivered');
    await pass(order.orderId, 'receipt');
    await receive(order, { amountMinor: 300 });
    await writeOff();
    expect(await events(order.orderId, 'payment.written_off')).toMatchObject([{ amountMinor: 700 }]);
    const done = await withOrder(db.pool, order.orderId);
    expect(done).toMatchObject({ lifecycle: 'completed', attention: [], waits: [] });
    const late = await receive(order, { amountMinor: 700 });
    expect(late.view).toMatchObject({ lifecycle: 'completed', attention: [] });
    expect(await payment(order.orderId)).toMatchObject({ state: 'captured', captured_minor: 1_000 });
    expect((await checkLedger(db.pool)).wrong).toBe(0);
  });

  it('owes by invoice what a prepaid part leaves', async () => {
    const order = await accepted(db, {
      payments: [
        { method: 'card', token: 'pm_card_visa', amount: { amount: 400, currency: 'EUR' } },
        { method: 'invoice' },
      ],
    });
    await withOrder(db.pool, order.orderId);
    expect(await payment(order.orderId)).toMatchObject({ amount_minor: 600, tender: 2 });
    const { view } = await receive(order, { amountMinor: 600 });
    expect(view.paid).toBe(true);
    expect(await cases(order.orderId)).toEqual([]);
  });
});

describe('a receipt', () => {
  it('is kept when no order is called what it says, or the order is in another currency', async () => {
    const order = await placed('invoice');
    const unknown = await store(receiptOf({ number: 1 }));
    const other = await store(receiptOf(order, { currency: 'USD' }));
    expect([unknown, other]).toMatchObject([
      { kind: 'unmatched', code: 'not_found' },
      { kind: 'unmatched', code: 'receipt_mismatch' },
    ]);
    const id = 'id' in other ? other.id : '';
    expect(await receipt(id)).toMatchObject({
      state: 'unmatched',
      problem: 'receipt_mismatch',
      order_id: null,
    });
  });

  it('is never guessed onto one of two orders that are called the same', async () => {
    const first = await placed('invoice');
    const second = await placed('invoice', { externalId: String(first.number) });
    expect(await store(receiptOf(first))).toMatchObject({ kind: 'unmatched', code: 'receipt_mismatch' });
    const [row] = await rows<{ id: string }>(`select id from receipts where order_ref = $1`, [
      String(first.number),
    ]);
    const id = row?.id ?? '';
    expect(await assignReceipt(db, { id, order: second.orderId }, BY)).toMatchObject({ ok: true });
    await withOrder(db.pool, second.orderId);
    expect(await receipt(id)).toMatchObject({ state: 'booked', order_id: second.orderId });
    expect(await assignReceipt(db, { id, order: first.orderId }, BY)).toMatchObject({
      ...{ ok: false, code: 'refused_by_state' },
    });
    expect(await returnReceipt(db, { id, note: 'x' }, BY)).toMatchObject({ code: 'refused_by_state' });
  });

  it('can be given back by hand while it fits no order, and is in no books then', async () => {
    const stored = await store(receiptOf({ number: 2 }));
    const id = 'id' in stored ? stored.id : '';
    const order = await placed('invoice', { currency: 'USD' });
    expect(await assignReceipt(db, { id, order: order.orderId }, BY)).toMatchObject({
      ...{ ok: false, code: 'receipt_mismatch' },
    });
    expect(await assignReceipt(db, { id, order: 'nothing' }, BY)).toMatchObject({ code: 'not_found' });
    expect(await returnReceipt(db, { id, note: 'Sent back.' }, BY)).toEqual({ ok: true });
    expect(await receipt(id)).toMatchObject({ state: 'returned', payment_id: null });
    expect(await rows('select from ledger where key like $1', [`%${id}`])).toEqual([]);
    expect(await returnReceipt(db, { id: 'rcp_none', note: 'x' }, BY)).toMatchObject({ code: 'not_found' });
  });

  it('is the same one under its number, and refused with other content', async () => {
    const order = await placed('invoice');
    const given = receiptOf(order);
    const first = await store(given);
    const id = 'id' in first ? first.id : '';
    expect(await store(given)).toEqual({ kind: 'repeated', id });
    expect(await store({ ...given, order: order.orderId })).toEqual({ kind: 'repeated', id });
    expect(await store({ ...given, amountMinor: 999 })).toMatchObject({ code: 'already_exists' });
    const other = await placed('invoice');
    expect(await store({ ...given, order: String(other.number) })).toMatchObject({ code: 'already_exists' });
    // Another kind of money has numbers of its own.
    expect(await store({ ...given, method: 'cash_on_delivery' })).toMatchObject({ kind: 'given' });
  });

  it('is mended under its number while it fits no order, and the audit keeps what it was', async () => {
    const order = await placed('invoice');
    const given = receiptOf(order);
    const wrong = await store({ ...given, currency: 'JPY', note: 'As I read it.' });
    const id = 'id' in wrong ? wrong.id : '';
    expect(wrong).toMatchObject({ kind: 'unmatched', code: 'receipt_mismatch' });
    expect(await store({ ...given, currency: 'JPY' })).toEqual({ kind: 'repeated', id });
    expect(await store({ ...given, order: 'nobody' })).toMatchObject({ kind: 'unmatched', id });
    // Another channel, or another row of the same request, is no correction.
    const refused = { kind: 'refused', code: 'already_exists' };
    expect(await store(given, { channel: 'other', actor: 'key:other' })).toMatchObject(refused);
    expect(await store(given, { beside: new Set([id]) })).toMatchObject(refused);
    expect(await store(given)).toMatchObject({ kind: 'given', id });
    await withOrder(db.pool, order.orderId);
    expect(await receipt(id)).toMatchObject({ state: 'booked', order_id: order.orderId, problem: null });
    expect(await store({ ...given, amountMinor: 999 })).toMatchObject(refused);
    const audit = await rows<{ action: string; data: Record<string, unknown> }>(
      'select action, data from audit where subject = $1 order by id',
      [id],
    );
    expect(audit.map((one) => one.action)).toEqual(['receipt.record', 'receipt.replace', 'receipt.replace']);
    expect(audit[1]?.data).toMatchObject({ replaced: { currency: 'JPY', actor: BY.actor } });
  });

  it('frees its number when it went back; the same content is still a repeat', async () => {
    const order = await placed('invoice');
    const given = receiptOf(order);
    const wrong = await store({ ...given, currency: 'JPY' });
    const id = 'id' in wrong ? wrong.id : '';
    expect(await returnReceipt(db, { id, note: 'A mistake.' }, BY)).toEqual({ ok: true });
    expect(await store({ ...given, currency: 'JPY' })).toEqual({ kind: 'repeated', id });
    const right = await store(given);
    expect(right).toMatchObject({ kind: 'given' });
    expect('id' in right && right.id).not.toBe(id);
    expect(await store({ ...given, amountMinor: 999 })).toMatchObject({ code: 'already_exists' });
    await withOrder(db.pool, order.orderId);
    expect(await receipt(id)).toMatchObject({ state: 'returned' });
  });

  it('stays the same one when its order is to be paid in another way since', async () => {
    const order = await placed('invoice');
    const given = receiptOf(order);
    await store(given);
    await rows(`update orders set payment_method = 'bank_transfer' where id = $1`, [order.orderId]);
    expect(await store(given)).toMatchObject({ kind: 'repeated' });
  });

  it('does not come from the future', async () => {
    const order = await placed('invoice');
    const ahead = new Date(Date.now() + 3 * 86_400_000).toISOString();
    expect(await store(receiptOf(order, { receivedAt: ahead }))).toMatchObject({ code: 'invalid' });
  });

  it('is booked once however often its message is taken, and twenty at once add up', async () => {
    const order = await placed('invoice', { lines: [{ sku: 'MUG', unitMinor: 2_000 }] });
    const same = receiptOf(order, { amountMinor: 100 });
    const given = Array.from({ length: 19 }, () => receiptOf(order, { amountMinor: 100 }));
    const all = [...given, same, same, same];
    const stored = await Promise.all(
      all.map(async (one) => {
        const result = await store(one);
        await withOrder(db.pool, order.orderId);
        return result.kind;
      }),
    );
    expect(stored.filter((kind) => kind === 'given')).toHaveLength(20);
    const [one] = await rows<{ id: string }>('select id from receipts where number = $1', [same.number]);
    await putMessage(db, order.orderId, { kind: 'receipt', payload: { receiptId: one?.id } });
    const view = await withOrder(db.pool, order.orderId);
    expect(view.paid).toBe(true);
    expect(await payment(order.orderId)).toMatchObject({ captured_minor: 2_000, state: 'captured' });
    expect(await cases(order.orderId)).toEqual([]);
  });

  it('leaves books that balance', async () => {
    expect(await checkLedger(db.pool)).toMatchObject({ wrong: 0, problems: [] });
  });
});
