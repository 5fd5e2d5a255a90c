/** Shares that several tenders pay: what is asked for, taken and given back, leg by leg. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answer, drive, LATER, newOrder, reachedAtAnyMoment, report, retry } from '../test/given/life.ts';
import { changePaymentRefusal, tenderToReplace } from './changePayment.ts';
import { currentPayment, currentPayments, legsOfShare, legsToChargeAnew } from './legs.ts';
import { dueSteps, isCovered, type OrderView, type ShareView } from './lifecycle.ts';
import type { Tender } from './tender.ts';

function first(view: OrderView): ShareView {
  const [share] = view.shares;
  if (!share) throw new RangeError('no share');
  return share;
}

/** Answers the one due step of an order of one share. */
function step(view: OrderView, given: 'done' | 'refused' = 'done'): string {
  const [due] = dueSteps(view, LATER);
  if (!due) return 'nothing';
  answer(view, due, given);
  return `${due.kind} ${due.subject}`;
}

describe('a share that three tenders pay', () => {
  it('is asked for one after the other and covered when all are set aside', () => {
    const view = newOrder(1, 'tenders');
    expect([step(view), step(view)]).toEqual(['authorize ful_1_1', 'authorize ful_1_1']);
    expect(isCovered(view, first(view))).toBe(false);
    step(view);
    expect(currentPayments(first(view)).map(({ id, state }) => `${id} ${state}`)).toEqual([
      'pay_1_1_1 authorized',
      'pay_1_1t2_1 authorized',
      'pay_1_1t3_1 authorized',
    ]);
    expect(isCovered(view, first(view))).toBe(true);
    drive(view);
    report(first(view), 'packed');
    drive(view);
    expect(currentPayments(first(view)).map(({ state }) => state)).toEqual([
      'captured',
      'captured',
      'captured',
    ]);
  });

  it('asks no further when one is refused, gives back what is held, and charges all of it anew', () => {
    const view = newOrder(1, 'tenders');
    step(view);
    step(view, 'refused');
    expect(currentPayment(first(view))?.state).toBe('declined');
    expect([step(view), step(view)]).toEqual(['void pay_1_1_1', 'nothing']);
    expect(legsToChargeAnew(view, first(view)).map((leg) => leg.tender)).toEqual([1, 2]);
    retry(view);
    expect(drive(view)).toBeGreaterThan(3);
    expect(currentPayments(first(view)).map(({ id }) => id)).toEqual([
      'pay_1_1_2',
      'pay_1_1t2_2',
      'pay_1_1t3_1',
    ]);
  });

  it('charges anew only the leg whose charge was refused; what was taken stays taken', () => {
    const view = newOrder(1, 'tenders');
    drive(view);
    report(first(view), 'packed');
    expect(step(view)).toMatch(/^book/);
    expect(step(view)).toBe('capture pay_1_1_1');
    expect(step(view, 'refused')).toBe('capture pay_1_1t2_1');
    expect(dueSteps(view, LATER).map((due) => due.kind)).toEqual(['void_label']);
    drive(view);
    expect(legsToChargeAnew(view, first(view)).map((leg) => leg.tender)).toEqual([2]);
    retry(view);
    drive(view);
    const taken = first(view).payments.filter((payment) => payment.state === 'captured');
    expect(taken.map(({ id }) => id)).toEqual(['pay_1_1_1', 'pay_1_1t3_1', 'pay_1_1t2_2']);
  });

  it('never holds or takes twice for a leg, whatever happens', () => {
    fc.assert(
      fc.property(reachedAtAnyMoment, (view) => {
        for (const share of view.shares)
          for (const leg of legsOfShare(view, share)) {
            const own = share.payments.filter((payment) => (payment.tender ?? 1) === leg.tender);
            expect(own.filter((payment) => payment.state === 'captured').length).toBeLessThanOrEqual(1);
            const isTaken = own.some((payment) => payment.state === 'captured');
            const isAskedAgain = dueSteps(view, LATER).some(
              (due) => due.kind === 'authorize' && due.shareId === share.id,
            );
            expect(isTaken && isAskedAgain && own.length === share.payments.length).toBe(false);
          }
      }),
    );
  });
});

describe('an order that is awaited', () => {
  it('waits for its transfer although its gift card is held, and goes on with both', () => {
    const view: OrderView = { ...newOrder(1, 'tenders'), method: 'bank_transfer' };
    drive(view);
    expect(isCovered(view, first(view))).toBe(false);
    view.paid = true;
    expect(isCovered(view, first(view))).toBe(true);
  });
  it('is covered without any leg once it is paid, and at once when it is paid afterwards', () => {
    const bank: OrderView = { ...newOrder(1, 'card'), method: 'bank_transfer' };
    expect(isCovered(bank, first(bank))).toBe(false);
    expect(isCovered({ ...bank, paid: true }, first(bank))).toBe(true);
    expect(isCovered({ ...bank, method: 'invoice' }, first(bank))).toBe(true);
  });
});

describe('another way to pay', () => {
  const tenders: readonly Tender[] = [
    { seq: 1, method: 'gift_card', token: 'crd_1', amountMinor: 300 },
    { seq: 2, method: 'card', token: 'tok_1', amountMinor: 400 },
    { seq: 3, method: 'card', token: 'tok_2', amountMinor: 500 },
  ];
  const refused = () => {
    const view = newOrder(1, 'tenders');
    step(view);
    step(view, 'refused');
    drive(view);
    return view;
  };
  it('replaces what was asked for, or else the first that is to be charged anew', () => {
    const view = refused();
    expect(changePaymentRefusal(view)).toBeUndefined();
    expect(tenderToReplace(view, tenders, { method: 'card' })?.seq).toBe(2);
    expect(tenderToReplace(view, tenders, { method: 'store_credit', tender: 1 })?.seq).toBe(1);
    expect(tenderToReplace(view, tenders, { method: 'card', tender: 3 })).toBeUndefined();
  });
  it('is awaited only for a tender that pays nothing yet, and only once', () => {
    const view = refused();
    expect(tenderToReplace(view, tenders, { method: 'invoice', tender: 2 })?.seq).toBe(2);
    const awaited = tenders.map((one) => (one.seq === 3 ? { ...one, method: 'prepaid' as const } : one));
    expect(tenderToReplace(view, awaited, { method: 'invoice', tender: 2 })).toBeUndefined();
    const two = newOrder(2, 'tenders');
    first(two).payments.push({ id: 'pay_x', attempt: 1, tender: 2, state: 'captured' });
    two.shares[1]?.payments.push({ id: 'pay_y', attempt: 1, tender: 2, state: 'declined' });
    expect(tenderToReplace(two, tenders, { method: 'invoice' })).toBeUndefined();
    expect(tenderToReplace(two, tenders, { method: 'card' })?.seq).toBe(2);
  });
  it('is taken for a bank transfer that has not come', () => {
    const view: OrderView = { ...newOrder(1, 'card'), method: 'bank_transfer' };
    const [transfer] = [{ seq: 1, method: 'bank_transfer' as const, token: null, amountMinor: 1_000 }];
    expect(changePaymentRefusal(view)).toBeUndefined();
    expect(tenderToReplace(view, [transfer], { method: 'card' })).toBe(transfer);
    expect(changePaymentRefusal({ ...view, paid: true })).toBe('payment_not_changeable');
    expect(changePaymentRefusal({ ...view, isPaidInPart: true })).toBe('payment_not_changeable');
  });
});
