/** `holdfast stock import FILE`: stock levels, and the items they belong to, from a CSV file. */
import { basename } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from './context.ts';
import { nounOf, readTarget, Stopped, untilInterrupted } from './import/command.ts';
import type { Target } from './import/patience.ts';
import { startProgress } from './import/progress.ts';
import { runStockImport, type StockSummary } from './import/stock.ts';

interface Flags {
  createItems?: boolean;
  add?: boolean;
  delimiter: string;
  rejects?: string;
  json?: boolean;
}

/** Adds `import` to the noun `stock` of the program. */
export function registerStockImport(program: Command): void {
  nounOf(program, 'stock')
    .command('import')
    .argument('<file>', 'CSV with the columns sku,location,quantity and optionally name,weightGrams')
    .description('set stock levels; rows that are refused are written to the rejects file with their reason')
    .option('--create-items', 'make the items that the catalogue lacks')
    .option('--add', 'the quantities are differences; a file then counts once, however often it is imported')
    .option('--delimiter <character>', 'between two columns', ',')
    .option('--rejects <file>', 'where refused rows go (default: <file name>.rejects.csv here)')
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      `
Examples:
  holdfast stock import count.csv
  holdfast stock import goods.csv --create-items`,
    )
    .action(async (file: string, flags: Flags, command: Command) => {
      await untilInterrupted((signal) =>
        importStock(file, flags, { target: () => readTarget(command), signal }),
      );
    });
}

async function importStock(
  file: string,
  flags: Flags,
  { target, signal }: { target: () => Target; signal: AbortSignal },
): Promise<void> {
  if (flags.delimiter.length !== 1) throw new UsageError('--delimiter is one character');
  const rejectsFile = flags.rejects ?? `${basename(file)}.rejects.csv`;
  const summary = await runStockImport({
    file,
    delimiter: flags.delimiter,
    target: target(),
    createItems: flags.createItems === true,
    add: flags.add === true,
    rejectsFile,
    startProgress: (total) => startProgress({ unit: 'rows', total }),
    signal,
  });
  if (flags.json) process.stdout.write(`${JSON.stringify({ ...summary, rejectsFile })}\n`);
  else for (const line of summaryLines(summary, rejectsFile)) process.stdout.write(`${line}\n`);
  if (!summary.complete) throw new Stopped('stopped; run the same command again');
}

function summaryLines(summary: StockSummary, rejectsFile: string): string[] {
  const rejected = Object.entries(summary.rejected).toSorted(([a], [b]) => a.localeCompare(b));
  const count = rejected.reduce((sum, [, rows]) => sum + rows, 0);
  return [
    `${summary.rows} rows read`,
    `  levels set: ${summary.adjusted}`,
    `  items made: ${summary.itemsCreated}`,
    `  refused: ${count}`,
    ...rejected.map(([reason, rows]) => `    ${reason}: ${rows}`),
    ...(count > 0 ? [`refused rows are in ${rejectsFile}`] : []),
  ];
}
