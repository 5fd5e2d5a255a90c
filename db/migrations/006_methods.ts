/**
 * Other ways to pay than one card: several tenders on one order, gift cards and store credit that we keep ourselves, money that
 * people record (bank transfer, invoice, cash on delivery), and which payout a payment came with.
 */
import type { Knex } from 'knex';
import { countEvents } from './005_money_counts.ts';

/** Adds the tables and columns. Forward only. */
export async function up(knex: Knex): Promise<void> {
  for (const part of [TENDERS, CREDIT, RECEIPTS, PAID_OUT]) await knex.raw(part);
  // Of several ways to pay, each has attempts of its own.
  await knex.raw(countEvents('q.tender = p.tender and q.attempt < p.attempt'));
}

const TENDERS = `
alter table orders
  add column tenders jsonb,                        -- several ways to pay (domain/tender.ts); null: one, in payment_method and payment_token
  add column payment_terms_days int check (payment_terms_days between 0 and 365), -- invoice: due so long after the goods left
  add column payment_due_at timestamptz,           -- paid afterwards: when the money must have come
  add column written_off_minor bigint not null default 0 check (written_off_minor >= 0); -- what a person has given up of it
alter table fulfillment_orders
  add column leg_attempts jsonb not null default '{}'; -- business attempts by tender: {"2": 3}; the first tender's is payment_attempt
alter table payments
  add column tender int not null default 1 check (tender > 0),
  add column settled_at timestamptz,               -- the gateway has paid it out to us
  add column payout_id text references payouts;`;

const CREDIT = `
create table credit_accounts (                     -- a gift card or a customer's store credit
  id text primary key,                             -- crd_
  kind text not null check (kind in ('gift_card', 'store_credit')),
  currency char(3) not null,
  code_hash bytea unique,                          -- of a gift card's code, keyed; the code itself is shown once and not kept
  code_last4 text,
  holder text,                                     -- the customer's id elsewhere
  balance_minor bigint not null default 0 check (balance_minor >= 0),
  held_minor bigint not null default 0 check (held_minor between 0 and balance_minor),
  state text not null default 'active' check (state in ('active', 'disabled')),
  expires_at timestamptz,
  created_by text not null,
  created_at timestamptz not null default now(),
  check (kind <> 'gift_card' or code_hash is not null)
);
create index credit_accounts_newest on credit_accounts (created_at desc, id desc);
create index credit_accounts_holder on credit_accounts (holder) where holder is not null;
create table credit_holds (                        -- one payment with an account: what the gateway is for cards
  id text primary key,                             -- crh_, the payment's provider_ref
  account_id text not null references credit_accounts,
  key text not null unique,                        -- operation key of the authorization
  order_id text not null,
  state text not null check (state in ('held', 'taken', 'released', 'refused')), -- refused: holds nothing, keeps the answer
  refusal jsonb,                                   -- {code, why} of a refused one: the same key gets the same answer
  amount_minor bigint not null check (amount_minor >= 0),
  taken_minor bigint not null default 0 check (taken_minor between 0 and amount_minor),
  given_back_minor bigint not null default 0 check (given_back_minor between 0 and taken_minor),
  created_at timestamptz not null default now()
);
create index credit_holds_newest on credit_holds (created_at desc, id desc);
create table credit_movements (                    -- append only; balance and held are its sums
  id bigint generated always as identity primary key,
  account_id text not null references credit_accounts,
  key text not null unique,                        -- an operation key, or the request that issued or adjusted
  kind text not null check (kind in ('issued', 'adjusted', 'held', 'released', 'taken', 'given_back')),
  balance_delta bigint not null,
  held_delta bigint not null,
  hold_id text references credit_holds,
  order_id text,
  actor text not null default 'system',
  reason text,
  at timestamptz not null default now()
);
create index credit_movements_account on credit_movements (account_id, id);
create trigger credit_movements_append_only before update or delete on credit_movements
  for each row execute function append_only();`;

const RECEIPTS = `
create table receipts (                            -- money that arrived outside every gateway: recorded by a person or from a file
  id text primary key,                             -- rcp_
  method text not null check (method in ('bank_transfer', 'invoice', 'cash_on_delivery')),
  number text not null,                            -- the bank's or carrier's own number of it: a repeat is the same receipt, a correction replaces what is unmatched
  order_ref text not null,                         -- the order as the payer wrote it
  order_id text references orders,
  payment_id text references payments,
  currency char(3) not null,
  amount_minor bigint not null check (amount_minor > 0),
  received_at timestamptz not null,
  state text not null check (state in ('given', 'booked', 'unmatched', 'returned')), -- given: on its way through the order's inbox
  problem text,                                    -- why it is unmatched, as a failure code
  source text not null check (source in ('person', 'file')),
  actor text not null,
  note text,
  created_at timestamptz not null default now(),
  settled_at timestamptz
);
create unique index receipts_once on receipts (method, number) where state <> 'returned'; -- what went back frees its number
create index receipts_number on receipts (number);
create index receipts_newest on receipts (created_at desc, id desc);
create index receipts_open on receipts (created_at) where state in ('given', 'unmatched');
create index receipts_order on receipts (order_id) where order_id is not null;`;

const PAID_OUT = `
alter table payouts
  add column contents text not null default 'later' check (contents in ('known', 'later', 'never')), -- whether the gateway says what it pays out
  add column settled_at timestamptz;               -- the payments it names were written; null: they are to be read
alter table reconciliations add column settled int not null default 0; -- payments that the run found paid out
alter table payment_events add column account text; -- money that a person moved another way than its method's: the account of that way`;
