/**
 * Methods of payment: money is set aside first and taken later (card, gift card, store credit), is awaited before the order
 * goes on (prepaid at the channel, bank transfer), or comes afterwards (invoice, cash on delivery).
 */
import { PAYMENT_METHODS, type PaymentMethod } from './order.ts';

interface MethodRule {
  /** `hold`: set aside first, taken later. `before`: awaited before the order goes on. `after`: awaited afterwards. */
  moment: 'hold' | 'before' | 'after';
  /** Who moves it: the gateway, our own credit accounts; `channel` and `offline` are moved by people and only recorded here. */
  provider: 'gateway' | 'credit' | 'channel' | 'offline';
  /** The account of the books that gains when money comes in. */
  account: LedgerAccount;
}

/** The accounts of the books. `customer` is the other side of every posting. */
export const LEDGER_ACCOUNTS = ['gateway', 'credit', 'channel', 'bank', 'cash', 'other', 'customer'] as const;
export type LedgerAccount = (typeof LEDGER_ACCOUNTS)[number];

/** How each method works. */
export const METHODS: Readonly<Record<PaymentMethod, MethodRule>> = Object.freeze({
  card: { moment: 'hold', provider: 'gateway', account: 'gateway' },
  gift_card: { moment: 'hold', provider: 'credit', account: 'credit' },
  store_credit: { moment: 'hold', provider: 'credit', account: 'credit' },
  prepaid: { moment: 'before', provider: 'channel', account: 'channel' },
  bank_transfer: { moment: 'before', provider: 'offline', account: 'bank' },
  invoice: { moment: 'after', provider: 'offline', account: 'bank' },
  cash_on_delivery: { moment: 'after', provider: 'offline', account: 'cash' },
});

/** Methods of credit that we keep ourselves. */
export const CREDIT_METHODS = ['gift_card', 'store_credit'] as const satisfies readonly PaymentMethod[];
export type CreditMethod = (typeof CREDIT_METHODS)[number];

/** Methods whose money is recorded by a person or from a file. */
export const OFFLINE_METHODS = [
  'bank_transfer',
  'invoice',
  'cash_on_delivery',
] as const satisfies readonly PaymentMethod[];
export type OfflineMethod = (typeof OFFLINE_METHODS)[number];

/** Methods that set money aside before it is taken. */
export const HELD_METHODS = PAYMENT_METHODS.filter((method) => METHODS[method].moment === 'hold');

/** True when the method sets money aside before it is taken. */
export function isHeld(method: PaymentMethod): boolean {
  return METHODS[method].moment === 'hold';
}

/** True when the money is recorded by a person or from a file. */
export function isOffline(method: PaymentMethod): method is OfflineMethod {
  return METHODS[method].provider === 'offline';
}

/** Ways on which people give money back that did not go back the way it came. */
export const REFUND_ROUTES = ['bank_transfer', 'cash', 'other'] as const;
export type RefundRoute = (typeof REFUND_ROUTES)[number];

const ROUTE_ACCOUNTS: Readonly<Record<RefundRoute, LedgerAccount>> = {
  bank_transfer: 'bank',
  cash: 'cash',
  other: 'other',
};

/**
 * The account that loses what a person gives back: that of the way they say. When they say none, the method's own where people
 * move its money, and `other` where a gateway or we ourselves would have moved it: there it was not moved.
 */
export function accountByHand(method: PaymentMethod, route?: RefundRoute): LedgerAccount {
  if (route !== undefined) return ROUTE_ACCOUNTS[route];
  return isByHand(method) ? METHODS[method].account : 'other';
}

/** True when money of this method is given back by a person outside Holdfast, and only recorded here. */
export function isByHand(method: PaymentMethod): boolean {
  const { provider } = METHODS[method];
  return provider === 'channel' || provider === 'offline';
}
