/**
 * A row of a file of receipts, of the same columns as `holdfast receipts import` reads. Pure; what a row lacks is said in words,
 * everything else is refused by the API as for a receipt that a person types.
 */
import { OFFLINE_METHODS, type OfflineMethod } from '../../domain/method.ts';
import { isCurrency, parseDecimal } from '../../domain/money.ts';

/** The columns. The first four are needed; `amount` is a decimal number like 129.99. */
export const RECEIPT_COLUMNS = [
  'order',
  'number',
  'amount',
  'currency',
  'receivedAt',
  'method',
  'note',
] as const;
type Column = (typeof RECEIPT_COLUMNS)[number];
const NEEDED: readonly Column[] = ['order', 'number', 'amount', 'currency'];

/** A receipt as it is sent; the amount in minor units. */
export interface FileReceipt {
  order: string;
  number: string;
  amount: number;
  currency: string;
  receivedAt?: string;
  method?: OfflineMethod;
  note?: string;
}

/** What a row says: a receipt, or what is wrong with it. */
export type ReceiptRow = { ok: true; receipt: FileReceipt } | { ok: false; problem: string };

/** What is wrong with the header line, as a sentence; undefined when it fits. Columns may stand in any order. */
export function headerProblem(columns: readonly string[]): string | undefined {
  const missing = NEEDED.filter((name) => !columns.includes(name));
  if (missing.length > 0) return `The column ${missing.join(', ')} is missing.`;
  const unknown = columns.filter((name) => !RECEIPT_COLUMNS.some((one) => one === name));
  if (unknown.length > 0) return `The column ${unknown.join(', ')} is not known.`;
  return new Set(columns).size === columns.length ? undefined : 'A column stands there twice.';
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Reads a row. A plain date is the start of that day in UTC. A comma is never taken for a decimal point. */
export function receiptOfRow(row: Readonly<Partial<Record<Column, string>>>): ReceiptRow {
  const text = (name: Column) => (row[name] ?? '').trim();
  const missing = NEEDED.find((name) => text(name) === '');
  if (missing !== undefined) return { ok: false, problem: `${missing} is empty` };
  const currency = text('currency').toUpperCase();
  if (!isCurrency(currency)) return { ok: false, problem: `${currency} is no currency` };
  const amount = parseDecimal(text('amount'), currency);
  if (amount === undefined || amount <= 0)
    return { ok: false, problem: `${text('amount')} is no amount of ${currency}: write it like 129.99` };
  const method = OFFLINE_METHODS.find((one) => one === text('method'));
  if (method === undefined && text('method') !== '')
    return { ok: false, problem: `${text('method')} is none of ${OFFLINE_METHODS.join(', ')}` };
  const receivedAt = text('receivedAt');
  return {
    ok: true,
    receipt: {
      order: text('order'),
      number: text('number'),
      amount,
      currency,
      ...(receivedAt !== '' && {
        receivedAt: DATE.test(receivedAt) ? `${receivedAt}T00:00:00Z` : receivedAt,
      }),
      ...(method && { method }),
      ...(text('note') !== '' && { note: text('note') }),
    },
  };
}
