/**
 * The books of a payment: append-only events, the balances folded from them, and two postings for every one that moved
 * money. Under the order's lock, so what is read first still stands when it is written. What was written before is skipped,
 * what contradicts it is refused whole.
 */
import { METHODS, type LedgerAccount } from '../../domain/method.ts';
import type { PaymentMethod } from '../../domain/order.ts';
import {
  admitEvent,
  foldPayment,
  postingKey,
  postingSign,
  type PaymentBalance,
  type PaymentEvent,
  type PaymentState,
} from '../../domain/payment.ts';
import type { OrderWork } from './order.ts';

/** Who says so: our own call, the gateway by itself, a person, the channel; `before`: what stood there without events. */
export type MoneySource = 'operation' | 'gateway' | 'person' | 'channel' | 'file' | 'before';

/** An event to write down. */
export interface MoneyEvent extends PaymentEvent {
  /** An operation of ours unless it is said. */
  source?: MoneySource;
  actor?: string;
  providerRef?: string;
  code?: string;
  /** Where the money moved, when that is not where payments of this method are kept. */
  account?: LedgerAccount;
  /** When it happened; now unless it is said. */
  at?: string;
}

/** What else of the payment is written with its events; what is left out stays as it is. */
export interface PaymentChange {
  state?: PaymentState;
  providerRef?: string | undefined;
  /** What a receipt may show, as JSON. */
  methodDetails?: string;
  captureBefore?: string | null;
  failureCode?: string;
  /** The gateway is to be asked for the truth. */
  inspectWanted?: true;
}

/** An event contradicts what is written already: nothing of the call was written. */
export class MoneyConflict extends Error {
  override readonly name = 'MoneyConflict';
  readonly event: PaymentEvent;
  constructor(paymentId: string, event: PaymentEvent) {
    super(`${event.type} ${event.reference} of ${paymentId} contradicts what is written already`);
    this.event = event;
  }
}

interface Balances {
  authorizedMinor: number;
  capturedMinor: number;
  refundedMinor: number;
  voidedMinor: number;
}

interface BookRow extends Balances {
  method: PaymentMethod;
  currency: string;
  events: PaymentEvent[];
}

const READ = `
select p.method, p.currency, p.authorized_minor as "authorizedMinor", p.captured_minor as "capturedMinor",
  p.refunded_minor as "refundedMinor", p.voided_minor as "voidedMinor",
  coalesce((select json_agg(json_build_object('type', e.type, 'reference', e.reference, 'amountMinor', e.amount_minor) order by e.id)
    from payment_events e where e.payment_id = p.id), '[]') as events
from payments p where p.id = $1 and p.order_id = $2`;

/** Events and postings of `given` (JSON rows) for one payment; a key that is posted already stays as it is. */
const BOOK = (from: string) => `
given as (
  select * from jsonb_to_recordset($4::jsonb) as e (n int, type text, reference text, amount bigint, source text, actor text,
    provider_ref text, code text, account text, at timestamptz, key text, signed bigint)
), written as (
  insert into payment_events (order_id, payment_id, type, reference, amount_minor, currency, source, actor, provider_ref, code, account, at)
  select $2, $1, e.type, e.reference, e.amount, $3, e.source, e.actor, e.provider_ref, e.code, e.account, coalesce(e.at, now())
  from ${from} order by e.n
), posted as (
  insert into ledger (key, account, order_id, amount_minor, currency, at)
  select e.key, a.account, $2, e.signed * a.side, $3, coalesce(e.at, now())
  from ${from} cross join lateral (values (coalesce(e.account, $5::text), 1), ('customer', -1)) as a (account, side)
  where e.key is not null on conflict do nothing
)`;

const WRITE = `
with ${BOOK('given e')}
update payments set authorized_minor = $6, captured_minor = $7, refunded_minor = $8, voided_minor = $9, charged_back_minor = $10,
  state = coalesce($11, state), provider_ref = coalesce($12, provider_ref), method_details = coalesce($13::jsonb, method_details),
  capture_before = coalesce($14::timestamptz, capture_before), failure_code = coalesce($15, failure_code),
  inspect_wanted = inspect_wanted or $16
where id = $1`;

/**
 * Writes events of one payment of the order with their postings, and the payment's balances after them. Events that are
 * written already are skipped; one that contradicts what is written throws MoneyConflict before anything is written. A
 * payment that an older worker wrote without events gets those first that its balances stand for.
 */
export async function recordMoney(
  work: OrderWork,
  given: { paymentId: string; events: readonly MoneyEvent[]; payment?: PaymentChange },
): Promise<PaymentBalance> {
  const { paymentId, payment = {} } = given;
  const { rows } = await work.tx.query<BookRow>({
    name: 'money_read',
    text: READ,
    values: [paymentId, work.order.id],
  });
  const book = rows[0];
  if (!book) throw new Error(`payment ${paymentId} of order ${work.order.id} does not exist`);
  const known: PaymentEvent[] = [...book.events];
  const added: MoneyEvent[] = [];
  const add = (event: MoneyEvent) => {
    known.push(event);
    added.push(event);
  };
  for (const event of eventsBefore(book)) add(event);
  for (const event of given.events) {
    const verdict = admitEvent(known, event);
    if (verdict === 'conflict') throw new MoneyConflict(paymentId, event);
    if (verdict === 'new') add(event);
  }
  const balance = foldPayment(known);
  if (added.length === 0 && Object.keys(payment).length === 0) return balance;
  await work.tx.query({
    name: 'money_write',
    text: WRITE,
    values: [
      ...bookValues(work, { paymentId, method: book.method, events: added }),
      ...changes(balance, payment),
    ],
  });
  noteInSnapshot(work, { paymentId, balance, payment });
  work.changed = true;
  return balance;
}

/** What the balances of a payment stand for that has no event: written by a worker that knew no events. */
function eventsBefore(book: BookRow): MoneyEvent[] {
  const folded = foldPayment(book.events);
  const balances = [
    ['authorization_success', 'authorizedMinor'],
    ['charge_success', 'capturedMinor'],
    ['cancel_success', 'voidedMinor'],
    ['refund_success', 'refundedMinor'],
  ] as const;
  return balances
    .filter(([type, name]) => book[name] > folded[name] && !book.events.some((event) => event.type === type))
    .map(([type, name]) => ({ type, reference: 'before', amountMinor: book[name], source: 'before' }));
}

/** `$1…$5` of BOOK. */
function bookValues(
  work: OrderWork,
  of: { paymentId: string; method: PaymentMethod; events: readonly MoneyEvent[] },
): unknown[] {
  const rows = of.events.map((event, n) => {
    const { type, reference, amountMinor, source = 'operation', actor = 'system' } = event;
    const signed = amountMinor * postingSign(type);
    // What an older worker booked has its postings under the keys of then.
    const isPosted = signed !== 0 && source !== 'before';
    return {
      ...{ n, type, reference, amount: amountMinor, source, actor },
      ...{ provider_ref: event.providerRef, code: event.code, account: event.account, at: event.at },
      ...(isPosted && { key: postingKey(of.paymentId, event), signed }),
    };
  });
  const { id, currency } = work.order;
  return [of.paymentId, id, currency, JSON.stringify(rows), METHODS[of.method].account];
}

/** `$6…` of WRITE. */
function changes(balance: PaymentBalance, payment: PaymentChange): unknown[] {
  return [
    ...[balance.authorizedMinor, balance.capturedMinor, balance.refundedMinor, balance.voidedMinor],
    ...[balance.chargedBackMinor, payment.state ?? null, payment.providerRef ?? null],
    ...[payment.methodDetails ?? null, payment.captureBefore ?? null, payment.failureCode ?? null],
    payment.inspectWanted ?? false,
  ];
}

/** The snapshot goes on saying what is stored, without being read again. */
function noteInSnapshot(
  work: OrderWork,
  of: { paymentId: string; balance: PaymentBalance; payment: PaymentChange },
): void {
  const known = work.snapshot.payments.find((payment) => payment.id === of.paymentId);
  if (!known) return;
  const { authorizedMinor, capturedMinor, refundedMinor, voidedMinor, chargedBackMinor } = of.balance;
  const { state, providerRef, captureBefore, inspectWanted } = of.payment;
  Object.assign(known, { authorizedMinor, capturedMinor, refundedMinor, voidedMinor, chargedBackMinor });
  if (state !== undefined) known.state = state;
  if (providerRef !== undefined) known.providerRef = providerRef;
  if (captureBefore) known.captureBefore = captureBefore;
  if (inspectWanted) known.inspectWanted = true;
}

const OPEN = `
with made as (
  insert into payments (id, order_id, currency, fulfillment_id, attempt, method, provider, provider_ref, state, amount_minor,
    authorized_minor, captured_minor, tender)
  values ($1, $2, $3, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) on conflict (id) do nothing returning id
), ${BOOK('given e cross join made')}
select count(*)::int as made from made`;

/** Writes a new payment with its first events and postings in one statement; false when it stands there already. */
export async function openPayment(
  work: OrderWork,
  given: {
    id: string;
    shareId: string | null;
    /** The first unless it is said. */
    tender?: number;
    attempt: number;
    method: PaymentMethod;
    provider: string;
    providerRef: string | null;
    state: PaymentState;
    amountMinor: number;
    events: readonly MoneyEvent[];
  },
): Promise<boolean> {
  const { id: paymentId, method, events } = given;
  const { authorizedMinor, capturedMinor } = foldPayment(events);
  const { rows } = await work.tx.query<{ made: number }>({
    name: 'money_open',
    text: OPEN,
    values: [
      ...bookValues(work, { paymentId, method, events }),
      ...[given.shareId, given.attempt, method, given.provider, given.providerRef, given.state],
      ...[given.amountMinor, authorizedMinor, capturedMinor, given.tender ?? 1],
    ],
  });
  const isMade = rows[0]?.made === 1;
  if (isMade) work.changed = true;
  return isMade;
}
