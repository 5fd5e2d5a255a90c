import { expect, test } from 'vitest';
import { deadlineWords, pastWords } from './relative.ts';

const now = Date.parse('2026-11-24T14:03:27.123Z');
const at = (seconds: number) => new Date(now + seconds * 1_000).toISOString();

test('an instant of the past never reads as the future because of two clocks', () => {
  for (const seconds of [0, 0.5, 2, 10]) expect(pastWords(at(seconds), now)).toBe('just now');
  expect(pastWords(at(-28), now)).toMatch(/28/);
  expect(pastWords(at(7_200), now)).not.toBe('just now');
});

test('a deadline says how soon, and is due once it has passed', () => {
  expect(deadlineWords(at(8), now)).toMatch(/8/);
  // Three days that began just now are not two; what fills a unit is said in the next.
  expect(deadlineWords(at(3 * 86_400 - 5), now)).toMatch(/3/);
  expect(deadlineWords(at(5 * 3_600 - 5), now)).toMatch(/5/);
  expect(deadlineWords(at(59.9 * 60), now)).toMatch(/1/);
  expect(deadlineWords(at(0), now)).toBe('due now');
  expect(deadlineWords(at(-40), now)).toBe('due now');
});
