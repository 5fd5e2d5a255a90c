/** `holdfast stock`: what lies where, and corrections with their reason. */
import { createHash, randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { Stock } from '../../api/schemas/catalogue.ts';
import { UsageError } from '../context.ts';
import { limit, units } from './inputs.ts';
import type { Act } from '../run.ts';

interface AdjustFlags {
  by?: number;
  to?: number;
  reason: string;
  note?: string;
  key?: string;
}

const COLUMNS = [
  { head: 'SKU', cell: (row: Stock) => row.sku },
  { head: 'Location', cell: (row: Stock) => row.location },
  { head: 'On hand', right: true, cell: (row: Stock) => String(row.onHand) },
  { head: 'Allocated', right: true, cell: (row: Stock) => String(row.allocated) },
  { head: 'Available', right: true, cell: (row: Stock) => String(row.available) },
];

/** Adds the commands. */
export function registerStock(program: Command, act: Act): void {
  const stock = program.command('stock').description('what lies where');
  stock
    .command('show')
    .description('stock by SKU and location')
    .argument('[sku]', 'of one item')
    .option('--location <id>', 'of one location')
    .option('--limit <n>', 'at most so many rows', limit, 100)
    .action((sku: string | undefined, flags: { location?: string; limit: number }, command: Command) =>
      act(command, async (context) => {
        const rows: Stock[] = [];
        const query = { sku, location: flags.location };
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
        const made = await context.change<{ levels: Stock[] }>('/v1/inventory/adjustments', {
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
        context.table(made.levels, COLUMNS, 'Nothing was changed.');
      }),
    );
}
