/**
 * Opaque cursors: the list's name, its order and the key of the last row. A cursor of another list, another order or
 * made by hand is refused; it carries no right, so it needs no signature.
 */
import { z } from 'zod';
import { isUnstorable } from './check.ts';
import { Refusal } from './problems.ts';

/** Makes the cursor that starts after `key`. */
export function encodeCursor(list: string, key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([list, ...key])).toString('base64url');
}

/** Reads the key out of a cursor; throws `invalid_cursor` unless it was made by this list with such a key. */
export function decodeCursor<K extends readonly [z.ZodType, ...z.ZodType[]]>(
  list: string,
  cursor: string,
  key: K,
): { [I in keyof K]: z.output<K[I]> } {
  const [, ...values] = parse(cursor, list);
  const result = z.tuple([...key]).safeParse(values);
  if (!result.success) throw new Refusal('invalid_cursor');
  return key.map((schema, index) => schema.parse(values[index])) as { [I in keyof K]: z.output<K[I]> };
}

function parse(cursor: string, list: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parsed) && parsed[0] === list && parsed.every(isKeyPart)) return parsed;
  } catch {
    // Not JSON: the refusal below says all there is to say.
  }
  throw new Refusal('invalid_cursor');
}

function isKeyPart(part: unknown): boolean {
  return typeof part === 'number'
    ? Number.isSafeInteger(part)
    : typeof part === 'string' && !isUnstorable(part);
}

/** One page of a list: the rows a read gave (one more than `limit` when more follow), shown and with the next cursor. */
export function pageFrom<R, T>(
  rows: readonly R[],
  limit: number,
  of: { list: string; keyOf: (row: R) => readonly (string | number)[]; show: (row: R) => T },
): { data: T[]; nextCursor: string | null; hasMore: boolean } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > limit;
  return {
    data: shown.map(of.show),
    nextCursor: hasMore && last !== undefined ? encodeCursor(of.list, of.keyOf(last)) : null,
    hasMore,
  };
}

/** Rows a page holds when nobody says. */
export const PAGE_DEFAULT = 50;
