/** What is typed in the refund dialog becomes a request, or says field by field what is wrong. */
import { expect, test } from 'vitest';
import {
  allUnits,
  NO_VALUES,
  readRefund,
  refundableLines,
  shippingLeft,
  withReason,
  type RefundableLine,
  type RefundValues,
} from './request.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const LINES: readonly RefundableLine[] = [
  { lineNo: 1, name: 'Tea', sku: 'TEA', quantity: 3, refundable: 3 },
  { lineNo: 2, name: 'Mug', sku: 'MUG', quantity: 1, refundable: 0 },
];
const typed = (values: Partial<RefundValues>, currency = 'EUR') =>
  readRefund({ ...NO_VALUES, ...values }, LINES, currency);

test('nothing typed asks for nothing; a fee alone gives nothing back', () => {
  expect(typed({})).toEqual({ kind: 'nothing' });
  expect(typed({ units: { 1: ' 0 ' }, shipping: '0.00' })).toEqual({ kind: 'nothing' });
  expect(typed({ fees: { ...NO_VALUES.fees, other: '1' } })).toEqual({ kind: 'nothing' });
});

test('units, shipping, goodwill and fees become one request in minor units', () => {
  expect(
    typed({
      units: { 1: '2' },
      shipping: '4,90',
      goodwill: '1',
      fees: { ...NO_VALUES.fees, restocking: '0.50' },
    }),
  ).toEqual({
    kind: 'request',
    request: {
      lines: [{ lineNo: 1, units: 2 }],
      shipping: eur(490),
      goodwill: eur(100),
      fees: [{ kind: 'restocking', amount: eur(50) }],
    },
  });
});

test('each wrong field says what is wrong with it', () => {
  const read = typed({ units: { 1: '4', 2: '1' }, goodwill: '1.234' });
  expect(read).toEqual({
    kind: 'wrong',
    problems: { 'line 1': 'At most 3.', 'line 2': 'At most 0.', goodwill: 'Write it like 12.50.' },
  });
  expect(typed({ units: { 1: '1.5' } })).toMatchObject({ problems: { 'line 1': 'Write a whole number.' } });
  expect(typed({ goodwill: '10.5' }, 'JPY')).toMatchObject({ problems: { goodwill: 'Write it like 1250.' } });
});

test('it is sent with a reason only, and without an empty note', () => {
  const request = { goodwill: eur(100) };
  expect(withReason(request, { reason: '', note: 'x' })).toBeUndefined();
  expect(withReason(request, { reason: 'late', note: '  ' })).toEqual({ ...request, reason: 'late' });
  expect(withReason(request, { reason: 'late', note: ' sorry ' })).toMatchObject({ note: 'sorry' });
});

const ledger = {
  ordered: 3,
  cancelled: 0,
  allocated: 0,
  fulfilled: 3,
  shipped: 3,
  delivered: 3,
  returnRequested: 0,
  returnReceived: 0,
  returnDismissed: 0,
  writtenOff: 0,
};

const refundOf = (state: 'succeeded' | 'failed', units: number, shipping: number) => ({
  state: state === 'failed' ? ('failed' as const) : ('settled' as const),
  lines: [{ lineNo: 1, units }],
  shipping: eur(shipping),
  attempts: [{ state }],
});

test('what counts is what was sent and is not refunded; a refund that has failed wholly does not count', () => {
  const money = { refunds: [refundOf('succeeded', 1, 0), refundOf('failed', 2, 0)] };
  const lines = refundableLines({ money, lines: [line] });
  expect(lines[0]?.refundable).toBe(2);
  expect(allUnits(lines)).toEqual({ 1: '2' });
});

const line = {
  lineNo: 1,
  sku: 'TEA',
  name: 'Tea',
  variant: null,
  gtin: null,
  quantity: 3,
  unitListPrice: null,
  unitNet: null,
  unitGross: null,
  discounts: [],
  discount: eur(0),
  taxLines: [],
  tax: eur(0),
  total: eur(9_000),
  weightGrams: 1,
  requiresShipping: true,
  attributes: {},
  ledger,
};

test('of the shipping is left what the lines do not explain and no refund has taken', () => {
  const order = { total: eur(9_490), lines: [line] };
  expect(shippingLeft({ ...order, money: { refunds: [] } })).toBe(490);
  expect(shippingLeft({ ...order, money: { refunds: [refundOf('succeeded', 1, 200)] } })).toBe(290);
  expect(shippingLeft({ ...order, money: { refunds: [refundOf('failed', 1, 490)] } })).toBe(490);
});
