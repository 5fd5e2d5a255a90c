/** Money: digits, decimal text, and sharing out to the minor unit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AMOUNT_MAX_MINOR,
  cardStepMinor,
  formatMoney,
  isCurrency,
  minorDigits,
  parseDecimal,
  prorate,
} from './money.ts';

const currencies = fc.constantFrom(...Intl.supportedValuesOf('currency'));
const amounts = fc.integer({ min: -AMOUNT_MAX_MINOR, max: AMOUNT_MAX_MINOR });

describe('minor units', () => {
  it.each([
    ['JPY', 0],
    ['KRW', 0],
    ['USD', 2],
    ['EUR', 2],
    // Intl shows these without digits, yet their minor unit is a hundredth and gateways charge in it.
    ['HUF', 2],
    ['IDR', 2],
    ['COP', 2],
    ['KWD', 3],
    ['IQD', 3],
  ])('%s has %i digits', (currency, digits) => {
    expect(minorDigits(currency)).toBe(digits);
  });
  it('knows codes only', () => {
    expect(isCurrency('EUR')).toBe(true);
    for (const wrong of ['eur', 'EU', 'EURO', '', 'XYZ']) expect(isCurrency(wrong)).toBe(false);
    expect(() => minorDigits('XYZ')).toThrow(RangeError);
  });
  it('cards take three-decimal currencies in steps of ten', () => {
    expect(cardStepMinor('KWD')).toBe(10);
    expect(cardStepMinor('EUR')).toBe(1);
    expect(cardStepMinor('JPY')).toBe(1);
  });
});

describe('decimal text', () => {
  it('is what formatMoney prints, read back exactly', () => {
    fc.assert(
      fc.property(currencies, amounts, (currency, amount) => {
        const [decimal = '', code] = formatMoney(amount, currency).split(' ');
        expect(code).toBe(currency);
        expect(parseDecimal(decimal, currency)).toBe(amount);
      }),
      { numRuns: 2_000 },
    );
  });
  it.each([
    ['59.90', 'EUR', 5990],
    ['59.9', 'EUR', 5990],
    ['59', 'EUR', 5900],
    ['59.9000', 'EUR', 5990],
    [' 1200 ', 'JPY', 1200],
    ['1200.00', 'JPY', 1200],
    ['1.234', 'KWD', 1234],
    ['-0.05', 'USD', -5],
    ['-0', 'USD', 0],
  ])('%s %s is %i', (text, currency, minor) => {
    expect(parseDecimal(text, currency)).toBe(minor);
  });
  it.each([
    ['59.905', 'EUR'],
    ['12.5', 'JPY'],
    ['1e3', 'EUR'],
    ['1,50', 'EUR'],
    ['1 000', 'EUR'],
    ['+1', 'EUR'],
    ['.5', 'EUR'],
    ['', 'EUR'],
    ['NaN', 'EUR'],
    ['0x10', 'EUR'],
    ['999999999999999.99', 'EUR'],
    ['9999999999999999', 'EUR'],
  ])('%s %s is refused, never rounded', (text, currency) => {
    expect(parseDecimal(text, currency)).toBeUndefined();
  });
});

const weights = fc.array(fc.integer({ min: 0, max: 1_000_000_000_000 }), { minLength: 1, maxLength: 40 });
const totals = fc.integer({ min: 0, max: AMOUNT_MAX_MINOR });

describe('prorate', () => {
  it('gives out the total exactly, whatever the step', () => {
    fc.assert(
      fc.property(totals, weights, fc.constantFrom(1, 10), (total, given, step) => {
        const parts = prorate(total, given, step);
        expect(parts).toHaveLength(given.length);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
        expect(parts.every((part) => Number.isSafeInteger(part) && part >= 0)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
  it('keeps every part within one step of its exact share, and a multiple of it', () => {
    fc.assert(
      fc.property(totals, weights, fc.constantFrom(1, 10), (given, shares, step) => {
        const total = given - (given % step);
        const sum = shares.reduce((all, weight) => all + BigInt(weight), 0n);
        fc.pre(sum > 0n);
        for (const [index, part] of prorate(total, shares, step).entries()) {
          // |part − total·w/sum| < step, multiplied by sum so that it stays in whole numbers.
          const distance = BigInt(part) * sum - BigInt(total) * BigInt(shares[index] ?? 0);
          expect(distance < BigInt(step) * sum && -distance < BigInt(step) * sum).toBe(true);
          expect(part % step).toBe(0);
        }
      }),
      { numRuns: 2_000 },
    );
  });
  it('gives nothing to what weighs nothing, and never more to less', () => {
    fc.assert(
      fc.property(totals, weights, (total, given) => {
        fc.pre(given.some((weight) => weight > 0));
        const parts = prorate(total, given);
        for (const [a, left] of given.entries()) {
          if (left === 0) expect(parts[a]).toBe(0);
          for (const [b, right] of given.entries())
            if (left > right) expect(parts[a]).toBeGreaterThanOrEqual(parts[b] ?? 0);
        }
      }),
    );
  });
  it('puts everything on the first part when nothing weighs, and a rest on the last that does', () => {
    expect(prorate(500, [0, 0])).toEqual([500, 0]);
    expect(prorate(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(prorate(105, [1, 1, 0], 10)).toEqual([50, 55, 0]);
    expect(prorate(500, [])).toEqual([]);
  });
  it('refuses negative numbers', () => {
    expect(() => prorate(-1, [1])).toThrow(RangeError);
    expect(() => prorate(1, [1, -1])).toThrow(RangeError);
  });
});
