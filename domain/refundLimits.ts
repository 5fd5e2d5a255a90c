/**
 * The largest refund that each role gives without a second person, in whole units of the currency. A number counts for every
 * currency; a table has a number for the currencies it names and `default` for all others, because 5,000 yen are not 5,000 euros.
 */

/** Roles that have a limit. */
export const LIMITED_ROLES = ['channel', 'support', 'ops'] as const;
type LimitedRole = (typeof LIMITED_ROLES)[number];

/** One role's limit: for every currency, or by currency. */
export type RefundLimit = number | (Readonly<Record<string, number>> & { readonly default: number });
/** The limits of all roles. */
export type RefundLimits = Readonly<Record<LimitedRole, RefundLimit>>;

/**
 * Roughly how many whole units of a currency without decimals are worth one of those with two: limits need the size, no rate.
 * Currencies with decimals and small units can be named in a channel's policy.
 */
const ROUGHLY_ONE: Readonly<Record<string, number>> = {
  BIF: 3_000,
  CLP: 1_000,
  DJF: 180,
  GNF: 9_000,
  ISK: 140,
  JPY: 150,
  KMF: 450,
  KRW: 1_400,
  PYG: 7_500,
  RWF: 1_400,
  UGX: 3_700,
  VND: 25_000,
  VUV: 120,
  XAF: 600,
  XOF: 600,
  XPF: 110,
};

/** A limit of `major` units that is as much in currencies whose unit is small. */
export function scaledLimit(major: number): RefundLimit {
  const small = Object.entries(ROUGHLY_ONE).map(([currency, units]) => [currency, major * units] as const);
  return Object.freeze({ default: major, ...Object.fromEntries(small) });
}

/** The largest refund in this currency that this role gives without a second person; the lowest of all for who is unknown. */
export function refundLimitMajor(limits: RefundLimits, role: unknown, currency: string): number {
  const of = (one: LimitedRole) => limitIn(limits[one], currency);
  const known = LIMITED_ROLES.find((one) => one === role);
  return known ? of(known) : Math.min(...LIMITED_ROLES.map(of));
}

function limitIn(limit: RefundLimit, currency: string): number {
  return typeof limit === 'number' ? limit : (limit[currency] ?? limit.default);
}
