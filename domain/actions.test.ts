/** Another card and another try: when they are offered, and why not. */
import { describe, expect, it } from 'vitest';
import { newOrder, NOW } from '../test/given/life.ts';
import { allowedActions, retryRefusal } from './actions.ts';
import { changePaymentRefusal } from './changePayment.ts';
import { actionsWithEffects } from './effects.ts';
import type { OrderView, WaitKind } from './lifecycle.ts';
import type { PaymentState } from './payment.ts';
import { needsPaymentAction, sharesToChargeAnew } from './waits.ts';

function order(states: readonly PaymentState[], waits: readonly WaitKind[] = []): OrderView {
  const view = newOrder(states.length, 'card');
  for (const [index, state] of states.entries())
    view.shares[index]?.payments.push({ id: `pay_${index + 1}`, attempt: 1, state });
  const at = new Date(NOW).toISOString();
  view.waits = waits.map((kind) => ({
    kind,
    subject: kind === 'decline' ? 'ful_1_1' : 'ord_1',
    awaitedFrom: 'x',
    since: at,
    deadlineAt: at,
    thenWhat: 'x',
  }));
  return view;
}

describe('another card', () => {
  it.each([
    ['declined', undefined],
    ['requires_action', undefined],
    ['expired', undefined],
    ['voided', undefined],
    ['authorized', 'payment_not_changeable'],
    ['captured', 'payment_not_changeable'],
    // Given back first.
    ['failed', 'payment_not_changeable'],
    // Its outcome is asked for with the card it was made with.
    ['unknown', 'payment_not_changeable'],
    ['created', 'payment_not_changeable'],
    // Another card may pay the rest.
    ['partially_captured', undefined],
  ] as const)('for a payment that is %s: %s', (state, refusal) => {
    expect(changePaymentRefusal(order([state]))).toBe(refusal);
  });
  it('is taken while the bank would be asked again, and not while another payment is under way', () => {
    expect(changePaymentRefusal(order(['declined'], ['decline']))).toBeUndefined();
    expect(changePaymentRefusal(order(['declined', 'unknown']))).toBe('payment_not_changeable');
  });
  it('is refused when the order goes back, has ended or is not paid by card', () => {
    const view = order(['declined']);
    expect(changePaymentRefusal({ ...view, direction: 'undo' })).toBe('payment_not_changeable');
    expect(changePaymentRefusal({ ...view, lifecycle: 'expired' })).toBe('already_ended');
    expect(changePaymentRefusal(newOrder(1, 'prepaid'))).toBe('payment_not_changeable');
  });
  it('is offered with what it does', () => {
    const offered = actionsWithEffects(order(['declined', 'voided'], ['payment']), {
      payments: [],
      allocatedUnits: 1,
    }).find((one) => one.action === 'change_payment');
    expect(offered).toEqual({
      action: 'change_payment',
      enabled: true,
      needsReason: false,
      effects: [
        { kind: 'new_payment_attempt', amountMinor: 1_000 },
        { kind: 'new_payment_attempt', amountMinor: 1_000 },
      ],
    });
    expect(allowedActions(order(['authorized'])).at(-1)).toEqual({
      action: 'change_payment',
      enabled: false,
      needsReason: false,
      reasonIfDisabled: 'payment_not_changeable',
    });
  });
});

describe('a retry', () => {
  it('is taken during the pause after a soft decline', () => {
    expect(retryRefusal(order(['declined'], ['decline']))).toBeUndefined();
    expect(retryRefusal(order(['declined']))).toBe('nothing_to_retry');
  });

  it('charges the rest of a payment of which the gateway took a part', () => {
    expect(retryRefusal(order(['partially_captured'], ['payment']))).toBeUndefined();
    expect(sharesToChargeAnew(order(['captured', 'partially_captured'])).map((share) => share.seq)).toEqual([
      2,
    ]);
    expect(order(['partially_captured']).shares.every(needsPaymentAction)).toBe(true);
  });

  describe('of an order that has ended', () => {
    const ended = (...waits: readonly [WaitKind, string][]): OrderView => ({
      ...order(['captured']),
      lifecycle: 'completed',
      waits: waits.map(([kind, subject]) => ({
        ...{ kind, subject, awaitedFrom: 'x', thenWhat: 'x' },
        ...{ since: new Date(NOW).toISOString(), deadlineAt: new Date(NOW).toISOString() },
      })),
    });

    it.each([
      ['a refund that has stalled', ended(['retry', 'pay_1#refund']), undefined],
      ['a look at the gateway that has stalled', ended(['retry', 'pay_1#inspect']), undefined],
      ['a step of the past', ended(['retry', 'ful_1_1#submit']), 'already_ended'],
      ['a refund that waits for approval', ended(['approval', 'rfn_1']), 'already_ended'],
      ['a refund that is pending at the gateway', ended(['refund', 'rfn_1']), 'already_ended'],
      ['nothing', ended(), 'already_ended'],
    ])('%s', (_, view, refusal) => {
      expect(retryRefusal(view)).toBe(refusal);
    });

    it('is offered with what it does', () => {
      const view = ended(['retry', 'pay_1#refund']);
      expect(
        actionsWithEffects(view, { payments: [], allocatedUnits: 0 }).filter((one) => one.enabled),
      ).toMatchObject([{ action: 'retry', effects: [{ kind: 'try_step_again' }] }]);
    });
  });
});
