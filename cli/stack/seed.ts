/**
 * `npm run seed -- --orders N`: fills a database with made-up orders by COPY, to see pages and reports at the size they
 * will have. The database is DATABASE_URL, else the one of the local stack, which must run.
 */
import { Command, InvalidArgumentError } from 'commander';
import { fillWithOrders, SeedChannelTaken, SeedPresent } from '../../db/admin.ts';
import { DATA_FOLDER, rememberedPorts } from './files.ts';
import { runningLauncher } from './lock.ts';
import { localDatabaseUrl } from './postgres.ts';
import { sayOnStderr } from './say.ts';
import { ensureSecrets } from './secrets.ts';
import { reasonAgainst } from './seedGuard.ts';

interface Options {
  orders: number;
  seed: number;
  days: number;
  until: Date;
  data: string;
  yes?: boolean;
}

const ORDERS_MAX = 5_000_000;

const program = new Command('npm run seed --')
  .description('Fills a database with made-up orders; the same seed and end give the same orders.')
  .requiredOption('--orders <n>', 'how many', whole(1, ORDERS_MAX))
  .option('--seed <n>', 'other orders with another seed', whole(0, 2_147_483_647), 1)
  .option('--days <n>', 'placed within so many days', whole(1, 3_650), 90)
  .option('--until <date>', 'the last of those days ends here (now)', instant, new Date())
  .option('--data <folder>', 'data folder of the local stack', DATA_FOLDER)
  .option('--yes', 'also into a database that is not on this machine or holds real channels')
  .addHelpText(
    'after',
    '\nExamples:\n  npm run seed -- --orders 100000\n  npm run seed -- --orders 5000 --seed 2 --days 30',
  );

process.exitCode = await run(program.parse().opts<Options>());

async function run(options: Options): Promise<number> {
  const say = sayOnStderr();
  const url = process.env['DATABASE_URL'] ?? localUrl(options.data);
  if (!url) {
    say.line('No stack is running here and DATABASE_URL is not set: run `npm start` first.');
    return 1;
  }
  const refusal = options.yes ? undefined : await reasonAgainst(url);
  if (refusal) {
    say.line(
      `${refusal} Made-up orders cannot be taken out again; with --yes they are written all the same.`,
    );
    return 2;
  }
  const step = say.step(`Making ${options.orders} orders`);
  try {
    const made = await fillWithOrders(url, {
      ...options,
      onProgress: (orders) => step.update(`Making ${options.orders} orders: ${orders}`),
    });
    const rate = Math.round(made.orders / made.seconds);
    step.done(`${made.orders} orders in ${made.seconds.toFixed(1)} s: ${rate} a second, ${made.rows} rows`);
    say.line('They are looked at, not worked on: nothing drives them, and the simulators do not know them.');
    return 0;
  } catch (error) {
    step.failed();
    if (error instanceof SeedChannelTaken) {
      say.line(`${error.message} Made-up orders never go in there, not with --yes either.`);
      return 2;
    }
    if (!(error instanceof SeedPresent)) throw error;
    say.line(`${error.message}: another --seed adds others.`);
    return 2;
  }
}

function localUrl(dataDir: string): string | undefined {
  const ports = rememberedPorts(dataDir);
  if (!ports || runningLauncher(dataDir) === undefined) return undefined;
  return localDatabaseUrl(ports.postgres, ensureSecrets(dataDir).postgresPassword);
}

function whole(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d{1,10}$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It has to be a whole number from ${min} to ${max}.`);
  };
}

function instant(text: string): Date {
  const value = new Date(text);
  if (Number.isNaN(value.getTime()))
    throw new InvalidArgumentError('It has to be a date or an instant, ISO 8601.');
  return value;
}
