/** The payment axis, folded from sums, and the keys of outside effects. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PAYMENT_STATUSES } from './order.ts';
import { OPERATION_KINDS, operationKey, paymentId, paymentStatus, type MoneySums } from './payment.ts';

const none: MoneySums = {
  totalMinor: 1_000,
  authorizedMinor: 0,
  capturedMinor: 0,
  refundedMinor: 0,
  voidedMinor: 0,
  pending: false,
};

describe('the payment axis', () => {
  it.each([
    ['none', {}],
    ['pending', { pending: true }],
    ['partially_authorized', { authorizedMinor: 400, pending: true }],
    ['authorized', { authorizedMinor: 1_000 }],
    ['partially_captured', { authorizedMinor: 600, capturedMinor: 400 }],
    ['captured', { capturedMinor: 1_000 }],
    ['captured', { totalMinor: 0 }],
    ['overpaid', { capturedMinor: 1_200 }],
    ['partially_refunded', { capturedMinor: 1_000, refundedMinor: 1 }],
    ['refunded', { capturedMinor: 1_000, refundedMinor: 1_000 }],
    ['voided', { voidedMinor: 1_000 }],
  ])('is %s for %o', (status, sums) => {
    expect(paymentStatus({ ...none, ...sums })).toBe(status);
  });

  const amount = fc.integer({ min: 0, max: 10_000 });
  const sums = fc
    .record({
      totalMinor: amount,
      authorizedMinor: amount,
      capturedMinor: amount,
      refundedMinor: amount,
      voidedMinor: amount,
      pending: fc.boolean(),
    })
    .map((one) => ({ ...one, refundedMinor: Math.min(one.refundedMinor, one.capturedMinor) }));

  it('is one of its values for any sums, and says captured only when all of it was', () => {
    fc.assert(
      fc.property(sums, (given) => {
        const status = paymentStatus(given);
        expect(PAYMENT_STATUSES).toContain(status);
        if (status === 'captured') expect(given.capturedMinor).toBe(given.totalMinor);
        if (status === 'authorized') expect(given.authorizedMinor).toBeGreaterThanOrEqual(given.totalMinor);
        if (status === 'voided' || status === 'none') expect(given.capturedMinor).toBe(0);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('operation keys', () => {
  const numbers = fc.integer({ min: 1, max: 99_999_999_999 });
  const small = fc.integer({ min: 1, max: 999 });
  const parts = fc.tuple(numbers, fc.constantFrom(...OPERATION_KINDS), small, small);
  it('are short and tell every effect apart', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const key = ([number, kind, shareSeq, attempt]: typeof a) =>
          operationKey(number, kind, { shareSeq, attempt });
        expect(key(a).length).toBeLessThanOrEqual(60);
        expect(key(a) === key(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });
  it('read as what they are', () => {
    expect(operationKey(100_042, 'authorize', { shareSeq: 1, attempt: 2 })).toBe('100042/authorize/1/2');
    expect(paymentId('ord_0193', 1, 2)).toBe('pay_0193_1_2');
  });
});
