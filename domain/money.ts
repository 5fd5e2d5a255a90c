/**
 * Money: integer minor units with an ISO 4217 code, never a float.
 * Minor-unit digits are ISO 4217's (JPY 0, EUR 2, KWD 3), kept as the short list of those that are not 2. Intl is no
 * source for them: it gives CLDR's digits for display (HUF, IDR and COP 0 on Node 20), which change with the Node
 * version and would make a charge in forints a hundred times too small.
 */

/** An amount in minor units (12999 = 129.99 USD) and its ISO 4217 code. */
export interface Money {
  amount: number;
  currency: string;
}

/** The largest amount an order may carry, in minor units: far above any order, far below 2^53. */
export const AMOUNT_MAX_MINOR = 999_999_999_999;

/** Currencies whose minor unit is not a hundredth, by the number of its digits (ISO 4217, list one). */
const DIGITS_OTHER_THAN_2: Readonly<Record<number, readonly string[]>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' '),
  3: 'BHD IQD JOD KWD LYD OMR TND'.split(' '),
};
const digitsByCurrency = new Map(
  Object.entries(DIGITS_OTHER_THAN_2).flatMap(([digits, codes]) =>
    codes.map((code) => [code, Number(digits)] as const),
  ),
);
const known = new Set(Intl.supportedValuesOf('currency'));

/** True for a three-letter ISO 4217 code in active use, as CLDR lists them. */
export function isCurrency(code: string): boolean {
  return known.has(code);
}

/** How many decimal digits a currency's minor unit has (JPY 0, USD 2, KWD 3). Refuses unknown codes by RangeError. */
export function minorDigits(currency: string): number {
  if (!isCurrency(currency)) throw new RangeError(`unknown currency ${currency}`);
  return digitsByCurrency.get(currency) ?? 2;
}

/** "59.90 EUR", "1200 JPY": for summaries and messages that people read. */
export function formatMoney(amountMinor: number, currency: string): string {
  const digits = minorDigits(currency);
  const sign = amountMinor < 0 ? '-' : '';
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
  if (digits === 0) return `${sign}${text} ${currency}`;
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)} ${currency}`;
}

/**
 * Decimal text ("59.90") to minor units, exactly; undefined when it is not a plain decimal number
 * or has more digits than the currency knows (trailing zeros are fine). No rounding ever happens here.
 */
export function parseDecimal(text: string, currency: string): number | undefined {
  const match = /^(-?)(\d{1,15})(?:\.(\d{0,12}))?$/.exec(text.trim());
  if (!match) return undefined;
  const digits = minorDigits(currency);
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > digits) return undefined;
  const minor = Number(match[2] + fraction.padEnd(digits, '0'));
  if (!Number.isSafeInteger(minor)) return undefined;
  return match[1] && minor !== 0 ? -minor : minor;
}

/**
 * Card networks settle three-decimal currencies to two decimals: the last digit must be 0
 * (Stripe, "Supported currencies", three-decimal currencies). Returns the step in minor units.
 */
export function cardStepMinor(currency: string): number {
  return minorDigits(currency) === 3 ? 10 : 1;
}

/**
 * Shares `totalMinor` out by weight with the largest-remainder method: the parts add up to the total exactly,
 * each part a multiple of `stepMinor`; a rest smaller than a step goes to the last weighted part.
 * All weights 0 puts everything on the first part. Refuses negative weights and totals by RangeError.
 */
export function prorate(totalMinor: number, weights: readonly number[], stepMinor = 1): number[] {
  if (totalMinor < 0 || weights.some((weight) => weight < 0))
    throw new RangeError('prorate takes no negative numbers');
  if (weights.length === 0) return [];
  const weightSum = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  if (weightSum === 0n) return weights.map((_, index) => (index === 0 ? totalMinor : 0));
  const steps = BigInt(Math.floor(totalMinor / stepMinor));
  const shares = weights.map((weight, index) => {
    const exact = steps * BigInt(weight);
    return { index, floor: exact / weightSum, rest: exact % weightSum };
  });
  let missing = Number(steps - shares.reduce((sum, share) => sum + share.floor, 0n));
  const parts = shares.map((share) => Number(share.floor));
  const byRest = shares.toSorted((a, b) =>
    a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1,
  );
  for (const share of byRest) {
    if (missing === 0) break;
    parts[share.index] = (parts[share.index] ?? 0) + 1;
    missing -= 1;
  }
  const minor = parts.map((part) => part * stepMinor);
  const last = weights.findLastIndex((weight) => weight > 0);
  minor[last] = (minor[last] ?? 0) + (totalMinor - Number(steps) * stepMinor);
  return minor;
}
