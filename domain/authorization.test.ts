/** Authorizations that would end too early: when an order gives them back, and when one is replaced. */
import { describe, expect, it } from 'vitest';
import { LATER, newOrder, NOW } from '../test/given/life.ts';
import { firstToReplace, legsToRest, restUntil } from './authorization.ts';
import { dueSteps, type OrderView, type ShareView, type WaitView } from './lifecycle.ts';
import { DEFAULT_POLICY } from './policy.ts';
import { stageOf } from './stage.ts';
import { isKeptOpen, isMoneyWait, wantedWaits } from './waits.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const POLICY = { authorizationMarginSeconds: 12 * 3600, reauthorizeLeadSeconds: 24 * 3600 };
const iso = (ms: number) => new Date(ms).toISOString();

/** Authorized for seven days, released after `days`. */
function order(days: number, given: Partial<OrderView> = {}): OrderView {
  const view = { ...newOrder(2, 'card'), releaseAt: iso(NOW + days * DAY), ...given };
  for (const share of view.shares)
    share.payments.push({
      id: `pay_${share.seq}`,
      attempt: 1,
      state: 'authorized',
      captureBefore: iso(NOW + 7 * DAY),
    });
  return view;
}

function first(view: OrderView): ShareView {
  const [share] = view.shares;
  if (!share) throw new RangeError('no share');
  return share;
}

describe('an order whose release is far away', () => {
  it.each([
    ['gives everything back until shortly before it', 30, iso(NOW + 29 * DAY)],
    ['also when it is only a little too far', 7, iso(NOW + 6 * DAY)],
    ['keeps what lives long enough', 6, undefined],
    ['keeps what lives exactly long enough', 6.5, undefined],
  ])('%s: %d days', (_name, days, until) => {
    expect(restUntil(order(days), POLICY, NOW)).toBe(until);
  });
  it('never rests when asking again would not be later than now', () => {
    const long = { ...POLICY, reauthorizeLeadSeconds: 30 * 24 * 3600 };
    expect(restUntil(order(30), long, NOW)).toBeUndefined();
    expect(restUntil(order(30), POLICY, NOW + 29 * DAY - 1_000)).toBeUndefined();
    expect(restUntil(order(30), POLICY, NOW + 29 * DAY - 1_001)).toBeDefined();
  });
  it.each([
    ['undone', { direction: 'undo' as const }],
    ['prepaid', { method: 'prepaid' as const, paid: true }],
    ['charged at once', { captureAt: 'order' as const }],
    ['without a release time', { releaseAt: null }],
    ['resting already', { authorizeAt: iso(NOW + 29 * DAY) }],
  ])('never rests when it is %s', (_name, given) => {
    expect(restUntil(order(30, given), POLICY, NOW)).toBeUndefined();
  });
  it('never rests once a share went to its warehouse, while one is uncovered, or where no end is known', () => {
    const submitted = order(30);
    first(submitted).submitClaimed = true;
    const uncovered = order(30);
    first(uncovered).payments = [];
    const endless = order(30);
    for (const share of endless.shares)
      share.payments = [{ id: `pay_${share.seq}`, attempt: 1, state: 'authorized' }];
    for (const view of [submitted, uncovered, endless]) expect(restUntil(view, POLICY, NOW)).toBeUndefined();
  });
  it('asks no card while it rests, gives back what is stale, and waits for the time to ask again', () => {
    const view = order(30);
    for (const share of view.shares) {
      expect(legsToRest(view, share)).toHaveLength(1);
      share.paymentAttempt += 1;
    }
    view.authorizeAt = iso(NOW + 29 * DAY);
    expect(dueSteps(view, LATER).map((step) => step.kind)).toEqual(['void', 'void']);
    for (const share of view.shares) for (const payment of share.payments) payment.state = 'voided';
    expect(dueSteps(view, NOW + 29 * DAY)).toEqual([]);
    expect(stageOf(view)).toBe('release');
    expect(wantedWaits(view, DEFAULT_POLICY)).toEqual([
      expect.objectContaining({ kind: 'reauthorize', subject: 'ord_1', at: view.authorizeAt }),
    ]);
    const { authorizeAt: _over, ...near } = view;
    expect(dueSteps(near, NOW).map((step) => step.kind)).toEqual(['authorize', 'authorize']);
    expect(stageOf(near)).toBe('payment');
  });
});

describe('an authorization that is not taken', () => {
  it('is replaced a margin before the gateway drops it', () => {
    const view = order(1);
    const at = iso(NOW + 6.5 * DAY);
    expect(firstToReplace(view, first(view), POLICY)).toEqual({ paymentId: 'pay_1', at });
    expect(
      wantedWaits(view, { ...DEFAULT_POLICY, ...POLICY }).filter((wait) => wait.kind === 'authorization'),
    ).toEqual(
      ['pay_1', 'pay_2'].map((subject) => expect.objectContaining({ subject, at, thenWhat: 'authorize' })),
    );
  });
  it.each([
    ['captured', { state: 'captured' as const }],
    ['stale', { attempt: 0 }],
    ['declined', { state: 'declined' as const }],
  ])('needs no watch when it is %s', (_name, given) => {
    const view = order(1);
    Object.assign(first(view).payments[0] ?? {}, given);
    expect(firstToReplace(view, first(view), POLICY)).toBeUndefined();
  });
  it('needs no watch for a parcel that has gone wrong and would be charged on delivery', () => {
    const view = order(1, { captureAt: 'delivery' });
    first(view).shipment = { id: 'shp_1', state: 'lost' };
    expect(firstToReplace(view, first(view), POLICY)).toBeUndefined();
    expect(firstToReplace({}, first(view), POLICY)).toBeDefined();
  });
});

describe('waits that nobody asks for', () => {
  const wait = (kind: WaitView['kind'], subject: string): WaitView => ({
    kind,
    subject,
    awaitedFrom: 'x',
    since: iso(NOW),
    deadlineAt: iso(LATER),
    thenWhat: 'x',
  });
  it('a pause after a soft decline stays while the card is refused and the order goes forward', () => {
    const view = newOrder(1, 'card');
    const share = first(view);
    share.payments.push({ id: 'pay_1', attempt: 1, state: 'declined' });
    const pause = wait('decline', share.id);
    view.waits = [pause];
    expect(isKeptOpen(view, pause)).toBe(true);
    expect(isKeptOpen({ ...view, direction: 'undo' }, pause)).toBe(false);
    expect(isKeptOpen({ ...view, lifecycle: 'cancelled' }, pause)).toBe(false);
    share.paymentAttempt = 2;
    expect(isKeptOpen(view, pause)).toBe(false);
  });
  it('while the bank is asked again, nobody is asked and no other part is given back', () => {
    const view = newOrder(2, 'card');
    const [soft, other] = view.shares;
    if (!soft || !other) throw new RangeError('two shares');
    soft.payments.push({ id: 'pay_1', attempt: 1, state: 'declined' });
    other.payments.push({ id: 'pay_2', attempt: 1, state: 'authorized' });
    expect(dueSteps(view, LATER).map((step) => step.kind)).toEqual(['void']);
    expect(wantedWaits(view, DEFAULT_POLICY).map((one) => one.kind)).toEqual(['payment']);
    view.waits = [wait('decline', soft.id)];
    expect(dueSteps(view, LATER)).toEqual([]);
    expect(wantedWaits(view, DEFAULT_POLICY)).toEqual([]);
  });
  it('refunds are waited for when the order has ended, and nothing else is', () => {
    const view: OrderView = {
      ...newOrder(1, 'card'),
      lifecycle: 'completed',
      money: {
        refunds: [],
        inspections: [],
        stalled: [],
        isDisputed: false,
        toApprove: ['rfd_1'],
        pending: ['rfd_2'],
      },
    };
    expect(wantedWaits(view, DEFAULT_POLICY)).toEqual([
      expect.objectContaining({
        kind: 'approval',
        subject: 'rfd_1',
        thenWhat: 'withdraw',
        seconds: DEFAULT_POLICY.refundApprovalSeconds,
      }),
      expect.objectContaining({
        kind: 'refund',
        subject: 'rfd_2',
        thenWhat: 'look',
        seconds: DEFAULT_POLICY.refundLookupSeconds,
      }),
    ]);
    const kept = [
      wait('retry', 'pay_1#refund'),
      wait('retry', 'pay_1#inspect'),
      wait('retry', 'ful_1#capture'),
    ];
    expect(kept.map((one) => isKeptOpen(view, one))).toEqual([true, true, false]);
    expect(
      [wait('approval', 'rfd_1'), wait('refund', 'rfd_2'), wait('case', 'ord_1')].map(isMoneyWait),
    ).toEqual([true, true, false]);
  });
});
