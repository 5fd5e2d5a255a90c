/** Previews of actions against what the rules then really do, from any state an order can get into. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answer, drive, LATER, newOrder, reached, retry, withWaits } from '../test/given/life.ts';
import { actionsWithEffects, type Effect, type EffectLedger } from './effects.ts';
import { cancelRefusal, retryRefusal } from './actions.ts';
import { legsOfShare } from './legs.ts';
import { dueSteps, hasUndoOpen, isUndone, type OrderView } from './lifecycle.ts';
import type { PaymentMethod } from './order.ts';
import type { PaymentState } from './payment.ts';

const UNITS = 3;
/** States in which the card's money is held and not taken. */
const HELD: readonly PaymentState[] = ['authorized', 'failed'];

function ledgerOf(view: OrderView): EffectLedger {
  return {
    payments: view.shares.flatMap((share) =>
      share.payments.map(({ id, state }) => ({
        id,
        amountMinor: share.amountMinor,
        authorizedMinor: [...HELD, 'captured', 'voided'].includes(state) ? share.amountMinor : 0,
        capturedMinor: state === 'captured' ? share.amountMinor : 0,
        keptMinor: state === 'captured' ? share.amountMinor : 0,
      })),
    ),
    allocatedUnits: view.shares.length * UNITS,
  };
}

function effectsOf(action: 'cancel' | 'retry', view: OrderView): Effect[] {
  return actionsWithEffects(view, ledgerOf(view)).find((one) => one.action === action)?.effects ?? [];
}

const of = (effects: readonly Effect[], kind: Effect['kind']) => effects.filter((one) => one.kind === kind);
const sum = (effects: readonly Effect[]) => effects.reduce((total, one) => total + (one.amountMinor ?? 0), 0);
const RUNS = { numRuns: 2_000 };

describe('the preview of a cancel', () => {
  it('names each payment that the undo then voids, the label and the stock, and nothing else', () => {
    fc.assert(
      fc.property(reached, (life) => {
        const view = withWaits(life);
        fc.pre(cancelRefusal(view) === undefined);
        const effects = effectsOf('cancel', view);
        const held = view.shares.flatMap((share) =>
          share.payments.filter((one) => HELD.includes(one.state)).map(() => share.amountMinor),
        );
        // The undo itself, step by step.
        view.direction = 'undo';
        retry(view);
        const done = { void: 0, void_label: 0 };
        for (let step = dueSteps(view, LATER)[0]; step; step = dueSteps(view, LATER)[0]) {
          if (step.kind === 'void' || step.kind === 'void_label') done[step.kind] += 1;
          answer(view, step, 'done');
        }
        expect(isUndone(view)).toBe(true);
        expect(of(effects, 'void_payment')).toHaveLength(done.void);
        expect(of(effects, 'void_label')).toHaveLength(done.void_label);
        expect(sum(of(effects, 'void_payment'))).toBe(held.reduce((total, amount) => total + amount, 0));
        expect(of(effects, 'release_stock')).toEqual([
          { kind: 'release_stock', units: view.shares.length * UNITS },
        ]);
        expect(sum(of(effects, 'refund_at_channel'))).toBe(view.method === 'prepaid' ? view.totalMinor : 0);
      }),
      RUNS,
    );
  });
  it('leaves the view alone', () => {
    fc.assert(
      fc.property(reached, (life) => {
        const before = structuredClone(life);
        effectsOf('cancel', life);
        expect(life).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });
  it('promises no amount while nobody knows whether the card was authorized', () => {
    const view = newOrder(1, 'card');
    const [step] = dueSteps(view, LATER);
    if (step) answer(view, step, 'unknown');
    expect(of(effectsOf('cancel', view), 'void_payment')).toEqual([{ kind: 'void_payment' }]);
  });
  it('voids nothing where nothing is to be paid, and releases nothing where nothing is allocated', () => {
    const free = newOrder(1, 'card');
    drive({ ...free, releaseAt: null });
    const view: OrderView = { ...free, shares: free.shares.map((share) => ({ ...share, amountMinor: 0 })) };
    expect(of(effectsOf('cancel', view), 'void_payment')).toEqual([]);
    const empty = { ...newOrder(1, 'card'), shares: [] };
    expect(effectsOf('cancel', empty)).toEqual([]);
  });
  it('gives what was taken back the way each part came', () => {
    const view: OrderView = { ...newOrder(1, 'prepaid'), method: 'bank_transfer', paid: true };
    const paid = (method: PaymentMethod, keptMinor: number) => ({
      ...{
        id: `pay_${method}`,
        method,
        keptMinor,
        capturedMinor: keptMinor,
        amountMinor: keptMinor,
        authorizedMinor: 0,
      },
    });
    const payments = [
      paid('bank_transfer', 300),
      paid('gift_card', 500),
      paid('card', 200),
      paid('prepaid', 40),
    ];
    const cancel = actionsWithEffects(view, { payments, allocatedUnits: 0 }).find(
      (one) => one.action === 'cancel',
    );
    expect(cancel?.effects).toEqual([
      { kind: 'refund_at_channel', amountMinor: 40 },
      { kind: 'refund_payment', amountMinor: 700 },
      { kind: 'refund_by_hand', amountMinor: 300 },
    ]);
  });
  it('is empty while a cancel is refused', () => {
    const view = newOrder(2, 'card');
    drive(view);
    expect(cancelRefusal(view)).toBe('already_released');
    expect(effectsOf('cancel', view)).toEqual([]);
  });
});

describe('the preview of a retry', () => {
  it('names each stalled step and each new attempt with its amount, as the retry then makes them', () => {
    fc.assert(
      fc.property(reached, (life) => {
        const view = withWaits(life);
        const effects = effectsOf('retry', view);
        if (retryRefusal(view) !== undefined) {
          expect(effects).toEqual([]);
          return;
        }
        const isBlocked = hasUndoOpen(view);
        const legs = () =>
          view.shares.flatMap((share) => legsOfShare(view, share).map((leg) => ({ ...leg })));
        const before = legs();
        const stalls = view.shares.reduce((total, share) => total + share.stalled.length, 0);
        retry(view);
        const anew = legs().filter((leg, index) => leg.attempt !== before[index]?.attempt);
        expect(of(effects, 'try_step_again')).toHaveLength(stalls);
        expect(of(effects, 'new_payment_attempt').map((one) => one.amountMinor)).toEqual(
          isBlocked ? [] : anew.map((leg) => leg.amountMinor),
        );
      }),
      RUNS,
    );
  });
  it('looks for stock where that is what is waited for', () => {
    const view = withWaits({ ...newOrder(1, 'card'), shares: [], lifecycle: 'received' });
    expect(effectsOf('retry', view)).toEqual([{ kind: 'look_for_stock' }]);
  });
});
