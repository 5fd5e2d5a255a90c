/**
 * Proves the books: the postings of every key, of every order and of each currency add up to zero, every event that moved
 * money has exactly its posting and every posting its event, each payment's balances are the fold of its events, and credit
 * accounts are the sums of their movements and agree with the payments made with them. One snapshot of the database, by sets and in batches, so that orders by the hundred thousand take seconds.
 */
import type pg from 'pg';
import { LEDGER_PROBLEM_KINDS, type LedgerProblemKind } from '../../domain/ledger.ts';
import { METHODS } from '../../domain/method.ts';
import {
  foldPayment,
  PAYMENT_EVENT_TYPES,
  postingSign,
  type PaymentBalance,
  type PaymentEvent,
} from '../../domain/payment.ts';
import { transaction, type Tx } from '../connect.ts';
import { wrongAccounts, wrongHolds } from './creditCheck.ts';

/** One row that is wrong. */
export interface LedgerProblem {
  kind: LedgerProblemKind;
  /** When the row was written, of a balance its last event; null for a total. */
  at: Date | null;
  /** The key of the postings, the payment, the order or the currency. */
  row: string;
  orderId: string | null;
  orderNumber: number | null;
  currency: string;
  expectedMinor: number;
  actualMinor: number;
  detail: string;
}

/** What was looked at and what is wrong. */
export interface LedgerCheck {
  payments: number;
  events: number;
  postings: number;
  /** How many rows are wrong. */
  wrong: number;
  /** Oldest first, at most PROBLEMS_MAX. */
  problems: LedgerProblem[];
}

/** So many wrong rows are named; all are counted. */
export const PROBLEMS_MAX = 100;
const PAYMENTS_A_BATCH = 5_000;

/**
 * Charges under the operation's key or the payment's id have kept that key (domain/payment.ts postingKey); what was booked
 * before there were events lies under one of the two, and orders of the past had no postings then.
 */
const POSTINGS = `
with book as (
  select key, min(at) as at, min(order_id) as order_id, max(order_id) as last_order, min(currency) as currency,
    max(currency) as last_currency, sum(amount_minor) as sum, count(*) as rows,
    count(*) filter (where account <> 'customer') as own_rows, min(account) filter (where account <> 'customer') as account,
    coalesce(sum(amount_minor) filter (where account <> 'customer'), 0) as amount
  from ledger group by key
), moved as (
  select e.at, e.order_id, e.currency, e.amount_minor * s.sign as amount, coalesce(e.account, m.account) as account, e.id,
    e.source = 'before' and o.origin = 'history' as is_optional,
    case when e.source = 'before' then coalesce((select op.key from operations op where op.order_id = e.order_id
        and op.subject = e.payment_id and op.kind = 'capture' and op.state = 'succeeded' limit 1), e.payment_id)
      when e.type = 'charge_success' and (e.reference = e.payment_id or e.reference ~ '^[0-9]+/capture/') then e.reference
      else e.payment_id || '/' || e.type || '/' || e.reference end as key
  from payment_events e
  join payments p on p.id = e.payment_id join orders o on o.id = e.order_id
  join unnest($1::text[], $2::int[]) as s (type, sign) on s.type = e.type
  left join unnest($3::text[], $4::text[]) as m (method, account) on m.method = p.method
  where e.amount_minor > 0
), compared as (
  select key, coalesce(moved.at, book.at) as at, coalesce(book.order_id, moved.order_id) as order_id,
    coalesce(book.currency, moved.currency) as currency, coalesce(moved.amount, 0) as expected, coalesce(book.amount, 0) as actual,
    book.sum, case
      when book.key is not null and (book.sum <> 0 or book.rows <> 2 or book.own_rows <> 1 or book.order_id <> book.last_order
        or book.currency <> book.last_currency) then 'key_unbalanced'
      when book.key is null then case when moved.is_optional then null else 'posting_missing' end
      when moved.key is null then 'posting_unexplained'
      when moved.amount <> book.amount or moved.account is distinct from book.account or moved.order_id <> book.order_id
        or moved.currency <> book.currency then 'posting_differs' end as kind
  from moved full join book using (key)
)
select c.kind, c.at, c.key as row, c.order_id as "orderId", o.number as "orderNumber", c.currency,
  (case when c.kind = 'key_unbalanced' then 0 else c.expected end)::bigint as "expectedMinor",
  (case when c.kind = 'key_unbalanced' then c.sum else c.actual end)::bigint as "actualMinor",
  count(*) over ()::int as wrong
from compared c left join orders o on o.id = c.order_id where c.kind is not null order by c.at, c.key limit ${PROBLEMS_MAX}`;

const SUMS = `
with sums as (
  select order_id, currency, min(at) as at, sum(amount_minor) as sum from ledger group by order_id, currency
)
select 'order_unbalanced' as kind, s.at, s.order_id as row, s.order_id as "orderId", o.number as "orderNumber", s.currency,
  0 as "expectedMinor", s.sum::bigint as "actualMinor"
from sums s join orders o on o.id = s.order_id where s.sum <> 0
union all
select 'total_unbalanced', null, currency, null, null, currency, 0, sum(sum)::bigint from sums group by currency having sum(sum) <> 0`;

const PAYMENTS = `
select p.id, greatest(p.created_at, b.at) as at, p.order_id as "orderId", o.number as "orderNumber", p.currency, p.authorized_minor as "authorizedMinor",
  p.captured_minor as "capturedMinor", p.refunded_minor as "refundedMinor", p.voided_minor as "voidedMinor",
  p.charged_back_minor as "chargedBackMinor",
  coalesce(b.events, '[]') as events
from payments p join orders o on o.id = p.order_id left join lateral (
  select max(e.at) as at, json_agg(json_build_object('type', e.type, 'reference', e.reference, 'amountMinor', e.amount_minor)
    order by e.id) as events
  from payment_events e where e.payment_id = p.id) b on true
where p.id > $1 order by p.id limit ${PAYMENTS_A_BATCH}`;

const COUNTS = `
select (select count(*) from payments) as payments, (select count(*) from payment_events) as events,
  (select count(*) from ledger) as postings`;

type Columns = Omit<PaymentBalance, 'pending'>;
interface PaymentRow extends Columns, Pick<LedgerProblem, 'at' | 'orderId' | 'orderNumber' | 'currency'> {
  id: string;
  events: PaymentEvent[];
}

/** Looks through the whole of the books as they stand at one moment; writes nothing. */
export async function checkLedger(
  pool: pg.Pool,
  options: { timeoutMillis?: number } = {},
): Promise<LedgerCheck> {
  return transaction(pool, async (tx) => {
    await tx.query('set transaction isolation level repeatable read, read only');
    await tx.query("select set_config('statement_timeout', $1, true)", [
      String(options.timeoutMillis ?? 120_000),
    ]);
    const postings = await wrongPostings(tx);
    const { rows: sums } = await tx.query<Omit<LedgerProblem, 'detail'>>(SUMS);
    const balances = await wrongBalances(tx);
    const { rows: counts } = await tx.query<Pick<LedgerCheck, 'payments' | 'events' | 'postings'>>(COUNTS);
    const credit = [...(await wrongAccounts(tx)), ...(await wrongHolds(tx))];
    const found = [...postings.problems, ...[...sums, ...credit].map(explained), ...balances];
    const { payments = 0, events = 0, postings: rows = 0 } = counts[0] ?? {};
    return {
      ...{ payments, events, postings: rows },
      wrong: postings.wrong + sums.length + credit.length + balances.length,
      problems: found.toSorted(byTime).slice(0, PROBLEMS_MAX),
    };
  });
}

const WORDS: Readonly<Record<LedgerProblem['kind'], string>> = {
  key_unbalanced: 'The postings of a key are not one of an account and its opposite of the customer.',
  posting_missing: 'An event moved money and was not posted.',
  posting_unexplained: 'A posting has no event that moved money.',
  posting_differs: 'A posting says something else than its event: amount, account, order or currency.',
  balance_differs: 'A balance of a payment is not what its events add up to.',
  account_differs: 'A credit account’s balance or held amount is not what its movements add up to.',
  hold_differs: 'A payment with a credit account is not what was taken from or given back to the account.',
  order_unbalanced: 'The postings of an order do not add up to zero.',
  total_unbalanced: 'All postings of a currency do not add up to zero.',
};

function explained(problem: Omit<LedgerProblem, 'detail'>): LedgerProblem {
  return { ...problem, detail: WORDS[problem.kind] };
}

/** Totals come last; of one moment the row before the sums that it spoils. */
function byTime(a: LedgerProblem, b: LedgerProblem): number {
  const millis = (one: LedgerProblem) => one.at?.getTime() ?? Infinity;
  const rank = (one: LedgerProblem) => LEDGER_PROBLEM_KINDS.indexOf(one.kind);
  if (millis(a) !== millis(b)) return millis(a) < millis(b) ? -1 : 1;
  return rank(a) - rank(b);
}

async function wrongPostings(tx: Tx): Promise<{ wrong: number; problems: LedgerProblem[] }> {
  const moving = PAYMENT_EVENT_TYPES.filter((type) => postingSign(type) !== 0);
  const { rows } = await tx.query<Omit<LedgerProblem, 'detail'> & { wrong: number }>(POSTINGS, [
    moving,
    moving.map(postingSign),
    Object.keys(METHODS),
    Object.values(METHODS).map((method) => method.account),
  ]);
  return { wrong: rows[0]?.wrong ?? 0, problems: rows.map(({ wrong: _, ...row }) => explained(row)) };
}

const COLUMNS = [
  ['authorizedMinor', 'authorized'],
  ['capturedMinor', 'captured'],
  ['refundedMinor', 'refunded'],
  ['voidedMinor', 'voided'],
  ['chargedBackMinor', 'charged back'],
] as const satisfies readonly (readonly [keyof Columns, string])[];

async function wrongBalances(tx: Tx): Promise<LedgerProblem[]> {
  const problems: LedgerProblem[] = [];
  let after = '';
  for (;;) {
    const { rows } = await tx.query<PaymentRow>(PAYMENTS, [after]);
    for (const row of rows) problems.push(...balanceProblem(row));
    const last = rows.at(-1);
    if (!last || rows.length < PAYMENTS_A_BATCH) return problems;
    after = last.id;
  }
}

function balanceProblem(row: PaymentRow): LedgerProblem[] {
  const folded = foldPayment(row.events);
  const wrong = COLUMNS.find(([name]) => row[name] !== folded[name]);
  if (!wrong) return [];
  const [name, word] = wrong;
  const { at, orderId, orderNumber, currency } = row;
  return [
    {
      ...{ kind: 'balance_differs', at, row: row.id, orderId, orderNumber, currency },
      ...{ expectedMinor: folded[name], actualMinor: row[name] },
      detail: `${WORDS.balance_differs} (${word})`,
    },
  ];
}
