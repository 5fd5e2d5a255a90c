import { describe, expect, it } from 'vitest';
import { givenTenders, isPaidAtOnce, paymentOf, tendersIn, tendersToStore } from './givenTenders.ts';
import type { NewPayment, NewTender } from './newOrder.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const totals = { total: eur(1_000) };
const card: NewPayment = { method: 'card', token: 'pm_1' };
const gift: NewTender = { method: 'gift_card', code: 'BCDF-GHJK-MNPQ-RSTV', amount: eur(300) };
const transfer: NewPayment = { method: 'bank_transfer', number: 'T-1' };
const none = new Map<number, string>();

describe('an order as it was handed in', () => {
  it('is paid in one way or in several', () => {
    expect(tendersIn({ payment: card })).toEqual([card]);
    expect(tendersIn({ payments: [gift, card] })).toEqual([gift, card]);
    expect(() => tendersIn({})).toThrow(RangeError);
  });

  it('gives all to one way, the rest to the one without an amount', () => {
    expect(givenTenders({ payment: card, totals })?.map((one) => one.amountMinor)).toEqual([1_000]);
    expect(givenTenders({ payment: card, totals: { total: eur(0) } })?.[0]?.amountMinor).toBe(0);
    const both = givenTenders({ payments: [gift, card], totals });
    expect(both?.map(({ seq, amountMinor }) => [seq, amountMinor])).toEqual([
      [1, 300],
      [2, 700],
    ]);
    expect(givenTenders({ payments: [gift, { ...card, amount: eur(1) }], totals })).toBeUndefined();
  });

  it('is known by what is awaited, else by the first', () => {
    expect(paymentOf({ payment: card })).toBe(card);
    expect(paymentOf({ payments: [gift, transfer] })).toBe(transfer);
    expect(paymentOf({ payments: [gift, card] })).toBe(gift);
  });

  it('is paid at once by the channel, or when nothing is awaited', () => {
    const prepaid = { method: 'prepaid', number: 'P', time: '2026-01-01T00:00:00Z' } as const;
    expect(isPaidAtOnce(prepaid, 100)).toBe(true);
    expect(isPaidAtOnce({ ...prepaid, paid: false }, 100)).toBe(false);
    expect(isPaidAtOnce(transfer, 100)).toBe(false);
    expect(isPaidAtOnce({ method: 'invoice' }, 0)).toBe(true);
    expect(isPaidAtOnce(card, 0)).toBe(false);
  });

  it('is stored with accounts in place of codes', () => {
    const order = { payments: [gift, card], totals };
    expect(tendersToStore(order, new Map([[1, 'crd_1']]))).toEqual([
      { seq: 1, method: 'gift_card', token: 'crd_1', amountMinor: 300 },
      { seq: 2, method: 'card', token: 'pm_1', amountMinor: 700 },
    ]);
    expect(() => tendersToStore(order, none)).toThrow(RangeError);
    expect(() => tendersToStore({ payments: [gift, gift], totals }, none)).toThrow(RangeError);
    expect(tendersToStore({ payment: transfer, totals }, none)[0]?.token).toBeNull();
  });
});
