/** A file of receipts as it is read in the browser: nothing is sent before its rows were seen. Pure. */
import { parse } from 'csv-parse/browser/esm/sync';
import { headerProblem, receiptOfRow, type FileReceipt } from './receiptRow.ts';

/** A row that is no receipt: its line of the file, and why. */
export interface WrongRow {
  line: number;
  problem: string;
}

/** What a file holds, or why it can't be read at all. */
export type ReceiptFile =
  | { ok: true; receipts: readonly { line: number; receipt: FileReceipt }[]; wrong: readonly WrongRow[] }
  | { ok: false; problem: string };

/** Reads the text of a file. Commas or semicolons part its columns, whichever its first line has. */
export function readReceiptFile(text: string): ReceiptFile {
  let file: { columns: readonly string[]; rows: readonly FileRow[] };
  try {
    file = parsed(text);
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? `${error.message}.` : 'It is no CSV file.' };
  }
  const { columns, rows } = file;
  if (columns.length === 0) return { ok: false, problem: 'The file is empty.' };
  const problem = headerProblem(columns);
  if (problem !== undefined) return { ok: false, problem };
  if (rows.length === 0) return { ok: false, problem: 'The file holds no receipt.' };
  const read = rows.map(({ line, values }) => ({ line, row: receiptOfRow(values) }));
  return {
    ok: true,
    receipts: read.flatMap(({ line, row }) => (row.ok ? [{ line, receipt: row.receipt }] : [])),
    wrong: read.flatMap(({ line, row }) => (row.ok ? [] : [{ line, problem: row.problem }])),
  };
}

type Values = Record<string, string>;

interface FileRow {
  line: number;
  values: Values;
}

/** The columns of the first line and the rows below it; throws what is wrong with the file. */
function parsed(text: string) {
  let columns: readonly string[] = [];
  const rows = parse<FileRow, Values>(text, {
    bom: true,
    trim: true,
    skipEmptyLines: true,
    delimiter: delimiterOf(text),
    columns(head: string[]) {
      columns = head;
      return head;
    },
    onRecord: (values, { lines }) => ({ line: lines, values }),
  });
  return { columns, rows };
}

function delimiterOf(text: string): string {
  const [first = ''] = text.split(/\r?\n/, 1);
  return first.includes(';') ? ';' : ',';
}
