/** `npm run migrate`: brings the schema of DATABASE_URL up to date; the one-shot step of a deployment. */
import { readConfig, ConfigError } from '../../config.ts';
import { migrateDatabase } from '../../db/admin.ts';

try {
  const { DATABASE_URL } = readConfig(['DATABASE_URL']);
  const applied = await migrateDatabase(DATABASE_URL);
  console.error(applied.length === 0 ? 'The schema is up to date.' : `Applied: ${applied.join(', ')}.`);
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : `The migration failed: ${String(error)}`);
  process.exitCode = 1;
}
