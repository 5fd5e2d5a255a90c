/**
 * Methods of payment: money is set aside first and taken later (card), is awaited before the order goes on (prepaid at the
 * channel, bank transfer), or comes afterwards (invoice, cash on delivery).
 */
import type { PaymentMethod } from './order.ts';

interface MethodRule {
  /** `hold`: set aside first, taken later. `before`: awaited before the order goes on. `after`: awaited afterwards. */
  moment: 'hold' | 'before' | 'after';
  /** The provider that moves it. `channel` and `offline` are moved by people and only recorded here. */
  provider: 'gateway' | 'channel' | 'offline';
  /** The account of the books that gains when money comes in. */
  account: LedgerAccount;
}

/** The accounts of the books. `customer` is the other side of every posting. */
export const LEDGER_ACCOUNTS = ['gateway', 'channel', 'bank', 'cash', 'customer'] as const;
export type LedgerAccount = (typeof LEDGER_ACCOUNTS)[number];

/** How each method works. */
export const METHODS: Readonly<Record<PaymentMethod, MethodRule>> = Object.freeze({
  card: { moment: 'hold', provider: 'gateway', account: 'gateway' },
  prepaid: { moment: 'before', provider: 'channel', account: 'channel' },
  bank_transfer: { moment: 'before', provider: 'offline', account: 'bank' },
  invoice: { moment: 'after', provider: 'offline', account: 'bank' },
  cash_on_delivery: { moment: 'after', provider: 'offline', account: 'cash' },
});

/** True when the method sets money aside before it is taken. */
export function isHeld(method: PaymentMethod): boolean {
  return METHODS[method].moment === 'hold';
}

/** True when money of this method is given back by a person outside Holdfast, and only recorded here. */
export function isByHand(method: PaymentMethod): boolean {
  const { provider } = METHODS[method];
  return provider === 'channel' || provider === 'offline';
}
