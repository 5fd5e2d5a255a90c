/** What the dialog of a receipt holds, and what is sent for it. Pure. */
import type { NewReceiptInput } from '../../api/schemas/receipts.ts';
import { OFFLINE_METHODS } from '../../domain/method.ts';
import { words } from '../format.ts';

/** What was typed. */
export interface ReceiptValues {
  order: string;
  number: string;
  amount: string;
  currency: string;
  /** One of the methods, or empty: as the order is to be paid. */
  method: string;
  /** A date without a time, or empty. */
  receivedOn: string;
  note: string;
}

/** How a receipt can have come. */
export const METHOD_CHOICES = [
  { value: '', label: 'As the order is to be paid' },
  ...OFFLINE_METHODS.map((value) => ({ value, label: words(value) })),
];

/** What is sent; a date is the start of that day where the reader is. */
export function receiptOf(
  values: ReceiptValues,
  money: { amount: number; currency: string },
): NewReceiptInput {
  const method = OFFLINE_METHODS.find((one) => one === values.method);
  const receivedAt = startOfDay(values.receivedOn);
  const note = values.note.trim();
  return {
    order: values.order.trim(),
    number: values.number.trim(),
    ...money,
    ...(method && { method }),
    ...(receivedAt !== undefined && { receivedAt }),
    ...(note !== '' && { note }),
  };
}

function startOfDay(date: string): string | undefined {
  const start = new Date(`${date}T00:00:00`);
  return date === '' || Number.isNaN(start.getTime()) ? undefined : start.toISOString();
}
