/** All migrations, in order; knex reads them from here, so the compiled build needs no folder to look through. */
import type { Knex } from 'knex';
import * as base from './001_base.ts';
import * as consoleTables from './002_console.ts';
import * as consoleIndexes from './003_console_indexes.ts';
import * as money from './004_money.ts';
import * as moneyCounts from './005_money_counts.ts';
import * as methods from './006_methods.ts';
import * as methodIndexes from './007_method_indexes.ts';

const MIGRATIONS: readonly {
  name: string;
  up: (knex: Knex) => Promise<void>;
  config?: { transaction: boolean };
}[] = [
  { name: '001_base', up: base.up },
  { name: '002_console', up: consoleTables.up },
  { name: '003_console_indexes', up: consoleIndexes.up, config: consoleIndexes.config },
  { name: '004_money', up: money.up },
  { name: '005_money_counts', up: moneyCounts.up },
  { name: '006_methods', up: methods.up },
  { name: '007_method_indexes', up: methodIndexes.up, config: methodIndexes.config },
];

/** The name of the newest migration: a database that has it is up to date. */
export const LATEST_MIGRATION: string = MIGRATIONS.at(-1)?.name ?? '';

type Migration = (typeof MIGRATIONS)[number];

const sourceUpTo = (last: string): Knex.MigrationSource<Migration> => ({
  getMigrations: () => Promise.resolve(MIGRATIONS.filter(({ name }) => name <= last)),
  getMigrationName: (migration) => migration.name,
  getMigration: (migration) =>
    Promise.resolve({
      ...(migration.config && { config: migration.config }),
      up: migration.up,
      down: () => Promise.reject(new Error('migrations go forward only')),
    }),
});

/**
 * Brings the schema up to date, or up to `last`; safe to run from several processes at once (knex takes a lock row).
 * Returns what was applied.
 */
export async function migrate(knex: Knex, last: string = LATEST_MIGRATION): Promise<string[]> {
  const [, applied] = (await knex.migrate.latest({ migrationSource: sourceUpTo(last) })) as [
    number,
    string[],
  ];
  return applied;
}
