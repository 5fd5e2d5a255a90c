/**
 * Exact decimal arithmetic for files: prices may have more digits than the currency knows, so a row's amount is
 * computed in whole units of its own scale and rounded once, half up, when it becomes minor units.
 */
import { minorDigits } from '../../domain/money.ts';

/** `units` divided by 10^`scale`. */
export interface Decimal {
  units: bigint;
  scale: number;
}

/** Which character parts the whole from the fraction; the other one may group thousands. */
export type DecimalMark = '.' | ',';

/** "1,234.50" or "1.234,50" to an exact decimal; undefined when the text is no plain number. */
export function parseDecimalText(text: string, mark: DecimalMark = '.'): Decimal | undefined {
  const grouping = mark === '.' ? ',' : '.';
  const match = /^([+-]?)(\d{1,18}|\d{1,3}(?:[.,]\d{3})+)(?:([.,])(\d{0,12}))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, sign, whole = '', foundMark, fraction = ''] = match;
  if (foundMark === grouping || whole.includes(mark)) return undefined;
  const units = BigInt(whole.replaceAll(grouping, '') + fraction);
  return { units: sign === '-' ? -units : units, scale: fraction.length };
}

/** The product with a whole number. */
export function times(value: Decimal, factor: number): Decimal {
  return { units: value.units * BigInt(factor), scale: value.scale };
}

/** The quotient as a decimal of 12 more digits, rounded half up; for rates and unit prices derived from totals. */
export function dividedBy(value: Decimal, divisor: Decimal): Decimal {
  const scale = value.scale + 12;
  const numerator = value.units * 10n ** BigInt(12 + divisor.scale);
  return { units: divideHalfUp(numerator, divisor.units), scale };
}

/** 1 − value: what is left after a discount rate. */
export function oneMinus(value: Decimal): Decimal {
  return { units: 10n ** BigInt(value.scale) - value.units, scale: value.scale };
}

/** How a fraction of a minor unit is treated: `halfUp` away from 0 at one half, `up` always away from 0. */
export type Rounding = 'halfUp' | 'up';

/** Minor units of the currency, rounded once; undefined when the amount is beyond safe integers. */
export function toMinor(value: Decimal, currency: string, rounding: Rounding = 'halfUp'): number | undefined {
  const digits = minorDigits(currency);
  const minor =
    value.scale <= digits
      ? value.units * 10n ** BigInt(digits - value.scale)
      : round(value.units, 10n ** BigInt(value.scale - digits), rounding);
  const number = Number(minor);
  return Number.isSafeInteger(number) ? number : undefined;
}

function round(numerator: bigint, divisor: bigint, rounding: Rounding): bigint {
  if (rounding === 'halfUp') return divideHalfUp(numerator, divisor);
  const whole = numerator / divisor;
  if (numerator % divisor === 0n) return whole;
  return numerator < 0n ? whole - 1n : whole + 1n;
}

function divideHalfUp(numerator: bigint, divisor: bigint): bigint {
  const negative = numerator < 0n !== divisor < 0n;
  const [top, bottom] = [abs(numerator), abs(divisor)];
  const result = (top * 2n + bottom) / (bottom * 2n);
  return negative ? -result : result;
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
