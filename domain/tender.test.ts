import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HELD_METHODS, isHeld } from './method.ts';
import { PAYMENT_METHODS, type PaymentMethod } from './order.ts';
import { awaitedTender, legsOf, storedTenders, tendersOf, TENDERS_MAX, type Tender } from './tender.ts';

interface Given {
  method: PaymentMethod;
  token: string | null;
  amountMinor: number | null;
}

const given = (method: PaymentMethod, amountMinor: number | null): Given => ({
  method,
  token: null,
  amountMinor,
});

/** Tenders that set money aside, and at most one that is awaited somewhere among them. */
const tenders = fc
  .record({
    held: fc.array(
      fc.record({
        method: fc.constantFrom(...HELD_METHODS),
        amountMinor: fc.integer({ min: 1, max: 10_000 }),
      }),
      {
        maxLength: TENDERS_MAX - 1,
      },
    ),
    awaited: fc.option(
      fc.record({
        method: fc.constantFrom(...PAYMENT_METHODS.filter((method) => !isHeld(method))),
        amountMinor: fc.integer({ min: 1, max: 10_000 }),
        at: fc.nat({ max: TENDERS_MAX }),
      }),
      { nil: undefined },
    ),
  })
  .map(({ held, awaited }) => (awaited ? held.toSpliced(awaited.at, 0, awaited) : held))
  .filter((list) => list.length > 0);

const sum = (amounts: readonly number[]) => amounts.reduce((total, one) => total + one, 0);

/** Cuts a total into shares at the places given; places twice give a share of nothing. */
function sharesOf(totalMinor: number, cuts: readonly number[]): number[] {
  const ends = [...cuts.map((cut) => Math.floor(cut * totalMinor)), totalMinor].toSorted((a, b) => a - b);
  return ends.map((end, index) => end - (ends[index - 1] ?? 0));
}
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 });

describe('ways to pay', () => {
  it('add up to the total, whichever of them takes the rest', () => {
    fc.assert(
      fc.property(tenders, fc.option(fc.nat({ max: 9 }), { nil: undefined }), (list, open) => {
        const totalMinor = sum(list.map((one) => one.amountMinor));
        const index = open === undefined ? -1 : open % list.length;
        const named = list.map((one, at) => given(one.method, at === index ? null : one.amountMinor));
        const made = tendersOf(named, totalMinor);
        expect(made?.map(({ seq, method, amountMinor }) => ({ seq, method, amountMinor }))).toEqual(
          list.map(({ method, amountMinor }, at) => ({ seq: at + 1, method, amountMinor })),
        );
      }),
    );
  });

  it('are refused when amounts differ from the total', () => {
    fc.assert(
      fc.property(tenders, fc.integer({ min: -500, max: 500 }), (list, off) => {
        fc.pre(off !== 0);
        const totalMinor = sum(list.map((one) => one.amountMinor));
        const named = list.map((one) => given(one.method, one.amountMinor));
        expect(tendersOf(named, totalMinor + off)).toBeUndefined();
      }),
    );
  });

  it.each<[string, Given[], number]>([
    ['two without an amount', [given('card', null), given('gift_card', null)], 100],
    ['nothing left for the one without an amount', [given('card', null), given('gift_card', 100)], 100],
    ['less than nothing left for it', [given('card', null), given('gift_card', 101)], 100],
    ['one of nothing', [given('card', 100), given('gift_card', 0)], 100],
    ['one below nothing', [given('card', 200), given('gift_card', -100)], 100],
    ['two that are awaited', [given('prepaid', 50), given('invoice', null)], 100],
  ])('are refused: %s', (_, list, totalMinor) => {
    expect(tendersOf(list, totalMinor)).toBeUndefined();
  });
});

describe('legs', () => {
  it('lay shares and ways to pay side by side: no minor unit is paid twice or by nobody', () => {
    fc.assert(
      fc.property(tenders, cuts, (list, places) => {
        const made = list.map((one, at): Tender => ({ ...one, token: null, seq: at + 1 }));
        const totalMinor = sum(list.map((one) => one.amountMinor));
        const shares = sharesOf(totalMinor, places);
        const legs = legsOf(shares, made);
        expect(legs).toHaveLength(shares.length);
        for (const tender of made) {
          const own = legs.flat().filter((leg) => leg.tender === tender.seq);
          expect(sum(own.map((leg) => leg.amountMinor))).toBe(isHeld(tender.method) ? tender.amountMinor : 0);
          expect(own.every((leg) => leg.method === tender.method)).toBe(true);
        }
        const isAllHeld = made.every((tender) => isHeld(tender.method));
        for (const [index, share] of shares.entries()) {
          const paid = sum((legs[index] ?? []).map((leg) => leg.amountMinor));
          expect(paid).toBeLessThanOrEqual(share);
          if (isAllHeld) expect(paid).toBe(share);
        }
      }),
    );
  });

  it('use the ways to pay in their order, and never one of nothing but for a share of nothing', () => {
    fc.assert(
      fc.property(tenders, cuts, (list, places) => {
        const made = list.map((one, at): Tender => ({ ...one, token: null, seq: at + 1 }));
        const shares = sharesOf(sum(list.map((one) => one.amountMinor)), places);
        const legs = legsOf(shares, made);
        const used = legs.filter((_, at) => shares[at] !== 0).flat();
        expect(used.map((leg) => leg.tender)).toEqual(
          used.map((leg) => leg.tender).toSorted((a, b) => a - b),
        );
        expect(used.every((leg) => leg.amountMinor > 0)).toBe(true);
        for (const [at, own] of legs.entries())
          if (shares[at] === 0) expect(own.length).toBe(made.some(({ method }) => isHeld(method)) ? 1 : 0);
      }),
    );
  });

  it('of a card are whole steps where its tender begins and ends on one', () => {
    const made: Tender[] = [
      { seq: 1, method: 'card', token: 't', amountMinor: 200 },
      { seq: 2, method: 'gift_card', token: 'crd_1', amountMinor: 5 },
    ];
    expect(legsOf([100, 105], made)).toEqual([
      [{ tender: 1, method: 'card', amountMinor: 100 }],
      [
        { tender: 1, method: 'card', amountMinor: 100 },
        { tender: 2, method: 'gift_card', amountMinor: 5 },
      ],
    ]);
  });
});

describe('a stored order', () => {
  const one = { method: 'bank_transfer', token: null, totalMinor: 500, tenders: null } as const;
  const card: Tender = { seq: 1, method: 'card', token: 't', amountMinor: 200 };

  it('has one tender for all of it, or the stored ones', () => {
    expect(storedTenders(one)).toEqual([{ seq: 1, method: 'bank_transfer', token: null, amountMinor: 500 }]);
    expect(storedTenders({ ...one, tenders: [card] })).toEqual([card]);
  });

  it('awaits the one that sets nothing aside', () => {
    expect(awaitedTender(one)?.seq).toBe(1);
    expect(awaitedTender({ ...one, tenders: [card, { ...card, seq: 2, method: 'invoice' }] })?.seq).toBe(2);
    expect(awaitedTender({ ...one, method: 'card' })).toBeUndefined();
  });
});
