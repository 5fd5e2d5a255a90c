/** Files of receipts as the browser reads them. */
import { expect, test } from 'vitest';
import { readReceiptFile } from './receiptFile.ts';

test('rows become receipts; a row that is none is told with its line and stops no other', () => {
  const text =
    '\uFEFFnumber,order,amount,currency,note\r\nTX-1,100042,129.99,EUR,"late, but there"\r\n\r\nTX-2,,5,EUR,\r\n';
  expect(readReceiptFile(text)).toEqual({
    ok: true,
    receipts: [
      {
        line: 2,
        receipt: {
          order: '100042',
          number: 'TX-1',
          amount: 12_999,
          currency: 'EUR',
          note: 'late, but there',
        },
      },
    ],
    wrong: [{ line: 4, problem: 'order is empty' }],
  });
});

test('semicolons part columns too, as spreadsheets of some countries write them', () => {
  const file = readReceiptFile('order;number;amount;currency\n100042;TX-1;5.00;EUR\n');
  expect(file).toMatchObject({ ok: true, receipts: [{ receipt: { amount: 500 } }] });
});

test.each([
  ['', 'The file is empty.'],
  ['order,number,amount,currency\n', 'The file holds no receipt.'],
  ['order,number\n1,2\n', 'The column amount, currency is missing.'],
])('a file that can not be read is refused whole: %j', (text, problem) => {
  expect(readReceiptFile(text)).toEqual({ ok: false, problem });
});

test('a file that is no CSV says so', () => {
  expect(readReceiptFile('order,number,amount,currency\n1,"2\n').ok).toBe(false);
  expect(readReceiptFile('order,number,amount,currency\n1,2,3\n').ok).toBe(false);
});
