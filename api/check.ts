/** Checks input against a schema and turns what is wrong into JSON pointers. Also what no schema sees: unstorable text. */
import type { z } from 'zod';
import { holdsCardNumber, maskCardNumbers, mayHoldCardNumber } from '../domain/cardNumber.ts';
import { issueWords } from './issueWords.ts';
import { Refusal, type ProblemError } from './problems.ts';

/** What a check found: the parsed value, or every place that is wrong. */
export type Checked<T> = { ok: true; value: T } | { ok: false; errors: ProblemError[] };

/** Parses `value`; never throws. `prefix` is put before each pointer. */
export function check<S extends z.ZodType>(schema: S, value: unknown, prefix = ''): Checked<z.output<S>> {
  const result = schema.safeParse(value, { error: issueWords });
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, errors: result.error.issues.flatMap((issue) => errorsOf(issue, prefix)) };
}

/** As `check`, but throws an `invalid` refusal. */
export function checked<S extends z.ZodType>(schema: S, value: unknown, prefix = ''): z.output<S> {
  const result = check(schema, value, prefix);
  if (!result.ok) throw new Refusal('invalid', { errors: result.errors });
  return result.value;
}

function errorsOf(issue: z.core.$ZodIssue, prefix: string): ProblemError[] {
  const at = prefix + pointer(issue.path);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ pointer: `${at}${pointer([key])}`, detail: 'is not known here' }));
  return [{ pointer: at, detail: issue.message }];
}

/** A JSON pointer (RFC 6901). Keys are cut to 100 characters: they come from outside. */
export function pointer(path: readonly PropertyKey[]): string {
  return path
    .map((part) => `/${String(part).slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

/** NUL and lone surrogates: PostgreSQL can't store the one, UTF-8 can't write the other. */
const UNSTORABLE = /[\0\p{Cs}]/u;

/** True when a text can't be stored. */
export function isUnstorable(text: string): boolean {
  return UNSTORABLE.test(text);
}

/** The text as it may be stored: U+FFFD in place of each character that can't be, card numbers masked. */
export function storable(text: string): string {
  return maskCardNumbers(text).replace(new RegExp(UNSTORABLE, 'gu'), '\ufffd');
}

/**
 * In valid UTF-8 such characters can only come by an escape, so one look at the raw text tells whether the values have
 * to be walked at all.
 */
const SUSPICIOUS = /\\u(0000|[dD][89a-fA-F])/;

/** Every text in a parsed body that can't be stored. */
export function unstorableIn(raw: string, body: unknown): ProblemError[] {
  // Nearly no body has an escape at all, and looking for two characters is far cheaper than a pattern.
  if (!raw.includes('\\u') || !SUSPICIOUS.test(raw)) return [];
  return placesOf(
    body,
    isUnstorable,
    'contains a character that can not be stored (NUL or half of a surrogate pair)',
  );
}

/** Every text, number or name in a parsed body that holds a card number. What was found is not repeated. */
export function cardNumbersIn(body: unknown, raw?: string): ProblemError[] {
  // A digit may be written as an escape: then the values have to be walked all the same.
  if (raw !== undefined && !mayHoldCardNumber(raw) && !raw.includes('\\u003')) return [];
  return placesOf(
    body,
    holdsCardNumber,
    'holds a card number; give the token of the payment provider instead',
  );
}

/**
 * Masks every card number in the texts and numbers of a parsed body, in place: for bodies that can't be refused. Walks without
 * recursion, because bodies may be nested deeply.
 */
export function maskCardNumbersIn(raw: string, body: unknown): unknown {
  if (typeof body === 'string') return maskCardNumbers(body);
  if (!mayHoldCardNumber(raw) && !raw.includes('\\u003')) return body;
  const open: object[] = typeof body === 'object' && body !== null ? [body] : [];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const [key, inner] of Object.entries(next)) {
      if (typeof inner === 'string') Reflect.set(next, key, maskCardNumbers(inner));
      else if (typeof inner === 'number' && holdsCardNumber(String(inner)))
        Reflect.set(next, key, maskCardNumbers(String(inner)));
      else if (typeof inner === 'object' && inner !== null) open.push(inner);
      if (!holdsCardNumber(key)) continue;
      Reflect.set(next, maskCardNumbers(key), Reflect.get(next, key));
      Reflect.deleteProperty(next, key);
    }
  }
  return body;
}

/** Where a parsed body has a text of this kind; walks without recursion, because bodies may be nested deeply. */
function placesOf(body: unknown, isMeant: (text: string) => boolean, detail: string): ProblemError[] {
  const errors: ProblemError[] = [];
  const open: { value: unknown; at: string }[] = [{ value: body, at: '' }];
  for (let next = open.pop(); next !== undefined && errors.length < 100; next = open.pop()) {
    const { value, at } = next;
    if ((typeof value === 'string' || typeof value === 'number') && isMeant(String(value)))
      errors.push({ pointer: at, detail });
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      const isName = isMeant(key);
      if (isName) errors.push({ pointer: at, detail });
      open.push({ value: inner, at: isName || at.length >= 500 ? at : `${at}${pointer([key])}` });
    }
  }
  return errors;
}
