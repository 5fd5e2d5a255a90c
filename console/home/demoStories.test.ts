/** What can be typed as a number of demo orders, and that every story is offered. */
import { expect, test } from 'vitest';
import { DEMO_STORIES } from '../../domain/demo.ts';
import { countOf, STORY_CHOICES } from './demoStories.ts';

test.each([
  ['1', 1],
  [' 20 ', 20],
  ['05', 5],
  ['0', undefined],
  ['21', undefined],
  ['1.5', undefined],
  ['-3', undefined],
  ['1e1', undefined],
  ['', undefined],
  ['many', undefined],
])('%j orders are %s', (typed, count) => {
  expect(countOf(typed)).toBe(count);
});

test('every story is offered, each with its own words', () => {
  expect(STORY_CHOICES.map((one) => one.story)).toEqual([...DEMO_STORIES]);
  expect(new Set(STORY_CHOICES.map((one) => one.seen)).size).toBe(DEMO_STORIES.length);
});
