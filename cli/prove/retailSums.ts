/**
 * Reads a file of invoices a second time, by other means than the import does, and says what it should come to: the
 * judge of an import must not share its arithmetic. Amounts are counted in hundred-thousandths of a pound as whole
 * numbers and rounded once a row.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

const ROW = z.object({
  invoice: z.string().min(1),
  stock_code: z.string().regex(/\S/),
  description: z.string(),
  quantity: z
    .string()
    .regex(/^-?[1-9]\d{0,5}$/)
    .transform(Number),
  unit_price: z.string().regex(/^-?\d+(\.\d{1,5})?$/),
});
type SumRow = z.infer<typeof ROW>;

/** What an invoice should come to. */
export interface ExpectedOrder {
  externalId: string;
  totalMinor: number;
  /** Units of goods by SKU, in capitals. */
  units: Map<string, number>;
  /** What the goods of each SKU cost. */
  worthMinor: Map<string, number>;
}

/** What a file of invoices must come to, worked out apart from the importer; amounts in minor units. */
export interface ExpectedFile {
  invoices: number;
  orders: ExpectedOrder[];
  refused: Map<string, number>;
  totalMinor: number;
  /** A name for every SKU of goods. */
  names: Map<string, string>;
}

const NO_GOODS = /^(POST|DOT|C2|C3|CARRIAGE|M|D|BANK CHARGES|AMAZONFEE|ADJUST2?|B)$/;

/** What the file should come to. Rows that can't be understood refuse their invoice as invalid_row. */
export function expectedOf(file: string): ExpectedFile {
  const records: unknown[] = parse(readFileSync(file), {
    columns: true,
    bom: true,
    skip_empty_lines: true,
    relax_column_count: true,
    relax_quotes: true,
  });
  const invoices = new Map<string, unknown[]>();
  for (const record of records) {
    const { invoice } = z.object({ invoice: z.string().default('') }).parse(record);
    invoices.set(invoice, [...(invoices.get(invoice) ?? []), record]);
  }
  const expected: ExpectedFile = {
    invoices: invoices.size,
    orders: [],
    refused: new Map(),
    totalMinor: 0,
    names: new Map(),
  };
  for (const [invoice, rows] of invoices) {
    const lines = rows.flatMap((row) => ROW.safeParse(row).data ?? []);
    const reason = refusalOf(invoice, lines, rows.length);
    if (reason !== undefined) {
      expected.refused.set(reason, (expected.refused.get(reason) ?? 0) + 1);
      continue;
    }
    const order = orderOf(invoice, lines, expected.names);
    expected.totalMinor += order.totalMinor;
    expected.orders.push(order);
  }
  return expected;
}

function codeOf(row: SumRow): string {
  return row.stock_code.trim().toUpperCase();
}

function refusalOf(invoice: string, lines: readonly SumRow[], rowCount: number): string | undefined {
  if (invoice.startsWith('C')) return 'cancellation_of_earlier_order';
  if (lines.length < rowCount) return 'invalid_row';
  const goods = lines.filter((row) => !NO_GOODS.test(codeOf(row)));
  if (goods.length === 0) return 'no_merchandise';
  if (lines.every((row) => row.quantity * Number(row.unit_price) <= 0)) return 'stock_write_off';
  return goods.some((row) => row.quantity < 0 || Number(row.unit_price) < 0) ? 'invalid_row' : undefined;
}

function minorOf(row: SumRow): number {
  const [whole = '0', fraction = ''] = row.unit_price.replace('-', '').split('.');
  const units = Number(whole + fraction.padEnd(5, '0')) * Math.abs(row.quantity);
  const minor = Math.floor((units + 500) / 1000);
  return row.unit_price.startsWith('-') !== row.quantity < 0 ? -minor : minor;
}

function orderOf(invoice: string, lines: readonly SumRow[], names: Map<string, string>): ExpectedOrder {
  const units = new Map<string, number>();
  const worthMinor = new Map<string, number>();
  let totalMinor = 0;
  for (const row of lines) {
    totalMinor += minorOf(row);
    const code = codeOf(row);
    if (NO_GOODS.test(code)) continue;
    units.set(code, (units.get(code) ?? 0) + row.quantity);
    worthMinor.set(code, (worthMinor.get(code) ?? 0) + minorOf(row));
    if (!names.get(code)) names.set(code, row.description.trim());
  }
  return { externalId: invoice, totalMinor, units, worthMinor };
}
