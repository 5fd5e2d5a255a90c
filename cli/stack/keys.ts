/**
 * `npm run keys -- ROLE [NAME]`: makes an API key straight in the database, for a new installation that has none and
 * for keys that were lost. The database is DATABASE_URL, else the one of the local stack, which must run.
 */
import { connectAdmin, createKey, DEMO_CHANNEL, type Role } from '../../db/admin.ts';
import { Command, Option } from 'commander';
import { DATA_FOLDER, rememberedPorts } from './files.ts';
import { runningLauncher } from './lock.ts';
import { localDatabaseUrl } from './postgres.ts';
import { ensureSecrets } from './secrets.ts';

const ROLES: readonly Role[] = ['channel', 'viewer', 'support', 'ops', 'warehouse'];

const program: Command = new Command('npm run keys --')
  .description('Makes an API key straight in the database and prints it, once.')
  .argument('<role>', ROLES.join(' | '))
  .argument('[name]', 'what the key is for', 'made by hand')
  .addOption(new Option('--channel <id>', 'for role channel').default(DEMO_CHANNEL))
  .option('--data <folder>', 'data folder of the local stack', DATA_FOLDER)
  .action(make);
await program.parseAsync();

async function make(role: string, name: string, options: { channel: string; data: string }): Promise<void> {
  const known = ROLES.find((one) => one === role);
  if (!known) program.error(`unknown role ${role}: it has to be one of ${ROLES.join(', ')}`, { exitCode: 2 });
  const url = process.env['DATABASE_URL'] ?? localUrl(options.data);
  if (!url)
    program.error('no stack is running here and DATABASE_URL is not set; run `npm start` first', {
      exitCode: 1,
    });
  const db = connectAdmin(url);
  try {
    const made = await createKey(db, {
      name,
      role: known,
      ...(known === 'channel' ? { channel: options.channel } : {}),
    });
    console.error(`Key ${made.id} with role ${known}; it is shown this once:`);
    console.log(made.key);
    console.error(`Next:  export HOLDFAST_API_KEY=…  and  npx holdfast orders list`);
  } finally {
    await db.close();
  }
}

function localUrl(dataDir: string): string | undefined {
  const ports = rememberedPorts(dataDir);
  if (!ports || runningLauncher(dataDir) === undefined) return undefined;
  return localDatabaseUrl(ports.postgres, ensureSecrets(dataDir).postgresPassword);
}
