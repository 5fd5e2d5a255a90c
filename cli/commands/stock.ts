/** `holdfast stock`: what lies where, and corrections with their reason. */
import { createHash, randomUUID } from 'node:crypto';
import { Option, type Command } from 'commander';
import type { Movement, Stock } from '../../api/schemas/catalogue.ts';
import { UsageError } from '../context.ts';
import { instant, orDash } from '../format.ts';
import { limit, units } from './inputs.ts';
import type { Act } from '../run.ts';

interface ShowFlags {
  location?: string;
  search?: string;
  limit: number;
}

interface AdjustFlags {
  by?: number;
  to?: number;
  reason: string;
  note?: string;
  key?: string;
}

type Level = Omit<Stock, 'name' | 'variant'>;

const LEVEL_COLUMNS = [
  { head: 'SKU', cell: (row: Level) => row.sku },
  { head: 'Location', cell: (row: Level) => row.location },
  { head: 'On hand', right: true, cell: (row: Level) => String(row.onHand) },
  { head: 'Allocated', right: true, cell: (row: Level) => String(row.allocated) },
  { head: 'Available', right: true, cell: (row: Level) => String(row.available) },
];
const COLUMNS = [
  ...LEVEL_COLUMNS,
  {
    head: 'Name',
    cell: (row: Stock) => (row.variant === null ? row.name : `${row.name}, ${row.variant}`),
  },
];

/** Adds the commands. */
export function registerStock(program: Command, act: Act): void {
  const stock = program.command('stock').alias('inventory').description('what lies where, and what moved it');
  addMovements(stock, act);
  stock
    .command('show')
    .description('stock by SKU and location')
    .argument('[sku]', 'of one item')
    .option('--location <id>', 'of one location')
    .option('--search <text>', 'beginning of the SKU, or of words of the name')
    .option('--limit <n>', 'at most so many rows', limit, 100)
    .action((sku: string | undefined, flags: ShowFlags, command: Command) =>
      act(command, async (context) => {
        const rows: Stock[] = [];
        const query = { sku, location: flags.location, q: flags.search };
        for await (const row of context.api().pages<Stock>('/v1/inventory', query, flags.limit))
          rows.push(row);
        context.table(rows, COLUMNS, 'No stock fits.');
      }),
    );
  stock
    .command('adjust')
    .description('corrects stock at one location, by a difference or to a counted number')
    .argument('<sku>', 'stock keeping unit')
    .argument('<location>', 'where it lies')
    .option('--by <units>', 'a difference, e.g. 20 or -3', units)
    .option('--to <units>', 'the counted number', units)
    .requiredOption('--reason <text>', 'why: received, count, damaged …')
    .option('--note <text>', 'more about it')
    .option('--key <text>', 'makes running the same command again harmless')
    .addHelpText(
      'after',
      '\nExamples:\n  holdfast stock adjust MUG-BLUE wh-east --by 20 --reason received\n  holdfast stock adjust MUG-BLUE wh-east --to 117 --reason count',
    )
    .action((...[sku, location, flags, command]: [string, string, AdjustFlags, Command]) =>
      act(command, async (context) => {
        if ((flags.by === undefined) === (flags.to === undefined))
          throw new UsageError('give either --by (a difference) or --to (the counted number)');
        const adjustment = {
          sku,
          location,
          ...(flags.by === undefined ? { setTo: flags.to } : { delta: flags.by }),
        };
        const made = await context.change<{ levels: Level[] }>('/v1/inventory/adjustments', {
          body: {
            reason: flags.reason,
            ...(flags.note ? { note: flags.note } : {}),
            adjustments: [adjustment],
          },
          idempotencyKey: flags.key
            ? `cli-${createHash('sha256').update(flags.key).digest('hex')}`
            : randomUUID(),
        });
        if (!made) return;
        context.table(made.levels, LEVEL_COLUMNS, 'Nothing was changed.');
      }),
    );
}

interface MovementFlags {
  location?: string;
  kind?: string;
  limit: number;
}

function addMovements(stock: Command, act: Act): void {
  stock
    .command('movements')
    .description('who moved how many units and why, newest first')
    .argument('[sku]', 'of one item')
    .option('--location <id>', 'at one location')
    .addOption(
      new Option('--kind <kind>', 'of one kind').choices(['adjustment', 'allocation', 'release', 'sale']),
    )
    .option('--limit <n>', 'at most so many rows', limit, 50)
    .action((sku: string | undefined, flags: MovementFlags, command: Command) =>
      act(command, async (context) => {
        const rows: Movement[] = [];
        const query = { sku, location: flags.location, kind: flags.kind };
        const pages = context.api().pages<Movement>('/v1/inventory/movements', query, flags.limit);
        for await (const row of pages) rows.push(row);
        context.table(
          rows,
          [
            { head: 'When', cell: (row) => instant(row.createdAt) },
            { head: 'SKU', cell: (row) => row.sku },
            { head: 'Location', cell: (row) => row.location },
            { head: 'Kind', cell: (row) => row.kind },
            { head: 'On hand', right: true, cell: (row) => signed(row.onHandDelta) },
            { head: 'Allocated', right: true, cell: (row) => signed(row.allocatedDelta) },
            { head: 'Order', right: true, cell: (row) => orDash(row.orderNumber) },
            { head: 'Who', cell: (row) => row.actorName ?? row.actor },
            { head: 'Reason', cell: (row) => orDash(row.reason) },
          ],
          'Nothing moved.',
        );
      }),
    );
}

function signed(units: number): string {
  return units > 0 ? `+${units}` : String(units);
}
