import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newOrder } from '../test/given/life.ts';
import { actionsWithEffects } from './effects.ts';
import { countedMinor, owedMinor, remainderMinor } from './remainder.ts';

describe('what a leg still owes', () => {
  it.each([
    [5_000, [], 5_000],
    [5_000, [0], 5_000],
    [5_000, [3_000], 2_000],
    [5_000, [3_000, 1_500], 500],
    [5_000, [5_000], 0],
    [5_000, [6_000], 0],
    [0, [], 0],
  ])('%i less %j is %i', (legMinor, taken, left) => {
    expect(remainderMinor(legMinor, taken)).toBe(left);
  });

  it.each([
    [-1, []],
    [0.5, []],
    [100, [-1]],
    [100, [Number.NaN]],
  ])('refuses %d less %j', (legMinor, taken) => {
    expect(() => remainderMinor(legMinor, taken)).toThrow(RangeError);
  });

  it('never asks for more in all than the leg comes to', () => {
    const minor = fc.integer({ min: 0, max: 10_000_000 });
    fc.assert(
      fc.property(minor, fc.array(minor, { maxLength: 5 }), (legMinor, shares) => {
        // Each attempt asks for what is left and takes a part of it.
        const taken: number[] = [];
        for (const one of shares) taken.push(Math.min(one, remainderMinor(legMinor, taken)));
        const sum = taken.reduce((total, one) => total + one, 0);
        expect(sum + remainderMinor(legMinor, taken)).toBe(legMinor);
      }),
    );
  });
});

describe('what was taken before', () => {
  it.each([
    ['captured', 3_000, 0, 0, 3_000],
    ['captured', 3_000, 1_000, 500, 1_500],
    ['partially_captured', 3_000, 1_000, 500, 3_000],
  ] as const)(
    '%s %i of which %i and %i went back counts %i',
    (state, captured, refunded, chargedBack, counted) => {
      const payment = {
        state,
        capturedMinor: captured,
        refundedMinor: refunded,
        chargedBackMinor: chargedBack,
      };
      expect(countedMinor(payment)).toBe(counted);
      const share = { payments: [{ id: 'a', attempt: 1, state }] };
      const leg = { tender: 1, attempt: 2, amountMinor: 5_000 };
      expect(owedMinor(share, leg, () => counted)).toBe(5_000 - counted);
    },
  );
});

describe('an attempt of a leg', () => {
  const taken = new Map([
    ['a', 3_000],
    ['b', 500],
    ['other', 4_000],
  ]);
  const takenMinor = (id: string) => taken.get(id) ?? 0;
  const payments = [
    { id: 'a', attempt: 1, state: 'partially_captured' as const },
    { id: 'other', attempt: 1, tender: 2, state: 'partially_captured' as const },
    { id: 'b', attempt: 2, state: 'partially_captured' as const },
    { id: 'refused', attempt: 3, state: 'declined' as const },
  ];
  const leg = { tender: 1, amountMinor: 5_000 };

  it.each([
    [1, 5_000],
    [2, 2_000],
    [3, 1_500],
    [4, 1_500],
  ])('number %i asks for %i', (attempt, owed) => {
    expect(owedMinor({ payments }, { ...leg, attempt }, takenMinor)).toBe(owed);
  });

  it('is announced with the rest, not with the whole', () => {
    const view = newOrder(1, 'card');
    view.shares[0]?.payments.push({ id: 'pay_1', attempt: 1, state: 'partially_captured' });
    const at = '2026-03-01T12:00:00Z';
    view.waits = [
      { kind: 'payment', subject: 'ord_1', awaitedFrom: 'x', since: at, deadlineAt: at, thenWhat: 'x' },
    ];
    const payment = { id: 'pay_1', amountMinor: 1_000, authorizedMinor: 1_000, capturedMinor: 700 };
    const retry = actionsWithEffects(view, {
      payments: [{ ...payment, keptMinor: 700 }],
      allocatedUnits: 1,
    }).find((one) => one.action === 'retry');
    expect(retry).toMatchObject({
      enabled: true,
      effects: [{ kind: 'new_payment_attempt', amountMinor: 300 }],
    });
  });
});
