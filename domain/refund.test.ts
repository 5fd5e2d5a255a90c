/** Refunds: what units, shipping, goodwill and fees come to, what is refused, and that parts add up to what was paid. */
import { describe, expect, it } from 'vitest';
import { moneyCase } from '../cli/prove/money/moneyCase.ts';
import { afterRefund, refundCase } from '../cli/prove/money/refundCase.ts';
import {
  needsApproval,
  planRefund,
  type RefundableLine,
  type RefundablePayment,
  type RefundFacts,
  type RefundPlan,
  type RefundRequest,
} from './refund.ts';

const CASES = 1_000;

function line(part: Partial<RefundableLine> = {}): RefundableLine {
  const quantity = part.quantity ?? 1;
  const base = {
    lineNo: 1,
    shipped: quantity,
    cancelled: 0,
    totalMinor: 1_000,
    taxMinor: 0,
    refundedUnits: 0,
  };
  return { ...base, ...part, quantity };
}

function payment(capturedMinor: number, part: Partial<RefundablePayment> = {}): RefundablePayment {
  return {
    id: 'pay_1',
    method: 'card',
    state: 'captured',
    capturedMinor,
    refundedMinor: 0,
    refundClaimedMinor: 0,
    chargedBackMinor: 0,
    ...part,
  };
}

/** An order of these lines that was paid in full by card, unless said otherwise. */
function paid(lines: readonly RefundableLine[], part: Partial<RefundFacts> = {}): RefundFacts {
  const shippingPaidMinor = part.shippingPaidMinor ?? 0;
  const totalMinor = lines.reduce((sum, one) => sum + one.totalMinor, shippingPaidMinor);
  return {
    currency: 'EUR',
    totalMinor,
    lines,
    shippingPaidMinor,
    shippingRefundedMinor: 0,
    exactBeforeMinor: 0,
    payments: [payment(totalMinor)],
    ...part,
  };
}

function plan(facts: RefundFacts, request: Omit<RefundRequest, 'reason'>): RefundPlan {
  const planned = planRefund(facts, { reason: 'customer_request', ...request });
  if (!planned.ok) throw new Error(`${planned.code}: ${planned.detail}`);
  return planned.plan;
}

function refusal(facts: RefundFacts, request: Omit<RefundRequest, 'reason'>): string {
  const planned = planRefund(facts, { reason: 'customer_request', ...request });
  return planned.ok ? `granted ${planned.plan.amountMinor}` : planned.code;
}

function units(lineNo: number, count: number): Pick<RefundRequest, 'lines'> {
  return { lines: [{ lineNo, units: count }] };
}

describe('known cases of other systems', () => {
  it('unit 100, quantity 2, discount 20 before tax, tax 10 %: one unit is 99.00', () => {
    const facts = paid([line({ quantity: 2, totalMinor: 19_800, taxMinor: 1_800 })]);
    const first = plan(facts, units(1, 1));
    expect(first.amountMinor).toBe(9_900);
    expect(first.lines).toEqual([{ lineNo: 1, units: 1, netMinor: 9_000, taxMinor: 900, totalMinor: 9_900 }]);
    expect(plan(afterRefund(facts, first), units(1, 1)).amountMinor).toBe(9_900);
  });

  it('S031: one of two units at 10.00 with 12.5 % tax gives back 11.25', () => {
    const facts = paid([line({ quantity: 2, totalMinor: 2_250, taxMinor: 250 })]);
    expect(plan(facts, units(1, 1)).amountMinor).toBe(1_125);
  });

  it('S033: the return label is held back with its own tax', () => {
    const facts = paid([line({ quantity: 2, totalMinor: 2_400, taxMinor: 400 })]);
    const label = { kind: 'return_label', amountMinor: 1_000, taxMinor: 125 } as const;
    expect(plan(facts, { ...units(1, 1), fees: [label] })).toMatchObject({
      amountMinor: 75,
      feesMinor: 1_125,
      fees: [label],
    });
  });

  it('S042: units that will not be sent give back their price and no shipping', () => {
    const open = [
      line({ quantity: 3, shipped: 0, totalMinor: 3_690 }),
      line({ lineNo: 2, quantity: 2, shipped: 0, totalMinor: 4_920 }),
    ];
    const both = {
      lines: [
        { lineNo: 1, units: 2 },
        { lineNo: 2, units: 2 },
      ],
    };
    const cancelled = open.map((one) => ({ ...one, cancelled: 2 }));
    expect(plan(paid(cancelled, { shippingPaidMinor: 1_230 }), both)).toMatchObject({
      amountMinor: 7_380,
      shippingMinor: 0,
    });
    expect(refusal(paid(open, { shippingPaidMinor: 1_230 }), both)).toBe('units_not_refundable');
  });

  it('S047: two grants can not exceed the line', () => {
    const two = paid([line({ quantity: 2, totalMinor: 2_460, refundedUnits: 1 })], {
      exactBeforeMinor: 1_230,
    });
    expect(plan(two, units(1, 1)).amountMinor).toBe(1_230);
    const one = paid([line({ quantity: 1, totalMinor: 1_230, refundedUnits: 1 })], {
      exactBeforeMinor: 1_230,
    });
    expect(refusal(one, units(1, 1))).toBe('units_not_refundable');
  });

  it('S050: a payment that was set aside and not taken can not be refunded', () => {
    const facts = paid([line()], { payments: [payment(0, { state: 'authorized' })] });
    expect(refusal(facts, units(1, 1))).toBe('nothing_to_refund');
  });

  it('S055: two payments give back in the order in which they came', () => {
    const facts = paid([line({ quantity: 2, totalMinor: 3_598 })], {
      shippingPaidMinor: 500,
      payments: [payment(1_000), payment(3_098, { id: 'pay_2' })],
    });
    const first = plan(facts, units(1, 1));
    expect(first.movements).toEqual([
      { paymentId: 'pay_1', amountMinor: 1_000, byHand: false },
      { paymentId: 'pay_2', amountMinor: 799, byHand: false },
    ]);
    const second = plan(afterRefund(facts, first), { ...units(1, 1), shippingMinor: 500 });
    expect(second.movements).toEqual([{ paymentId: 'pay_2', amountMinor: 2_299, byHand: false }]);
    expect(first.amountMinor + second.amountMinor).toBe(facts.totalMinor);
  });

  it('S058: the line comes to its price less its share of the discount plus tax, and no more than is left', () => {
    const lines = [line({ totalMinor: 19_965, taxMinor: 398 })];
    expect(plan(paid(lines), units(1, 1)).lines).toEqual([
      { lineNo: 1, units: 1, netMinor: 19_567, taxMinor: 398, totalMinor: 19_965 },
    ]);
    const almostGone = paid(lines, { payments: [payment(19_965, { refundedMinor: 15_771 })] });
    expect(refusal(almostGone, units(1, 1))).toBe('refund_too_large');
    expect(plan(almostGone, { amountMinor: 4_194 })).toMatchObject({
      amountMinor: 4_194,
      goodwillMinor: 4_194,
    });
    expect(refusal(almostGone, { amountMinor: 4_195 })).toBe('refund_too_large');
  });
});

describe('currencies', () => {
  it.each([
    ['EUR', [33, 34, 33]],
    ['JPY', [33, 34, 33]],
    // Cards settle dinars in hundredths: what can't move now moves with a later unit.
    ['KWD', [30, 30, 40]],
  ])('three units for 100 minor units of %s go back as %j', (currency, expected) => {
    let facts = paid([line({ quantity: 3, totalMinor: 100, taxMinor: 10 })], { currency });
    const amounts = expected.map(() => {
      const next = plan(facts, units(1, 1));
      facts = afterRefund(facts, next);
      return next.amountMinor;
    });
    expect(amounts).toEqual(expected);
    expect(facts.payments[0]?.refundedMinor).toBe(100);
  });

  it('what a card can not move is said as rounding', () => {
    const facts = paid([line({ quantity: 3, totalMinor: 100 })], { currency: 'KWD' });
    expect(plan(facts, units(1, 1))).toMatchObject({ amountMinor: 30, roundingMinor: -3 });
    expect(plan(facts, units(1, 3))).toMatchObject({ amountMinor: 100, roundingMinor: 0 });
  });

  it('by hand every fils can be given back', () => {
    const facts = paid([line({ quantity: 3, totalMinor: 100 })], {
      currency: 'KWD',
      payments: [payment(100, { method: 'prepaid' })],
    });
    expect(plan(facts, units(1, 1))).toMatchObject({ amountMinor: 33, roundingMinor: 0 });
    expect(plan(facts, { goodwillMinor: 7 }).movements).toEqual([
      { paymentId: 'pay_1', amountMinor: 7, byHand: true },
    ]);
  });

  it.each([
    { goodwillMinor: 15 },
    { amountMinor: 15 },
    { goodwillMinor: 100, fees: [{ kind: 'other', amountMinor: 10, taxMinor: 1 }] },
  ] as const)('amounts that a card can not move are refused: %j', (request) => {
    expect(refusal(paid([line()], { currency: 'KWD' }), request)).toBe('invalid');
  });

  it.each([
    ['EUR', 10_000, false],
    ['EUR', 10_001, true],
    ['JPY', 100, false],
    ['JPY', 101, true],
    ['KWD', 100_000, false],
    ['KWD', 100_001, true],
  ])('a limit of 100 in %s: %i minor units need approval: %s', (currency, amountMinor, needed) => {
    expect(needsApproval(amountMinor, currency, 100)).toBe(needed);
  });
});

describe('what is refused', () => {
  const facts = paid([line({ quantity: 3, shipped: 1, cancelled: 1, totalMinor: 3_000 })], {
    shippingPaidMinor: 400,
  });

  it.each([
    ['units that are still to be sent', units(1, 3), 'units_not_refundable'],
    ['more shipping than was paid', { shippingMinor: 401 }, 'shipping_not_refundable'],
    ['a line the order does not have', units(2, 1), 'invalid'],
    ['no units', units(1, 0), 'invalid'],
    ['parts of units', units(1, 0.5), 'invalid'],
    ['the same line twice', { lines: [1, 1].map((lineNo) => ({ lineNo, units: 1 })) }, 'invalid'],
    ['nothing', {}, 'invalid'],
    ['a plain amount beside lines', { amountMinor: 1, ...units(1, 1) }, 'invalid'],
    ['a negative amount', { goodwillMinor: -1 }, 'invalid'],
    ['an amount that is no number', { amountMinor: Number.NaN }, 'invalid'],
    ['a payment of another order', { amountMinor: 1, paymentId: 'pay_9' }, 'invalid'],
    ['an amount of 0', { amountMinor: 0 }, 'nothing_to_refund'],
    [
      'fees that eat it all',
      { goodwillMinor: 5, fees: [{ kind: 'other', amountMinor: 5 }] },
      'nothing_to_refund',
    ],
    ['more than was taken', { amountMinor: 3_401 }, 'refund_too_large'],
  ] as const)('%s', (_, request, code) => {
    expect(refusal(facts, request)).toBe(code);
  });

  it('shipping is given back once', () => {
    const first = plan(facts, { shippingMinor: 300 });
    expect(refusal(afterRefund(facts, first), { shippingMinor: 101 })).toBe('shipping_not_refundable');
  });

  it('what is on its way back or was taken by the bank counts as gone', () => {
    const payments = [payment(1_000, { refundClaimedMinor: 300, chargedBackMinor: 200, refundedMinor: 100 })];
    expect(refusal(paid([line()], { payments }), { amountMinor: 401 })).toBe('refund_too_large');
    expect(plan(paid([line()], { payments }), { amountMinor: 400 }).amountMinor).toBe(400);
  });

  it('a payment that lost more than it took does not lower the others', () => {
    const payments = [payment(100, { chargedBackMinor: 150 }), payment(200, { id: 'pay_2' })];
    expect(plan(paid([line()], { payments }), { amountMinor: 200 }).movements).toEqual([
      { paymentId: 'pay_2', amountMinor: 200, byHand: false },
    ]);
  });
});

describe('which payments give it back', () => {
  const payments = [
    payment(500, { id: 'pay_channel', method: 'prepaid' }),
    payment(300),
    payment(300, { id: 'pay_2' }),
  ];
  const facts = paid([line({ totalMinor: 1_100 })], { payments });
  const taken = (request: Omit<RefundRequest, 'reason'>) =>
    plan(facts, request).movements.map((one) => [one.paymentId, one.amountMinor]);

  it('cards first, in order, then what people give back', () => {
    expect(taken({ amountMinor: 700 })).toEqual([
      ['pay_1', 300],
      ['pay_2', 300],
      ['pay_channel', 100],
    ]);
  });

  it('the chosen one before all others', () => {
    expect(taken({ amountMinor: 600, paymentId: 'pay_channel' })).toEqual([
      ['pay_channel', 500],
      ['pay_1', 100],
    ]);
    expect(taken({ amountMinor: 100, paymentId: 'pay_2' })).toEqual([['pay_2', 100]]);
  });

  describe('of an order with three ways to pay', () => {
    // Gift card first, as it was paid; then store credit, then a card.
    const tenders = [
      payment(400, { id: 'pay_gift', method: 'gift_card' }),
      payment(300, { id: 'pay_store', method: 'store_credit' }),
      payment(500, { id: 'pay_card' }),
    ];
    const three = paid([line({ totalMinor: 1_200 })], { payments: tenders });
    const walked = (facts: RefundFacts, request: Omit<RefundRequest, 'reason'>) =>
      plan(facts, request).movements.map((one) => [one.paymentId, one.amountMinor, one.byHand]);

    it('the card first, then what we keep ourselves, oldest first; nobody has to do anything by hand', () => {
      expect(walked(three, { amountMinor: 500 })).toEqual([['pay_card', 500, false]]);
      expect(walked(three, { amountMinor: 1_000 })).toEqual([
        ['pay_card', 500, false],
        ['pay_gift', 400, false],
        ['pay_store', 100, false],
      ]);
    });

    it('what a bank transfer has paid goes back last, by hand', () => {
      const payments = [
        payment(400, { id: 'pay_gift', method: 'gift_card' }),
        payment(500, { id: 'pay_bank', method: 'bank_transfer' }),
        payment(300, { id: 'pay_card' }),
      ];
      const mixed = paid([line({ totalMinor: 1_200 })], { payments });
      expect(walked(mixed, { amountMinor: 800 })).toEqual([
        ['pay_card', 300, false],
        ['pay_gift', 400, false],
        ['pay_bank', 100, true],
      ]);
    });

    it('parts in any sequence empty all three exactly', () => {
      let facts = three;
      for (const amountMinor of [450, 250, 499, 1]) facts = afterRefund(facts, plan(facts, { amountMinor }));
      expect(facts.payments.map((one) => one.refundedMinor)).toEqual([400, 300, 500]);
      expect(refusal(facts, { amountMinor: 1 })).toBe('nothing_to_refund');
    });

    it('of dinars the card moves whole steps, and credit the fils that are left', () => {
      const dinars = [
        payment(57, { id: 'pay_gift', method: 'gift_card' }),
        payment(40, { id: 'pay_card' }),
        payment(3, { id: 'pay_store', method: 'store_credit' }),
      ];
      const facts = paid([line({ totalMinor: 100 })], { currency: 'KWD', payments: dinars });
      expect(walked(facts, units(1, 1))).toEqual([
        ['pay_card', 40, false],
        ['pay_gift', 57, false],
        ['pay_store', 3, false],
      ]);
    });

    it('an order without a card knows no steps', () => {
      const facts = paid([line({ totalMinor: 100 })], {
        currency: 'KWD',
        payments: [payment(100, { method: 'store_credit' })],
      });
      expect(walked(facts, { amountMinor: 7 })).toEqual([['pay_1', 7, false]]);
    });
  });
});

describe('a plain amount', () => {
  it('is goodwill, and all units and the shipping when it is all that is left', () => {
    const facts = paid([line({ quantity: 2, totalMinor: 1_001 })], { shippingPaidMinor: 99 });
    expect(plan(facts, { amountMinor: 1_099 })).toMatchObject({ goodwillMinor: 1_099, lines: [] });
    expect(plan(facts, { amountMinor: 1_100 })).toMatchObject({
      goodwillMinor: 0,
      shippingMinor: 99,
      lines: [{ lineNo: 1, units: 2, totalMinor: 1_001 }],
    });
  });

  it('stays goodwill while units are still to be sent', () => {
    const facts = paid([line({ quantity: 2, shipped: 1 })]);
    expect(plan(facts, { amountMinor: 1_000 })).toMatchObject({ goodwillMinor: 1_000, lines: [] });
  });
});

describe('rounding', () => {
  it('never makes a net or a tax negative, however small the prices', () => {
    let facts = paid([line({ quantity: 5, totalMinor: 3, taxMinor: 2 })]);
    const parts: number[] = [];
    for (let unit = 1; unit <= 5; unit += 1) {
      const planned = planRefund(facts, { reason: 'other', ...units(1, 1), goodwillMinor: 0 });
      if (!planned.ok) {
        // This unit costs nothing: it is counted with what follows.
        facts = { ...facts, lines: facts.lines.map((one) => ({ ...one, refundedUnits: unit })) };
        continue;
      }
      parts.push(...planned.plan.lines.flatMap((one) => [one.netMinor, one.taxMinor]));
      facts = afterRefund(facts, planned.plan);
    }
    expect(Math.min(...parts)).toBe(0);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(3);
  });

  it('is exact where a number would not be', () => {
    const totalMinor = 999_999_999_999;
    const facts = paid([line({ quantity: 999_999, totalMinor })]);
    expect(plan(facts, units(1, 999_998)).amountMinor).toBe(999_998_999_998);
  });
});

describe('any sequence', () => {
  it(`refunds of all units and the shipping add up to what was paid (${CASES} cases)`, () => {
    expect(failures(refundCase)).toEqual([]);
  });

  it(`nothing we start gives back more than was taken, and the books agree (${CASES} cases)`, () => {
    expect(failures(moneyCase)).toEqual([]);
  });
});

/** The cases that fail, each with the seed that makes it again. */
function failures(run: (seed: number) => string | undefined): string[] {
  return Array.from({ length: CASES }, (_, seed) => {
    const wrong = run(seed);
    return wrong === undefined ? [] : [`seed ${seed}: ${wrong}`];
  }).flat();
}
