/** An amount with its currency as people type the two. Pure. */
import { isCurrency } from '../../domain/money.ts';
import { readAmount } from './amount.ts';

/** What two fields say: money, or what is wrong with each of them in words. */
export type TypedMoney =
  | { ok: true; money: { amount: number; currency: string } }
  | { ok: false; amount?: string; currency?: string };

/** Reads the fields. More than zero is needed; the case of the currency does not matter. */
export function readMoney(typed: { amount: string; currency: string }): TypedMoney {
  const currency = typed.currency.trim().toUpperCase();
  if (!isCurrency(currency))
    return {
      ok: false,
      currency: currency === '' ? 'Say which currency.' : 'Write its three letters, like EUR.',
    };
  const read = readAmount(typed.amount, currency);
  if (read.kind === 'wrong') return { ok: false, amount: read.words };
  if (read.kind === 'empty' || read.amountMinor === 0) return { ok: false, amount: 'Say how much.' };
  return { ok: true, money: { amount: read.amountMinor, currency } };
}
