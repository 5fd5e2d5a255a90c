/** Amounts as people type them, in the currency's own decimals (none, two or three). Pure. */
import { AMOUNT_MAX_MINOR, minorDigits, parseDecimal } from '../../domain/money.ts';

/** What a field of an amount says: an amount, nothing typed, or what is wrong with it in words. */
export type TypedAmount =
  { kind: 'amount'; amountMinor: number } | { kind: 'empty' } | { kind: 'wrong'; words: string };

/** Reads what was typed. A comma counts as a point, and nothing is ever rounded. */
export function readAmount(typed: string, currency: string): TypedAmount {
  const text = typed.trim();
  if (text === '') return { kind: 'empty' };
  const amountMinor = parseDecimal(text.replace(',', '.'), currency);
  if (amountMinor === undefined) return { kind: 'wrong', words: `Write it like ${sampleAmount(currency)}.` };
  if (amountMinor < 0) return { kind: 'wrong', words: 'It can not be less than nothing.' };
  if (amountMinor > AMOUNT_MAX_MINOR) return { kind: 'wrong', words: 'That is more than any order.' };
  return { kind: 'amount', amountMinor };
}

/** An amount as a field holds it: "12.50", "1250", "12.500". */
export function amountText(amountMinor: number, currency: string): string {
  const digits = minorDigits(currency);
  const text = String(amountMinor).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** How an amount of this currency is written, as an example. */
export function sampleAmount(currency: string): string {
  return amountText(1_250 * 10 ** Math.max(0, minorDigits(currency) - 2), currency);
}
