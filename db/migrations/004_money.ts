/**
 * Money: the append-only events of payments that every balance is folded from, refunds as decision and movement apart,
 * disputes, payouts and what reconciliation finds. Why: money that was moved from outside (a refund in the gateway's dashboard, a charge-back) must be booked even
 * where it breaks our own rules, so the limits stand on what we claim (`*_claimed_minor`), no longer on what happened.
 */
import type { Knex } from 'knex';

/** Adds the tables and columns, and writes the events of payments that were made before. Forward only. */
export async function up(knex: Knex): Promise<void> {
  for (const part of [PAYMENTS, EVENTS, REFUNDS, OUTSIDE, BEFORE]) await knex.raw(part);
}

const PAYMENTS = `
alter table orders
  add column authorize_at timestamptz,             -- not authorized (again) before this instant
  add column disputed boolean not null default false;
alter table payments
  add column capture_before timestamptz,           -- the gateway gives the authorization back by itself after this
  add column charged_back_minor bigint not null default 0 check (charged_back_minor >= 0),
  add column capture_claimed_minor bigint not null default 0 check (capture_claimed_minor between 0 and amount_minor),
  add column refund_claimed_minor bigint not null default 0 check (refund_claimed_minor between 0 and captured_minor),
  add column inspect_wanted boolean not null default false, -- the gateway is asked for the truth
  add column is_disputed boolean not null default false,
  -- authorized ≤ amount, captured ≤ authorized, refunded ≤ captured, captured + voided ≤ authorized
  drop constraint payments_check, drop constraint payments_check1,
  drop constraint payments_check2, drop constraint payments_check3,
  add constraint payments_not_negative
    check (authorized_minor >= 0 and captured_minor >= 0 and refunded_minor >= 0 and voided_minor >= 0);
create index payments_provider_ref on payments (provider_ref) where provider_ref is not null;
create index payments_created on payments using brin (created_at); -- reconciliation reads spans of time
alter table operations drop constraint operations_state_check,
  add constraint operations_state_check
    check (state in ('requested', 'succeeded', 'failed', 'unknown', 'pending_at_provider'));`;

const EVENTS = `
create function append_only() returns trigger language plpgsql as $$
begin raise exception '% is append only', tg_table_name using errcode = 'restrict_violation'; end $$;
create table payment_events (                     -- what became of a payment; append only, every balance is its fold
  id bigint generated always as identity primary key,
  order_id text not null references orders,
  payment_id text not null references payments,
  type text not null,                             -- domain/payment.ts PAYMENT_EVENT_TYPES
  reference text not null,                        -- operation key, refund, dispute or receipt the event is about
  amount_minor bigint not null check (amount_minor >= 0),
  currency char(3) not null,
  source text not null check (source in ('operation', 'gateway', 'person', 'channel', 'file', 'before')),
  actor text not null default 'system',
  provider_ref text,
  code text,
  at timestamptz not null default now(),
  unique (payment_id, type, reference)
);
create index payment_events_order on payment_events (order_id, id);
create trigger payment_events_append_only before update or delete on payment_events
  for each row execute function append_only();
create trigger ledger_append_only before update or delete on ledger for each row execute function append_only();`;

const REFUNDS = `
create table refunds (                            -- the decision: who, why, what; the movements are refund_attempts
  id text primary key,
  order_id text not null references orders,
  seq int not null,                               -- 1, 2, 3 … in the order; part of the operation keys
  state text not null check (state in ('awaiting_approval', 'granted', 'executing', 'settled', 'failed', 'declined', 'withdrawn')),
  reason text not null,
  note text,                                      -- words of staff
  currency char(3) not null,
  amount_minor bigint not null check (amount_minor > 0),
  lines jsonb not null default '[]',              -- [{lineNo, units, netMinor, taxMinor, totalMinor}]
  shipping_minor bigint not null default 0 check (shipping_minor >= 0),
  goodwill_minor bigint not null default 0 check (goodwill_minor >= 0),
  fees jsonb not null default '[]',               -- [{kind, amountMinor, taxMinor}]
  fees_minor bigint not null default 0 check (fees_minor >= 0),
  rounding_minor bigint not null default 0,       -- what card networks can't move is carried to the next refund
  chosen_payment text,
  requested_by text not null,
  decided_by text, decided_at timestamptz,
  command_id text not null unique,                -- the message that asked for it: a repeat is the same refund
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  unique (order_id, seq),
  constraint refunds_approved_by_another check (decided_by is null or state in ('withdrawn', 'settled') or decided_by <> requested_by)
);
create index refunds_open on refunds (created_at) where state in ('awaiting_approval', 'granted', 'executing', 'failed');
create index refunds_newest on refunds (created_at desc, id desc);
create table refund_attempts (                    -- one movement of one refund on one payment
  id text primary key,
  refund_id text not null references refunds,
  order_id text not null references orders,
  payment_id text not null references payments,
  seq int not null,                               -- the movement's place in its refund
  attempt int not null default 1,                 -- rises only after a definite refusal
  amount_minor bigint not null check (amount_minor > 0),
  state text not null check (state in ('requested', 'unknown', 'pending_at_provider', 'by_hand', 'succeeded', 'failed')),
  key text not null unique,                       -- operation key: 100042/refund/<refund seq>.<seq>/<attempt>
  provider_ref text,
  failure_code text, failure_message text,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  unique (refund_id, seq, attempt)
);
create index refund_attempts_order on refund_attempts (order_id);
create index refund_attempts_provider_ref on refund_attempts (provider_ref) where provider_ref is not null;`;

const OUTSIDE = `
create table disputes (
  id text primary key,                            -- the provider's id
  order_id text not null references orders,
  payment_id text not null references payments,
  amount_minor bigint not null check (amount_minor > 0),
  currency char(3) not null,
  state text not null check (state in ('open', 'won', 'lost')),
  reason text,
  respond_by timestamptz,
  opened_at timestamptz not null default now(),
  closed_at timestamptz
);
create index disputes_order on disputes (order_id);
create index disputes_newest on disputes (opened_at desc, id desc);
create table payouts (
  id text primary key,                            -- the provider's id
  provider text not null,
  amount_minor bigint not null,
  currency char(3) not null,
  state text not null,                            -- pending | in_transit | paid | failed | canceled
  arrives_at timestamptz,
  seen_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table reconciliations (                    -- one run: our books beside the gateway's
  id text primary key,                            -- rec_
  provider text not null,
  dry_run boolean not null default false,
  since timestamptz not null,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  compared int not null default 0,
  counts jsonb not null default '{}',             -- findings by kind
  problem text                                    -- why it was broken off
);
create table reconciliation_findings (
  id text primary key,                            -- fnd_
  run_id text not null references reconciliations,
  kind text not null,
  order_id text references orders,
  payment_id text,
  provider_ref text,
  ours_minor bigint, theirs_minor bigint, currency char(3),
  detail text not null,
  action text not null,                           -- inspected | case | none
  found_at timestamptz not null default now()
);
create index reconciliation_findings_run on reconciliation_findings (run_id, id);`;

/** Payments of before get the events their columns stand for; their ledger rows stay as they are. */
const BEFORE = `
insert into payment_events (order_id, payment_id, type, reference, amount_minor, currency, source, provider_ref, at)
select p.order_id, p.id, e.type, 'before', e.amount, p.currency, 'before', p.provider_ref, p.created_at
from payments p cross join lateral (values
  (1, 'authorization_success', p.authorized_minor), (2, 'charge_success', p.captured_minor),
  (3, 'cancel_success', p.voided_minor), (4, 'refund_success', p.refunded_minor)) e (n, type, amount)
where e.amount > 0 order by p.created_at, p.id, e.n;
update payments set capture_claimed_minor = least(captured_minor, amount_minor) where captured_minor > 0;`;
