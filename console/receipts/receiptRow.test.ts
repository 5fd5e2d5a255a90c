/** Files of receipts: what a row becomes, and what is refused in words. */
import { describe, expect, test } from 'vitest';
import { headerProblem, receiptOfRow } from './receiptRow.ts';

const ROW = { order: '100042', number: 'TX-1', amount: '129.99', currency: 'eur' };

describe('the header', () => {
  test('needs four columns, knows seven, in any order', () => {
    expect(headerProblem(['amount', 'order', 'currency', 'number', 'note'])).toBeUndefined();
    expect(headerProblem(['order', 'amount'])).toBe('The column number, currency is missing.');
    expect(headerProblem([...Object.keys(ROW), 'IBAN'])).toBe('The column IBAN is not known.');
    expect(headerProblem([...Object.keys(ROW), 'order'])).toBe('A column stands there twice.');
  });
});

describe('a row', () => {
  test('becomes a receipt in minor units of its currency', () => {
    expect(receiptOfRow(ROW)).toEqual({
      ok: true,
      receipt: { order: '100042', number: 'TX-1', amount: 12_999, currency: 'EUR' },
    });
    expect(receiptOfRow({ ...ROW, amount: '1250', currency: 'JPY' })).toMatchObject({
      receipt: { amount: 1_250 },
    });
  });

  test('a plain date is the start of that day', () => {
    const row = { ...ROW, receivedAt: '2026-03-14', method: 'invoice', note: ' by post ' };
    expect(receiptOfRow(row)).toMatchObject({
      receipt: { receivedAt: '2026-03-14T00:00:00Z', method: 'invoice', note: 'by post' },
    });
    expect(receiptOfRow({ ...ROW, receivedAt: '2026-03-14T09:00:00+01:00' })).toMatchObject({
      receipt: { receivedAt: '2026-03-14T09:00:00+01:00' },
    });
  });

  test.each([
    [{ number: ' ' }, 'number is empty'],
    [{ currency: 'EURO' }, 'EURO is no currency'],
    [{ amount: '1,300' }, '1,300 is no amount of EUR: write it like 129.99'],
    [{ amount: '-5.00' }, '-5.00 is no amount of EUR: write it like 129.99'],
    [{ amount: '0' }, '0 is no amount of EUR: write it like 129.99'],
    [{ amount: '1.234' }, '1.234 is no amount of EUR: write it like 129.99'],
    [{ method: 'card' }, 'card is none of bank_transfer, invoice, cash_on_delivery'],
  ])('%o is refused', (change, problem) => {
    expect(receiptOfRow({ ...ROW, ...change })).toEqual({ ok: false, problem });
  });
});
