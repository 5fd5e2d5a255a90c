import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { FAILURES, type FailureCode } from '../domain/failures.ts';
import { check, pointer, unstorableIn } from './check.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { canonicalJson, fingerprint } from './fingerprint.ts';
import { codeOfUnexpected, problemBody } from './problems.ts';
import { ProblemBody } from './schemas/problem.ts';
import { NewOrderBody } from './schemas/newOrder.ts';
import { isCountry } from './schemas/countries.ts';
import { maskEmail, maskPhone, maskText } from './show/mask.ts';
import { z } from 'zod';

describe('problems', () => {
  it('has the status and title of its code, and fits its own schema', () => {
    for (const code of Object.keys(FAILURES) as FailureCode[]) {
      const body = problemBody(code, { detail: 'd' }, { id: 'req_1', path: '/v1/orders' });
      expect(ProblemBody.parse(body)).toMatchObject({
        code,
        status: FAILURES[code].status,
        title: FAILURES[code].title,
        instance: '/v1/orders',
        requestId: 'req_1',
      });
    }
  });

  it('lists at most 100 places', () => {
    const errors = Array.from({ length: 500 }, () => ({ pointer: '/a', detail: 'b' }));
    expect(problemBody('invalid', { errors }).errors).toHaveLength(100);
  });

  it('tells an outage of the database from a mistake of ours', () => {
    const withState = (code: string) => Object.assign(new pg.DatabaseError('x', 1, 'error'), { code });
    for (const code of ['08006', '53300', '57014', '57P01', '55P03', '40001', '40P01'])
      expect(codeOfUnexpected(withState(code))).toBe('unavailable');
    for (const code of ['23505', '22P02', '42601'])
      expect(codeOfUnexpected(withState(code))).toBe('internal');
    expect(codeOfUnexpected(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }))).toBe('unavailable');
    expect(codeOfUnexpected(new TypeError('x'))).toBe('internal');
  });
});

describe('checks', () => {
  it('points at each place, unknown fields by name', () => {
    const schema = z.strictObject({ lines: z.array(z.strictObject({ n: z.int() })) });
    const result = check(schema, { lines: [{ n: 1 }, { n: 'x', 'a/b~c': 1 }], extra: 1 });
    expect(result.ok).toBe(false);
    expect(!result.ok && result.errors.map((error) => error.pointer)).toEqual([
      '/lines/1/n',
      '/lines/1/a~1b~0c',
      '/extra',
    ]);
  });

  it('escapes pointers', () => {
    expect(pointer(['a/b', 0, 'c~d'])).toBe('/a~1b/0/c~0d');
  });

  it('finds text that can not be stored, however deep', () => {
    const deep = `${'['.repeat(50_000)}"\\u0000"${']'.repeat(50_000)}`;
    expect(unstorableIn(deep, JSON.parse(deep))).toHaveLength(1);
    const lone = '{"a":{"b":"\\ud800"},"c":"\\ud83d\\ude00"}';
    expect(unstorableIn(lone, JSON.parse(lone)).map((error) => error.pointer)).toEqual(['/a/b']);
    expect(unstorableIn('{"a":"\\u0041"}', { a: 'A' })).toEqual([]);
  });

  it('knows countries', () => {
    expect(['US', 'DE', 'JP', 'GB'].every(isCountry)).toBe(true);
    expect(['us', 'XX', 'EU', 'UK', 'ZZ', ''].some(isCountry)).toBe(false);
  });

  it('refuses a card number in place of a token', () => {
    const payment = { method: 'card', token: '4242424242424242' };
    const result = check(NewOrderBody.shape.payment, payment);
    expect(result.ok).toBe(false);
  });
});

describe('cursors', () => {
  const key = [z.string(), z.int()] as const;
  it('come back as they went', () => {
    expect(decodeCursor('items', encodeCursor('items', ['ö/ü', 7]), key)).toEqual(['ö/ü', 7]);
  });
  it.each([
    ['another list', encodeCursor('orders', ['a', 1])],
    ['another key', encodeCursor('items', [1, 'a'])],
    ['too short', encodeCursor('items', ['a'])],
    ['too long', encodeCursor('items', ['a', 1, 2])],
    ['not JSON', 'AAAA'],
    ['an object', Buffer.from('{"a":1}').toString('base64url')],
    ['a NUL', encodeCursor('items', ['a\0', 1])],
  ])('are refused: %s', (_name, cursor) => {
    expect(() => decodeCursor('items', cursor, key)).toThrow('cursor');
  });
});

describe('fingerprints', () => {
  it('do not depend on the order of keys', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: true })).toBe(
      '{"a":true,"b":[1,{"c":"x","d":null}]}',
    );
    expect(fingerprint({ a: 1, b: 2 })).toBe(fingerprint({ b: 2, a: 1 }));
    expect(fingerprint({ a: 1 })).not.toBe(fingerprint({ a: 2 }));
    expect(fingerprint({ a: 1 }, 'cancel')).not.toBe(fingerprint({ a: 1 }, 'retry'));
  });
});

describe('masks', () => {
  it('leave enough to recognize and too little to know', () => {
    expect(maskText('Jane Doe')).toBe('J***');
    expect(maskEmail('jane@example.com')).toBe('j***@e***');
    expect(maskPhone('+1 555 0199')).toBe('***99');
    expect([maskText(null), maskEmail(null), maskPhone(null)]).toEqual([null, null, null]);
  });
});
