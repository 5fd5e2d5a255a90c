/** Numbers against the period before. */
import { expect, test } from 'vitest';
import { changeOf, changeWords, verdictIn } from './change.ts';

const SALES = { kind: 'count', higherIsBetter: true } as const;
const CASES = { kind: 'count', higherIsBetter: false } as const;
const SHARE = { kind: 'percent', higherIsBetter: false } as const;
const LEFT = { kind: 'count', higherIsBetter: null } as const;

test.each([
  [SALES, 112, 100, '▲ 12 % more', 'better'],
  [SALES, 50, 100, '▼ 50 % less', 'worse'],
  [SALES, 1001, 1000, '▲ 0.1 % more', 'better'],
  [SALES, 10_001, 10_000, 'unchanged', 'neither'],
  [SALES, 100, 100, 'unchanged', 'neither'],
  [SALES, 0, 0, 'unchanged', 'neither'],
  [SALES, 0, 40, '▼ 100 % less', 'worse'],
  [SALES, 40, 0, '▲ new', 'better'],
  [CASES, 3, 0, '▲ new', 'worse'],
  [CASES, 3, 4, '▼ 25 % less', 'better'],
  [LEFT, 3, 4, '▼ 25 % less', 'neither'],
  // A share that doubles from 2 to 4 of 100 is up by two points.
  [SHARE, 4, 2, '▲ 2.0 points more', 'worse'],
  [SHARE, 1.5, 0, '▲ 1.5 points more', 'worse'],
  [SALES, null, 4, '–', 'neither'],
  [SALES, 4, null, '–', 'neither'],
  [SALES, undefined, undefined, '–', 'neither'],
] as const)('%o: %s after %s is "%s", %s', (column, now, before, words, verdict) => {
  const change = changeOf(column, now, before);
  // The point is the machine's own language's.
  expect(changeWords(change).replace(',', '.')).toBe(words);
  expect(verdictIn(change)).toBe(verdict);
});
