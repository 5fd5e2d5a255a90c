/** What can be typed as an adjustment, and what it would do. */
import { expect, test } from 'vitest';
import { amountOf, previewOf } from './level.ts';

test.each([
  ['5', { delta: 5 }],
  ['+5', { delta: 5 }],
  ['-5', { delta: -5 }],
  [' −5 ', { delta: -5 }],
  ['007', { delta: 7 }],
  ['1000000000', { delta: 1_000_000_000 }],
])('a difference of %j', (typed, amount) => {
  expect(amountOf('difference', typed)).toEqual(amount);
});

test.each(['', '0', '-0', '1.5', '1e3', 'five', '+', '--5', '5 5', '1000000001', '-9999999999'])(
  '%j is no difference, and it is said why',
  (typed) => {
    expect(amountOf('difference', typed)).toEqual(expect.stringMatching(/.+/));
  },
);

test('a count is 0 or more', () => {
  expect(amountOf('counted', '0')).toEqual({ setTo: 0 });
  expect(amountOf('counted', ' 12 ')).toEqual({ setTo: 12 });
  for (const typed of ['-1', '+1', '', '2.5', '1000000001'])
    expect(amountOf('counted', typed)).toEqual(expect.stringMatching(/.+/));
});

const LEVEL = { onHand: 10, allocated: 4 };

test.each([
  [{ delta: 5 }, 15, 11, false],
  [{ delta: -6 }, 4, 0, false],
  [{ delta: -7 }, 3, -1, true],
  [{ delta: -11 }, -1, -5, true],
  [{ setTo: 4 }, 4, 0, false],
  [{ setTo: 3 }, 3, -1, true],
  [{ setTo: 10 }, 10, 6, false],
])('%o leaves %i on hand, %i available', (amount, onHand, available, warns) => {
  const preview = previewOf(LEVEL, amount);
  expect(preview).toMatchObject({ onHand, available });
  expect(preview.warning !== undefined).toBe(warns);
});

test('the warning names what is allocated, or what there is', () => {
  expect(previewOf(LEVEL, { setTo: 3 }).warning).toContain('4');
  expect(previewOf(LEVEL, { delta: -11 }).warning).toContain('10');
});
