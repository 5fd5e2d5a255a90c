import { expect, test } from 'vitest';
import { WAIT_WORDS } from '../../domain/waits.ts';
import { fateOf, type OrderAfter } from './fate.ts';

const CASE: OrderAfter['cases'][number] = {
  id: 'cas_1',
  subject: 'ord_1',
  code: 'card_declined',
  attention: 'payment_action',
  owner: 'support',
  detail: 'The card was declined. (insufficient_funds)',
  openedAt: '2026-11-24T14:03:27.123Z',
  resolvedAt: null,
  resolution: null,
  assignee: null,
  assigneeName: null,
  nextRetryAt: null,
  tries: 0,
  isClosable: false,
};
const resolved = { ...CASE, resolvedAt: '2026-11-24T15:00:00.000Z', resolution: 'retried' };

function after(given: Partial<OrderAfter>): OrderAfter {
  return {
    cases: [],
    lifecycle: 'confirmed',
    paymentStatus: 'pending',
    fulfillments: [],
    standing: { state: 'The payment is being asked for', waitsFor: null },
    ...given,
  };
}
const card = { code: 'card_declined', caseIds: ['cas_1'] };

test('a card that is declined again opens a new case; one that is taken is paid', () => {
  const again = fateOf(after({ cases: [resolved, { ...CASE, id: 'cas_2' }] }), card);
  expect(again).toEqual({
    isKnown: true,
    isCured: false,
    text: 'Declined again; The card was declined. (insufficient funds).',
  });
  const paid = fateOf(after({ cases: [resolved], paymentStatus: 'authorized' }), card);
  expect(paid).toMatchObject({ isKnown: true, isCured: true });
  expect(paid.text).toMatch(/^Paid; now: /);
});

test('while the old case is open, or nothing is decided, nothing is claimed', () => {
  expect(fateOf(after({ cases: [CASE], paymentStatus: 'authorized' }), card).isKnown).toBe(false);
  expect(fateOf(after({ cases: [resolved] }), card).isKnown).toBe(false);
});

test('stock is found once a warehouse has the order, and still short with a new case', () => {
  const stock = { code: 'short_stock', caseIds: ['cas_1'] };
  const short = { ...CASE, code: 'short_stock', detail: 'TEA: 1 of 3' };
  expect(fateOf(after({ cases: [{ ...short, id: 'cas_2' }] }), stock).text).toBe('Still short; TEA: 1 of 3.');
  expect(fateOf(after({}), stock).isKnown).toBe(false);
  const share: OrderAfter['fulfillments'][number] = {
    id: 'ful_1',
    seq: 1,
    location: 'wh-east',
    state: 'open',
    amount: { amount: 1, currency: 'USD' },
    weightGrams: 0,
    submittedAt: null,
    packedAt: null,
    closedAt: null,
    lines: [],
  };
  expect(fateOf(after({ fulfillments: [share] }), stock).text).toMatch(/^Stock found; now: /);
});

test('a step has worked when the order waits for what comes after it', () => {
  const step = { code: 'warehouse_refused', caseIds: ['cas_1'] };
  const waiting = (waitsFor: string | null) => after({ standing: { state: 'Paid', waitsFor } });
  expect(fateOf(waiting(WAIT_WORDS.packing), step).isCured).toBe(true);
  expect(fateOf(waiting(WAIT_WORDS.retry), step).isKnown).toBe(false);
  expect(fateOf(waiting(null), step).isKnown).toBe(false);
  expect(fateOf(after({ lifecycle: 'cancelled' }), step)).toMatchObject({ isKnown: true, isCured: false });
});
