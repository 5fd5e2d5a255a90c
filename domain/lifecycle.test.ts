/**
 * The life of an order, walked at random: any mix of successes, refusals, unknown answers, reports, scans, retries and
 * cancels leads to a state from which the due steps end by themselves, undo only what was done, and leave nobody waiting
 * for nothing. The model below does what the database does after each step.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterReport, WAREHOUSE_REPORTS, type WarehouseReport } from './fulfillment.ts';
import {
  allowedActions,
  cancelRefusal,
  currentPayment,
  dueStep,
  dueSteps,
  isCovered,
  isFulfilled,
  isReadyForRelease,
  isUndone,
  type OrderView,
  type ShareView,
  type Step,
} from './lifecycle.ts';
import { describe as describeOrder, nearestDeadline, needsPaymentAction, wantedWaits } from './waits.ts';
import { LIFECYCLES } from './order.ts';
import { DEFAULT_POLICY } from './policy.ts';
import { afterScan, TRACKING_STATUSES, type TrackingStatus } from './shipment.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const LATER = NOW + 3_600_000;

function newOrder(shareCount: number, method: 'card' | 'prepaid'): OrderView {
  const shares = Array.from({ length: shareCount }, (_, index): ShareView => ({
    id: `ful_1_${index + 1}`,
    seq: index + 1,
    location: `wh-${index + 1}`,
    state: 'open',
    amountMinor: 1_000,
    paymentAttempt: 1,
    shipmentAttempt: 1,
    payments: [],
    shipment: null,
    submitClaimed: false,
    stalled: [],
    undoing: [],
  }));
  const view: OrderView = {
    orderId: 'ord_1',
    number: 100_001,
    channel: 'web',
    currency: 'EUR',
    totalMinor: 1_000 * shareCount,
    lineCount: shareCount,
    version: 1,
    lifecycle: 'processing',
    direction: 'forward',
    method,
    paid: method === 'prepaid',
    releaseAt: null,
    attention: [],
    shares,
    waits: [],
    timing: DEFAULT_POLICY,
  };
  setReleaseTime(view);
  return view;
}

/** The release time is fixed at the moment at which every share is covered. */
function setReleaseTime(view: OrderView): void {
  if (isReadyForRelease(view) && view.direction === 'forward') view.releaseAt ??= new Date(NOW).toISOString();
}

/** What an outside system answers. `unknown` stands for no answer at all. */
type Answer = 'done' | 'refused' | 'unknown';

const AUTHORIZED = { done: 'authorized', refused: 'declined', unknown: 'unknown' } as const;

/** What the database holds after a step was answered. */
function answer(view: OrderView, step: Step, given: Answer): void {
  const share = shareOf(view, step.shareId);
  const payment = share.payments.find((one) => one.id === step.subject);
  // Only a success settles these; refused or unknown, they stall and are tried again under the same key.
  if (given !== 'done' && step.kind !== 'authorize' && !(step.kind === 'capture' && given === 'refused')) {
    if (step.kind === 'submit') share.submitClaimed = true;
    share.stalled = [...share.stalled, step.kind];
    return;
  }
  switch (step.kind) {
    case 'authorize':
      if (payment) payment.state = AUTHORIZED[given];
      else
        share.payments.push({
          id: `pay_1_${share.seq}_${share.paymentAttempt}`,
          attempt: share.paymentAttempt,
          state: AUTHORIZED[given],
        });
      if (given === 'unknown') share.stalled = [...share.stalled, 'authorize'];
      break;
    case 'void':
      if (payment) payment.state = 'voided';
      break;
    case 'submit':
      share.submitClaimed = true;
      share.state = 'submitted';
      break;
    case 'book':
      share.shipment = { id: `shp_1_${share.seq}_${share.shipmentAttempt}`, state: 'booked' };
      break;
    case 'capture':
      if (payment) payment.state = given === 'done' ? 'captured' : 'failed';
      break;
    case 'void_label':
      if (share.shipment) share.shipment.state = 'cancelled';
      break;
  }
  setReleaseTime(view);
}

function shareOf(view: OrderView, id: string): ShareView {
  const share = view.shares.find((one) => one.id === id);
  if (!share) throw new RangeError(`no share ${id}`);
  return share;
}

function report(share: ShareView, given: WarehouseReport): void {
  if (!share.submitClaimed) return;
  share.state = afterReport(share.state === 'open' ? 'submitted' : share.state, given) ?? share.state;
}

function scan(view: OrderView, share: ShareView, status: TrackingStatus): void {
  // The warehouse hands over only what was captured (or is paid at the channel).
  const dispatched = view.method === 'prepaid' || currentPayment(share)?.state === 'captured';
  if (!share.shipment || !dispatched) return;
  share.shipment.state = afterScan(share.shipment.state, { status, detail: '' }) ?? share.shipment.state;
  if (share.shipment.state === 'delivered') share.state = 'closed';
}

/** A person's or the timer's retry: stalled steps go on, refused payments and voided labels get a new attempt. */
function retry(view: OrderView): void {
  for (const share of view.shares) {
    share.stalled = [];
    if (view.direction === 'undo' || view.method !== 'card' || !needsPaymentAction(share)) continue;
    share.paymentAttempt += 1;
    if (share.shipment?.state !== 'cancelled') continue;
    share.shipmentAttempt += 1;
    share.shipment = null;
  }
}

type Move =
  | { kind: 'step'; pick: number; answer: Answer }
  | { kind: 'report'; pick: number; report: WarehouseReport }
  | { kind: 'scan'; pick: number; status: TrackingStatus }
  | { kind: 'retry' }
  | { kind: 'cancel' };

const pick = fc.nat(4);
const moves = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('step' as const),
        pick,
        answer: fc.constantFrom<Answer>('done', 'done', 'done', 'refused', 'unknown'),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('report' as const),
        pick,
        report: fc.constantFrom(...WAREHOUSE_REPORTS, 'packed' as const, 'packed' as const),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('scan' as const),
        pick,
        status: fc.constantFrom(...TRACKING_STATUSES),
      }),
    },
    { weight: 2, arbitrary: fc.constant({ kind: 'retry' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'cancel' as const }) },
  ),
  { maxLength: 40 },
);

function apply(view: OrderView, move: Move): void {
  const steps = dueSteps(view, LATER);
  const share = 'pick' in move ? view.shares[move.pick % view.shares.length] : undefined;
  if (move.kind === 'step') {
    const step = steps[move.pick % Math.max(1, steps.length)];
    if (step) answer(view, step, move.answer);
  } else if (move.kind === 'report' && share) report(share, move.report);
  else if (move.kind === 'scan' && share) scan(view, share, move.status);
  else if (move.kind === 'retry') retry(view);
  else if (move.kind === 'cancel' && cancelRefusal(view) === undefined) view.direction = 'undo';
}

/** Any state an order can get into. */
const reached = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom('card' as const, 'prepaid' as const), moves)
  .map(([shares, method, all]) => {
    const view = newOrder(shares, method);
    for (const move of all) apply(view, move);
    return view;
  });

/** Answers every due step with a success until none is due; returns how many there were. */
function drive(view: OrderView, limit = 200): number {
  for (let count = 0; count < limit; count += 1) {
    const step = dueSteps(view, LATER)[0];
    if (!step) return count;
    answer(view, step, 'done');
  }
  throw new RangeError(`steps without end: ${JSON.stringify(dueSteps(view, LATER))}`);
}

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
  it('hold at most one authorization a share when they have ended', () => {
    fc.assert(
      fc.property(reached, (view) => {
        retry(view);
        drive(view);
        for (const share of view.shares) {
          const holding = share.payments.filter((one) => ['authorized', 'captured'].includes(one.state));
          expect(holding.length).toBeLessThanOrEqual(1);
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
