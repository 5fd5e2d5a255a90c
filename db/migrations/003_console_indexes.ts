/**
 * The indexes that the console's lists, views, searches and reports read through. Each is built without holding up what
 * writes meanwhile, so each stands alone and outside a transaction: a run that was broken off is simply run again.
 */
import type { Knex } from 'knex';
import { buildIndex } from './buildIndex.ts';

/** Concurrent builds can't run inside a transaction. */
export const config = Object.freeze({ transaction: false });

const TERMINAL = `('completed', 'cancelled', 'expired', 'rejected')`;

const INDEXES: Readonly<Record<string, string>> = {
  orders_to_catch_up: `orders (id) where not counted or (stage <> 'ended' and lifecycle in ${TERMINAL})`,
  orders_placed: 'orders (placed_at desc, id desc)',
  orders_total: 'orders (total_minor desc, id desc)',
  orders_open: `orders (created_at desc, id desc) where stage <> 'ended'`,
  orders_needs_attention: `orders (created_at desc, id desc) where attention <> '{}'`,
  orders_to_ship: `orders (created_at desc, id desc) where stage in ('warehouse', 'handover')`,
  orders_called_off: `orders (created_at desc, id desc) where lifecycle in ('cancelled', 'expired', 'rejected')`,
  // These grow for ever, so a channel must not have to walk those of all others.
  orders_channel_called_off: `orders (channel, created_at desc, id desc) where lifecycle in ('cancelled', 'expired', 'rejected')`,
  orders_promised: `orders (promised_by) where promised_by is not null and stage <> 'ended'`,
  orders_cancelled: 'orders (cancelled_at) where cancelled_at is not null',
  orders_tags: `orders using gin (tags) where tags <> '{}'`,
  // Closed ones among them, which are most.
  cases_code: 'cases (code, id)',
  cases_attention: 'cases (attention, id)',
  cases_assignee: 'cases (assignee, id) where assignee is not null',
  stock_movements_location: 'stock_movements (location, id)',
  stock_movements_rare: `stock_movements (id) where kind in ('adjustment', 'release')`,
  contacts_surname: `contacts (lower(regexp_replace(name, '^.*\\s', '')) text_pattern_ops)`,
  contacts_email_beginning: 'contacts (lower(email) text_pattern_ops)',
  items_words: `items using gin (to_tsvector('simple', name))`,
  items_sku_beginning: 'items (sku text_pattern_ops)',
};

/** Builds what is missing; an index that an earlier run left half built is built anew. Forward only. */
export async function up(knex: Knex): Promise<void> {
  for (const [name, on] of Object.entries(INDEXES)) await buildIndex(knex, { name, on, kind: 'index' });
  // Serves both: one externalId in a channel, and a search for an externalId in all of them.
  if (await isSwapped(knex)) return;
  await buildIndex(knex, {
    name: 'orders_external_id_swapped',
    on: 'orders (external_id, channel)',
    kind: 'unique index',
  });
  await knex.raw(`alter table orders drop constraint orders_external_id,
    add constraint orders_external_id unique using index orders_external_id_swapped`);
}

async function isSwapped(knex: Knex): Promise<boolean> {
  const { rows } = await knex.raw<{ rows: { def: string }[] }>(
    `select pg_get_constraintdef(oid) as def from pg_constraint where conname = 'orders_external_id'`,
  );
  return rows[0]?.def === 'UNIQUE (external_id, channel)';
}
