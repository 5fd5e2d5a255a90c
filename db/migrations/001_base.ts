/**
 * The base: channels, catalogue, stock, orders with their lines and quantity ledger, payments, shares, parcels, the
 * inbox, the outbox, events and cases. Why: PostgreSQL is the truth for everything but money at the provider and the
 * place of the process; every invariant that can be a constraint is one, as the second wall behind the order's lane.
 */
import type { Knex } from 'knex';

/** Creates the base schema. Forward only. */
export async function up(knex: Knex): Promise<void> {
  for (const part of [CHANNELS, CATALOGUE, ORDERS, WORK, MESSAGES]) await knex.raw(part);
}

const CHANNELS = `
create table channels (
  id text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
  name text not null,
  kind text not null default 'api',              -- api | shopify
  time_zone text not null default 'UTC',
  is_demo boolean not null default false,
  policy_version int not null default 1,
  secret_sealed bytea,                            -- webhook signing secret, AES-256-GCM under the master key
  created_at timestamptz not null default now()
);
create table policies (
  channel text not null references channels,
  version int not null,
  body jsonb not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  primary key (channel, version)
);
create table api_keys (
  id text primary key,                            -- the public part of the key
  name text not null,
  role text not null,                             -- channel | viewer | support | ops | warehouse
  channel text references channels,               -- only for role channel
  scopes text[] not null,
  hash bytea not null,                            -- SHA-256 of the whole key
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  subject text not null,
  reason text,
  data jsonb not null default '{}',
  request_id text
);`;

const CATALOGUE = `
create table items (
  sku text primary key check (sku = upper(btrim(sku)) and sku <> ''),
  name text not null,
  variant text,
  gtin text,
  weight_grams int not null default 0 check (weight_grams >= 0),
  requires_shipping boolean not null default true,
  attributes jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table locations (
  id text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
  name text not null,
  priority int not null default 100,              -- lower is asked first
  address jsonb not null,
  active boolean not null default true,
  created_at timestamptz not null default now()
);
create table stock (
  sku text not null references items,
  location text not null references locations,
  on_hand int not null default 0 check (on_hand >= 0),
  allocated int not null default 0 check (allocated >= 0),
  primary key (sku, location),
  constraint stock_not_oversold check (allocated <= on_hand)
) with (fillfactor = 70);
create table stock_movements (
  id bigint generated always as identity primary key,
  key text not null unique,                       -- order, line, location, kind, sequence: a repeat is no movement
  sku text not null,
  location text not null,
  kind text not null check (kind in ('adjustment', 'allocation', 'release', 'sale')),
  on_hand_delta int not null,
  allocated_delta int not null,
  order_id text,
  reason text,
  actor text not null,
  created_at timestamptz not null default now()
);
create index stock_movements_sku on stock_movements (sku, location, id);`;

const ORDERS = `
create sequence order_number_block increment by 32 start with 100001;
create table contacts (                           -- the only table with personal data; everything else refers to it
  id text primary key,
  order_id text not null,
  role text not null check (role in ('sender', 'recipient', 'billing')),
  name text, company text, email text, phone text,
  line1 text, line2 text, city text, region text, postal_code text, country char(2),
  created_at timestamptz not null default now()
);
create index contacts_order on contacts (order_id);
create index contacts_email on contacts (lower(email));
create index contacts_name on contacts (lower(name) text_pattern_ops);
create table idempotency (
  scope text not null,                            -- the channel
  key text not null,
  fingerprint text not null,
  order_id text not null,
  status int not null,
  answer jsonb not null,
  created_at timestamptz not null default now(),
  primary key (scope, key)
);
create table orders (
  id text primary key,
  number bigint not null unique,
  channel text not null references channels,
  external_id text not null,
  origin text not null,
  lifecycle text not null default 'received',
  direction text not null default 'forward' check (direction in ('forward', 'undo')),
  undo_cause text, undo_actor text, undo_reason text,
  payment_status text not null default 'none',
  fulfillment_status text not null default 'unfulfilled',
  return_status text not null default 'none',
  attention text[] not null default '{}',
  holds text[] not null default '{}',
  version int not null default 1,
  policy_version int not null,
  currency char(3) not null,
  subtotal_minor bigint not null, discount_minor bigint not null, shipping_minor bigint not null,
  tax_minor bigint not null, total_minor bigint not null check (total_minor >= 0),
  totals jsonb not null,                          -- the totals as sent: prices include tax or not, shipping, surcharges
  line_count int not null, unit_count bigint not null,
  sender_contact text, recipient_contact text, billing_contact text,
  ship_country char(2),
  payment_method text not null,                   -- card | prepaid
  payment_token text,                             -- the provider's token, never a card
  payment_number text,                            -- the payer's reference (shop transaction, purchase order)
  payment_paid boolean not null default false,    -- prepaid: the channel says it has the money
  payment_time timestamptz,
  customer_note text,
  attributes jsonb not null default '{}',
  metadata jsonb not null default '{}',
  tags text[] not null default '{}',
  flags text[] not null default '{}',
  carrier_wishes jsonb not null default '{}',
  placed_at timestamptz not null,
  promised_by timestamptz,
  release_at timestamptz,
  due_at timestamptz,                             -- when something has to happen next by itself; null = nothing open
  looked_at timestamptz,                          -- when the reconciler last had it started
  completed_at timestamptz, cancelled_at timestamptz,
  idempotency_key text not null,
  fingerprint text not null,
  event_seq int not null default 1,
  message_seq int not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint orders_external_id unique (channel, external_id)
) with (fillfactor = 80);
create index orders_newest on orders (created_at desc, id desc);
create index orders_channel_newest on orders (channel, created_at desc, id desc);
create index orders_attention on orders using gin (attention) where attention <> '{}';
create index orders_lifecycle on orders (lifecycle, created_at desc, id desc);
create index orders_due on orders (due_at) where due_at is not null;
create table order_lines (
  order_id text not null references orders on delete cascade,
  line_no int not null,
  sku text not null references items,
  name text not null, variant text, gtin text,
  attributes jsonb not null default '{}',
  unit_list_minor bigint, unit_net_minor bigint, unit_gross_minor bigint,
  discount_minor bigint not null default 0,
  discounts jsonb not null default '[]',
  tax_minor bigint not null default 0,
  tax_lines jsonb not null default '[]',
  total_minor bigint not null check (total_minor >= 0), -- what the customer pays for the line, tax included
  weight_grams int not null default 0,
  requires_shipping boolean not null default true,
  quantity int not null check (quantity > 0),
  cancelled int not null default 0 check (cancelled between 0 and quantity),
  allocated int not null default 0 check (allocated between 0 and quantity - cancelled),
  fulfilled int not null default 0 check (fulfilled between 0 and allocated),
  shipped int not null default 0 check (shipped between 0 and fulfilled),
  delivered int not null default 0 check (delivered between 0 and shipped),
  return_requested int not null default 0 check (return_requested >= 0),
  return_received int not null default 0 check (return_received >= 0),
  return_dismissed int not null default 0 check (return_dismissed >= 0),
  written_off int not null default 0 check (written_off >= 0),
  primary key (order_id, line_no),
  constraint returned_not_more_than_shipped check (return_requested + return_received + return_dismissed <= shipped)
) with (fillfactor = 70);
create index order_lines_sku on order_lines (sku);`;

const WORK = `
create table fulfillment_orders (                 -- a warehouse's share of an order
  id text primary key,
  order_id text not null references orders,
  seq int not null,
  location text not null references locations,
  state text not null default 'open',
  amount_minor bigint not null check (amount_minor >= 0),
  payment_attempt int not null default 1,         -- business attempt: rises only after a definite refusal
  shipment_attempt int not null default 1,
  weight_grams int not null default 0,
  submitted_at timestamptz, packed_at timestamptz, closed_at timestamptz,
  unique (order_id, seq)
);
create table fulfillment_lines (
  fulfillment_id text not null references fulfillment_orders,
  line_no int not null,
  sku text not null,
  quantity int not null check (quantity > 0),
  primary key (fulfillment_id, line_no)
);
create table payments (
  id text primary key,
  order_id text not null references orders,
  fulfillment_id text references fulfillment_orders,
  attempt int not null,
  method text not null,
  provider text not null,                         -- stripe | channel
  provider_ref text,
  state text not null,
  currency char(3) not null,
  amount_minor bigint not null check (amount_minor >= 0),
  authorized_minor bigint not null default 0 check (authorized_minor between 0 and amount_minor),
  captured_minor bigint not null default 0 check (captured_minor between 0 and authorized_minor),
  refunded_minor bigint not null default 0 check (refunded_minor between 0 and captured_minor),
  voided_minor bigint not null default 0 check (voided_minor >= 0 and captured_minor + voided_minor <= authorized_minor),
  method_details jsonb not null default '{}',     -- brand, last4: what a receipt may show
  failure_code text,
  created_at timestamptz not null default now(),
  unique (fulfillment_id, attempt)
);
create index payments_order on payments (order_id);
create table operations (                         -- the write-ahead row of every outside effect
  key text primary key,
  order_id text not null references orders,
  kind text not null,
  subject text not null,                          -- payment, share or parcel id
  amount_minor bigint,
  state text not null check (state in ('requested', 'succeeded', 'failed', 'unknown')),
  provider_ref text,
  failure_code text, failure_message text,
  result jsonb not null default '{}',
  first_try_at timestamptz not null default now(),
  settled_at timestamptz
);
create index operations_order on operations (order_id);
create index operations_open on operations (first_try_at) where state in ('requested', 'unknown');
create table ledger (                             -- double entry, append only: the postings of one key add up to 0
  key text not null,
  account text not null,                          -- gateway | channel | customer
  order_id text not null references orders,
  amount_minor bigint not null,
  currency char(3) not null,
  at timestamptz not null default now(),
  primary key (key, account)
);
create index ledger_order on ledger (order_id);
create table shipments (
  id text primary key,
  order_id text not null references orders,
  fulfillment_id text not null references fulfillment_orders,
  attempt int not null,
  state text not null,
  carrier text, service text, tracking_code text, label_url text,
  provider_ref text,
  dispatch_at timestamptz,                        -- set when the warehouse may hand the parcel over
  booked_at timestamptz, handed_over_at timestamptz, delivered_at timestamptz, last_scan_at timestamptz,
  unique (fulfillment_id, attempt)
);
create index shipments_order on shipments (order_id);
create index shipments_tracking on shipments (tracking_code) where tracking_code is not null;
create index shipments_dispatch on shipments (dispatch_at) where state = 'booked' and dispatch_at is not null;
create table scans (
  shipment_id text not null references shipments,
  key text not null,                              -- instant and code
  status text not null, detail text not null, message text not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null default now(),
  primary key (shipment_id, key)
);
create table waits (
  id bigint generated always as identity primary key,
  order_id text not null references orders,
  subject text not null,                          -- order, share or parcel id
  kind text not null,
  awaited_from text not null,
  since timestamptz not null default now(),
  deadline_at timestamptz not null,
  then_what text not null,
  tries int not null default 0,                   -- kind retry: how often the step has stalled
  policy_version int not null,
  ended_at timestamptz, ended_as text
);
create unique index waits_open on waits (order_id, subject, kind) where ended_at is null;
create table cases (
  id text primary key,
  order_id text references orders,
  subject text not null,
  code text not null,                             -- a failure code
  attention text not null,
  owner text not null,                            -- support | ops | warehouse
  detail text not null,
  opened_at timestamptz not null default now(),
  resolved_at timestamptz, resolution text
);
create unique index cases_open on cases (order_id, subject, code) where resolved_at is null;
create index cases_by_attention on cases (attention, opened_at) where resolved_at is null;`;

const MESSAGES = `
create table messages (                           -- the inbox: facts from outside and commands, in sequence per order
  id text primary key,                            -- cmd_… | fct_…
  source text not null,
  source_id text not null,
  order_id text,                                  -- null: parked until the order is known
  match text,                                     -- what a parked fact waits for (tracking code, share id, payment ref)
  seq int,
  kind text not null,
  actor text not null,
  reason text,
  fingerprint text,
  payload jsonb not null default '{}',
  received_at timestamptz not null default now(),
  applied_at timestamptz,
  outcome jsonb,
  ring_at timestamptz not null default now(),     -- when the relay rings (again)
  ring_attempts int not null default 0,
  unique (source, source_id)
);
create index messages_unapplied on messages (order_id, seq) where applied_at is null;
create index messages_ring on messages (ring_at) where applied_at is null and order_id is not null;
create index messages_parked on messages (match) where order_id is null;
create table inbound (                            -- raw bodies that must not be lost, sealed (they hold personal data)
  id text primary key,
  source text not null,
  source_id text not null,
  channel text,
  body_sealed bytea not null,
  state text not null default 'received',         -- received | used | refused
  order_id text,
  problem jsonb,
  received_at timestamptz not null default now(),
  unique (source, source_id)
);
create table outbox (
  id bigint generated always as identity primary key,
  lane text not null check (lane in ('start', 'import', 'reconcile')),
  order_id text not null,
  not_before timestamptz not null default now(),
  leased_until timestamptz,
  attempts int not null default 0,
  last_error text
);
create index outbox_due on outbox (lane, not_before);
create index outbox_order on outbox (order_id);
create table events (                             -- what happened: operation log, timeline and feed in one
  id text primary key default 'evt_' || replace(uuidv7()::text, '-', ''),
  order_id text,
  seq int,
  channel text,
  type text not null,
  actor text not null,
  data jsonb not null default '{}',
  created_at timestamptz not null default now(),
  xid xid8 not null default pg_current_xact_id(), -- the feed reads below the oldest running transaction, so it skips no late commit
  position bigint generated always as identity,
  unique (order_id, seq)
);
create index events_feed on events (xid, position);`;
