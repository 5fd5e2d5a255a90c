/** All migrations, in order; knex reads them from here, so the compiled build needs no folder to look through. */
import type { Knex } from 'knex';
import * as base from './001_base.ts';

const MIGRATIONS: readonly { name: string; up: (knex: Knex) => Promise<void> }[] = [
  { name: '001_base', up: base.up },
];

/** The name of the newest migration: a database that has it is up to date. */
export const LATEST_MIGRATION: string = MIGRATIONS.at(-1)?.name ?? '';

type Migration = (typeof MIGRATIONS)[number];

const source: Knex.MigrationSource<Migration> = {
  getMigrations: () => Promise.resolve([...MIGRATIONS]),
  getMigrationName: (migration) => migration.name,
  getMigration: (migration) =>
    Promise.resolve({
      up: migration.up,
      down: () => Promise.reject(new Error('migrations go forward only')),
    }),
};

/** Brings the schema up to date; safe to run from several processes at once (knex takes a lock row). Returns what was applied. */
export async function migrate(knex: Knex): Promise<string[]> {
  const [, applied] = (await knex.migrate.latest({ migrationSource: source })) as [number, string[]];
  return applied;
}
