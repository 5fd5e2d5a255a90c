/** The balance of an order in every situation in which its money can be. */
import { expect, test } from 'vitest';
import { balanceOf, balanceWords } from './balance.ts';

type Given = Parameters<typeof balanceOf>[0];
type Sums = Partial<Record<keyof Given['money'], number>>;

const usd = (amount: number) => ({ amount, currency: 'USD' });

function balance(sums: Sums, given: Partial<Pick<Given, 'lifecycle' | 'direction' | 'payment'>> = {}) {
  return balanceOf({
    lifecycle: 'processing',
    direction: 'forward',
    total: usd(10_000),
    payment: { method: 'card', paid: false, writtenOff: null },
    money: {
      captured: usd(sums.captured ?? 0),
      refunded: usd(sums.refunded ?? 0),
      refundPending: usd(sums.refundPending ?? 0),
      chargedBack: usd(sums.chargedBack ?? 0),
    },
    ...given,
  });
}

const INVOICE = { payment: { method: 'invoice', paid: false, writtenOff: null } } as const;
const WRITTEN_OFF = {
  lifecycle: 'completed',
  payment: { ...INVOICE.payment, writtenOff: usd(4_000) },
} as const;
const COMPLETED = { lifecycle: 'completed' } as const;
const CANCELLED = { lifecycle: 'cancelled' } as const;

test.each<[string, Sums, Parameters<typeof balance>[1], number, string]>([
  ['one of two parcels charged', { captured: 6_000 }, {}, -4_000, 'still to be charged'],
  ['a part of an invoice has come', { captured: 6_000 }, INVOICE, -4_000, 'still to come'],
  ['the rest of an invoice was given up', { captured: 6_000 }, WRITTEN_OFF, 0, 'paid in full'],
  ['delivered and charged', { captured: 10_000 }, COMPLETED, 0, 'paid in full'],
  ['cancelled before anything was charged', {}, { ...CANCELLED, direction: 'undo' }, 0, 'nothing is owed'],
  ['cancelled, part given back', { captured: 10_000, refunded: 2_500 }, CANCELLED, 7_500, 'to be given back'],
  ['a unit refunded', { captured: 10_000, refunded: 3_000 }, COMPLETED, 0, 'paid in full'],
  ['a refund on its way', { captured: 10_000, refundPending: 3_000 }, COMPLETED, 3_000, 'to be given back'],
  ['all refunded', { captured: 10_000, refunded: 10_000 }, COMPLETED, 0, 'nothing is owed'],
  ['overpaid', { captured: 12_000 }, COMPLETED, 2_000, 'to be given back'],
  ['charged back', { captured: 10_000, chargedBack: 10_000 }, COMPLETED, -10_000, 'taken back by the bank'],
])('%s', (_what, sums, given, balanceMinor, text) => {
  const result = balance(sums, given);
  expect(result.balanceMinor).toBe(balanceMinor);
  expect(balanceWords(result)).toBe(text);
});
