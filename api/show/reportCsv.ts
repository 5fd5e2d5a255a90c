/** A report as CSV for spreadsheets: a line a row, amounts as decimals of their currency, the period before beside. */
import { setImmediate } from 'node:timers/promises';
import { stringify } from 'csv-stringify/sync';
import { minorDigits } from '../../domain/money.ts';
import type { ReportColumn, ReportForm, ReportRow } from '../../domain/report.ts';

/** What a spreadsheet would run instead of show, when it begins a cell. */
const FORMULA = /^[=+\-@\t\r]/;

/** Rows that are written at a time: other requests are served between. */
const SLICE_ROWS = 2_000;

/** The rows as CSV with a header: key, label, currency, each column and each column with `_before`. */
export async function reportCsv(
  form: ReportForm,
  groupBy: string,
  rows: readonly ReportRow[],
): Promise<string> {
  const header = [
    groupBy,
    'label',
    ...(form.hasCurrency ? ['currency'] : []),
    ...form.columns.map((column) => column.id),
    ...form.columns.map((column) => `${column.id}_before`),
  ];
  const slices = [stringify([header], FORM)];
  for (let at = 0; at < rows.length; at += SLICE_ROWS) {
    slices.push(
      stringify(
        rows.slice(at, at + SLICE_ROWS).map((row) => cellsOf(form, row)),
        FORM,
      ),
    );
    await setImmediate();
  }
  return slices.join('');
}

const FORM = Object.freeze({ record_delimiter: 'windows' });

function cellsOf(form: ReportForm, row: ReportRow): string[] {
  return [
    safeText(row.key),
    safeText(row.label),
    ...(form.hasCurrency ? [row.currency ?? ''] : []),
    ...form.columns.map((column) => cell(column, row.values[column.id], row.currency)),
    ...form.columns.map((column) => cell(column, row.before[column.id], row.currency)),
  ];
}

/** Text that came from outside stays text when a spreadsheet opens the file. */
function safeText(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

function cell(column: ReportColumn, value: number | null | undefined, currency: string | null): string {
  if (value === null || value === undefined) return '';
  if (column.kind !== 'money' || currency === null) return String(value);
  const digits = minorDigits(currency);
  const text = String(Math.abs(value)).padStart(digits + 1, '0');
  const decimal = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return value < 0 ? `-${decimal}` : decimal;
}
