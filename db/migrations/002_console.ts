/**
 * What people at the console need: sessions, own views, notes, cases with an assignee, the state an order is in and
 * since when, and the numbers of the reports. Why: reports read folded days plus a short tail of rows that were written
 * in the transaction of the change they count, so that no shared counter makes intake wait. Every column has a default that
 * an older version can leave to itself, so it goes on working while it is replaced.
 */
import type { Knex } from 'knex';

/** Adds them. What was accepted before is counted afterwards, by the fold (db/writes/reportCatchUp.ts). Forward only. */
export async function up(knex: Knex): Promise<void> {
  for (const part of [PEOPLE, STATES, REPORTS]) await knex.raw(part);
}

const PEOPLE = `
create table sessions (
  hash bytea primary key,                         -- SHA-256 of the random id that only the browser holds
  key_id text not null references api_keys,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_seen_at timestamptz not null default now()
);
create index sessions_expiry on sessions (expires_at);
create index sessions_key on sessions (key_id);
create table saved_views (
  id text primary key,
  key_id text not null references api_keys,       -- whose view it is
  name text not null,
  query text not null,                            -- filters as they stand in the address
  created_at timestamptz not null default now(),
  unique (key_id, name)
);
create table notes (
  id text primary key,
  order_id text not null references orders,
  actor text not null,
  body text not null,
  created_at timestamptz not null default now()
);
create index notes_order on notes (order_id, created_at);
alter table cases add column assignee text references api_keys, add column assigned_at timestamptz, add column resolved_by text;
create index cases_queue on cases (id) where resolved_at is null;
create index cases_by_code on cases (code, opened_at) where resolved_at is null;
create index cases_opened on cases (opened_at);
create index cases_resolved on cases (resolved_at) where resolved_at is not null;`;

const STATES = `
alter table orders
  add column stage text not null default 'stock',
  add column stage_since timestamptz not null default now(),
  add column counted boolean not null default false; -- false: by a version that did not count for the reports yet
create table order_stages (                       -- one row for each state an order has left; insert only
  id bigint generated always as identity primary key,
  order_id text not null references orders,
  channel text not null,
  stage text not null,
  since timestamptz not null,
  until timestamptz not null,
  check (until >= since)
);
create index order_stages_order on order_stages (order_id, id);
create index order_stages_until on order_stages (until);`;

const REPORTS = `
create table report_deltas (                      -- what is to be added to report_days; insert only, taken away by the fold
  id bigint generated always as identity primary key,
  report text not null,
  day date not null,                              -- in the time zone of the channel
  channel text not null,
  country text not null default '',
  currency text not null default '',
  key text not null default '',
  n bigint not null default 0,
  units bigint not null default 0,
  amount_minor bigint not null default 0
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
create table report_days (
  report text not null,
  day date not null,
  channel text not null,
  country text not null,
  currency text not null,
  key text not null,
  n bigint not null,
  units bigint not null,
  amount_minor bigint not null,
  primary key (report, day, channel, country, currency, key)
) with (fillfactor = 80);`;
