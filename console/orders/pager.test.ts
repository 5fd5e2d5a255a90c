/** Walking over pages forward and back. */
import { expect, test } from 'vitest';
import type { Search } from './filters.ts';
import { pagerOf } from './pager.ts';

/** Where the address leads after each step. */
function walk() {
  let search: Search = {};
  const change = (patch: Search) => {
    search = { ...search, ...patch };
  };
  return { at: (next: string | null) => pagerOf(search, next, change), cursor: () => search['cursor'] };
}

test('forward by the cursors given, back by the way that was walked', () => {
  const { at, cursor } = walk();
  expect(at('b').page).toBe(1);
  expect(at('b').previous).toBeUndefined();
  at('b').next?.();
  expect(cursor()).toBe('b');
  at('c').next?.();
  expect(at(null)).toMatchObject({ page: 3, next: undefined });
  at(null).previous?.();
  expect(cursor()).toBe('b');
  at('c').previous?.();
  expect(cursor()).toBeUndefined();
});

test('whoever comes by a link to a later page can go to the first one', () => {
  let left: Search | undefined;
  const pager = pagerOf({ cursor: 'from a link' }, 'z', (patch) => {
    left = patch;
  });
  expect(pager).toMatchObject({ page: undefined, previous: undefined });
  pager.first?.();
  expect(left).toEqual({ cursor: undefined });
});
