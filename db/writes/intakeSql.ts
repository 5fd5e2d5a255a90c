/**
 * The one statement that accepts an order. The idempotency row comes first and is the lock: a parallel twin waits for
 * it and reads the winner's answer (ON CONFLICT DO UPDATE, because with DO NOTHING the statement's snapshot can't see
 * the winner). Everything else selects from that row where it is fresh, so a repeat writes nothing more. An unknown SKU
 * stops the statement before the idempotency row: nothing is stored and no row comes back; a second statement then names
 * the SKUs (in the first one that look costs every order a sixth of its time). What reports count of the order is added
 * as rows of its own, never to a shared counter.
 */

/** Parameters in the order of `$1…`, by name. */
export const ACCEPT_PARAMETERS = [
  'id',
  'channel',
  'key',
  'fingerprint',
  'answer',
  'number',
  'externalId',
  'origin',
  'policyVersion',
  'currency',
  'subtotalMinor',
  'discountMinor',
  'shippingMinor',
  'taxMinor',
  'totalMinor',
  'totals',
  'lineCount',
  'unitCount',
  'senderContact',
  'recipientContact',
  'billingContact',
  'shipCountry',
  'paymentMethod',
  'paymentToken',
  'paymentNumber',
  'paymentPaid',
  'paymentTime',
  'tenders',
  'termsDays',
  'customerNote',
  'attributes',
  'metadata',
  'tags',
  'flags',
  'carrierWishes',
  'placedAt',
  'promisedBy',
  'createdAt',
  'actor',
  'eventData',
  'lines',
  'contacts',
  'timeZone',
  'countedSkus',
  'countedUnits',
  'countedMinor',
  'lane',
  'hasSlot',
] as const;
/** The name of one parameter of the accepting statements. */
export type AcceptParameter = (typeof ACCEPT_PARAMETERS)[number];

/** Parameters of the statement for finished orders of the past: no outbox, but times and a payment. */
export const HISTORY_PARAMETERS = [
  ...ACCEPT_PARAMETERS.filter((name) => name !== 'lane' && name !== 'hasSlot'),
  'completedAt',
  'shippedAt',
  'paymentId',
] as const;

function placeholders(text: string, names: readonly string[]): string {
  return text.replace(/(?<!:):([a-zA-Z]+)\b/g, (_, name: string) => {
    const index = names.indexOf(name);
    if (index < 0) throw new RangeError(`no parameter ${name}`);
    return `$${index + 1}`;
  });
}

const HEAD = `
with given as materialized (
  select g.*, i.sku is not null as is_known, i.name as item_name, i.variant as item_variant, i.gtin as item_gtin,
    i.weight_grams as item_weight, i.requires_shipping as item_ships, i.attributes as item_attributes
  from json_to_recordset(:lines) as g (line_no int, sku text, name text, variant text, gtin text, attributes jsonb,
    list bigint, net bigint, gross bigint, discount bigint, discounts jsonb, tax bigint, taxes jsonb, total bigint,
    weight int, ships boolean, quantity int)
  left join lateral (select * from items where items.sku = g.sku limit 1) i on true
), claim as (
  insert into idempotency (scope, key, fingerprint, order_id, status, answer)
  select :channel, :key, :fingerprint, :id, 201, :answer::jsonb
  where not exists (select from given where not is_known)
  on conflict (scope, key) do update set key = excluded.key
  returning order_id, fingerprint, case when order_id = :id then null else answer end as answer, order_id = :id as fresh
), placed as (
  insert into orders (id, number, channel, external_id, origin, policy_version, currency, subtotal_minor, discount_minor,
    shipping_minor, tax_minor, total_minor, totals, line_count, unit_count, sender_contact, recipient_contact,
    billing_contact, ship_country, payment_method, payment_token, payment_number, payment_paid, payment_time,
    tenders, payment_terms_days, customer_note, attributes, metadata, tags, flags, carrier_wishes, placed_at, promised_by,
    created_at, updated_at, idempotency_key, fingerprint, counted, lifecycle, payment_status, fulfillment_status, stage, due_at, completed_at)
  select :id, :number::bigint, :channel, :externalId, :origin, :policyVersion::int, :currency, :subtotalMinor::bigint,
    :discountMinor::bigint, :shippingMinor::bigint, :taxMinor::bigint, :totalMinor::bigint, :totals::jsonb, :lineCount::int,
    :unitCount::bigint, :senderContact, :recipientContact, :billingContact, :shipCountry, :paymentMethod, :paymentToken,
    :paymentNumber, :paymentPaid::boolean, :paymentTime::timestamptz, :tenders::jsonb, :termsDays::int,
    :customerNote, :attributes::jsonb, :metadata::jsonb, :tags::text[], :flags::text[], :carrierWishes::jsonb,
    :placedAt::timestamptz, :promisedBy::timestamptz,
    :createdAt::timestamptz, :createdAt::timestamptz, :key, :fingerprint,`;

const LIVE_STATE = ` true, 'received', 'none', 'unfulfilled', 'stock', now(), null`;
const HISTORY_STATE = ` true, 'completed', 'captured', 'delivered', 'ended', null, :completedAt::timestamptz`;

const LINES = `
  from claim where fresh returning id
), lines as (
  insert into order_lines (order_id, line_no, sku, name, variant, gtin, attributes, unit_list_minor, unit_net_minor,
    unit_gross_minor, discount_minor, discounts, tax_minor, tax_lines, total_minor, weight_grams, requires_shipping,
    quantity, allocated, fulfilled, shipped, delivered)
  select placed.id, g.line_no, g.sku, coalesce(g.name, item_name), coalesce(g.variant, item_variant),
    coalesce(g.gtin, item_gtin), item_attributes || coalesce(g.attributes, '{}'), g.list, g.net, g.gross, g.discount,
    g.discounts, g.tax, g.taxes, g.total, coalesce(g.weight, item_weight), coalesce(g.ships, item_ships), g.quantity, `;

const REST = `
  from placed, given g
), people as (
  insert into contacts (id, order_id, role, name, company, email, phone, line1, line2, city, region, postal_code, country)
  select c.id, placed.id, c.role, c.name, c.company, c.email, c.phone, c.line1, c.line2, c.city, c.region, c.postal_code,
    c.country
  from placed, json_to_recordset(:contacts) as c (id text, role text, name text, company text, email text, phone text,
    line1 text, line2 text, city text, region text, postal_code text, country text)
), logged as (
  insert into events (order_id, seq, channel, type, actor, data, created_at)
  select placed.id, 1, :channel, 'order.placed', :actor, :eventData::jsonb, :createdAt::timestamptz from placed
), counted as (
  insert into report_deltas (report, day, channel, country, currency, key, n, units, amount_minor)
  select case when c.sku = '' then 'sales' else 'product' end, (:placedAt::timestamptz at time zone :timeZone::text)::date,
    :channel, coalesce(:shipCountry, ''), :currency, c.sku, 1, c.units, c.amount
  from placed, unnest(:countedSkus::text[], :countedUnits::bigint[], :countedMinor::bigint[]) as c (sku, units, amount)
), `;

const OUTBOX = `queued as (
  insert into outbox (lane, order_id, not_before)
  select :lane, placed.id, case when :hasSlot::boolean then now() + interval '5 seconds' else now() end from placed
)`;

/** The money of an order of the past: a payment with its events and postings, as recordMoney would have written them. */
const PAYMENT = `moment as (
  select placed.id, coalesce(:paymentTime::timestamptz, :shippedAt::timestamptz, :completedAt::timestamptz) as at from placed
), paid as (
  insert into payments (id, order_id, attempt, method, provider, provider_ref, state, currency, amount_minor,
    authorized_minor, captured_minor, created_at)
  select :paymentId, moment.id, 1, 'prepaid', 'channel', :paymentNumber, 'captured', :currency, :totalMinor::bigint,
    :totalMinor::bigint, :totalMinor::bigint, moment.at
  from moment
), booked as (
  insert into payment_events (order_id, payment_id, type, reference, amount_minor, currency, source, at)
  select moment.id, :paymentId, e.type, :paymentId, :totalMinor::bigint, :currency, 'channel', moment.at
  from moment cross join (values (1, 'authorization_success'), (2, 'charge_success')) as e (n, type) order by e.n
), posted as (
  insert into ledger (key, account, order_id, amount_minor, currency, at)
  select :paymentId, a.account, moment.id, :totalMinor::bigint * a.side, :currency, moment.at
  from moment cross join (values ('channel', 1), ('customer', -1)) as a (account, side) where :totalMinor::bigint > 0
)`;

const ANSWER = ' select order_id, fingerprint, answer, fresh from claim';

/** Accepts a live order: outbox row for the start. */
export const ACCEPT_SQL = placeholders(
  `${HEAD}${LIVE_STATE}${LINES}0, 0, 0, 0${REST}${OUTBOX}${ANSWER}`,
  ACCEPT_PARAMETERS,
);

/** Stores a finished order: everything delivered, paid at the channel and booked, nothing due; no stock is touched. */
export const HISTORY_SQL = placeholders(
  `${HEAD}${HISTORY_STATE}${LINES}g.quantity, g.quantity, g.quantity, g.quantity${REST}${PAYMENT}${ANSWER}`,
  HISTORY_PARAMETERS,
);

/** Names the SKUs that are not in the catalogue. */
export const UNKNOWN_SKUS_SQL = `
select distinct sku from unnest($1::text[]) as sku where not exists (select from items where items.sku = sku.sku)`;

/** Reads the order that holds an externalId, with the answer it got. */
export const WINNER_SQL = `
select o.id as order_id, o.fingerprint, i.answer
from orders o left join idempotency i on i.scope = o.channel and i.key = o.idempotency_key
where o.channel = $1 and o.external_id = $2`;
