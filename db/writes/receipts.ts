/**
 * Receipts: a row first, whatever becomes of it, then a message in its order's inbox, where it is booked
 * (db/writes/receiptBooking.ts). What fits no order is kept until a person assigns it to one or returns it.
 */
import type { FailureCode } from '../../domain/failures.ts';
import type { OfflineMethod } from '../../domain/method.ts';
import {
  isSameReceipt,
  methodOfReceipt,
  receiptProblem,
  type ReceiptSource,
  type ReceiptState,
} from '../../domain/receipt.ts';
import { transaction, type Db, type Tx } from '../connect.ts';
import { newId } from '../ids.ts';
import { ordersMeant, type MeantOrder } from '../reads/receipts.ts';
import { writeAudit, type Caller } from './audit.ts';
import type { AcceptedRef } from './intake.ts';

/** A receipt to record. */
export interface NewReceipt {
  /** The order as the payer wrote it. */
  order: string;
  /** How it came; when left out, as the order is to be paid, else by bank transfer. */
  method?: OfflineMethod | undefined;
  number: string;
  amountMinor: number;
  currency: string;
  /** Now when left out. */
  receivedAt?: string | undefined;
  note?: string | undefined;
}

/** Who records it; `channel` limits which orders are found. */
export interface ReceiptCaller extends Caller {
  channel: string | null;
  source: ReceiptSource;
  /** Receipts of the same request: two rows of one number are not a mistake and its correction. */
  beside?: ReadonlySet<string>;
}

/** What became of it. `ref` and `messageId` are there when its order is to hear of it. */
export type StoredReceipt =
  | { kind: 'given'; id: string; ref: AcceptedRef; messageId: string }
  | { kind: 'repeated'; id: string }
  | { kind: 'unmatched'; id: string; code: FailureCode; detail: string }
  | { kind: 'refused'; code: FailureCode; detail: string };

/** Money that will come is not a receipt; clocks may differ by this much. */
const AHEAD_MAX_MILLIS = 24 * 3600 * 1000;

/**
 * Stores one receipt once for its number, and gives it to its order. With other content it replaces one that fits no order; one
 * that went back has freed its number. Throws database errors: then it may be sent again.
 */
export async function storeReceipt(
  db: Pick<Db, 'pool'>,
  given: NewReceipt,
  caller: ReceiptCaller,
): Promise<StoredReceipt> {
  const receivedAt = given.receivedAt === undefined ? new Date() : new Date(given.receivedAt);
  if (receivedAt.getTime() > Date.now() + AHEAD_MAX_MILLIS)
    return { kind: 'refused', code: 'invalid', detail: 'receivedAt lies in the future' };
  return transaction(db.pool, async (tx) => {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 8))', [given.number]);
    const meant = await ordersMeant(tx, given.order, caller.channel);
    const rows = await rowsOfNumber(tx, given);
    const replaced = replacedBy(rows, caller);
    const known = knownReceipt(rows, given, meant[0]);
    if (known && (known.kind === 'repeated' || !replaced)) return known;
    const target = targetOf(given, meant);
    const order = 'order' in target ? target.order : undefined;
    const id = replaced?.id ?? newId('rcp');
    const write = { id, given, receivedAt, caller, target };
    await (replaced ? replaceReceipt(tx, write) : insertReceipt(tx, write));
    await writeAudit(tx, {
      ...whoOf(caller),
      action: replaced ? 'receipt.replace' : 'receipt.record',
      subject: id,
      data: { ...dataOf(given, order), ...(replaced && { replaced: factsOf(replaced) }) },
    });
    if (!('order' in target)) return { kind: 'unmatched', id, ...target };
    return {
      kind: 'given',
      id,
      ...(await giveToOrder(tx, { id, actor: caller.actor, orderId: target.order.id })),
    };
  });
}

interface ReceiptWrite {
  id: string;
  given: NewReceipt;
  receivedAt: Date;
  caller: ReceiptCaller;
  target: Target;
}

async function insertReceipt(tx: Tx, write: ReceiptWrite): Promise<void> {
  await tx.query(
    `insert into receipts (id, method, number, order_ref, order_id, currency, amount_minor, received_at, state, problem, source, actor, note)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    columnsOf(write),
  );
}

/** What was noted before stays: one text after the other. */
async function replaceReceipt(tx: Tx, write: ReceiptWrite): Promise<void> {
  await tx.query(
    `update receipts set method = $2, number = $3, order_ref = $4, order_id = $5, currency = $6, amount_minor = $7,
       received_at = $8, state = $9, problem = $10, source = $11, actor = $12, note = concat_ws(E'\\n', note, $13::text)
     where id = $1`,
    columnsOf(write),
  );
}

function columnsOf({ id, given, receivedAt, caller, target }: ReceiptWrite): unknown[] {
  const order = 'order' in target ? target.order : undefined;
  return [
    ...[id, given.method ?? methodOfReceipt(order?.method), given.number, given.order, order?.id ?? null],
    ...[given.currency, given.amountMinor, receivedAt, order ? 'given' : 'unmatched'],
    ...['code' in target ? target.code : null, caller.source, caller.actor, given.note ?? null],
  ];
}

function whoOf({ actor, requestId = null }: Caller): { actor: string; requestId: string | null } {
  return { actor, requestId };
}

function dataOf({ amountMinor, currency }: NewReceipt, order: MeantOrder | undefined) {
  return { amountMinor, currency, ...(order && { orderId: order.id }) };
}

type Target = { order: MeantOrder } | { code: FailureCode; detail: string };

/** The order a receipt is for, or why there is none: it is kept all the same. */
function targetOf(given: NewReceipt, meant: readonly MeantOrder[]): Target {
  const [order, other] = meant;
  if (!order) return { code: 'not_found', detail: 'no order is called this' };
  if (other) return { code: 'receipt_mismatch', detail: 'more than one order is called this' };
  const problem = receiptProblem(given, order);
  return problem ? { code: problem, detail: `the order is in ${order.currency}` } : { order };
}

interface KnownRow {
  id: string;
  orderRef: string;
  orderId: string | null;
  currency: string;
  amountMinor: number;
  state: ReceiptState;
  actor: string;
  createdAt: Date;
}

/** Without a method, a receipt of that number is the same one whatever its method is: the order's may have changed since. */
async function rowsOfNumber(tx: Tx, given: NewReceipt): Promise<KnownRow[]> {
  const { rows } = await tx.query<KnownRow>(
    `select id, order_ref as "orderRef", order_id as "orderId", currency, amount_minor as "amountMinor", state, actor,
       created_at as "createdAt"
     from receipts where number = $1 and ($2::text is null or method = $2) order by id for update`,
    [given.number, given.method ?? null],
  );
  return rows;
}

/** The receipt that this corrects: the only one of its number, which fits no order and which the caller may see. */
function replacedBy(
  rows: readonly KnownRow[],
  { channel, actor, beside }: Pick<ReceiptCaller, 'channel' | 'actor' | 'beside'>,
): KnownRow | undefined {
  const [one, other] = rows.filter((row) => row.state !== 'returned');
  if (one?.state !== 'unmatched' || other || beside?.has(one.id)) return undefined;
  return channel === null || one.actor === actor ? one : undefined;
}

/** What is to be kept in the audit of a receipt that another one replaces: ids and sums. */
function factsOf({ amountMinor, currency, actor, createdAt }: KnownRow) {
  return { amountMinor, currency, actor, createdAt: createdAt.toISOString() };
}

function knownReceipt(
  rows: readonly KnownRow[],
  given: NewReceipt,
  order: MeantOrder | undefined,
): Extract<StoredReceipt, { kind: 'repeated' | 'refused' }> | undefined {
  const facts = { orderRef: given.order, orderId: order?.id ?? null, ...given };
  const same = rows.find((row) => isSameReceipt(row, facts));
  if (same) return { kind: 'repeated', id: same.id };
  if (rows.every((row) => row.state === 'returned')) return undefined;
  return {
    kind: 'refused',
    code: 'already_exists',
    detail: 'a receipt with this number was recorded with another amount or for another order',
  };
}

/** Puts it into the inbox of its order. */
async function giveToOrder(
  tx: Tx,
  { id, orderId, actor }: { id: string; orderId: string; actor: string },
): Promise<{ ref: AcceptedRef; messageId: string }> {
  const messageId = newId('fct');
  const { rows } = await tx.query<AcceptedRef>({
    name: 'receipt_give',
    text: `with bumped as (
        update orders set message_seq = message_seq + 1 where id = $1 returning *
      ), stored as (
        insert into messages (id, source, source_id, order_id, match, seq, kind, actor, payload, ring_at)
        select $2, 'receipt', $2, id, $3, message_seq, 'receipt', $4, $5::jsonb, now() + interval '5 seconds' from bumped
      )
      select id as "orderId", number, channel, currency, total_minor as "totalMinor", line_count as "lineCount",
        placed_at as "placedAt", promised_by as "promisedBy" from bumped`,
    values: [orderId, messageId, id, actor, JSON.stringify({ receiptId: id })],
  });
  const ref = rows[0];
  if (!ref) throw new Error('the order of a receipt is gone');
  return { ref, messageId };
}

/** Assigning or returning a receipt was refused, or it is done. */
export type ReceiptDecision =
  { ok: true; ref?: AcceptedRef; messageId?: string } | { ok: false; code: FailureCode; detail?: string };

/** Gives an unmatched receipt to the order it belongs to. */
export async function assignReceipt(
  db: Pick<Db, 'pool'>,
  given: { id: string; order: string },
  caller: Caller,
): Promise<ReceiptDecision> {
  return transaction(db.pool, async (tx) => {
    const receipt = await lockUnmatched(tx, given.id);
    if ('ok' in receipt) return receipt;
    const target = targetOf(receipt, await ordersMeant(tx, given.order, null));
    if (!('order' in target)) return { ok: false, ...target };
    const orderId = target.order.id;
    await tx.query(`update receipts set state = 'given', problem = null, order_id = $2 where id = $1`, [
      given.id,
      orderId,
    ]);
    await writeAudit(tx, {
      ...whoOf(caller),
      action: 'receipt.assign',
      subject: given.id,
      data: { orderId },
    });
    return { ok: true, ...(await giveToOrder(tx, { id: given.id, actor: caller.actor, orderId })) };
  });
}

/** The money of an unmatched receipt was given back by hand: nothing of it is in the books. */
export async function returnReceipt(
  db: Pick<Db, 'pool'>,
  given: { id: string; note: string },
  caller: Caller,
): Promise<ReceiptDecision> {
  return transaction(db.pool, async (tx) => {
    const receipt = await lockUnmatched(tx, given.id);
    if ('ok' in receipt) return receipt;
    // What was noted when it came stays: one text after the other.
    await tx.query(
      `update receipts set state = 'returned', note = concat_ws(E'\\n', note, $2::text), settled_at = now() where id = $1`,
      [given.id, given.note],
    );
    await writeAudit(tx, { ...whoOf(caller), action: 'receipt.return', subject: given.id });
    return { ok: true };
  });
}

async function lockUnmatched(
  tx: Tx,
  id: string,
): Promise<NewReceipt | { ok: false; code: FailureCode; detail?: string }> {
  const { rows } = await tx.query<NewReceipt & { state: string }>(
    `select order_ref as "order", method, number, amount_minor as "amountMinor", currency, state
     from receipts where id = $1 for update`,
    [id],
  );
  const receipt = rows[0];
  if (!receipt) return { ok: false, code: 'not_found' };
  if (receipt.state === 'unmatched') return receipt;
  return { ok: false, code: 'refused_by_state', detail: `the receipt is ${receipt.state}` };
}
