import { expect, test } from 'vitest';
import { ageOf } from './age.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const ago = (hours: number) => ageOf(new Date(NOW - hours * 3_600_000).toISOString(), NOW);

test('an age has a word and a colour that changes with it', () => {
  expect(ago(0)).toEqual({ word: 'new', color: 'gray' });
  expect(ago(0.99).word).toBe('new');
  expect(ago(1)).toEqual({ word: 'today', color: 'yellow' });
  expect(ago(8)).toEqual({ word: 'old', color: 'orange' });
  expect(ago(47.9).word).toBe('old');
  expect(ago(48)).toEqual({ word: 'very old', color: 'red' });
});

test('a clock that is a little behind makes nothing older', () => {
  expect(ago(-0.1).word).toBe('new');
});
