/** The payment axis, folded from sums, and the keys of outside effects. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PAYMENT_STATUSES } from './order.ts';
import {
  admitEvent,
  coverStatuses,
  foldPayment,
  OPERATION_KINDS,
  operationKey,
  PAYMENT_EVENT_TYPES,
  paymentId,
  paymentStatus,
  postingKey,
  postingSign,
  refundKey,
  type MoneySums,
  type PaymentEvent,
} from './payment.ts';

const none: MoneySums = {
  totalMinor: 1_000,
  authorizedMinor: 0,
  capturedMinor: 0,
  refundedMinor: 0,
  voidedMinor: 0,
  pending: false,
};

describe('the payment axis', () => {
  it.each([
    ['none', {}],
    ['pending', { pending: true }],
    ['partially_authorized', { authorizedMinor: 400, pending: true }],
    ['authorized', { authorizedMinor: 1_000 }],
    ['partially_captured', { authorizedMinor: 600, capturedMinor: 400 }],
    ['captured', { capturedMinor: 1_000 }],
    ['captured', { totalMinor: 0 }],
    ['overpaid', { capturedMinor: 1_200 }],
    ['partially_refunded', { capturedMinor: 1_000, refundedMinor: 1 }],
    ['refunded', { capturedMinor: 1_000, refundedMinor: 1_000 }],
    ['voided', { voidedMinor: 1_000 }],
    ['disputed', { capturedMinor: 1_000, isDisputed: true }],
    ['partially_refunded', { capturedMinor: 1_000, refundedMinor: 300, chargedBackMinor: 500 }],
    ['refunded', { capturedMinor: 1_000, chargedBackMinor: 1_000 }],
  ])('is %s for %o', (status, sums) => {
    expect(paymentStatus({ ...none, ...sums })).toBe(status);
  });

  const amount = fc.integer({ min: 0, max: 10_000 });
  const sums = fc
    .record({
      totalMinor: amount,
      authorizedMinor: amount,
      capturedMinor: amount,
      refundedMinor: amount,
      voidedMinor: amount,
      pending: fc.boolean(),
    })
    .map((one) => ({ ...one, refundedMinor: Math.min(one.refundedMinor, one.capturedMinor) }));

  it('is one of its values for any sums, and says captured only when all of it was', () => {
    fc.assert(
      fc.property(sums, (given) => {
        const status = paymentStatus(given);
        expect(PAYMENT_STATUSES).toContain(status);
        if (status === 'captured') expect(given.capturedMinor).toBe(given.totalMinor);
        if (status === 'authorized') expect(given.authorizedMinor).toBeGreaterThanOrEqual(given.totalMinor);
        if (status === 'voided' || status === 'none') expect(given.capturedMinor).toBe(0);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('operation keys', () => {
  const numbers = fc.integer({ min: 1, max: 99_999_999_999 });
  const small = fc.integer({ min: 1, max: 999 });
  const parts = fc.tuple(numbers, fc.constantFrom(...OPERATION_KINDS), small, small);
  it('are short and tell every effect apart', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const key = ([number, kind, shareSeq, attempt]: typeof a) =>
          operationKey(number, kind, { shareSeq, attempt });
        expect(key(a).length).toBeLessThanOrEqual(60);
        expect(key(a) === key(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });
  it('read as what they are', () => {
    expect(operationKey(100_042, 'authorize', { shareSeq: 1, attempt: 2 })).toBe('100042/authorize/1/2');
    expect(paymentId('ord_0193', { shareSeq: 1, attempt: 2 })).toBe('pay_0193_1_2');
  });
  it('name the movements of refunds', () => {
    expect(refundKey(100_042, { refundSeq: 2, seq: 1, attempt: 3 })).toBe('100042/refund/2.1/3');
  });
});

/** `charge_success a 100` as an event. */
function event(text: string): PaymentEvent {
  const [type = '', reference = '', amount = '0'] = text.split(' ');
  const known = PAYMENT_EVENT_TYPES.find((one) => one === type);
  if (!known) throw new RangeError(type);
  return { type: known, reference, amountMinor: Number(amount) };
}

const events = (...texts: string[]) => texts.map(event);

describe('the balance of a payment', () => {
  const zero = {
    ...{ authorizedMinor: 0, capturedMinor: 0, refundedMinor: 0, voidedMinor: 0, chargedBackMinor: 0 },
    pending: { authorizeMinor: 0, chargeMinor: 0, refundMinor: 0, cancelMinor: 0 },
  };
  const held = { authorizedMinor: 100 };
  it.each([
    [[], {}],
    [['authorization_request a 100'], { pending: { ...zero.pending, authorizeMinor: 100 } }],
    [['authorization_request a 100', 'authorization_success a 100'], held],
    [['authorization_request a 100', 'authorization_failure a 100'], {}],
    [['authorization_success a 100', 'authorization_failure a 100'], {}],
    [['authorization_success a 100', 'authorization_adjustment b 80'], { authorizedMinor: 80 }],
    [
      ['authorization_success a 100', 'charge_request c 100'],
      { ...held, pending: { ...zero.pending, chargeMinor: 100 } },
    ],
    [['authorization_success a 100', 'charge_success c 60'], { ...held, capturedMinor: 60 }],
    [['charge_failure c 60', 'charge_success c 60'], { capturedMinor: 60 }],
    [['authorization_success a 100', 'cancel_success v 100'], { ...held, voidedMinor: 100 }],
    [['cancel_request v 100', 'cancel_failure v 100'], {}],
    [['charge_success c 60', 'refund_success r 40'], { capturedMinor: 60, refundedMinor: 40 }],
    [['charge_success c 60', 'refund_success r 40', 'refund_reverse r 40'], { capturedMinor: 60 }],
    [['charge_success c 60', 'charge_back d 60'], { capturedMinor: 60, chargedBackMinor: 60 }],
    [['charge_success c 60', 'charge_back d 60', 'charge_back_reverse d 60'], { capturedMinor: 60 }],
    [['info i 5', 'authorization_action_required a 100'], {}],
  ])('%j', (given, expected) => {
    expect(foldPayment(events(...given))).toEqual({ ...zero, ...expected });
  });

  it.each([
    ['new', [], 'charge_success c 60'],
    ['repeated', ['charge_success c 60'], 'charge_success c 60'],
    ['conflict', ['charge_success c 60'], 'charge_success c 61'],
    ['new', ['charge_success c 60'], 'charge_success d 61'],
    ['conflict', ['authorization_success a 100'], 'authorization_success b 100'],
    ['new', ['authorization_success a 100'], 'authorization_adjustment b 90'],
    ['new', ['authorization_failure a 100'], 'authorization_success b 100'],
    ['conflict', ['charge_success c 60'], 'charge_failure c 60'],
    ['conflict', ['refund_success r 60'], 'refund_failure r 60'],
    ['new', ['refund_failure r 60'], 'refund_success r 60'],
    ['new', ['refund_success r 60'], 'refund_reverse r 60'],
  ])('%s: after %j comes %s', (verdict, before, next) => {
    expect(admitEvent(events(...before), event(next))).toBe(verdict);
  });

  it('keeps the names of charges that were posted before there were events', () => {
    const keyOf = (text: string) => postingKey('pay_1', event(text));
    expect(keyOf('charge_success 100042/capture/1/1 5')).toBe('100042/capture/1/1');
    expect(keyOf('charge_success pay_1 5')).toBe('pay_1');
    expect(keyOf('charge_success pi_1 5')).toBe('pay_1/charge_success/pi_1');
    expect(keyOf('refund_success 100042/refund/1.1/1 5')).toBe('pay_1/refund_success/100042/refund/1.1/1');
  });

  const told = fc.record({
    type: fc.constantFrom(...PAYMENT_EVENT_TYPES),
    reference: fc.constantFrom('a', 'b', 'c'),
    amountMinor: fc.integer({ min: 0, max: 500 }),
  });

  /** What is written of what is told, as recordMoney does it. */
  function admitted(all: readonly PaymentEvent[]): PaymentEvent[] {
    const written: PaymentEvent[] = [];
    for (const one of all) if (admitEvent(written, one) === 'new') written.push(one);
    return written;
  }

  it('is what was posted, whatever is told in whatever order, and telling it again changes nothing', () => {
    fc.assert(
      fc.property(fc.array(told, { maxLength: 25 }), (all) => {
        const written = admitted(all);
        const balance = foldPayment(written);
        const posted = written.reduce((sum, one) => sum + one.amountMinor * postingSign(one.type), 0);
        expect(posted).toBe(balance.capturedMinor - balance.refundedMinor - balance.chargedBackMinor);
        expect(balance.capturedMinor).toBeGreaterThanOrEqual(0);
        expect(balance.authorizedMinor).toBeGreaterThanOrEqual(0);
        for (const pending of Object.values(balance.pending)) expect(pending).toBeGreaterThanOrEqual(0);
        for (const one of written) expect(admitEvent(written, one)).toBe('repeated');
        expect(new Set(written.map((one) => `${one.type} ${one.reference}`)).size).toBe(written.length);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('how far an order is covered', () => {
  const sums = { totalMinor: 1_000, grantedRefundsMinor: 0, authorizedMinor: 0, capturedMinor: 0 };
  it.each([
    [{}, 'none', 'none'],
    [{ authorizedMinor: 400 }, 'partial', 'none'],
    [{ authorizedMinor: 1_000 }, 'full', 'none'],
    [{ authorizedMinor: 600, capturedMinor: 400 }, 'full', 'partial'],
    [{ capturedMinor: 1_000 }, 'full', 'full'],
    [{ capturedMinor: 1_200 }, 'full', 'overcharged'],
    [{ totalMinor: 0 }, 'full', 'full'],
  ])('%j is %s authorized and %s charged', (given, authorize, charge) => {
    expect(coverStatuses({ ...sums, ...given })).toEqual({ authorize, charge });
  });
});
