/** CSV that a spreadsheet reads back as it was, and runs nothing of. */
import { expect, test } from 'vitest';
import type { OrderListItem } from '../../api/schemas/orders.ts';
import { csvCell, ordersCsv } from './csv.ts';
import { rows } from './given.ts';

const FIELDS: Partial<OrderListItem> = {
  attention: ['stock', 'address'],
  recipientName: '=HYPERLINK("http://evil.example","Ada")',
  tags: ['gift', 'vip'],
};

test('a row has every column, amounts in whole currency units', () => {
  const [head, row, rest] = ordersCsv(rows(1, FIELDS)).split('\r\n');
  expect(head).toBe(
    '\uFEFFnumber,id,external_id,channel,placed_at,customer,country,status,state,lifecycle,payment,fulfillment,needs,lines,units,total,currency,promised_by,tags,updated_at',
  );
  expect(row).toBe(
    `100001,ord_1,A-1,web,2026-11-24T10:00:00.000Z,"'=HYPERLINK(""http://evil.example"",""Ada"")",DE,processing,handover,processing,authorized,unfulfilled,stock address,2,5,129.99,USD,,gift vip,2026-11-24T10:05:00.000Z`,
  );
  expect(rest).toBe('');
});

test('a currency without minor units has none', () => {
  expect(ordersCsv(rows(1, { total: { amount: 1500, currency: 'JPY' } }))).toContain(',1500,JPY,');
});

test.each([
  ['=1+1', "'=1+1"],
  ['+49 30', "'+49 30"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  [' =1', "' =1"],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['plain', 'plain'],
  [null, ''],
  [-5, '-5'],
])('%j is written %j', (value, text) => {
  expect(csvCell(value)).toBe(text);
});
