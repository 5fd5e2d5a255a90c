/** What a schema finds wrong, in words. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { check } from './check.ts';
import { text } from './schemas/fields.ts';

function words(schema: z.ZodType, value: unknown): string[] {
  const result = check(schema, value);
  return result.ok ? [] : result.errors.map(({ detail }) => detail);
}

test.each<[z.ZodType, unknown, string]>([
  [z.string(), undefined, 'is missing'],
  [z.string(), 5, 'must be text'],
  [z.int(), 'x', 'must be a number'],
  [z.int(), 1.5, 'must be a whole number'],
  [z.array(z.string()), {}, 'must be a list'],
  [z.string().min(1), '', 'must not be empty'],
  [z.string().min(3), 'x', 'at least 3 characters'],
  [z.string().max(4_000), 'x'.repeat(4_001), 'at most 4,000 characters'],
  [z.array(z.int()).max(1), [1, 2], 'at most 1 entry'],
  [z.int().max(100), 101, 'at most 100'],
  [z.int().min(0), -1, 'at least 0'],
  [z.enum(['north', 'south']), 'west', 'is not one of the choices: north, south'],
  [z.iso.date(), '31.12.', 'is not a date, such as 2026-03-14'],
  [
    z.iso.datetime({ offset: true }),
    'now',
    'is not an instant with its offset, such as 2026-03-14T09:26:53Z',
  ],
])('%#: the words for it', (schema, value, detail) => {
  expect(words(schema, value)).toEqual([detail]);
});

test('the words of a schema itself go before', () => {
  expect(words(text(10), '   ')).toEqual(['must not be blank']);
  expect(words(z.strictObject({}), { odd: 1 })).toEqual(['is not known here']);
});
