/** Selecting orders and moving over them. */
import { expect, test } from 'vitest';
import { rows } from './given.ts';
import { movedTo, rangeOf, toggled, toggledAll, without, withAdded } from './selection.ts';

const ROWS = rows(5);
const [first, second, third] = ROWS;
const ids = (orders: Iterable<{ id: string }> | undefined) => orders && [...orders].map(({ id }) => id);

test('an order is selected and left again', () => {
  if (!first || !second) throw new Error('no rows');
  const one = toggled(new Map(), first);
  expect([...one.keys()]).toEqual(['ord_1']);
  expect(toggled(one, first).size).toBe(0);
  expect([...toggled(one, second).keys()]).toEqual(['ord_1', 'ord_2']);
});

test('all shown are selected, and left when all were; those of other pages stay', () => {
  const other = withAdded(new Map(), rows(7).slice(6));
  const all = toggledAll(other, ROWS);
  expect(all.size).toBe(6);
  expect([...toggledAll(all, ROWS).keys()]).toEqual(['ord_7']);
  expect(toggledAll(new Map(), []).size).toBe(0);
});

test('a range has both ends, in whichever direction', () => {
  expect(ids(rangeOf(ROWS, 'ord_2', 'ord_4'))).toEqual(['ord_2', 'ord_3', 'ord_4']);
  expect(ids(rangeOf(ROWS, 'ord_4', 'ord_2'))).toEqual(['ord_2', 'ord_3', 'ord_4']);
  expect(rangeOf(ROWS, 'ord_2', 'ord_2')).toBeUndefined();
  expect(rangeOf(ROWS, undefined, 'ord_2')).toBeUndefined();
  expect(rangeOf(ROWS, 'ord_9', 'ord_2')).toBeUndefined();
});

test('what was dealt with leaves the selection', () => {
  if (!third) throw new Error('no rows');
  expect([...without(withAdded(new Map(), ROWS), new Set(['ord_1', 'ord_9'])).keys()]).toEqual([
    'ord_2',
    'ord_3',
    'ord_4',
    'ord_5',
  ]);
});

test('moving stays inside, and starts at the first row', () => {
  expect(movedTo(ROWS, undefined, 1)).toBe('ord_1');
  expect(movedTo(ROWS, 'ord_1', 1)).toBe('ord_2');
  expect(movedTo(ROWS, 'ord_1', -1)).toBe('ord_1');
  expect(movedTo(ROWS, 'ord_5', 1)).toBe('ord_5');
  expect(movedTo(ROWS, 'gone', 1)).toBe('ord_1');
  expect(movedTo([], 'ord_1', 1)).toBeUndefined();
});
