/**
 * The life of an order, walked at random: any mix of successes, refusals, unknown answers, reports, scans, retries and
 * cancels leads to a state from which the due steps end by themselves, undo only what was done, and leave nobody waiting
 * for nothing. The model that walks it is test/given/life.ts.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answer, drive, LATER, newOrder, reached, report, retry, scan, shareOf } from '../test/given/life.ts';
import { allowedActions, cancelRefusal } from './actions.ts';
import { dueStep, dueSteps, isCovered, isFulfilled, isUndone, type OrderView } from './lifecycle.ts';
import { hasGoneWrong } from './shipment.ts';
import { describe as describeOrder, nearestDeadline, needsPaymentAction, wantedWaits } from './waits.ts';
import { LIFECYCLES } from './order.ts';
import { DEFAULT_POLICY } from './policy.ts';

const RUNS = { numRuns: 3_000 };

describe('due steps, from any state an order can get into', () => {
  it('are one a share at most, each of a share of the order', () => {
    fc.assert(
      fc.property(reached, (view) => {
        const ids = dueSteps(view, LATER).map((step) => step.shareId);
        expect(new Set(ids).size).toBe(ids.length);
        for (const share of view.shares) {
          const step = dueStep(view, share, LATER);
          if (step) expect(step.shareId).toBe(share.id);
        }
      }),
      RUNS,
    );
  });
  it('end by themselves when each succeeds', () => {
    fc.assert(
      fc.property(reached, (view) => {
        expect(drive(view)).toBeLessThanOrEqual(view.shares.length * 12);
      }),
      RUNS,
    );
  });
  it('only undo once the direction is undo, and then undo everything', () => {
    fc.assert(
      fc.property(reached, (view) => {
        view.direction = 'undo';
        const kinds = dueSteps(view, LATER).map((step) => step.kind);
        expect(kinds.filter((kind) => kind !== 'void' && kind !== 'void_label')).toEqual([]);
        retry(view);
        drive(view);
        expect(isUndone(view)).toBe(true);
        const held = view.shares.flatMap((share) => share.payments).map((payment) => payment.state);
        for (const state of held) expect(['authorized', 'unknown', 'created', 'failed']).not.toContain(state);
      }),
      RUNS,
    );
  });
  it('never send an uncovered share to the warehouse, never before its release, never twice', () => {
    fc.assert(
      fc.property(reached, (view) => {
        const submits = dueSteps(view, LATER).filter((step) => step.kind === 'submit');
        if (submits.length > 0) expect(view.shares.every((share) => isCovered(view, share))).toBe(true);
        for (const step of submits) expect(shareOf(view, step.shareId).state).toBe('open');
        const early = dueSteps({ ...view, releaseAt: new Date(LATER + 1).toISOString() }, LATER);
        expect(early.map((step) => step.kind)).not.toContain('submit');
      }),
      RUNS,
    );
  });
  it('capture only behind a booked parcel, and call no gateway for a prepaid order', () => {
    fc.assert(
      fc.property(reached, (view) => {
        for (const step of dueSteps(view, LATER)) {
          if (step.kind === 'capture') expect(shareOf(view, step.shareId).shipment?.state).toBe('booked');
          if (view.method === 'prepaid') expect(['submit', 'book', 'void_label']).toContain(step.kind);
        }
      }),
      RUNS,
    );
  });
  it('hold at most one authorization a leg when they have ended', () => {
    fc.assert(
      fc.property(reached, (view) => {
        retry(view);
        drive(view);
        for (const share of view.shares) {
          const holding = share.payments.filter((one) => ['authorized', 'captured'].includes(one.state));
          expect(new Set(holding.map((one) => one.tender)).size).toBe(holding.length);
        }
      }),
      RUNS,
    );
  });
  it('never stall anything for ever: a stalled step is not due, and is due again after the retry', () => {
    fc.assert(
      fc.property(reached, (view) => {
        const step = dueSteps(view, LATER)[0];
        if (!step) return;
        const share = shareOf(view, step.shareId);
        share.stalled = [...share.stalled, step.kind];
        expect(dueStep(view, share, LATER)).toBeUndefined();
        share.stalled = [];
        expect(dueStep(view, share, LATER)).toEqual(step);
      }),
      RUNS,
    );
  });
});

describe('an order that goes forward', () => {
  it('has a step that is due, waits for somebody, or is delivered', () => {
    fc.assert(
      fc.property(reached, (view) => {
        fc.pre(view.direction === 'forward' && !isFulfilled(view));
        // A stalled step has its own wait; a rejected share and a label voided by the carrier have a case.
        fc.pre(view.shares.every((share) => share.stalled.length === 0));
        fc.pre(view.shares.every((share) => share.state !== 'rejected'));
        const waits = wantedWaits(view, DEFAULT_POLICY);
        for (const share of view.shares) {
          const ownWaits = waits.filter((wait) => [share.id, share.shipment?.id].includes(wait.subject));
          // While a share is open or unpaid, a wait of the whole order (release, payment) or a step of another share is its own.
          const shared = share.state === 'open' || needsPaymentAction(share);
          const moves = [
            ...(share.shipment?.state === 'delivered' ? ['delivered'] : []),
            ...(share.shipment && hasGoneWrong(share.shipment.state) ? ['up to people'] : []),
            ...(dueStep(view, share, LATER) ? ['step'] : []),
            ...ownWaits,
            ...(shared
              ? [...waits.filter((wait) => wait.subject === view.orderId), ...dueSteps(view, LATER)]
              : []),
          ];
          expect(moves).not.toEqual([]);
        }
      }),
      RUNS,
    );
  });
  it('gets to its delivery from anywhere when everything succeeds from now on', () => {
    fc.assert(
      fc.property(reached, (view) => {
        fc.pre(view.direction === 'forward');
        for (let round = 0; round < 4 && !isFulfilled(view); round += 1) {
          retry(view);
          drive(view);
          for (const share of view.shares) report(share, 'packed');
          drive(view);
          for (const share of view.shares) scan(view, share, 'delivered');
        }
        expect(isFulfilled(view)).toBe(true);
      }),
      RUNS,
    );
  });
  it('waits with a bound: every wait has a deadline and an answer for its end, and is there once', () => {
    fc.assert(
      fc.property(reached, (view) => {
        const waits = wantedWaits(view, DEFAULT_POLICY);
        for (const wait of waits) {
          expect(wait.seconds > 0 || wait.at !== undefined).toBe(true);
          expect(wait.thenWhat).not.toBe('');
        }
        const names = waits.map((wait) => `${wait.subject} ${wait.kind}`);
        expect(names.filter((name) => !name.endsWith('release'))).toEqual(
          [...new Set(names)].filter((name) => !name.endsWith('release')),
        );
      }),
      RUNS,
    );
  });
  it('is never undone by a deadline once it was released', () => {
    fc.assert(
      fc.property(reached, (view) => {
        fc.pre(cancelRefusal(view) !== undefined);
        const ends = wantedWaits(view, DEFAULT_POLICY).map((wait) => wait.thenWhat);
        for (const end of ends) expect(['expire', 'cancel']).not.toContain(end);
      }),
      RUNS,
    );
  });
});

describe('what a person may do', () => {
  const anyView = fc
    .tuple(reached, fc.constantFrom(...LIFECYCLES))
    .map(([view, lifecycle]): OrderView => ({ ...view, lifecycle }));
  it('is what the command is allowed to do when it comes', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const cancel = allowedActions(view).find((one) => one.action === 'cancel');
        expect(cancel?.enabled).toBe(cancelRefusal(view) === undefined);
        expect(cancel?.reasonIfDisabled).toBe(cancelRefusal(view));
        expect(cancel?.needsReason).toBe(true);
        for (const one of allowedActions(view)) expect(one.enabled).toBe(one.reasonIfDisabled === undefined);
      }),
      RUNS,
    );
  });
  it('is nothing when the order has ended', () => {
    const view = { ...newOrder(1, 'card'), lifecycle: 'completed' as const };
    expect(allowedActions(view).map((one) => one.reasonIfDisabled)).toEqual([
      'already_ended',
      'already_ended',
      'already_ended',
    ]);
    expect(dueSteps(view, LATER)).toEqual([]);
    expect(wantedWaits(view, DEFAULT_POLICY)).toEqual([]);
  });
  it('is a cancel until the first share was released', () => {
    const view = newOrder(2, 'card');
    expect(cancelRefusal(view)).toBeUndefined();
    drive(view);
    expect(view.shares.map((share) => share.state)).toEqual(['submitted', 'submitted']);
    expect(cancelRefusal(view)).toBe('already_released');
    expect(cancelRefusal({ ...newOrder(1, 'card'), direction: 'undo' })).toBe('refused_by_state');
  });
});

describe('the story of one order', () => {
  it('authorizes each share, then submits, books, captures', () => {
    const view = newOrder(2, 'card');
    const kinds: string[] = [];
    const go = () => {
      for (const step of dueSteps(view, LATER)) {
        kinds.push(`${step.kind} ${step.shareId.at(-1)}`);
        answer(view, step, 'done');
      }
    };
    go();
    go();
    for (const share of view.shares) report(share, 'packed');
    go();
    go();
    expect(kinds).toEqual([
      'authorize 1',
      'authorize 2',
      'submit 1',
      'submit 2',
      'book 1',
      'book 2',
      'capture 1',
      'capture 2',
    ]);
  });
  it('voids the other share when one card is refused, and starts both anew on retry', () => {
    const view = newOrder(2, 'card');
    const [first, second] = dueSteps(view, LATER);
    if (!first || !second) throw new RangeError('two steps expected');
    answer(view, first, 'done');
    answer(view, second, 'refused');
    expect(dueSteps(view, LATER)).toEqual([{ kind: 'void', shareId: 'ful_1_1', subject: 'pay_1_1_1' }]);
    drive(view);
    retry(view);
    expect(dueSteps(view, LATER).map((step) => step.kind)).toEqual(['authorize', 'authorize']);
  });
  it('voids label and money of a refused capture and keeps the goods', () => {
    const view = newOrder(1, 'card');
    drive(view);
    for (const share of view.shares) report(share, 'packed');
    const book = dueSteps(view, LATER)[0];
    if (book) answer(view, book, 'done');
    const capture = dueSteps(view, LATER)[0];
    if (capture) answer(view, capture, 'refused');
    const after: string[] = [];
    for (let step = dueSteps(view, LATER)[0]; step; step = dueSteps(view, LATER)[0]) {
      after.push(step.kind);
      answer(view, step, 'done');
    }
    expect(after).toEqual(['void_label', 'void']);
    expect(view.shares[0]?.state).toBe('packed');
    expect(view.shares.every(needsPaymentAction)).toBe(true);
  });
  it('is told in one text, with what it waits for', () => {
    const view = newOrder(1, 'card');
    view.waits = [
      {
        subject: 'ord_1',
        kind: 'payment',
        awaitedFrom: 'customer',
        since: '2026-03-01T12:00:00.000Z',
        deadlineAt: '2026-03-04T12:00:00.000Z',
        thenWhat: 'expire',
      },
    ];
    const text = describeOrder(view);
    for (const part of ['100001', 'web', 'payment', 'customer', 'expire']) expect(text).toContain(part);
    expect(nearestDeadline(view)).toBe('2026-03-04T12:00:00.000Z');
    expect(nearestDeadline({ waits: [] })).toBeNull();
  });
});
