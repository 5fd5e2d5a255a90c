/** What a customer is told of a payment, in every state an order can get into: it never offers what the order would refuse. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answer, drive, LATER, newOrder, reachedAtAnyMoment, retry } from '../test/given/life.ts';
import { changePaymentRefusal } from './changePayment.ts';
import { declineWords } from './declines.ts';
import { dueSteps, isCovered, type OrderView } from './lifecycle.ts';
import { PAY_STATES, payStandingOf, type PayFacts } from './payState.ts';
import { storedTenders, type Tender } from './tender.ts';

function facts(view: OrderView, changes: Partial<PayFacts> = {}): PayFacts {
  const legs = view.shares[0]?.legs;
  const tenders =
    legs?.map(({ tender, method, amountMinor }): Tender => ({
      seq: tender,
      method,
      token: 't',
      amountMinor,
    })) ?? null;
  const { method, totalMinor } = view;
  return {
    tenders: storedTenders({ method, token: 't', totalMinor, tenders }),
    isChangePending: false,
    takenMinor: {},
    refusals: {},
    ...changes,
  };
}

function step(view: OrderView, given: 'done' | 'refused' | 'unknown'): void {
  const [due] = dueSteps(view, LATER);
  if (due) answer(view, due, given);
}

const standing = (view: OrderView, changes: Partial<PayFacts> = {}) =>
  payStandingOf(view, facts(view, changes));

describe('any state of an order', () => {
  it('asks for money only where the order takes another way to pay, and for no more than it costs', () => {
    fc.assert(
      fc.property(reachedAtAnyMoment, (view) => {
        const { state, dueMinor, reason } = standing(view);
        expect(PAY_STATES).toContain(state);
        expect(dueMinor === null).toBe(changePaymentRefusal(view) !== undefined);
        expect(['payable', 'declined'].includes(state)).toBe(dueMinor !== null);
        if (dueMinor !== null) expect(dueMinor).toBeLessThanOrEqual(view.totalMinor * 2);
        expect(reason !== null).toBe(state === 'declined');
        if (state === 'paid' && view.lifecycle !== 'completed')
          expect(view.shares.every((share) => isCovered(view, share))).toBe(true);
      }),
    );
  });

  it('asks for nothing while an answer to what was given is awaited', () => {
    fc.assert(
      fc.property(reachedAtAnyMoment, (view) => {
        expect(standing(view, { isChangePending: true }).dueMinor).toBeNull();
      }),
    );
  });
});

describe('an order of one card', () => {
  it('is working while the bank is asked, declined with the reason, and paid when it said yes', () => {
    const view = newOrder(1, 'card');
    expect(standing(view).state).toBe('working');
    step(view, 'refused');
    expect(standing(view, { refusals: { pay_1_1_1: 'expired_card' } })).toEqual({
      state: 'declined',
      dueMinor: 1_000,
      reason: declineWords('expired_card'),
    });
    retry(view);
    expect(standing(view).state).toBe('working');
    drive(view);
    expect(standing(view)).toEqual({ state: 'paid', dueMinor: null, reason: null });
  });

  it('is working while nobody knows what the bank said', () => {
    const view = newOrder(1, 'card');
    step(view, 'unknown');
    expect(standing(view).state).toBe('working');
  });

  it('is idle before there is anything to charge, and ended once it is undone', () => {
    const view = { ...newOrder(1, 'card'), shares: [] };
    expect(standing(view).state).toBe('idle');
    expect(standing({ ...view, direction: 'undo' }).state).toBe('ended');
    expect(standing({ ...view, lifecycle: 'cancelled' }).state).toBe('ended');
    expect(standing({ ...view, lifecycle: 'completed' }).state).toBe('paid');
  });

  it('of two shares is asked for both, the one that was given back too', () => {
    const view = newOrder(2, 'card');
    const [first, second] = dueSteps(view, LATER);
    if (!first || !second) throw new RangeError('two steps are due');
    answer(view, first, 'done');
    answer(view, second, 'refused');
    expect(standing(view).state).toBe('working');
    step(view, 'done');
    expect(standing(view)).toMatchObject({ state: 'declined', dueMinor: 2_000 });
  });

  it('that was taken in part is asked for the rest only', () => {
    const view = newOrder(1, 'card');
    drive(view);
    const [payment] = view.shares[0]?.payments ?? [];
    if (!payment) throw new RangeError('no payment');
    payment.state = 'partially_captured';
    expect(standing(view, { takenMinor: { [payment.id]: 400 } })).toMatchObject({
      state: 'payable',
      dueMinor: 600,
    });
  });
});

describe('an order of several tenders', () => {
  it('is asked for the part of the one that was refused', () => {
    const view = newOrder(1, 'tenders');
    step(view, 'done');
    step(view, 'refused');
    drive(view);
    expect(standing(view)).toMatchObject({ state: 'declined', dueMinor: 400 });
  });
});

describe('a bank transfer that is awaited', () => {
  const view: OrderView = { ...newOrder(1, 'card'), method: 'bank_transfer' };
  it('can be paid in another way until a part of it has come', () => {
    expect(standing(view)).toEqual({ state: 'payable', dueMinor: 1_000, reason: null });
    const awaited = { method: 'bank_transfer', minor: 999 } as const;
    expect(standing({ ...view, isPaidInPart: true }, { awaited })).toEqual({
      state: 'awaited',
      dueMinor: 999,
      reason: null,
      by: 'bank_transfer',
    });
    expect(standing(view, { awaited }).state).toBe('awaited');
  });
  it('by invoice is owed until it has come, and nothing else is taken for it', () => {
    const invoice: OrderView = { ...view, method: 'invoice' };
    const awaited = { method: 'invoice', minor: 1_000 } as const;
    expect(standing(invoice, { awaited })).toMatchObject({
      state: 'awaited',
      dueMinor: 1_000,
      by: 'invoice',
    });
    expect(standing({ ...invoice, paid: true }).state).toBe('paid');
    expect(standing({ ...invoice, shares: [] }, { awaited }).state).toBe('idle');
  });
});

describe('the words for a decline', () => {
  it('say what helps, and of a card that is suspected only that it was declined', () => {
    expect(declineWords('insufficient_funds')).toMatch(/not enough money.*try again/);
    const plain = declineWords('generic_decline');
    for (const code of ['stolen_card', 'lost_card', 'fraudulent', 'pickup_card', '', 'constructor'])
      expect(declineWords(code)).toBe(plain);
  });
});
