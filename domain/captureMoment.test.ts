/** When money is taken: each moment by itself, and rules that hold on any walk of an order at every moment. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  drive,
  LATER,
  newOrder,
  reachedAtAnyMoment,
  report,
  retry,
  scan,
  shareOf,
} from '../test/given/life.ts';
import { actionsWithEffects } from './effects.ts';
import { mayLeave } from './captureMoment.ts';
import { currentPayment, dueSteps, isCovered, isFulfilled, isUndone, type OrderView } from './lifecycle.ts';
import type { CaptureMoment } from './policy.ts';
import { hasLeft } from './shipment.ts';

const RUNS = { numRuns: 2_000 };

/** The kinds of steps that are done from here until somebody is waited for, in order. */
function storyOf(view: OrderView, nowMs = LATER): string[] {
  const kinds: string[] = [];
  for (let step = dueSteps(view, nowMs)[0]; step; step = dueSteps(view, nowMs)[0]) {
    kinds.push(step.kind);
    driveOne(view, step);
  }
  return kinds;
}

function driveOne(view: OrderView, step: ReturnType<typeof dueSteps>[number]): void {
  const share = shareOf(view, step.shareId);
  const payment = share.payments.find((one) => one.id === step.subject);
  if (step.kind === 'authorize')
    share.payments.push({ id: `pay_${share.seq}`, attempt: share.paymentAttempt, state: 'authorized' });
  if (step.kind === 'capture' && payment) payment.state = 'captured';
  if (step.kind === 'submit') [share.state, share.submitClaimed] = ['submitted', true];
  if (step.kind === 'book') share.shipment = { id: `shp_${share.seq}`, state: 'booked' };
}

function orderAt(moment: CaptureMoment, releaseAt = LATER): OrderView {
  return { ...newOrder(1, 'card', moment), releaseAt: new Date(releaseAt).toISOString() };
}

describe('the moment of capture', () => {
  it.each([
    ['order', ['authorize', 'capture'], ['submit'], ['book'], []],
    ['release', ['authorize'], ['capture', 'submit'], ['book'], []],
    ['shipment', ['authorize'], ['submit'], ['book', 'capture'], []],
    ['delivery', ['authorize'], ['submit'], ['book'], ['capture']],
  ] as const)('%s', (moment, before, atRelease, packed, delivered) => {
    const view = orderAt(moment);
    const [share] = view.shares;
    if (!share) throw new RangeError('no share');
    expect(storyOf(view, LATER - 1)).toEqual(before);
    expect(storyOf(view)).toEqual(atRelease);
    report(share, 'packed');
    expect(storyOf(view)).toEqual(packed);
    scan(view, share, 'delivered');
    expect(storyOf(view)).toEqual(delivered);
    expect(isFulfilled(view)).toBe(true);
  });
  it('with the order waits until every share is covered', () => {
    const view = newOrder(2, 'card', 'order');
    const [first] = view.shares;
    first?.payments.push({ id: 'pay_1', attempt: 1, state: 'authorized' });
    expect(dueSteps(view, LATER).map((step) => step.kind)).toEqual(['authorize']);
  });
  it('a partial capture does not cover', () => {
    const view = newOrder(1, 'card', 'order');
    view.shares[0]?.payments.push({ id: 'pay_1', attempt: 1, state: 'partially_captured' });
    expect(view.shares.some((share) => isCovered(view, share))).toBe(false);
    expect(dueSteps(view, LATER)).toEqual([]);
  });
  it.each([
    ['prepaid', 'shipment', undefined, true],
    ['card', 'shipment', 'authorized', false],
    ['card', 'shipment', 'captured', true],
    ['card', 'order', 'captured', true],
    ['card', 'release', 'authorized', false],
    ['card', 'delivery', 'authorized', true],
  ] as const)(
    'a parcel paid by %s, taken at %s, payment %s, may leave: %s',
    (method, captureAt, state, may) => {
      const view = newOrder(1, method, captureAt);
      for (const share of view.shares) {
        if (state) share.payments.push({ id: 'pay_1', attempt: 1, state });
        expect(mayLeave(view, share)).toBe(may);
      }
    },
  );
});

describe('whatever happens to an order, at every moment of capture', () => {
  it('nothing is submitted, captured or handed over before its time', () => {
    fc.assert(
      fc.property(reachedAtAnyMoment, (view) => {
        for (const step of dueSteps(view, LATER)) {
          const share = shareOf(view, step.shareId);
          const state = currentPayment(share)?.state;
          const isEarly = view.captureAt === 'order' || view.captureAt === 'release';
          if (step.kind === 'submit' && view.method === 'card')
            expect(state).toBe(isEarly ? 'captured' : 'authorized');
          if (step.kind !== 'capture') continue;
          expect(state).toBe('authorized');
          if (!isEarly && view.captureAt !== 'delivery') expect(share.shipment).not.toBeNull();
          if (view.captureAt === 'delivery') expect(share.shipment?.state).toBe('delivered');
        }
        for (const share of view.shares)
          if (
            view.method === 'card' &&
            view.captureAt !== 'delivery' &&
            hasLeft(share.shipment?.state ?? 'planned')
          )
            expect(currentPayment(share)?.state).toBe('captured');
      }),
      RUNS,
    );
  });
  it('the steps end by themselves, and a forward order gets to its delivery', () => {
    fc.assert(
      fc.property(reachedAtAnyMoment, (view) => {
        fc.pre(view.direction === 'forward' && view.shares.every((share) => share.state !== 'rejected'));
        for (let round = 0; round < 4; round += 1) {
          retry(view);
          drive(view);
          for (const share of view.shares) report(share, 'packed');
        }
        drive(view);
        for (const share of view.shares) scan(view, share, 'delivered');
        drive(view);
        const isLost = view.shares.some((share) =>
          ['lost', 'damaged', 'returned_to_sender', 'cancelled'].includes(share.shipment?.state ?? ''),
        );
        expect(isFulfilled(view) || isLost).toBe(true);
      }),
      RUNS,
    );
  });
  it('an undo voids no captured payment, and its preview names what is given back instead', () => {
    fc.assert(
      fc.property(reachedAtAnyMoment, (view) => {
        const taken = () =>
          view.shares.flatMap((share) => share.payments.filter((one) => one.state === 'captured')).length;
        const before = taken();
        const payments = view.shares.flatMap((share) =>
          share.payments.map(({ id, state }) => ({
            id,
            amountMinor: share.amountMinor,
            authorizedMinor: share.amountMinor,
            capturedMinor: state === 'captured' ? share.amountMinor : 0,
            keptMinor: state === 'captured' ? share.amountMinor : 0,
          })),
        );
        const cancel = actionsWithEffects(view, { payments, allocatedUnits: 1 }).find(
          (one) => one.action === 'cancel',
        );
        const refund = cancel?.effects.find((one) => one.kind === 'refund_payment');
        if (cancel?.enabled) expect(refund?.amountMinor).toBe(before === 0 ? undefined : before * 1_000);
        view.direction = 'undo';
        retry(view);
        drive(view);
        expect(isUndone(view)).toBe(true);
        expect(taken()).toBe(before);
      }),
      RUNS,
    );
  });
  it('a preview ends although refunds and inspections are open', () => {
    const view: OrderView = {
      ...newOrder(1, 'card'),
      money: {
        refunds: [{ attemptId: 'rfa_1', paymentId: 'pay_1', amountMinor: 5 }],
        inspections: ['pay_2'],
        stalled: [],
        isDisputed: false,
      },
    };
    expect(actionsWithEffects(view, { payments: [], allocatedUnits: 2 })[0]?.effects).toEqual([
      { kind: 'release_stock', units: 2 },
    ]);
  });
});
