/**
 * Gift cards and store credit that we keep ourselves: what may be held, taken, given back and adjusted, and how codes
 * look. Pure; db/writes/credit.ts applies it under the account's lock. Amounts are minor units.
 */
import type { FailureCode } from './failures.ts';
import { AMOUNT_MAX_MINOR } from './money.ts';

/** States of an account. A disabled one takes no new payments; what is held can still be taken, released and given back. */
export const CREDIT_STATES = ['active', 'disabled'] as const;
export type CreditState = (typeof CREDIT_STATES)[number];

/** Why a person disables an account: a code, since the audit keeps it. */
export const DISABLE_REASONS = ['lost', 'stolen', 'fraud', 'mistake', 'other'] as const;
export type DisableReason = (typeof DISABLE_REASONS)[number];

/** What can happen to an account. Its balance and held amount are the sums of these. */
export const MOVEMENT_KINDS = ['issued', 'adjusted', 'held', 'released', 'taken', 'given_back'] as const;
export type CreditMovementKind = (typeof MOVEMENT_KINDS)[number];

/** States of a hold. `refused` holds nothing: it only keeps what its key was answered. */
export const HOLD_STATES = ['held', 'taken', 'released', 'refused'] as const;
export type HoldState = (typeof HOLD_STATES)[number];

/** An account as the rules need it. */
export interface CreditFacts {
  currency: string;
  balanceMinor: number;
  heldMinor: number;
  state: CreditState;
  expiresAt: Date | null;
}

/** A hold as the rules need it. */
export interface HoldFacts {
  state: HoldState;
  currency: string;
  amountMinor: number;
  takenMinor: number;
  givenBackMinor: number;
}

/** By how much a movement changes the account. */
export interface CreditDelta {
  kind: CreditMovementKind;
  balanceMinor: number;
  heldMinor: number;
}

/** What a rule says: the movements to write (none: it is done already), or a definite no. */
export type CreditRuling =
  { ok: true; deltas: readonly CreditDelta[] } | { ok: false; code: FailureCode; why: CreditRefusal };

/** Why not, as the provider's own code. */
export type CreditRefusal =
  | 'account_unknown'
  | 'account_disabled'
  | 'account_expired'
  | 'currency_differs'
  | 'amount_invalid'
  | 'balance_short'
  | 'balance_too_large'
  | 'hold_unknown'
  | 'hold_released'
  | 'hold_taken'
  | 'hold_refused'
  | 'not_taken'
  | 'amount_too_large';

function no(code: FailureCode, why: CreditRefusal): CreditRuling {
  return { ok: false, code, why };
}

function isAmount(minor: number): boolean {
  return Number.isSafeInteger(minor) && minor > 0 && minor <= AMOUNT_MAX_MINOR;
}

/** What can still be held, in minor units; never negative. */
export function availableMinor(account: Pick<CreditFacts, 'balanceMinor' | 'heldMinor'>): number {
  return Math.max(0, account.balanceMinor - account.heldMinor);
}

/** Why nothing new can be paid with the account at `now` in `currency`; undefined when it can. */
export function unusable(
  account: Pick<CreditFacts, 'currency' | 'state' | 'expiresAt'>,
  currency: string,
  now: Date,
): CreditRefusal | undefined {
  if (account.state !== 'active') return 'account_disabled';
  if (account.expiresAt && account.expiresAt.getTime() <= now.getTime()) return 'account_expired';
  return account.currency === currency ? undefined : 'currency_differs';
}

/** Sets money aside. Refuses an amount that is none, an account that can't be used, and more than is available. */
export function ruleHold(
  account: CreditFacts,
  asked: { amountMinor: number; currency: string },
  now: Date,
): CreditRuling {
  if (!isAmount(asked.amountMinor)) return no('payment_refused', 'amount_invalid');
  const why = unusable(account, asked.currency, now);
  if (why) return no('credit_unusable', why);
  if (asked.amountMinor > availableMinor(account)) return no('credit_short', 'balance_short');
  return { ok: true, deltas: [{ kind: 'held', balanceMinor: 0, heldMinor: asked.amountMinor }] };
}

/**
 * Takes what is held, or less: what is left of the hold is free again. A hold that was taken is done already, whatever
 * amount is asked for. Refuses more than is held and a hold that was released.
 */
export function ruleTake(hold: HoldFacts, asked: { amountMinor: number; currency: string }): CreditRuling {
  if (hold.state === 'taken') return { ok: true, deltas: [] };
  if (hold.state !== 'held')
    return no('capture_refused', hold.state === 'released' ? 'hold_released' : 'hold_refused');
  if (asked.currency !== hold.currency) return no('capture_refused', 'currency_differs');
  if (!isAmount(asked.amountMinor)) return no('capture_refused', 'amount_invalid');
  const restMinor = hold.amountMinor - asked.amountMinor;
  if (restMinor < 0) return no('capture_refused', 'amount_too_large');
  const taken = { kind: 'taken', balanceMinor: -asked.amountMinor, heldMinor: -asked.amountMinor } as const;
  const rest = { kind: 'released', balanceMinor: 0, heldMinor: -restMinor } as const;
  return { ok: true, deltas: restMinor > 0 ? [taken, rest] : [taken] };
}

/** Frees what is held. A hold that was released is done already; one that was taken is refused. */
export function ruleRelease(hold: HoldFacts): CreditRuling {
  if (hold.state === 'released') return { ok: true, deltas: [] };
  if (hold.state !== 'held')
    return no('payment_refused', hold.state === 'taken' ? 'hold_taken' : 'hold_refused');
  return { ok: true, deltas: [{ kind: 'released', balanceMinor: 0, heldMinor: -hold.amountMinor }] };
}

/**
 * Gives back to the account, also a disabled or expired one: the money is the customer's. Refuses more than was taken and
 * not given back yet.
 */
export function ruleGiveBack(
  hold: HoldFacts,
  asked: { amountMinor: number; currency: string },
): CreditRuling {
  if (hold.state !== 'taken') return no('refund_failed', 'not_taken');
  if (asked.currency !== hold.currency) return no('refund_failed', 'currency_differs');
  if (!isAmount(asked.amountMinor)) return no('refund_failed', 'amount_invalid');
  if (asked.amountMinor > hold.takenMinor - hold.givenBackMinor)
    return no('refund_failed', 'amount_too_large');
  return { ok: true, deltas: [{ kind: 'given_back', balanceMinor: asked.amountMinor, heldMinor: 0 }] };
}

/** Adds to or takes from the balance by hand. Refuses to leave less than is held, or more than an account may hold. */
export function ruleAdjust(
  account: CreditFacts,
  asked: { amountMinor: number; currency: string },
): CreditRuling {
  if (asked.currency !== account.currency) return no('credit_unusable', 'currency_differs');
  if (!isAmount(Math.abs(asked.amountMinor))) return no('invalid', 'amount_invalid');
  const balanceMinor = account.balanceMinor + asked.amountMinor;
  if (balanceMinor < account.heldMinor) return no('credit_short', 'balance_short');
  if (asked.amountMinor > 0 && balanceMinor > AMOUNT_MAX_MINOR) return no('invalid', 'balance_too_large');
  return { ok: true, deltas: [{ kind: 'adjusted', balanceMinor: asked.amountMinor, heldMinor: 0 }] };
}

/** What people read of a refusal: no personal data, no code. */
export const CREDIT_REFUSAL_WORDS: Readonly<Record<CreditRefusal, string>> = {
  account_unknown: 'There is no such gift card or store credit.',
  account_disabled: 'It is disabled.',
  account_expired: 'It has expired.',
  currency_differs: 'It is in another currency.',
  amount_invalid: 'This amount can not be moved.',
  balance_short: 'It does not hold enough.',
  balance_too_large: 'It would hold more than an account may.',
  hold_unknown: 'Nothing was set aside under this reference.',
  hold_released: 'What was set aside has been given back already.',
  hold_taken: 'What was set aside has been taken already.',
  hold_refused: 'Nothing was set aside.',
  not_taken: 'Nothing was taken that could be given back.',
  amount_too_large: 'It is more than there is.',
};

/** No vowels (no words), none of 0 O 1 I L (read for one another). */
const LETTERS = 'BCDFGHJKMNPQRSTVWXYZ';
const CHARACTERS = `${LETTERS}23456789`;
const GROUPS = 4;
const GROUP_LENGTH = 4;
const CODE = new RegExp(`^(?:[${LETTERS}][${CHARACTERS}]{${GROUP_LENGTH - 1}}){${GROUPS}}$`);

/** The longest text that is looked at as a code. */
export const CREDIT_TEXT_MAX = 60;

/**
 * A new code: 16 characters in groups of four, 75 bits. `below(n)` gives an unbiased random integer from 0 to n − 1. Each group
 * begins with a letter, so that a code can't be taken for a card number.
 */
export function makeCreditCode(below: (n: number) => number): string {
  const one = (from: string) => from.charAt(below(from.length));
  return Array.from(
    { length: GROUPS },
    () => one(LETTERS) + Array.from({ length: GROUP_LENGTH - 1 }, () => one(CHARACTERS)).join(''),
  ).join('-');
}

/** The code in its one spelling, without blanks and dashes and in upper case; undefined when it can't be one. */
export function normalCreditCode(text: string): string | undefined {
  if (text.length > CREDIT_TEXT_MAX) return undefined;
  const bare = text
    .normalize('NFKC')
    .replace(/[\s\p{Pd}\u2212\u00ad\u200b-\u200f]/gu, '')
    .toUpperCase();
  return CODE.test(bare) ? bare : undefined;
}
