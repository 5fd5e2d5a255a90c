/** Rows that are as they were stay the very same objects, wherever they stand now. */
import { expect, test } from 'vitest';
import type { OrderListItem } from '../../api/schemas/orders.ts';
import { rows } from './given.ts';
import { sharedRows } from './sharedRows.ts';

const page = (data: OrderListItem[], nextCursor: string | null = null) => ({
  data,
  nextCursor,
  hasMore: nextCursor !== null,
});

test('a new row on top leaves the others what they were', () => {
  const before = page(rows(3));
  const [added] = rows(1, { id: 'ord_new' });
  const [first, second] = rows(3);
  if (!added || !first || !second) throw new Error('no rows');
  const after = sharedRows(before, page([added, first, { ...second, version: 2 }]));
  expect(after).toEqual(page([added, first, { ...second, version: 2 }]));
  const { data } = after as ReturnType<typeof page>;
  expect(data[1]).toBe(before.data[0]);
  expect(data[2]).not.toBe(before.data[1]);
});

test('a page without a change is the same object, so that nothing is drawn', () => {
  const before = page(rows(3), 'next');
  expect(sharedRows(before, page(rows(3), 'next'))).toBe(before);
  expect(sharedRows(before, page(rows(3), 'other'))).not.toBe(before);
  expect(sharedRows(before, page(rows(2), 'next'))).not.toBe(before);
  expect(sharedRows(undefined, before)).toBe(before);
});
