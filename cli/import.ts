/**
 * `holdfast orders import FILE`: orders from a CSV or JSON lines file. Every row ends in an order or in the rejects
 * file with its reason; running it again goes on or changes nothing.
 */
import { basename } from 'node:path';
import type { Command } from 'commander';
import { nounOf, readTarget, Stopped, untilInterrupted } from './import/command.ts';
import { MappingError, presetMapping, readMapping, type Mapping } from './import/mapping.ts';
import type { Target } from './import/patience.ts';
import { startProgress } from './import/progress.ts';
import { formatOf, type FileFormat } from './import/rows.ts';
import { runImport, type ImportSummary } from './import/run.ts';

interface Flags {
  mapping?: string;
  preset?: string;
  format?: string;
  asHistory?: boolean;
  dryRun?: boolean;
  rejects?: string;
  progressFile?: string;
  concurrency: string;
  json?: boolean;
}

/** Adds `import` to the noun `orders` of the program; address and key come from the program's --url and --api-key. */
export function registerOrdersImport(program: Command): void {
  nounOf(program, 'orders')
    .command('import')
    .argument('<file>', 'CSV with a header, or JSON lines (.jsonl, .ndjson)')
    .description('import orders; every row that is refused is written to the rejects file with its reason')
    .option('--mapping <file>', 'JSON or YAML file that says which column fills which field')
    .option('--preset <name>', 'a built-in mapping: online-retail, superstore')
    .option('--format <csv|jsonl>', 'instead of guessing by the file name')
    .option('--as-history', 'finished orders: kept without workflow, money or stock')
    .option('--dry-run', 'read and check the file, send nothing')
    .option('--rejects <file>', 'where refused rows go (default: <file name>.rejects.csv here)')
    .option('--progress-file <file>', 'what a stopped run goes on from (default: <file name>.import here)')
    .option('--concurrency <n>', 'requests in flight', '4')
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      `
Examples:
  holdfast orders import shop.csv --mapping shop.yaml
  holdfast orders import orders.jsonl
  holdfast orders import invoices.csv --preset online-retail --dry-run`,
    )
    .action(async (file: string, flags: Flags, command: Command) => {
      await untilInterrupted((signal) =>
        importOrders(file, flags, { target: () => readTarget(command), signal }),
      );
    });
}

async function importOrders(
  file: string,
  flags: Flags,
  { target, signal }: { target: () => Target; signal: AbortSignal },
): Promise<void> {
  const rejectsFile = flags.rejects ?? `${basename(file)}.rejects.csv`;
  const format = readFormat(flags.format) ?? formatOf(file);
  const mapping = await readFlagMapping(flags);
  if (!mapping && format === 'csv')
    throw new MappingError('a CSV file needs --mapping or --preset; docs/import.md shows one');
  const summary = await runImport({
    file,
    format,
    ...(mapping && { mapping }),
    mode: flags.asHistory ? 'history' : 'live',
    ...(!flags.dryRun && { target: target() }),
    rejectsFile,
    progressFile: flags.progressFile ?? `${basename(file)}.import`,
    concurrency: readConcurrency(flags.concurrency),
    startProgress: (total) => startProgress({ unit: 'orders', total }),
    signal,
  });
  printSummary(summary, { json: flags.json === true, dryRun: flags.dryRun === true, rejectsFile });
  if (!summary.complete) throw new Stopped('stopped; run the same command again to go on');
}

function readFormat(text: string | undefined): FileFormat | undefined {
  if (text === undefined || text === 'csv' || text === 'jsonl') return text;
  throw new MappingError(`--format is csv or jsonl, not ${text}`);
}

function readConcurrency(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 64) return value;
  throw new MappingError(`--concurrency is a whole number from 1 to 64, not ${text}`);
}

async function readFlagMapping(flags: Flags): Promise<Mapping | undefined> {
  if (flags.mapping !== undefined && flags.preset !== undefined)
    throw new MappingError('give either --mapping or --preset');
  if (flags.mapping !== undefined) return readMapping(flags.mapping);
  return flags.preset === undefined ? undefined : presetMapping(flags.preset);
}

function printSummary(
  summary: ImportSummary,
  context: { json: boolean; dryRun: boolean; rejectsFile: string },
): void {
  if (context.json) {
    process.stdout.write(`${JSON.stringify({ ...summary, rejectsFile: context.rejectsFile })}\n`);
    return;
  }
  for (const line of summaryLines(summary, context)) process.stdout.write(`${line}\n`);
}

/** The summary as people read it. */
export function summaryLines(
  summary: ImportSummary,
  context: { dryRun: boolean; rejectsFile: string },
): string[] {
  const refused = Object.entries(summary.refused).toSorted(([a], [b]) => a.localeCompare(b));
  const refusedCount = refused.reduce((sum, [, count]) => sum + count, 0);
  return [
    `${summary.orders} orders read${summary.resumed > 0 ? `, ${summary.resumed} settled by an earlier run` : ''}`,
    `  ${context.dryRun ? 'would be sent' : 'accepted'}: ${summary.accepted}`,
    `  replayed (there already): ${summary.replayed}`,
    `  refused: ${refusedCount}`,
    ...refused.map(([reason, count]) => `    ${reason}: ${count}`),
    ...(refusedCount > 0 ? [`${summary.rejectedRows} rows in ${context.rejectsFile}`] : []),
  ];
}
