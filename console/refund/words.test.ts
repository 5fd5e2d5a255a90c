/** Refunds in words: parts, where the money goes, who must say yes, what became of it. */
import { expect, test } from 'vitest';
import { REFUND_REASONS } from '../../domain/refund.ts';
import { REFUND_STATES } from '../../domain/refundStates.ts';
import {
  approvalWords,
  isByHandNow,
  movementWords,
  personWords,
  problemWords,
  refundOutcome,
  refundParts,
  refundReasonOf,
  refundReasonWords,
} from './words.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });
/** Intl puts a space that does not break between the code and the amount. */
const plain = (text: string) => text.replaceAll(/\s/g, ' ');

test('every reason has words, and one of another version is shown as it is', () => {
  expect(new Set(REFUND_REASONS.map(refundReasonWords)).size).toBe(REFUND_REASONS.length);
  expect(refundReasonWords('of_an_older_version')).toBe('of_an_older_version');
  expect([refundReasonOf(''), refundReasonOf('late')]).toEqual([undefined, 'late']);
});

test('a refund says all its parts, and none that is nothing', () => {
  const parts = refundParts({
    lines: [{ lineNo: 2, units: 1, net: usd(3_939), tax: usd(394), total: usd(4_333) }],
    shipping: usd(500),
    goodwill: usd(0),
    fees: [{ kind: 'restocking', amount: usd(100), tax: usd(20) }],
    rounding: usd(0),
  });
  expect(parts.map(plain)).toEqual([
    '1 unit of line 2, USD 43.33',
    'shipping USD 5.00',
    'less restocking fee USD 1.20',
  ]);
});

test('where the money goes: by itself to the card, by hand otherwise', () => {
  expect(plain(movementWords({ amount: usd(100), method: 'card', byHand: false }))).toBe(
    'USD 1.00 back to the card, by itself',
  );
  expect(movementWords({ amount: usd(100), method: 'prepaid', byHand: true })).toMatch(
    /by hand.*at the channel/,
  );
});

test('whether a second person is needed', () => {
  expect(plain(approvalWords({ needsApproval: true, limit: usd(20_000) }))).toMatch(
    /^A second person .* limit of USD 200\.00/,
  );
  expect(approvalWords({ needsApproval: false, limit: usd(20_000) })).toBe('No second person is needed.');
});

test('the problem of a preview is a sentence', () => {
  expect(
    problemWords({ code: 'units_not_refundable', detail: 'line 1: 0 of its units can be refunded, not 1' }),
  ).toBe(
    'More units of a line than were sent or cancelled and not refunded yet: line 1: 0 of its units can be refunded, not 1.',
  );
});

test('every state is told in a toast of its own', () => {
  const told = REFUND_STATES.map((state) => refundOutcome({ state, amount: usd(100), attempts: [] }).message);
  expect(new Set(told).size).toBe(REFUND_STATES.length - 1);
  expect(refundOutcome({ state: 'settled', amount: usd(100), attempts: [] }).color).toBe('green');
});

test('one that is to be given back by hand says so, until it is done', () => {
  const attempts = [{ state: 'by_hand' as const }].map((one) => ({
    ...one,
    id: 'rat_1',
    paymentId: 'pay_1',
    method: 'prepaid' as const,
    amount: usd(100),
    attempt: 1,
    number: '100001/refund/1.1/1',
    reference: null,
    failureCode: null,
    createdAt: '2026-11-24T14:03:27.123Z',
    settledAt: null,
  }));
  expect(refundOutcome({ state: 'executing', amount: usd(100), attempts }).message).toMatch(/by hand/);
  expect([
    isByHandNow({ state: 'executing', attempts }),
    isByHandNow({ state: 'withdrawn', attempts }),
  ]).toEqual([true, false]);
});

test('a person is named, and one without a name is still somebody', () => {
  expect([personWords('key:k_1', 'Ada'), personWords('key:k_1', null), personWords('system', null)]).toEqual([
    'Ada',
    'key k_1',
    'Holdfast',
  ]);
});
