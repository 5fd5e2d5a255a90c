/**
 * Proves the credit accounts: balance and held amount are the sums of the movements, and what was taken and given back of each
 * hold is what the payment made with it has. Part of the proof of the books (ledgerCheck.ts).
 */
import type { Tx } from '../connect.ts';
import type { LedgerProblem } from './ledgerCheck.ts';

type Row = Omit<LedgerProblem, 'detail'>;

/** An account is wrong in its balance, else in what is held; `at` is its last movement. */
const ACCOUNTS = `
with sums as (
  select account_id, sum(balance_delta) as balance, sum(held_delta) as held, max(at) as at from credit_movements group by account_id
), compared as (
  select a.id, a.currency, coalesce(s.at, a.created_at) as at, a.balance_minor, a.held_minor, coalesce(s.balance, 0) as balance,
    coalesce(s.held, 0) as held
  from credit_accounts a left join sums s on s.account_id = a.id
)
select 'account_differs' as kind, at, id as row, null as "orderId", null as "orderNumber", currency,
  (case when balance <> balance_minor then balance else held end)::bigint as "expectedMinor",
  case when balance <> balance_minor then balance_minor else held_minor end as "actualMinor"
from compared where balance <> balance_minor or held <> held_minor`;

/**
 * A hold is compared with its payment while none of our own calls about it is open: between the account's answer and our
 * writing it down the two differ by right. What a person gave back by another route never came through the account. Expected
 * is the account's word, in what was taken, else in what was given back.
 */
const HOLDS = `
with paid as (
  select p.id, p.provider_ref, p.order_id, p.currency, p.created_at, p.captured_minor as captured,
    p.refunded_minor - coalesce((select sum(e.amount_minor) from payment_events e
      where e.payment_id = p.id and e.type = 'refund_success' and e.source = 'person'), 0) as refunded
  from payments p where p.provider = 'credit'
), compared as (
  select coalesce(p.id, h.id) as row, coalesce(p.order_id, h.order_id) as order_id, coalesce(a.currency, p.currency) as currency,
    coalesce(h.created_at, p.created_at) as at, coalesce(h.taken_minor, 0) as taken, coalesce(h.given_back_minor, 0) as given_back,
    coalesce(p.captured, 0) as captured, coalesce(p.refunded, 0) as refunded
  from credit_holds h join credit_accounts a on a.id = h.account_id full join paid p on p.provider_ref = h.id
)
select 'hold_differs' as kind, c.at, c.row, c.order_id as "orderId", o.number as "orderNumber", c.currency,
  case when c.taken <> c.captured then c.taken else c.given_back end as "expectedMinor",
  (case when c.taken <> c.captured then c.captured else c.refunded end)::bigint as "actualMinor"
from compared c left join orders o on o.id = c.order_id
where (c.taken <> c.captured or c.given_back <> c.refunded) and not exists (select from operations op
  where op.order_id = c.order_id and op.state in ('requested', 'unknown', 'pending_at_provider')
    and (op.subject = c.row or op.kind = 'refund'))`;

/** Credit accounts that are not the sum of their movements. */
export async function wrongAccounts(tx: Pick<Tx, 'query'>): Promise<Row[]> {
  return (await tx.query<Row>(ACCOUNTS)).rows;
}

/** Payments with credit accounts that differ from what the account says, and takings that no payment has. */
export async function wrongHolds(tx: Pick<Tx, 'query'>): Promise<Row[]> {
  return (await tx.query<Row>(HOLDS)).rows;
}
