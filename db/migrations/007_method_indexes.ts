/**
 * What the ways to pay of migration 006 are found by. Built without holding up what writes meanwhile; several ways to pay on one
 * order are taken once it has run.
 */
import type { Knex } from 'knex';
import { buildIndex } from './buildIndex.ts';

/** Concurrent builds can't run inside a transaction. */
export const config = Object.freeze({ transaction: false });

/** Of several ways to pay, each has attempts of its own. Forward only. */
export async function up(knex: Knex): Promise<void> {
  const on = 'payments (payout_id) where payout_id is not null';
  await buildIndex(knex, { name: 'payments_payout', on, kind: 'index' });
  if (await hasConstraint(knex, 'payments_attempts')) return;
  await buildIndex(knex, {
    name: 'payments_attempts',
    on: 'payments (fulfillment_id, tender, attempt)',
    kind: 'unique index',
  });
  await knex.raw(`alter table payments drop constraint if exists payments_fulfillment_id_attempt_key,
    add constraint payments_attempts unique using index payments_attempts`);
}

async function hasConstraint(knex: Knex, name: string): Promise<boolean> {
  const { rows } = await knex.raw<{ rows: unknown[] }>('select 1 from pg_constraint where conname = ?', [
    name,
  ]);
  return rows.length > 0;
}
