/**
 * The ways to pay of an order as it was handed in: one `payment` or a list `payments`. Nobody else looks at those two fields;
 * they read the tenders, and the one of them that stands for the order in lists and filters.
 */
import { METHODS, isHeld, isOffline } from './method.ts';
import type { NewOrder, NewPayment, NewTender } from './newOrder.ts';
import { tendersOf, type Tender } from './tender.ts';

/** The part of an order that says how it is paid. */
export type PaidOrder = Pick<NewOrder, 'payment' | 'payments' | 'totals'>;

/** A way to pay as it was given, with its place and amount. */
export type GivenTender = NewPayment & { seq: number; amountMinor: number };

/** The ways to pay as they were given, in the order of their use. Throws RangeError for an order that names none. */
export function tendersIn(order: Pick<NewOrder, 'payment' | 'payments'>): readonly NewTender[] {
  const given = order.payments ?? (order.payment === undefined ? [] : [order.payment]);
  if (given.length === 0) throw new RangeError('an order without a way to pay was refused before');
  return given;
}

/** The same with amounts that add up to the total; undefined when they can't (tendersOf). One `payment` pays everything. */
export function givenTenders(order: PaidOrder): readonly GivenTender[] | undefined {
  const totalMinor = order.totals.total.amount;
  const given = tendersIn(order);
  const [first] = given;
  if (order.payments === undefined && first) return [{ ...first, seq: 1, amountMinor: totalMinor }];
  return tendersOf(
    given.map((one) => ({ ...one, amountMinor: one.amount?.amount ?? null })),
    totalMinor,
  );
}

/** The one way to pay that stands for the order: what is awaited (before or afterwards), else the first. */
export function paymentOf(order: Pick<NewOrder, 'payment' | 'payments'>): NewPayment {
  const given = tendersIn(order);
  const [first] = given;
  const found = given.find((one) => !isHeld(one.method)) ?? first;
  if (!found) throw new RangeError('an order without a way to pay was refused before');
  return found;
}

/**
 * True when the awaited money of a way to pay is there from the start: the channel took it, or there is nothing to await.
 * False for methods that set money aside: nothing of them is awaited.
 */
export function isPaidAtOnce(payment: NewPayment, amountMinor: number): boolean {
  if (payment.method === 'prepaid') return payment.paid ?? true;
  return isOffline(payment.method) && amountMinor === 0;
}

/**
 * The tenders to store: a card has its token, credit the id of its account. `accounts` are those of gift cards, by seq; their
 * codes are left behind here. Throws RangeError when amounts don't add up or an account is missing: both were refused before.
 */
export function tendersToStore(order: PaidOrder, accounts: ReadonlyMap<number, string>): Tender[] {
  const given = givenTenders(order);
  if (!given) throw new RangeError('ways to pay that do not add up were refused before');
  return given.map((one) => ({
    seq: one.seq,
    method: one.method,
    token: tokenOf(one, accounts),
    amountMinor: one.amountMinor,
  }));
}

function tokenOf(tender: GivenTender, accounts: ReadonlyMap<number, string>): string | null {
  if (tender.method === 'card') return tender.token;
  if (METHODS[tender.method].provider !== 'credit') return null;
  const account = accounts.get(tender.seq);
  if (account === undefined) throw new RangeError('credit without an account was refused before');
  return account;
}
