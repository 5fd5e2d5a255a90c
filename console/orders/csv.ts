/** Orders as CSV (RFC 4180) for a spreadsheet. Pure. */
import type { OrderListItem } from '../../api/schemas/orders.ts';
import { minorDigits } from '../../domain/money.ts';

type Cell = string | number | null;

const COLUMNS: readonly [string, (order: OrderListItem) => Cell][] = [
  ['number', (order) => order.number],
  ['id', (order) => order.id],
  ['external_id', (order) => order.externalId],
  ['channel', (order) => order.channel],
  ['placed_at', (order) => order.placedAt],
  ['customer', (order) => order.recipientName],
  ['country', (order) => order.shipCountry],
  ['status', (order) => order.status],
  ['state', (order) => order.stage],
  ['lifecycle', (order) => order.lifecycle],
  ['payment', (order) => order.paymentStatus],
  ['fulfillment', (order) => order.fulfillmentStatus],
  ['needs', (order) => order.attention.join(' ')],
  ['lines', (order) => order.lineCount],
  ['units', (order) => order.unitCount],
  ['total', (order) => decimal(order.total)],
  ['currency', (order) => order.total.currency],
  ['promised_by', (order) => order.promisedBy],
  ['tags', (order) => order.tags.join(' ')],
  ['updated_at', (order) => order.updatedAt],
];

/** The file's text, with the mark by which spreadsheets know UTF-8. */
export function ordersCsv(orders: readonly OrderListItem[]): string {
  const rows = [
    COLUMNS.map(([name]) => name),
    ...orders.map((order) => COLUMNS.map(([, read]) => read(order))),
  ];
  return `\uFEFF${rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')}`;
}

/** One cell. Text that a spreadsheet would run as a formula gets an apostrophe before it: what a customer typed is text. */
export function csvCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n;]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function decimal({ amount, currency }: { amount: number; currency: string }): number {
  const digits = minorDigits(currency);
  return Number((amount / 10 ** digits).toFixed(digits));
}
