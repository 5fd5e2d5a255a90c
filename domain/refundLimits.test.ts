import { describe, expect, it } from 'vitest';
import { minorDigits } from './money.ts';
import { DEFAULT_POLICY } from './policy.ts';
import { needsApproval } from './refund.ts';
import { refundLimitMajor, scaledLimit, type RefundLimits } from './refundLimits.ts';

const LIMITS: RefundLimits = { channel: 0, support: 200, ops: { default: 5_000, JPY: 700_000 } };

describe('how much a role gives back alone', () => {
  it.each([
    ['support', 'EUR', 200],
    ['support', 'JPY', 200],
    ['ops', 'EUR', 5_000],
    ['ops', 'JPY', 700_000],
    ['channel', 'JPY', 0],
    // Who is not known has the lowest of all.
    ['nobody', 'EUR', 0],
    [undefined, 'EUR', 0],
    // No property of every object is a currency or a role.
    ['constructor', 'EUR', 0],
  ])('%s in %s: %i', (role, currency, major) => {
    expect(refundLimitMajor(LIMITS, role, currency)).toBe(major);
  });

  it('the lowest in the currency of the refund counts', () => {
    const limits = { channel: { default: 500, JPY: 10 }, support: 100, ops: 1_000 };
    expect(refundLimitMajor(limits, 'nobody', 'EUR')).toBe(100);
    expect(refundLimitMajor(limits, 'nobody', 'JPY')).toBe(10);
  });
});

describe('without a policy of its own', () => {
  const alone = (role: string, amountMinor: number, currency: string) =>
    !needsApproval(amountMinor, currency, refundLimitMajor(DEFAULT_POLICY.refundLimits, role, currency));

  it('ops gives 5,000 yen (about 30 euros) and 700,000 yen alone, and not 800,000', () => {
    expect([5_000, 700_000, 800_000].map((yen) => alone('ops', yen, 'JPY'))).toEqual([true, true, false]);
    expect([500_000, 500_001].map((cents) => alone('ops', cents, 'EUR'))).toEqual([true, false]);
    expect([20_000, 20_001].map((cents) => alone('support', cents, 'USD'))).toEqual([true, false]);
    expect(alone('support', 20_000, 'JPY')).toBe(true);
    expect(alone('channel', 1, 'JPY')).toBe(false);
  });

  it('every currency without decimals has a limit of its own', () => {
    const own = Object.keys(scaledLimit(1)).filter((name) => name !== 'default');
    const without = Intl.supportedValuesOf('currency').filter((code) => minorDigits(code) === 0);
    expect(own).toEqual(without);
  });
});
