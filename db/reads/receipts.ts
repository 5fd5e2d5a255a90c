/** Receipts with the orders they belong to: one, some, and the list of all. */
import type { OfflineMethod } from '../../domain/method.ts';
import type { PaymentMethod } from '../../domain/order.ts';
import type { ReceiptSource, ReceiptState } from '../../domain/receipt.ts';
import type { Db, Tx } from '../connect.ts';
import { Conditions } from './conditions.ts';
import { KEY_OF, orderParameters } from './find.ts';

/** A receipt as stored, with its order's number. */
export interface ReceiptRow {
  id: string;
  method: OfflineMethod;
  number: string;
  order_ref: string;
  order_id: string | null;
  order_number: number | null;
  payment_id: string | null;
  currency: string;
  amount_minor: number;
  received_at: Date;
  state: ReceiptState;
  problem: string | null;
  /** Of its order, or of the only order that its text means when it does not fit that. */
  order_currency: string | null;
  source: ReceiptSource;
  actor: string;
  actor_name: string | null;
  note: string | null;
  created_at: Date;
  settled_at: Date | null;
  /** To the microsecond, as it is compared. */
  created_key: string;
}

/** Looked up for those that do not fit their order only: of the others nobody asks. */
const MEANT_CURRENCY = `case when r.problem = 'receipt_mismatch' then
  (select case when count(*) = 1 then min(m.currency) end from orders m where m.id = r.order_ref or m.external_id = r.order_ref
    or m.number = case when r.order_ref ~ '^[0-9]{1,15}$' then r.order_ref::bigint end) end`;

const RECEIPTS = `select r.id, r.method, r.number, r.order_ref, r.order_id, o.number as order_number, r.payment_id, r.currency,
    r.amount_minor, r.received_at, r.state, r.problem, r.source, r.actor, r.note, r.created_at, r.settled_at,
    r.created_at::text as created_key, coalesce(o.currency, ${MEANT_CURRENCY}) as order_currency,
    (select name from api_keys k where k.id = ${KEY_OF('r.actor')}) as actor_name
  from receipts r left join orders o on o.id = r.order_id`;

/**
 * What a caller may see: a channel sees receipts of its own orders, and what it recorded itself; null is everything.
 */
export interface ReceiptSight {
  channel: string | null;
  actor: string;
}

function addSight(where: Conditions, { channel, actor }: ReceiptSight): void {
  if (channel === null) return;
  where.addFixed(
    `(o.channel = ${where.value(channel)} or (r.order_id is null and r.actor = ${where.value(actor)}))`,
  );
}

/** The receipts with these ids that the caller may see, by id. */
export async function readReceipts(
  db: Pick<Db, 'pool'>,
  ids: readonly string[],
  sight: ReceiptSight,
): Promise<Map<string, ReceiptRow>> {
  const where = new Conditions();
  where.add('r.id = any (?::text[])', ids);
  addSight(where, sight);
  const { rows } = await db.pool.query<ReceiptRow>(`${RECEIPTS} ${where.where()}`, where.values);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Where a page of the list starts, and what it holds. */
export interface ReceiptPage {
  after: { createdAt: string; id: string } | null;
  limit: number;
  filter: { state?: ReceiptState | undefined; orderIds?: readonly string[] | undefined; sight: ReceiptSight };
}

/** Receipts, newest first; one more than `limit` when more follow. */
export async function listReceipts(
  db: Pick<Db, 'pool'>,
  { after, limit, filter }: ReceiptPage,
): Promise<ReceiptRow[]> {
  const where = new Conditions();
  if (filter.state !== undefined) where.add('r.state = ?', filter.state);
  if (filter.orderIds !== undefined) where.add('r.order_id = any (?::text[])', filter.orderIds);
  addSight(where, filter.sight);
  if (after)
    where.addFixed(
      `(r.created_at, r.id) < (${where.value(after.createdAt)}::timestamptz, ${where.value(after.id)})`,
    );
  const { rows } = await db.pool.query<ReceiptRow>(
    `${RECEIPTS} ${where.where()} order by r.created_at desc, r.id desc limit ${where.value(limit + 1)}`,
    where.values,
  );
  return rows;
}

/** An order that a payer may mean. */
export interface MeantOrder {
  id: string;
  currency: string;
  method: PaymentMethod;
}

/** The orders that a text can mean, within a channel: by number or id, or by what they are called elsewhere. Nearly always one. */
export async function ordersMeant(
  on: Pick<Tx, 'query'>,
  ref: string,
  channel: string | null,
): Promise<MeantOrder[]> {
  const { rows } = await on.query<MeantOrder>({
    name: 'receipt_orders',
    text: `select id, currency, payment_method as method from orders o
      where (o.id = $1 or o.number = $2::bigint or o.external_id = $1) and ($3::text is null or o.channel = $3) limit 2`,
    values: orderParameters(ref, channel),
  });
  return rows;
}
