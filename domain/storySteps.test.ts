/** The steps of an order's story: which are done, when, and which one is under way. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drive, newOrder, reachedAtAnyMoment, report, scan, withWaits } from '../test/given/life.ts';
import type { OrderView } from './lifecycle.ts';
import { LIFECYCLES } from './order.ts';
import { stageOf, type Stage } from './stage.ts';
import { STEP_STATES, STEPS } from './standing.ts';
import { stepsOf, type StepFacts } from './storySteps.ts';

const at = (hour: number) => `2026-03-01T${String(hour).padStart(2, '0')}:00:00.000Z`;

const FACTS: StepFacts = {
  origin: 'api',
  placedAt: at(8),
  paidAt: null,
  allocatedAt: at(9),
  completedAt: null,
  authorizedAt: { pay_1_1_1: at(10), pay_1_2_1: at(11) },
  packedAt: { ful_1_1: at(13), ful_1_2: at(12) },
  shippedAt: { shp_1_1_1: at(14), shp_1_2_1: at(15) },
  deliveredAt: { shp_1_1_1: at(17), shp_1_2_1: at(16) },
};

/** "paid done 10, allocated current": the steps in short. */
function short(view: OrderView, facts: Partial<StepFacts> = {}): string {
  const steps = stepsOf(view, { ...FACTS, ...facts });
  return steps
    .map((one) => `${one.step} ${one.state}${one.at ? ` ${Number(one.at.slice(11, 13))}` : ''}`)
    .join(', ');
}

const REST = 'packed todo, shipped todo, delivered todo';

describe('the steps of an order', () => {
  it('follow its story; of several shares the last one counts', () => {
    const view = newOrder(2, 'card');
    const started = { ...FACTS, packedAt: {} };
    expect(short({ ...view, shares: [] }, started)).toBe(
      `placed done 8, allocated current, paid todo, ${REST}`,
    );
    expect(short(view, started)).toBe(`placed done 8, allocated done 9, paid current, ${REST}`);
    drive(view);
    expect(short(view, started)).toBe(
      'placed done 8, allocated done 9, paid done 11, packed current, shipped todo, delivered todo',
    );
    const [first, second] = view.shares;
    if (!first || !second) throw new RangeError('two shares expected');
    report(second, 'packed');
    expect(short(view, { packedAt: { ful_1_2: at(12) } })).toContain('packed current, shipped todo');
    report(first, 'packed');
    drive(view);
    expect(short(view)).toContain('packed done 13, shipped current, delivered todo');
    for (const share of view.shares) scan(view, share, 'in_transit');
    expect(short(view)).toContain('shipped done 15, delivered current');
    for (const share of view.shares) scan(view, share, 'delivered');
    expect(short({ ...view, lifecycle: 'completed' })).toBe(
      'placed done 8, allocated done 9, paid done 11, packed done 13, shipped done 15, delivered done 17',
    );
  });
  it('wait for the card again while what was authorized is given back until near the release', () => {
    const view: OrderView = { ...newOrder(1, 'card'), authorizeAt: at(20) };
    expect(short(view, { packedAt: {} })).toBe(`placed done 8, allocated done 9, paid current, ${REST}`);
  });
  it('stop where the order ended or goes back; what was paid and given back was paid', () => {
    const view = newOrder(1, 'card');
    drive({ ...view, releaseAt: '2100-01-01T00:00:00.000Z' });
    const undone: OrderView = { ...view, direction: 'undo', lifecycle: 'cancelled' };
    for (const share of undone.shares) for (const one of share.payments) one.state = 'voided';
    const stopped = 'packed stopped, shipped stopped, delivered stopped';
    const none = { packedAt: {} };
    expect(short(undone, none)).toBe(`placed done 8, allocated done 9, paid done 10, ${stopped}`);
    expect(short(undone, { ...none, authorizedAt: {} })).toContain('paid stopped');
    expect(short({ ...newOrder(1, 'card'), shares: [], lifecycle: 'cancelled' })).toBe(
      `placed done 8, allocated stopped, paid stopped, ${stopped}`,
    );
  });
  it('have a prepaid order paid when the channel took the money, else at its placement', () => {
    expect(short(newOrder(1, 'prepaid'), { paidAt: at(7) })).toContain('paid done 7');
    expect(short(newOrder(1, 'prepaid'))).toContain('paid done 8');
    expect(short({ ...newOrder(1, 'prepaid'), paid: false }, { packedAt: {} })).toContain(
      'allocated done 9, paid current',
    );
  });
  it('tell what is done first: of a prepaid order that waits for stock, that it is paid', () => {
    const view: OrderView = { ...newOrder(1, 'prepaid'), shares: [] };
    const waiting = { allocatedAt: null, packedAt: {} };
    expect(short(view, waiting)).toBe(`placed done 8, paid done 8, allocated current, ${REST}`);
    expect(short({ ...view, paid: false }, waiting)).toBe(
      `placed done 8, allocated current, paid todo, ${REST}`,
    );
    expect(short({ ...view, direction: 'undo', lifecycle: 'cancelled' }, waiting)).toBe(
      'placed done 8, paid done 8, allocated stopped, packed stopped, shipped stopped, delivered stopped',
    );
  });
  it('go back to the payment when a charge was refused, without forgetting what was packed', () => {
    const view = newOrder(1, 'card');
    drive(view);
    const [share] = view.shares;
    if (!share) throw new RangeError('a share expected');
    report(share, 'packed');
    share.payments = [{ id: 'pay_1_1_1', attempt: 1, state: 'failed' }];
    expect(short(view)).toBe(
      'placed done 8, allocated done 9, packed done 13, paid current, shipped todo, delivered todo',
    );
  });
  it('end with the delivery, which goes on until the order is complete', () => {
    const view = newOrder(1, 'card');
    drive(view);
    const [share] = view.shares;
    if (!share) throw new RangeError('a share expected');
    report(share, 'packed');
    share.shipment = { id: 'shp_1_1_1', state: 'delivered' };
    expect(short(view)).toContain('shipped done 14, delivered current');
    expect(short({ ...view, lifecycle: 'completed' })).toContain('delivered done 17');
  });
  it('are all done for an order that was finished elsewhere', () => {
    const view: OrderView = { ...newOrder(1, 'prepaid'), shares: [], lifecycle: 'completed' };
    expect(short(view, { origin: 'history', paidAt: at(8), completedAt: at(20) })).toBe(
      'placed done 8, allocated done, paid done 8, packed done, shipped done, delivered done 20',
    );
  });
  it('are always the same six: what is done, the one under way, what is to come; none under way when it is over', () => {
    fc.assert(
      fc.property(reachedAtAnyMoment, fc.constantFrom(...LIFECYCLES), (life, lifecycle) => {
        const view = withWaits({ ...life, lifecycle });
        const steps = stepsOf(view, FACTS);
        const isOver =
          view.direction === 'undo' || ['completed', 'cancelled', 'expired', 'rejected'].includes(lifecycle);
        expect(steps.map((one) => one.step).toSorted()).toEqual(STEPS.toSorted());
        expect(steps.map((one) => one.state).join(' ')).toMatch(
          isOver ? /^done( done)*( stopped)*$/ : /^done( done)* current( todo)*$/,
        );
        // Those that are alike are in the order of the story.
        for (const state of STEP_STATES) {
          const alike = steps.filter((one) => one.state === state).map((one) => one.step);
          expect(alike).toEqual(STEPS.filter((step) => alike.includes(step)));
        }
        expect(steps.filter((one) => one.state !== 'done' && one.at !== null)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
  it('have under way what the state of the order says', () => {
    const words: Readonly<Record<Stage, string | undefined>> = {
      stock: 'allocated',
      payment: 'paid',
      release: 'packed',
      warehouse: 'packed',
      handover: 'shipped',
      transport: 'delivered',
      undoing: undefined,
      ended: undefined,
    };
    fc.assert(
      fc.property(reachedAtAnyMoment, fc.boolean(), (life, isShort) => {
        const view = isShort ? { ...life, shares: [] } : life;
        const current = stepsOf(view, FACTS).find((one) => one.state === 'current');
        expect(current?.step).toBe(words[stageOf(view)]);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the step of payment', () => {
  const arrived = { state: 'closed' as const, shipment: { id: 'shp_1_1_1', state: 'delivered' as const } };
  const order = (given: Partial<OrderView>): OrderView => {
    const view = newOrder(1, 'prepaid');
    return { ...view, method: 'invoice', paid: false, ...given };
  };
  const done = 'placed done 8, allocated done 9, packed done 13, shipped done 14, delivered done 17';

  it('comes last when the money comes after the goods', () => {
    const [share] = newOrder(1, 'prepaid').shares;
    if (!share) throw new Error('an order has a share');
    const packing = { ...FACTS, packedAt: {} };
    expect(short(order({}), packing)).toBe(
      'placed done 8, allocated done 9, packed current, paid todo, shipped todo, delivered todo',
    );
    const delivered = order({ shares: [{ ...share, ...arrived }] });
    expect(short(delivered)).toBe(`${done}, paid current`);
    const paid = { ...delivered, paid: true, lifecycle: 'completed' as const };
    expect(short(paid, { paidAt: at(20) })).toContain('paid done 20');
  });

  it('is done by a transfer only when all of it has come, and what is set aside beside it is', () => {
    const legs = [{ tender: 1, method: 'card' as const, amountMinor: 400, attempt: 1 }];
    const view = order({ method: 'bank_transfer' });
    expect(short(view, { packedAt: {} })).toContain('paid current');
    const both = { ...view, paid: true, shares: view.shares.map((share) => ({ ...share, legs })) };
    expect(short(both, { packedAt: {} })).toContain('paid current');
    expect(short({ ...view, paid: true }, { packedAt: {}, paidAt: at(10) })).toContain('paid done 10');
  });
});
