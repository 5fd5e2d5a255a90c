/** `holdfast receipts import`: what a bank or carrier has listed in a CSV file, row by row; the same file may be given twice. */
import { Option, type Command } from 'commander';
import type { NewReceiptInput, ReceiptResults } from '../../api/schemas/receipts.ts';
import { PartlyRefused, UsageError, type Context } from '../context.ts';
import { readRows } from '../import/rows.ts';
import { RECEIPT_COLUMNS, receiptOf, type ReceiptFormat } from '../receiptFile.ts';
import type { Act } from '../run.ts';

/** Rows of one request. */
const BATCH = 500;

type Result = ReceiptResults['results'][number];

interface ImportFlags {
  delimiter: string;
  decimalMark: ReceiptFormat['decimalMark'];
  dateFormat: string;
  timeZone: string;
}

/** Adds `import` to the noun `receipts`. */
export function addReceiptImport(receipts: Command, act: Act): void {
  receipts
    .command('import')
    .description('records what a CSV file holds; the same file may be given twice')
    .argument('<file>', `CSV with a header; columns: ${RECEIPT_COLUMNS.join(', ')}`)
    .option('--delimiter <character>', 'between two columns', ',')
    .addOption(new Option('--decimal-mark <mark>', 'in amounts').choices(['.', ',']).default('.'))
    .option('--date-format <format>', 'of receivedAt: iso, or of yyyy MM dd HH mm ss', 'iso')
    .option('--time-zone <zone>', 'of receivedAt', 'UTC')
    .addHelpText(
      'after',
      '\nA row needs order, number, currency, and amount (12.50) or amountMinor (1250). Rows that can not be taken are named by\ntheir line; the rest is booked.\n\nExamples:\n  holdfast receipts import bank.csv\n  holdfast receipts import konto.csv --delimiter ";" --decimal-mark , --date-format dd.MM.yyyy --time-zone Europe/Berlin',
    )
    .action((file: string, flags: ImportFlags, command: Command) =>
      act(command, (context) => importFile(context, file, flags)),
    );
}

interface Line {
  row: number;
  result: Result;
}

async function importFile(context: Context, file: string, flags: ImportFlags): Promise<void> {
  if (flags.delimiter.length !== 1) throw new UsageError('--delimiter is one character');
  const bad: { row: number; problem: string }[] = [];
  const lines: Line[] = [];
  let batch: { row: number; receipt: NewReceiptInput }[] = [];
  const send = async () => {
    lines.push(...(await sendBatch(context, batch)));
    batch = [];
  };
  for await (const row of rowsOf(file, flags.delimiter)) {
    const read = receiptOf(row, flags);
    if (read.ok) batch.push({ row: row.row, receipt: read.receipt });
    else bad.push({ row: row.row, problem: read.problem });
    if (batch.length === BATCH) await send();
  }
  if (batch.length > 0) await send();
  if (!context.dryRun) report(context, lines, bad);
  else for (const one of bad) context.io.say(`Line ${one.row}: ${one.problem}`);
}

/** The rows; a file that can't be read is the caller's mistake. */
async function* rowsOf(file: string, delimiter: string) {
  try {
    yield* readRows(file, { format: 'csv', delimiter });
  } catch (error) {
    const isOfFile = error instanceof Error && 'syscall' in error;
    if (isOfFile) throw new UsageError(`${file} cannot be read: ${error.message}`);
    throw error;
  }
}

async function sendBatch(
  context: Context,
  batch: readonly { row: number; receipt: NewReceiptInput }[],
): Promise<Line[]> {
  const body = { source: 'file', receipts: batch.map((one) => one.receipt) };
  const answer = await context.change<ReceiptResults>('/v1/receipts', { body });
  return (answer?.results ?? []).flatMap((result) => {
    const row = batch[result.index]?.row;
    return row === undefined ? [] : [{ row, result }];
  });
}

function report(
  context: Context,
  lines: readonly Line[],
  bad: readonly { row: number; problem: string }[],
): void {
  const count = (result: Result['result']) => lines.filter((line) => line.result.result === result).length;
  const refused = [
    ...bad,
    ...lines
      .filter((line) => line.result.result === 'refused')
      .map(({ row, result }) => ({ row, problem: problemOf(result) })),
  ].toSorted((a, b) => a.row - b.row);
  const unmatched = lines.filter((line) => line.result.result === 'unmatched');
  const counts = {
    ...{ booked: count('booked'), given: count('given'), repeated: count('repeated') },
    ...{ unmatched: unmatched.length, refused: refused.length },
  };
  const shown = unmatched.map(({ row, result }) => ({
    ...{ row, receiptId: result.receipt?.id ?? null, problem: problemOf(result) },
  }));
  context.print({ ...counts, unmatchedRows: shown, refusedRows: refused }, () => [
    `${counts.booked} booked, ${counts.given} to be booked within seconds, ${counts.repeated} recorded before`,
    `${counts.unmatched} kept that fit no order, ${counts.refused} refused`,
    ...shown.map((one) => `Line ${one.row}: kept as ${one.receiptId ?? '-'}: ${one.problem}`),
    ...refused.map((one) => `Line ${one.row}: refused: ${one.problem}`),
  ]);
  nextOf(
    context,
    lines.map((line) => line.result),
  );
  const left = refused.length + unmatched.length;
  if (left > 0) throw new PartlyRefused(`${left} of the rows are not booked`);
}

/** What is wrong with a row, in words and as a code. */
export function problemOf({ problem }: Result): string {
  return problem ? `${problem.detail} (${problem.code})` : 'for no reason that is known';
}

/** Says what to do about the first that fits no order. */
export function nextOf(context: Context, results: readonly Result[]): void {
  const unmatched = results.find((one) => one.receipt?.state === 'unmatched')?.receipt;
  if (unmatched) context.next(`holdfast receipts assign ${unmatched.id} <order>`);
}
