/** How money is named that is awaited before the goods go or that comes after them: by transfer, by invoice, in cash. */
import type { OrderView } from './lifecycle.ts';
import { METHODS, type OfflineMethod } from './method.ts';
import { formatMoney } from './money.ts';
import type { StillToCome } from './receipt.ts';

type Payer = Pick<OrderView, 'method' | 'paid' | 'dueAt'>;

/** True when the money comes after the goods and is not all there yet. */
export function isOwedAfter(view: Payer): boolean {
  return METHODS[view.method].moment === 'after' && !view.paid;
}

/** How a share that may go on stands with its money: "Paid", or how it will be. */
export function paidWords(view: Payer): 'Paid' | 'To be paid by invoice' | 'To be paid on delivery' {
  if (!isOwedAfter(view)) return 'Paid';
  return view.method === 'invoice' ? 'To be paid by invoice' : 'To be paid on delivery';
}

/** The same before "and packed in east": "Paid and packed" is one thing, the others are two. */
export function paidAndWords(view: Payer): string {
  const words = paidWords(view);
  return words === 'Paid' ? words : `${words},`;
}

const COMES: Readonly<Record<OfflineMethod, string>> = {
  bank_transfer: 'by bank transfer',
  invoice: 'by invoice',
  cash_on_delivery: 'in cash',
};

/** Money that is still to come: "20.80 USD by bank transfer". */
export function stillToComeWords({ method, minor }: StillToCome, currency: string): string {
  return `${formatMoney(minor, currency)} ${COMES[method]}`;
}

/** True when what is waited for is such money. */
export function isStillToCome(waitsFor: string): boolean {
  return Object.values(COMES).some((how) => waitsFor.endsWith(` ${how}`));
}

/** What is said of money that is still to come when everything has arrived: "the invoice is due on 2026-04-01". */
export function dueWords(view: Payer, nowMs: number): string {
  const what = view.method === 'invoice' ? 'the invoice' : 'the cash from the carrier';
  if (view.dueAt === undefined) return `${what} is not paid yet`;
  const verb = Date.parse(view.dueAt) > nowMs ? 'is' : 'was';
  return `${what} ${verb} due on ${view.dueAt.slice(0, 10)}`;
}
