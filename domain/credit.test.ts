/** The rules of credit accounts: in any sequence no more is held than is there, nothing is taken or given back twice. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsCardNumber } from './cardNumber.ts';
import {
  availableMinor,
  CREDIT_REFUSAL_WORDS,
  makeCreditCode,
  normalCreditCode,
  ruleAdjust,
  ruleGiveBack,
  ruleHold,
  ruleRelease,
  ruleTake,
  unusable,
  type CreditFacts,
  type CreditRuling,
  type HoldFacts,
} from './credit.ts';
import { AMOUNT_MAX_MINOR } from './money.ts';

const NOW = new Date('2026-03-14T09:26:53Z');
const account = (fields: Partial<CreditFacts> = {}): CreditFacts => ({
  ...{ currency: 'EUR', balanceMinor: 5_000, heldMinor: 1_000, state: 'active', expiresAt: null },
  ...fields,
});
const hold = (fields: Partial<HoldFacts> = {}): HoldFacts => ({
  ...{ state: 'held', currency: 'EUR', amountMinor: 1_000, takenMinor: 0, givenBackMinor: 0 },
  ...fields,
});
const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

describe('setting aside', () => {
  it('takes all that is available, and not one cent more', () => {
    expect(ruleHold(account(), eur(4_000), NOW)).toEqual({
      ok: true,
      deltas: [{ kind: 'held', balanceMinor: 0, heldMinor: 4_000 }],
    });
    expect(ruleHold(account(), eur(4_001), NOW)).toMatchObject({
      code: 'credit_short',
      why: 'balance_short',
    });
  });

  it.each([0, -1, 1.5, Number.NaN, AMOUNT_MAX_MINOR + 1])('refuses %s as an amount', (amountMinor) => {
    expect(ruleHold(account(), eur(amountMinor), NOW)).toMatchObject({ code: 'payment_refused' });
  });

  it('refuses an account that is disabled, has expired or is in another currency', () => {
    expect(unusable(account({ state: 'disabled' }), 'EUR', NOW)).toBe('account_disabled');
    expect(unusable(account({ expiresAt: NOW }), 'EUR', NOW)).toBe('account_expired');
    expect(unusable(account({ expiresAt: new Date(NOW.getTime() + 1) }), 'EUR', NOW)).toBeUndefined();
    expect(ruleHold(account(), { amountMinor: 1, currency: 'USD' }, NOW)).toMatchObject({
      ...{ code: 'credit_unusable', why: 'currency_differs' },
    });
  });
});

describe('taking, releasing, giving back', () => {
  it('takes less than is held and frees the rest', () => {
    expect(ruleTake(hold(), eur(600))).toEqual({
      ok: true,
      deltas: [
        { kind: 'taken', balanceMinor: -600, heldMinor: -600 },
        { kind: 'released', balanceMinor: 0, heldMinor: -400 },
      ],
    });
    expect(ruleTake(hold(), eur(1_001))).toMatchObject({ code: 'capture_refused', why: 'amount_too_large' });
  });

  it('does nothing more where it is done already, and refuses what contradicts it', () => {
    expect(ruleTake(hold({ state: 'taken' }), eur(1))).toEqual({ ok: true, deltas: [] });
    expect(ruleRelease(hold({ state: 'released' }))).toEqual({ ok: true, deltas: [] });
    expect(ruleTake(hold({ state: 'released' }), eur(1))).toMatchObject({ why: 'hold_released' });
    expect(ruleRelease(hold({ state: 'taken' }))).toMatchObject({
      code: 'payment_refused',
      why: 'hold_taken',
    });
    for (const ruling of [
      ruleTake(hold({ state: 'refused' }), eur(1)),
      ruleRelease(hold({ state: 'refused' })),
    ])
      expect(ruling).toMatchObject({ why: 'hold_refused' });
  });

  it('gives back what was taken and not given back yet', () => {
    const taken = hold({ state: 'taken', takenMinor: 1_000, givenBackMinor: 300 });
    expect(ruleGiveBack(taken, eur(700))).toMatchObject({ deltas: [{ balanceMinor: 700, heldMinor: 0 }] });
    expect(ruleGiveBack(taken, eur(701))).toMatchObject({ code: 'refund_failed', why: 'amount_too_large' });
    expect(ruleGiveBack(hold(), eur(1))).toMatchObject({ code: 'refund_failed', why: 'not_taken' });
    expect(ruleGiveBack(taken, { amountMinor: 1, currency: 'USD' })).toMatchObject({
      why: 'currency_differs',
    });
  });
});

describe('adjusting', () => {
  it('leaves what is held, and no more than an account may hold', () => {
    expect(ruleAdjust(account(), eur(-4_000))).toMatchObject({ ok: true });
    expect(ruleAdjust(account(), eur(-4_001))).toMatchObject({ code: 'credit_short' });
    expect(ruleAdjust(account(), eur(AMOUNT_MAX_MINOR))).toMatchObject({ why: 'balance_too_large' });
    expect(ruleAdjust(account(), eur(0))).toMatchObject({ code: 'invalid', why: 'amount_invalid' });
  });
});

const act = fc.record({
  what: fc.constantFrom('hold', 'take', 'release', 'give_back', 'adjust'),
  amountMinor: fc.integer({ min: -3_000, max: 3_000 }),
  which: fc.nat({ max: 7 }),
});
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** An account with its holds, as db/writes keeps them. */
class Book {
  readonly facts = account({ balanceMinor: 4_000, heldMinor: 0 });
  readonly holds: HoldFacts[] = [];

  act({ what, amountMinor, which }: Act): void {
    const one = this.holds[which];
    const asked = eur(amountMinor);
    if (what === 'adjust') this.write(ruleAdjust(this.facts, asked));
    if (what === 'hold' && this.write(ruleHold(this.facts, asked, NOW)))
      this.holds.push(hold({ amountMinor }));
    if (!one) return;
    if (what === 'take' && this.write(ruleTake(one, asked)))
      Object.assign(one, { state: 'taken', takenMinor: amountMinor });
    if (what === 'release' && this.write(ruleRelease(one))) one.state = 'released';
    if (what === 'give_back' && this.write(ruleGiveBack(one, asked))) one.givenBackMinor += amountMinor;
  }

  /** True when something was written. */
  private write(ruling: CreditRuling): boolean {
    if (!ruling.ok) return false;
    for (const delta of ruling.deltas) {
      this.facts.balanceMinor += delta.balanceMinor;
      this.facts.heldMinor += delta.heldMinor;
    }
    return ruling.deltas.length > 0;
  }
}

describe('any sequence', () => {
  it('never holds more than is there, and holds exactly what its open holds add up to', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const book = new Book();
        for (const one of acts) {
          book.act(one);
          const open = book.holds.filter((each) => each.state === 'held');
          expect(book.facts.heldMinor).toBe(open.reduce((sum, each) => sum + each.amountMinor, 0));
          expect(book.facts.heldMinor).toBeLessThanOrEqual(book.facts.balanceMinor);
          expect(availableMinor(book.facts)).toBe(book.facts.balanceMinor - book.facts.heldMinor);
          for (const each of book.holds) {
            expect(each.takenMinor).toBeLessThanOrEqual(each.amountMinor);
            expect(each.givenBackMinor).toBeLessThanOrEqual(each.takenMinor);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('codes', () => {
  const random = fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }));

  it('are found again however they are typed, and are never taken for a card number', () => {
    fc.assert(
      fc.property(random, (stream) => {
        const code = makeCreditCode((n) => Math.floor(Number(stream.next().value) * n));
        expect(code).toMatch(/^([A-Z][A-Z2-9]{3}-){3}[A-Z][A-Z2-9]{3}$/);
        expect(code).not.toMatch(/[AEIOUL01]/);
        const normal = code.replaceAll('-', '');
        const typed = [
          code,
          normal,
          code.toLowerCase(),
          ` ${code.replaceAll('-', ' – ')}\t`,
          [...normal].join(' '),
        ];
        expect(typed.map(normalCreditCode)).toEqual(typed.map(() => normal));
        expect(holdsCardNumber(code)).toBe(false);
      }),
    );
  });

  it.each([
    '',
    'K7PX',
    '1234-5678-9012-3456',
    'K7PX-Q2MW-D9FT-H4R0',
    'K7PX-Q2MW-D9FT-H4RB-X',
    'x'.repeat(10_000),
  ])('are not %.20s', (text) => expect(normalCreditCode(text)).toBeUndefined());
});

it('says every refusal in words', () => {
  for (const words of Object.values(CREDIT_REFUSAL_WORDS)) expect(words).toMatch(/^[A-Z].*\.$/);
});
