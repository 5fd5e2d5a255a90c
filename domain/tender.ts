/**
 * Tenders: the ways one order is paid, in the order in which they are used. Any number of them set money aside (card, gift
 * card, store credit); at most one is awaited before the order goes on or comes afterwards. Shares of warehouses and tenders
 * are laid side by side along the total: where the two overlap is a leg, which has payments of its own.
 */
import { isHeld } from './method.ts';
import type { PaymentMethod } from './order.ts';

/** One way an order is paid. */
export interface Tender {
  /** 1, 2, 3 …: the order in which tenders are used. */
  seq: number;
  method: PaymentMethod;
  /** The gateway's token, or the id of a credit account; null where a method needs none. */
  token: string | null;
  /** Minor units. */
  amountMinor: number;
}

/** Part of a share's amount that one tender pays. `attempt` is the business attempt: it rises only after a definite refusal. */
export interface Leg {
  tender: number;
  method: PaymentMethod;
  amountMinor: number;
  attempt: number;
}

/** Most tenders of one order. */
export const TENDERS_MAX = 10;

/**
 * The tenders of an order from what a sender gave: each has an amount but at most one, which takes what the others leave. Undefined
 * when they don't add up to the total, one is of nothing, or more than one is awaited (before or afterwards).
 */
export function tendersOf<T extends { method: PaymentMethod; amountMinor: number | null }>(
  given: readonly T[],
  totalMinor: number,
): (T & { seq: number; amountMinor: number })[] | undefined {
  const open = given.filter((one) => one.amountMinor === null);
  const fixed = given.reduce((sum, one) => sum + (one.amountMinor ?? 0), 0);
  const left = totalMinor - fixed;
  const fits = open.length === 1 ? left > 0 : open.length === 0 && left === 0;
  const awaited = given.filter((one) => !isHeld(one.method));
  if (!fits || awaited.length > 1 || given.some((one) => one.amountMinor !== null && one.amountMinor <= 0))
    return undefined;
  return given.map((one, index) => ({ ...one, seq: index + 1, amountMinor: one.amountMinor ?? left }));
}

/**
 * The legs of each share, oldest tender first. Only tenders that set money aside have legs; a share that costs nothing has
 * one of nothing, of the first such tender.
 */
export function legsOf(
  shareAmountsMinor: readonly number[],
  tenders: readonly Tender[],
): Omit<Leg, 'attempt'>[][] {
  const held = tenders.filter((tender) => isHeld(tender.method));
  let shareFrom = 0;
  return shareAmountsMinor.map((shareAmount) => {
    const [from, to] = [shareFrom, shareFrom + shareAmount];
    shareFrom = to;
    const [first] = held;
    if (shareAmount === 0) return first ? [{ tender: first.seq, method: first.method, amountMinor: 0 }] : [];
    let tenderFrom = 0;
    return tenders.flatMap(({ seq, method, amountMinor }) => {
      const [start, end] = [tenderFrom, tenderFrom + amountMinor];
      tenderFrom = end;
      const overlap = Math.min(to, end) - Math.max(from, start);
      return isHeld(method) && overlap > 0 ? [{ tender: seq, method, amountMinor: overlap }] : [];
    });
  });
}

/** How an order is paid as it is stored: several tenders, or one method for all of it. */
export interface StoredTenders {
  method: PaymentMethod;
  token: string | null;
  totalMinor: number;
  /** Null: one tender, of `method` and `token`, for the total. */
  tenders: readonly Tender[] | null;
}

/** The tenders of a stored order, in the order of their use. */
export function storedTenders({ method, token, totalMinor, tenders }: StoredTenders): readonly Tender[] {
  return tenders ?? [{ seq: 1, method, token, amountMinor: totalMinor }];
}

/** The tender that is awaited before the order goes on or that comes afterwards; undefined when all is set aside. */
export function awaitedTender(order: StoredTenders): Tender | undefined {
  return storedTenders(order).find((tender) => !isHeld(tender.method));
}
