/** How much more may be typed. */
import { expect, test } from 'vitest';
import { boundText, described } from './bound.ts';

test('nothing is said far from the bound, the count close to it, and that text is cut at it', () => {
  expect(boundText('', 500)).toBeUndefined();
  expect(boundText('x'.repeat(449), 500)).toBeUndefined();
  expect(boundText('x'.repeat(450), 500)).toBe('450 of 500 characters');
  expect(boundText('x'.repeat(500), 500)).toContain('500 of 500 characters: no more fits');
});

test('it follows what the field says anyway', () => {
  expect(described('For colleagues.', 'short', 50)).toBe('For colleagues.');
  expect(described('For colleagues.', 'x'.repeat(48), 50)).toBe('For colleagues. 48 of 50 characters.');
});
