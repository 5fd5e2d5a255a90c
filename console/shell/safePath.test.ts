/** Only pages of this console are gone to after a sign-in. */
import { expect, test } from 'vitest';
import { safePath } from './safePath.ts';

test('a page with its filters is kept', () => {
  expect(safePath('/orders?view=late&q=a%20b#x')).toBe('/orders?view=late&q=a%20b#x');
  expect(safePath('/')).toBe('/');
});

test.each([
  undefined,
  '',
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example/',
  '/\t/evil.example/',
  '\n//evil.example',
  'javascript:alert(1)',
  'orders',
  '/..//evil.example',
  '/.//evil.example',
  '/sign-in?next=/sign-in',
])('%j goes home', (next) => {
  expect(safePath(next)).toBe('/');
});
