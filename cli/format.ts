/** How the command line writes amounts, instants and states for people. */
import pc from 'picocolors';
import { formatMoney } from '../domain/money.ts';

/** "59.90 EUR"; "-" for nothing. */
export function money(amount: { amount: number; currency: string } | null | undefined): string {
  return amount ? formatMoney(amount.amount, amount.currency) : '-';
}

/** "2026-03-14 09:26:53" in the zone of this machine; "-" for nothing. */
export function instant(iso: string | null | undefined): string {
  if (!iso) return '-';
  const date = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** A status word, colored: an end that is good, one that is not, and what needs a person. */
export function statusText(word: string, attention: readonly string[] = []): string {
  const text = attention.length > 0 ? `${word} (${attention.join(', ')})` : word;
  if (attention.length > 0 || word === 'needs_attention') return pc.yellow(text);
  if (word === 'delivered') return pc.green(text);
  return word === 'cancelled' || word === 'expired' || word === 'rejected' ? pc.red(text) : text;
}

/** Text or "-". */
export function orDash(text: string | number | null | undefined): string {
  return text === null || text === undefined || text === '' ? '-' : String(text);
}

/** Small data of an event in one line: `reason=customer, note=…`. */
export function dataText(data: Readonly<Record<string, unknown>>): string {
  return Object.entries(data)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name}=${valueText(value)}`)
    .join(', ');
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  const isMoney = typeof value === 'object' && value !== null && 'amount' in value && 'currency' in value;
  if (isMoney && typeof value.amount === 'number' && typeof value.currency === 'string')
    return formatMoney(value.amount, value.currency);
  return JSON.stringify(value);
}
