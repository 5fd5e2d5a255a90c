/** Tags as they are typed. */
import { expect, test } from 'vitest';
import { tagNames, tagsFault } from './tagNames.ts';

test('commas part tags; blanks and repeats go', () => {
  expect(tagNames(' vip, gift wrap ,, vip')).toEqual(['vip', 'gift wrap']);
  expect(tagNames(' , ')).toEqual([]);
});

test('what is wrong is said', () => {
  expect(tagsFault([], [])).toMatch(/Name a tag/);
  expect(tagsFault(['a'.repeat(51)], [])).toMatch(/50 characters/);
  expect(tagsFault(['vip'], ['vip'])).toMatch(/added and removed/);
  expect(tagsFault(['vip'], ['late'])).toBeUndefined();
});
