/**
 * Reads an order file row by row: CSV with a header, or JSON lines. A row that can't be read is an answer like any
 * other, so that one broken row never stops an import. Row numbers are line numbers of the file, as editors show them.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parse } from 'csv-parse/sync';
import type { Cells } from './template.ts';

/** One row as it was read. */
export interface Row {
  row: number;
  cells: Cells;
  /** Why the row can't be used, though enough of it was readable to tell which order it belongs to. */
  broken?: string;
  /** JSON lines: the value as it stands in the file. */
  value?: unknown;
}

/** The forms of files that can be imported. */
export type FileFormat = 'csv' | 'jsonl';

/** The format by the file's name: .jsonl and .ndjson are JSON lines, everything else is CSV. */
export function formatOf(file: string): FileFormat {
  return /\.(jsonl|ndjson)$/i.test(file) ? 'jsonl' : 'csv';
}

/** Longest line in characters, and most lines that one quoted CSV cell may span before its quote counts as broken. */
const LINE_SIZE_MAX = 4_000_000;
const LINES_PER_ROW_MAX = 50;

/** The rows of a file in order. Throws only when the file itself can't be read. */
export function readRows(
  file: string,
  options: { format: FileFormat; delimiter?: string },
): AsyncGenerator<Row> {
  return options.format === 'jsonl' ? readJsonLines(file) : readCsv(file, options.delimiter ?? ',');
}

interface Line {
  row: number;
  text: string;
}

async function* linesOf(file: string): AsyncGenerator<Line> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  let row = 0;
  for await (const text of lines) {
    row += 1;
    yield { row, text: row === 1 ? text.replace(/^\uFEFF/, '') : text };
  }
}

/**
 * CSV by lines: a quote that is never closed costs its own row and not the rest of the file (a stream parser that
 * skips errors swallowed every good row up to the next quote).
 */
async function* readCsv(file: string, delimiter: string): AsyncGenerator<Row> {
  let header: string[] | undefined;
  let pending: Line[] = [];
  const takeRows = function* (atEnd: boolean): Generator<Row> {
    while (pending.length > 0) {
      const taken = takeRecord(pending, { delimiter, width: header?.length, atEnd });
      if (!taken) return;
      pending = pending.slice(taken.lines);
      if (taken.values.length === 1 && taken.values[0]?.trim() === '') continue;
      if (header) yield toRow(header, taken);
      else header = taken.values.map((name) => name.trim());
    }
  };
  for await (const line of linesOf(file)) {
    pending.push(line);
    yield* takeRows(false);
  }
  yield* takeRows(true);
}

interface Taken {
  row: number;
  lines: number;
  values: string[];
  broken?: string;
}

interface TakeOptions {
  delimiter: string;
  width: number | undefined;
  atEnd: boolean;
}

/** Takes the first record of the pending lines, or nothing while its quotes may still be closed by a later line. */
function takeRecord(pending: readonly Line[], options: TakeOptions): Taken | undefined {
  const first = pending[0];
  if (!first) return undefined;
  const single = { row: first.row, lines: 1 };
  if (!first.text.includes('"')) return { ...single, values: first.text.split(options.delimiter) };
  const cells = () => naiveCells(first.text, options.delimiter);
  const text = closedText(pending);
  if (text !== undefined) {
    const lines = text.split('\n').length;
    const values = parseRecord(text, options.delimiter);
    const fits = lines === 1 || options.width === undefined || values?.length === options.width;
    if (values && fits) return { row: first.row, lines, values };
    return { ...single, values: cells(), broken: 'its quotes do not match' };
  }
  const size = pending.reduce((sum, line) => sum + line.text.length, 0);
  if (!options.atEnd && pending.length < LINES_PER_ROW_MAX && size < LINE_SIZE_MAX) return undefined;
  return { ...single, values: cells(), broken: 'a quote is never closed' };
}

/** The fewest first lines in which every quote is closed. */
function closedText(pending: readonly Line[]): string | undefined {
  let text = '';
  let quotes = 0;
  for (const [index, line] of pending.entries()) {
    text = index === 0 ? line.text : `${text}\n${line.text}`;
    quotes += countQuotes(line.text);
    if (quotes % 2 === 0) return text;
  }
  return undefined;
}

function countQuotes(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) count += 1;
  return count;
}

function parseRecord(text: string, delimiter: string): string[] | undefined {
  try {
    const records = parse(text, { delimiter, relax_quotes: true, relax_column_count: true });
    return records.length === 1 ? records[0] : undefined;
  } catch {
    return undefined;
  }
}

function naiveCells(text: string, delimiter: string): string[] {
  return text.split(delimiter).map((cell) => cell.replaceAll('"', ''));
}

function toRow(header: readonly string[], taken: Taken): Row {
  const cells = Object.fromEntries(header.map((name, index) => [name, taken.values[index] ?? '']));
  const miscounted =
    taken.values.length === header.length
      ? undefined
      : `${taken.values.length} cells instead of ${header.length}`;
  const broken = taken.broken ?? miscounted;
  return { row: taken.row, cells, ...(broken !== undefined && { broken }) };
}

async function* readJsonLines(file: string): AsyncGenerator<Row> {
  for await (const line of linesOf(file)) {
    if (line.text.trim() !== '') yield parseLine(line);
  }
}

function parseLine({ row, text }: Line): Row {
  if (text.length > LINE_SIZE_MAX)
    return { row, cells: {}, broken: `longer than ${LINE_SIZE_MAX} characters` };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { row, cells: {}, broken: 'not valid JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { row, cells: {}, broken: 'not a JSON object' };
  const cells = Object.fromEntries(Object.entries(value).map(([name, cell]) => [name, cellText(cell)]));
  return { row, cells, value };
}

function cellText(cell: unknown): string {
  if (typeof cell === 'string') return cell;
  return cell === null || cell === undefined ? '' : JSON.stringify(cell);
}
