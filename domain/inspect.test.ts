import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareWithTruth, type Comparison, type PaymentBook } from './inspect.ts';
import { admitEvent, foldPayment, type PaymentEvent } from './payment.ts';
import type { MovementState } from './refundStates.ts';
import type { GatewayDispute, GatewayRefund, GatewayTruth } from './truth.ts';

const AUTHORIZED: PaymentEvent = { type: 'authorization_success', reference: 'k/a', amountMinor: 5_000 };
const CHARGED: PaymentEvent = { type: 'charge_success', reference: 'k/c', amountMinor: 5_000 };

function book(given: Partial<PaymentBook> = {}): PaymentBook {
  return {
    providerRef: 'pi_1',
    currency: 'EUR',
    state: 'authorized',
    amountMinor: 5_000,
    events: [AUTHORIZED],
    movements: [],
    disputes: [],
    openOperations: [],
    isWanted: true,
    isUndone: false,
    ...given,
  };
}

const captured = (given: Partial<PaymentBook> = {}) =>
  book({ state: 'captured', events: [AUTHORIZED, CHARGED], ...given });

function truth(given: Partial<GatewayTruth> = {}): GatewayTruth {
  const state = given.state ?? 'captured';
  return {
    providerRef: 'pi_1',
    state,
    amountMinor: 5_000,
    capturedMinor: state === 'captured' ? 5_000 : 0,
    currency: 'EUR',
    captureBefore: null,
    key: 'k/a',
    orderId: 'ord_1',
    refunds: [],
    disputes: [],
    ...given,
  };
}

const refund = (given: Partial<GatewayRefund> = {}): GatewayRefund => ({
  id: 're_1',
  key: null,
  amountMinor: 1_000,
  state: 'succeeded',
  failureCode: null,
  ...given,
});

const dispute = (given: Partial<GatewayDispute> = {}): GatewayDispute => ({
  id: 'dp_1',
  amountMinor: 5_000,
  state: 'open',
  reason: 'fraudulent',
  respondBy: null,
  ...given,
});

/** The books after a comparison was written, the way db/writes/inspect.ts writes it. */
function apply(before: PaymentBook, found: Comparison): PaymentBook {
  const events = [...before.events];
  for (const event of found.events) if (admitEvent(events, event) === 'new') events.push(event);
  const settled = new Map(found.movements.map((one) => [one.key, one]));
  const movements = before.movements.map((one) => {
    const now = settled.get(one.key);
    if (!now) return one;
    const state: MovementState = now.state === 'pending' ? 'pending_at_provider' : now.state;
    const isTakenBack = one.state === 'succeeded' && state === 'failed';
    const type = state === 'succeeded' ? 'refund_success' : isTakenBack ? 'refund_reverse' : 'refund_failure';
    if (state !== 'pending_at_provider')
      events.push({ type, reference: one.key, amountMinor: one.amountMinor });
    return { ...one, state, providerRef: now.refundRef };
  });
  const closed = new Map([
    ...before.disputes.map((one) => [one.id, one.state] as const),
    ...found.disputes.map((one) => [one.id, one.state] as const),
  ]);
  const disputes = [...closed].map(([id, state]) => ({ id, state }));
  return { ...before, state: found.state ?? before.state, events, movements, disputes };
}

const NOTHING = { events: [], movements: [], disputes: [], findings: [], action: 'none' };

describe('an inspection that confirms', () => {
  it.each([
    ['an authorization', book(), truth({ state: 'authorized' })],
    ['a charge', captured(), truth()],
    ['a refusal', book({ state: 'declined', events: [] }), truth({ state: 'declined' })],
    ['a payment of nothing', book({ amountMinor: 0, events: [] }), undefined],
    ['a payment that never was', book({ state: 'declined', providerRef: null, events: [] }), undefined],
  ])('changes nothing about %s', (_, ours, theirs) => {
    const { captureBefore: _captureBefore, ...found } = compareWithTruth(ours, theirs);
    expect(found).toEqual(NOTHING);
  });

  it('learns until when the authorization holds', () => {
    const captureBefore = '2026-03-08T00:00:00.000Z';
    expect(compareWithTruth(book(), truth({ state: 'authorized', captureBefore }))).toMatchObject({
      captureBefore,
    });
  });

  it.each(['authorize', 'capture', 'void'] as const)('leaves what an open %s settles to it', (kind) => {
    const ours = book({ state: 'unknown', events: [], openOperations: [kind] });
    const theirs = truth({ state: kind === 'capture' ? 'captured' : 'authorized' });
    expect(compareWithTruth(ours, theirs)).toMatchObject(NOTHING);
  });
});

describe('a late success', () => {
  it('is taken on while the order still waits for it', () => {
    const found = compareWithTruth(book({ state: 'declined', events: [] }), truth({ state: 'authorized' }));
    expect(found).toMatchObject({ state: 'authorized', action: 'none', findings: [] });
    expect(found.events).toEqual([{ type: 'authorization_success', reference: 'pi_1', amountMinor: 5_000 }]);
  });

  it.each(['declined', 'unknown', 'expired', 'voided'] as const)(
    'is given back when nobody wants it and it was %s',
    (state) => {
      const ours = book({ state, events: [], isWanted: false });
      const found = compareWithTruth(ours, truth({ state: 'authorized' }));
      expect(found.action).toBe('void');
      expect(apply(ours, found).state).toBe('voided');
    },
  );

  it('is given back when the payment was voided, even if its attempt is still the newest', () => {
    const ours = book({ state: 'voided', events: [] });
    expect(compareWithTruth(ours, truth({ state: 'authorized' }))).toMatchObject({ action: 'void' });
  });

  it('that was charged is booked and given back when the order is undone', () => {
    const ours = book({ state: 'declined', events: [], isWanted: false, isUndone: true });
    const found = compareWithTruth(ours, truth());
    expect(found).toMatchObject({ state: 'captured', action: 'give_back', findings: [] });
    expect(foldPayment(found.events)).toMatchObject({ authorizedMinor: 5_000, capturedMinor: 5_000 });
  });

  it('that was charged by a call whose answer is lost is booked only when nobody asks for it any more', () => {
    const open = { openOperations: ['capture'] as const, isWanted: false };
    const undone = compareWithTruth(book({ ...open, isUndone: true }), truth());
    expect(undone).toMatchObject({ state: 'captured', action: 'give_back' });
    expect(compareWithTruth(book({ ...open, isWanted: true }), truth())).toMatchObject(NOTHING);
    // What was to be given back, for the sake of another part that was refused, is asked for by nobody either.
    const refused = { type: 'cancel_failure', reference: 'k/v', amountMinor: 5_000 } as const;
    const stuck = book({ ...open, isWanted: true, events: [AUTHORIZED, refused] });
    expect(compareWithTruth(stuck, truth())).toMatchObject({
      state: 'captured',
      action: 'none',
      findings: [],
    });
  });

  it('that was charged beside a newer payment is a case', () => {
    const ours = book({ state: 'declined', events: [], isWanted: false });
    expect(compareWithTruth(ours, truth()).findings).toMatchObject([{ kind: 'overpaid' }]);
  });
});

describe('another amount', () => {
  it('is booked as it was charged, and is a case', () => {
    const found = compareWithTruth(book(), truth({ capturedMinor: 4_000 }));
    expect(found.events).toContainEqual({ type: 'charge_success', reference: 'pi_1', amountMinor: 4_000 });
    expect(found.findings).toMatchObject([{ kind: 'amount_mismatch', oursMinor: 5_000, theirsMinor: 4_000 }]);
  });

  describe('less than was set aside', () => {
    const part = truth({ capturedMinor: 3_000 });
    const RELEASED = { type: 'cancel_success', reference: 'pi_1', amountMinor: 2_000 };
    const balance = { authorizedMinor: 5_000, capturedMinor: 3_000, voidedMinor: 2_000 };

    it('was taken: the rest is booked as given back, so that set aside = taken + given back', () => {
      const found = compareWithTruth(book(), part);
      expect(found).toMatchObject({ state: 'partially_captured', action: 'none' });
      expect(found.events).toContainEqual(RELEASED);
      const after = apply(book(), found);
      expect(foldPayment(after.events)).toMatchObject(balance);
      expect(compareWithTruth(after, part)).toMatchObject(NOTHING);
    });

    it('was what our capture got: only the rest is added, and no second case', () => {
      const ours = book({
        state: 'partially_captured',
        events: [AUTHORIZED, { ...CHARGED, amountMinor: 3_000 }],
      });
      expect(compareWithTruth(ours, part)).toEqual({ ...NOTHING, events: [RELEASED] });
      expect(foldPayment(apply(ours, compareWithTruth(ours, part)).events)).toMatchObject(balance);
    });

    it('of a payment whose success never came is booked whole', () => {
      const after = apply(
        book({ state: 'unknown', events: [] }),
        compareWithTruth(book({ state: 'unknown', events: [] }), part),
      );
      expect(after.state).toBe('partially_captured');
      expect(foldPayment(after.events)).toMatchObject(balance);
    });

    it('of an order that is undone is given back', () => {
      expect(compareWithTruth(book({ isUndone: true, isWanted: false }), part)).toMatchObject({
        state: 'partially_captured',
        action: 'give_back',
        findings: [],
      });
    });

    it('is a whole payment when no more was asked for: only the rest of the authorization is given back', () => {
      const found = compareWithTruth(book({ amountMinor: 3_000 }), part);
      expect(found).toMatchObject({ state: 'captured', findings: [], events: [{}, RELEASED] });
    });
  });

  it('beyond what our books have is booked on top', () => {
    const found = compareWithTruth(captured(), truth({ capturedMinor: 6_000 }));
    expect(foldPayment(apply(captured(), found).events).capturedMinor).toBe(6_000);
  });

  it('below what our books have is a case and books nothing', () => {
    const found = compareWithTruth(captured(), truth({ capturedMinor: 1_000 }));
    expect(found).toMatchObject({ events: [], findings: [{ kind: 'amount_mismatch' }] });
  });

  it('of an authorization replaces ours', () => {
    const found = compareWithTruth(book(), truth({ state: 'authorized', amountMinor: 4_000 }));
    expect(foldPayment(apply(book(), found).events).authorizedMinor).toBe(4_000);
    expect(found.findings).toMatchObject([{ kind: 'amount_mismatch' }]);
  });

  it('in another currency books nothing at all', () => {
    const theirs = truth({ currency: 'USD', refunds: [refund()] });
    expect(compareWithTruth(captured(), theirs)).toMatchObject({
      events: [],
      findings: [{ kind: 'amount_mismatch' }],
    });
  });

  it('is what a payment is that the gateway does not know', () => {
    expect(compareWithTruth(captured(), undefined)).toMatchObject({
      events: [],
      findings: [{ kind: 'amount_mismatch', oursMinor: 5_000, theirsMinor: null }],
    });
  });
});

describe('an authorization that the gateway dropped', () => {
  it('expires, so that the card is asked again', () => {
    const found = compareWithTruth(book(), truth({ state: 'voided' }));
    expect(found).toMatchObject({ state: 'expired', action: 'none' });
    expect(foldPayment(apply(book(), found).events).voidedMinor).toBe(5_000);
  });

  it('is simply voided when nobody wants it', () => {
    expect(compareWithTruth(book({ isWanted: false }), truth({ state: 'voided' })).state).toBe('voided');
  });
});

describe('a refund', () => {
  const movement = (state: MovementState, providerRef: string | null = null) => ({
    key: 'k/r',
    providerRef,
    state,
    amountMinor: 1_000,
  });

  it('made in the dashboard is booked and is a case, once', () => {
    const theirs = truth({ refunds: [refund()] });
    const found = compareWithTruth(captured(), theirs);
    expect(found.events).toEqual([{ type: 'refund_success', reference: 're_1', amountMinor: 1_000 }]);
    expect(found.findings).toMatchObject([{ kind: 'moved_outside', subject: 're_1' }]);
    expect(compareWithTruth(apply(captured(), found), theirs)).toMatchObject(NOTHING);
  });

  it('beyond what was charged is booked all the same', () => {
    const found = compareWithTruth(captured(), truth({ refunds: [refund({ amountMinor: 9_000 })] }));
    expect(foldPayment(apply(captured(), found).events).refundedMinor).toBe(9_000);
  });

  it.each(['requested', 'unknown', 'pending_at_provider'] as const)(
    'of ours that is %s is settled',
    (state) => {
      const ours = captured({ movements: [movement(state)] });
      const found = compareWithTruth(ours, truth({ refunds: [refund({ key: 'k/r' })] }));
      expect(found).toMatchObject({
        events: [],
        findings: [],
        movements: [{ key: 'k/r', refundRef: 're_1', state: 'succeeded' }],
      });
    },
  );

  it('of ours is found by the reference too, where its key was lost', () => {
    const ours = captured({ movements: [movement('pending_at_provider', 're_1')] });
    expect(compareWithTruth(ours, truth({ refunds: [refund()] })).movements).toHaveLength(1);
  });

  it('of ours that failed after it had succeeded is taken back', () => {
    const events = [
      AUTHORIZED,
      CHARGED,
      { type: 'refund_success' as const, reference: 'k/r', amountMinor: 1_000 },
    ];
    const ours = captured({ events, movements: [movement('succeeded', 're_1')] });
    const theirs = truth({ refunds: [refund({ key: 'k/r', state: 'failed', failureCode: 'expired_card' })] });
    const found = compareWithTruth(ours, theirs);
    expect(found.movements).toEqual([
      { key: 'k/r', refundRef: 're_1', state: 'failed', failureCode: 'expired_card' },
    ]);
    expect(foldPayment(apply(ours, found).events).refundedMinor).toBe(0);
  });

  it('of ours that we gave up and that was made after all counts as made outside', () => {
    const ours = captured({ movements: [movement('failed')] });
    const found = compareWithTruth(ours, truth({ refunds: [refund({ key: 'k/r' })] }));
    expect(found.findings).toMatchObject([{ kind: 'moved_outside' }]);
    expect(foldPayment(found.events).refundedMinor).toBe(1_000);
  });

  it('of ours that the gateway does not know is a case, unless a person gave it back', () => {
    const done = movement('succeeded', 're_9');
    expect(compareWithTruth(captured({ movements: [done] }), truth()).findings).toHaveLength(1);
    const byHand = { ...done, isByHand: true };
    expect(compareWithTruth(captured({ movements: [byHand] }), truth()).findings).toEqual([]);
  });

  it('that a person made in the dashboard and recorded under its name is noted, once', () => {
    const ours = captured({ movements: [{ ...movement('succeeded', 're_1'), isByHand: true }] });
    const theirs = truth({ refunds: [refund()] });
    const found = compareWithTruth(ours, theirs);
    expect(found).toMatchObject({ ...NOTHING, events: [{ type: 'info', reference: 're_1' }] });
    expect(compareWithTruth(apply(ours, found), theirs)).toMatchObject(NOTHING);
  });

  it('that a person recorded with another amount than the dashboard has is a case, once', () => {
    const ours = captured({ movements: [{ ...movement('succeeded', 're_1'), isByHand: true }] });
    const theirs = truth({ refunds: [refund({ amountMinor: 600 })] });
    const found = compareWithTruth(ours, theirs);
    expect(found.findings).toMatchObject([{ kind: 'amount_mismatch', oursMinor: 1_000, theirsMinor: 600 }]);
    expect(compareWithTruth(apply(ours, found), theirs).findings).toEqual([]);
  });
});

describe('a dispute', () => {
  it('is booked as charge-back and opens a case', () => {
    const found = compareWithTruth(captured(), truth({ disputes: [dispute()] }));
    expect(found.events).toEqual([{ type: 'charge_back', reference: 'dp_1', amountMinor: 5_000 }]);
    expect(found.findings).toMatchObject([{ kind: 'dispute_open', subject: 'dp_1' }]);
    expect(found.disputes).toHaveLength(1);
  });

  it('that is only an inquiry takes no money', () => {
    const found = compareWithTruth(captured(), truth({ disputes: [dispute({ isInquiry: true })] }));
    expect(found.events).toEqual([]);
    expect(found.disputes).toHaveLength(1);
  });

  it('that was lost is news, also when its case was closed before', () => {
    const open = apply(captured(), compareWithTruth(captured(), truth({ disputes: [dispute()] })));
    const found = compareWithTruth(open, truth({ disputes: [dispute({ state: 'lost' })] }));
    expect(found).toMatchObject({ events: [], findings: [{ kind: 'dispute_open' }] });
  });
});

describe('in any order of arrival', () => {
  /** Truths as the gateway had them one after the other; what is final stays. */
  const history = [
    truth({ refunds: [refund({ key: 'k/r', state: 'pending' })] }),
    truth({ refunds: [refund({ key: 'k/r' })], disputes: [dispute({ amountMinor: 500 })] }),
    truth({
      refunds: [refund({ key: 'k/r' }), refund({ id: 're_2', amountMinor: 700, state: 'pending' })],
      disputes: [dispute({ amountMinor: 500 })],
    }),
    truth({
      refunds: [refund({ key: 'k/r', state: 'failed' }), refund({ id: 're_2', amountMinor: 700 })],
      disputes: [dispute({ amountMinor: 500, state: 'won' }), dispute({ id: 'dp_2', amountMinor: 300 })],
    }),
    truth({
      refunds: [
        refund({ key: 'k/r', state: 'failed' }),
        refund({ id: 're_2', amountMinor: 700, state: 'failed' }),
      ],
      disputes: [
        dispute({ amountMinor: 500, state: 'won' }),
        dispute({ id: 'dp_2', amountMinor: 300, state: 'lost' }),
      ],
    }),
  ];
  const start = captured({
    movements: [{ key: 'k/r', providerRef: null, state: 'requested', amountMinor: 1_000 }],
  });

  function end(truths: readonly GatewayTruth[]) {
    const after = truths.reduce((ours, theirs) => apply(ours, compareWithTruth(ours, theirs)), start);
    const { pending: _, ...sums } = foldPayment(after.events);
    return {
      sums,
      state: after.state,
      movements: after.movements.map((one) => one.state),
      disputes: after.disputes.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    };
  }

  it('the end is the same, however often each report comes', () => {
    const last = history.at(-1);
    if (!last) throw new Error('the history is empty');
    const expected = end([last]);
    expect(expected).toEqual({
      sums: {
        authorizedMinor: 5_000,
        capturedMinor: 5_000,
        refundedMinor: 0,
        voidedMinor: 0,
        chargedBackMinor: 300,
      },
      state: 'captured',
      movements: ['failed'],
      disputes: [
        { id: 'dp_1', state: 'won' },
        { id: 'dp_2', state: 'lost' },
      ],
    });
    fc.assert(
      fc.property(fc.array(fc.nat(history.length - 1), { maxLength: 12 }), (order) => {
        const heard = order.flatMap((index) => history[index] ?? []);
        expect(end([...heard, last])).toEqual(expected);
        // Old reports after the newest change nothing any more.
        expect(end([last, ...heard])).toEqual(expected);
      }),
    );
  });
});
