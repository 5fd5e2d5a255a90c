/**
 * Receipts from a CSV file, as banks and carriers give them: each row becomes a receipt as the API takes it, or says what is
 * wrong with it. Nothing is rounded and nothing is guessed.
 */
import type { NewReceiptInput } from '../api/schemas/receipts.ts';
import { isCurrency, parseDecimal } from '../domain/money.ts';
import { OFFLINE_METHODS } from '../domain/method.ts';
import { parseDate } from './import/dates.ts';
import { parseDecimalText, type DecimalMark } from './import/decimal.ts';
import type { Row } from './import/rows.ts';

/** The columns; `amount` or `amountMinor`, the last three may be left out. */
export const RECEIPT_COLUMNS = [
  'order',
  'number',
  'amount',
  'amountMinor',
  'currency',
  'receivedAt',
  'method',
  'note',
] as const;

/** How the file writes what it holds. */
export interface ReceiptFormat {
  decimalMark: DecimalMark;
  /** As cli/import/dates.ts takes it; `iso` for 2026-03-14. */
  dateFormat: string;
  /** IANA name. */
  timeZone: string;
}

/** A receipt, or why the row is none. */
export type ReadReceipt = { ok: true; receipt: NewReceiptInput } | { ok: false; problem: string };

/** Reads one row of the file. */
export function receiptOf(row: Row, format: ReceiptFormat): ReadReceipt {
  if (row.broken !== undefined) return { ok: false, problem: row.broken };
  const cell = (name: (typeof RECEIPT_COLUMNS)[number]) => (row.cells[name] ?? '').trim();
  const missing = (['order', 'number', 'currency'] as const).find((name) => cell(name) === '');
  if (missing) return { ok: false, problem: `${missing} is missing` };
  const currency = cell('currency').toUpperCase();
  if (!isCurrency(currency)) return { ok: false, problem: `${currency} is no currency` };
  const amount = amountOf({ amount: cell('amount'), minor: cell('amountMinor'), currency }, format);
  if (typeof amount === 'string') return { ok: false, problem: amount };
  const method = OFFLINE_METHODS.find((one) => one === cell('method'));
  if (cell('method') !== '' && !method)
    return { ok: false, problem: `method is one of ${OFFLINE_METHODS.join(', ')}` };
  const date = cell('receivedAt');
  const receivedAt = date === '' ? undefined : parseDate(date, format.dateFormat, format.timeZone);
  if (date !== '' && receivedAt === undefined)
    return { ok: false, problem: `receivedAt does not read as ${format.dateFormat}` };
  const note = cell('note');
  return {
    ok: true,
    receipt: {
      ...{ order: cell('order'), number: cell('number'), amount, currency },
      ...(receivedAt !== undefined && { receivedAt }),
      ...(method && { method }),
      ...(note !== '' && { note }),
    },
  };
}

/** Minor units, or what is wrong. */
function amountOf(
  given: { amount: string; minor: string; currency: string },
  { decimalMark }: ReceiptFormat,
): number | string {
  if ((given.amount === '') === (given.minor === '')) return 'needs either amount or amountMinor';
  if (given.minor !== '') {
    const isWhole = /^[1-9]\d{0,11}$/.test(given.minor);
    return isWhole ? Number(given.minor) : 'amountMinor is a whole number above 0';
  }
  const decimal = parseDecimalText(given.amount, decimalMark);
  const digits = String(decimal?.units ?? '').padStart((decimal?.scale ?? 0) + 1, '0');
  const text = decimal
    ? `${digits.slice(0, digits.length - decimal.scale)}.${digits.slice(digits.length - decimal.scale)}`
    : '';
  const minor = parseDecimal(text, given.currency);
  return minor !== undefined && minor > 0 ? minor : `amount is no amount above 0 in ${given.currency}`;
}
