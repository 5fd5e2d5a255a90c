/**
 * One order with everything that belongs to it, read in one statement and therefore of one moment: the order row,
 * contacts, lines with their ledgers, money, shares, parcels with scans, waits, cases, notes and commands, as JSON rows.
 */
import { PERSON_ROLES } from '../../domain/actor.ts';
import type { Db } from '../connect.ts';
import { BY_ID_OR_NUMBER, KEY_OF, orderParameters } from './find.ts';
import { MONEY_COLUMNS, type MoneyRows } from './orderMoney.ts';
import { loadSnapshot } from './snapshot.ts';
import { viewOf } from './view.ts';
import type { OrderColumns, OrderRows, ShareLineJson } from './orderRows.ts';
import { SUMMARY_COLUMNS } from './summary.ts';

function rowsOf(from: string, order: string): string {
  return `coalesce((select jsonb_agg(to_jsonb(r) order by ${order}) from ${from}), '[]')`;
}

const CASES = `select c.*, k.name as assignee_name, w.next_retry_at, coalesce(w.tries, 0) as tries
  from cases c left join api_keys k on k.id = c.assignee
  left join lateral (select max(deadline_at) filter (where ended_at is null) as next_retry_at, max(tries) as tries
    from waits w where w.order_id = c.order_id and w.subject = c.subject and w.kind = 'retry') w on true
  where c.order_id = o.id order by c.opened_at desc limit 100`;
const NOTES = `select n.id, n.actor, n.body, n.created_at, k.name as actor_name
  from notes n left join api_keys k on k.id = ${KEY_OF('n.actor')}
  where n.order_id = o.id order by n.created_at desc, n.id desc limit 200`;

/** The ways to pay in the order of their use; of credit the account, of a card nothing. */
const TENDERS = `(
  select jsonb_agg(jsonb_build_object('seq', t.seq, 'method', t.method, 'amountMinor', t."amountMinor",
    'creditAccount', c.id, 'codeLast4', c.code_last4) order by t.seq)
  from jsonb_to_recordset(coalesce(o.tenders, jsonb_build_array(jsonb_build_object('seq', 1, 'method', o.payment_method,
    'token', o.payment_token, 'amountMinor', o.total_minor)))) t (seq int, method text, token text, "amountMinor" bigint)
  left join credit_accounts c on c.id = t.token and t.method = c.kind)`;

const DETAIL = `
select ${SUMMARY_COLUMNS}, o.origin, o.undo_cause, o.undo_actor, o.undo_reason, o.subtotal_minor, o.discount_minor,
  o.shipping_minor, o.tax_minor, o.totals, o.payment_method, o.payment_number, o.payment_time, o.payment_paid,
  o.payment_terms_days, o.payment_due_at, o.written_off_minor, ${TENDERS} as tenders,
  o.customer_note, o.attributes, o.metadata, o.tags, o.flags, o.carrier_wishes, o.sender_contact, o.recipient_contact,
  o.billing_contact, o.policy_version, o.due_at, o.completed_at, o.cancelled_at, o.updated_at, o.stage_since,
  (select name from api_keys k where k.id = ${KEY_OF('o.undo_actor')}) as undo_actor_name,
  coalesce((select role = any ('{${PERSON_ROLES.join(',')}}') from api_keys k where k.id = ${KEY_OF('o.undo_actor')}), false) as undo_by_person,
  (select min(created_at) from events e where e.order_id = o.id and e.type = 'order.allocated') as allocated_at,
  ${rowsOf('contacts r where r.order_id = o.id', 'r.id')} as contacts,
  ${rowsOf('order_lines r where r.order_id = o.id', 'r.line_no')} as lines,
  ${rowsOf('payments r where r.order_id = o.id', 'r.created_at, r.id')} as payments,
  ${rowsOf('operations r where r.order_id = o.id', 'r.first_try_at, r.key')} as operations,
  ${rowsOf('fulfillment_orders r where r.order_id = o.id', 'r.seq')} as shares,
  ${rowsOf('(select l.* from fulfillment_lines l join fulfillment_orders f on f.id = l.fulfillment_id where f.order_id = o.id) r', 'r.fulfillment_id, r.line_no')} as share_lines,
  ${rowsOf('shipments r where r.order_id = o.id', 'r.fulfillment_id, r.attempt')} as shipments,
  ${rowsOf('(select s.* from scans s join shipments p on p.id = s.shipment_id where p.order_id = o.id order by s.occurred_at desc limit 500) r', 'r.occurred_at')} as scans,
  ${rowsOf('waits r where r.order_id = o.id and r.ended_at is null', 'r.id')} as waits,
  ${rowsOf(`(${CASES}) r`, 'r.opened_at, r.id')} as cases,
  ${rowsOf(`(${NOTES}) r`, 'r.created_at, r.id')} as notes,
  ${MONEY_COLUMNS},
  ${rowsOf(`(select * from messages m where m.order_id = o.id and m.kind like 'command.%' order by m.seq desc limit 100) r`, 'r.seq')} as commands
from orders o where ${BY_ID_OR_NUMBER}`;

type DetailRow = OrderColumns &
  Omit<OrderRows, 'order' | 'shareLines' | 'view' | 'policy' | 'money'> &
  MoneyRows & { share_lines: ShareLineJson[] };

/** Reads an order by id or number; undefined when there is none, or none in the caller's channel. */
export async function readOrder(
  db: Pick<Db, 'pool'>,
  order: string,
  channel: string | null,
): Promise<OrderRows | undefined> {
  const { rows } = await db.pool.query<DetailRow>({
    name: 'order_detail',
    text: DETAIL,
    values: orderParameters(order, channel),
  });
  const row = rows[0];
  if (!row) return undefined;
  const {
    contacts,
    lines,
    payments,
    operations,
    shares,
    share_lines,
    shipments,
    scans,
    waits,
    cases,
    commands,
    notes,
    payment_events: paymentEvents,
    refunds,
    disputes,
    money_sums: moneySums,
    ...own
  } = row;
  const snapshot = await loadSnapshot(db.pool, own.id);
  if (!snapshot) return undefined;
  return {
    order: own,
    view: viewOf(snapshot),
    policy: snapshot.policy,
    contacts,
    lines,
    payments,
    operations,
    shares,
    shareLines: share_lines,
    shipments,
    scans,
    waits,
    cases,
    commands,
    notes,
    money: { payment_events: paymentEvents, refunds, disputes, money_sums: moneySums },
  };
}

/** The id of an order given by id or number; undefined when the caller may not see one. */
export async function findOrderId(
  db: Pick<Db, 'pool'>,
  order: string,
  channel: string | null,
): Promise<string | undefined> {
  const { rows } = await db.pool.query<{ id: string }>({
    name: 'order_id',
    text: `select o.id from orders o where ${BY_ID_OR_NUMBER}`,
    values: orderParameters(order, channel),
  });
  return rows[0]?.id;
}
