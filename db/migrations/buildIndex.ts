/** Indexes that are built while everything goes on: outside a transaction, and again after a run that was broken off. */
import type { Knex } from 'knex';

/** Builds an index that is missing, and one anew that an earlier run left half built. Not inside a transaction. */
export async function buildIndex(
  knex: Knex,
  { name, on, kind }: { name: string; on: string; kind: 'index' | 'unique index' },
): Promise<void> {
  const { rows } = await knex.raw<{ rows: { indisvalid: boolean }[] }>(
    'select indisvalid from pg_index where indexrelid = to_regclass(?)',
    [name],
  );
  if (rows[0]?.indisvalid) return;
  if (rows[0]) await knex.raw(`drop index concurrently ${name}`);
  await knex.raw(`create ${kind} concurrently ${name} on ${on}`);
}
