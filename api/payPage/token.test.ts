/** Tokens of payment links: whatever is altered, moved or over is worth nothing. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLink, signLink } from './token.ts';
import { isLinkOver, linkEnd, linkParts, type PaymentLink } from '../../domain/paymentLink.ts';

const KEY = randomBytes(32);
const HEX = '0123456789abcdef';
const orderId = fc
  .string({ unit: fc.constantFrom(...HEX.split('')), minLength: 32, maxLength: 32 })
  .map((hex) => `ord_${hex}`);
const link = fc.record<PaymentLink>({
  orderId,
  expiresAtSeconds: fc.integer({ min: 1, max: 99_999_999_999 }),
});
const before = ({ expiresAtSeconds }: PaymentLink) => expiresAtSeconds * 1000 - 1;

describe('a token', () => {
  it('is read back as what it was made of, until its last millisecond', () => {
    fc.assert(
      fc.property(link, (one) => {
        const token = signLink(KEY, one);
        expect(readLink(KEY, token, before(one))).toEqual({ kind: 'good', link: one });
        expect(readLink(KEY, token, before(one) + 1)).toEqual({ kind: 'over', link: one });
        expect(signLink(KEY, one)).toBe(token);
      }),
    );
  });

  it('needs no escaping in an address, and ends with a letter or digit, so that no mail cuts it off', () => {
    fc.assert(
      fc.property(link, (one) => {
        const token = signLink(KEY, one);
        expect(encodeURIComponent(token)).toBe(token);
        expect(token).toMatch(/[0-9A-Za-z]$/);
      }),
    );
  });

  it('is unknown once any character of it is another one, is missing or is added', () => {
    const character = fc.constantFrom(...'ABCXYZabcxyz0189-_. %'.split(''));
    fc.assert(
      fc.property(link, fc.nat(), character, (one, at, other) => {
        const token = signLink(KEY, one);
        const place = at % token.length;
        const altered = [
          token.slice(0, place) + other + token.slice(place + 1),
          token.slice(0, place) + token.slice(place + 1),
          token.slice(0, place) + other + token.slice(place),
        ].filter((text) => text !== token);
        for (const text of altered) expect(readLink(KEY, text, 0)).toEqual({ kind: 'unknown' });
      }),
    );
  });

  it('of one order or end is not one of another, and not one under another key', () => {
    fc.assert(
      fc.property(link, link, (one, other) => {
        fc.pre(one.orderId !== other.orderId || one.expiresAtSeconds !== other.expiresAtSeconds);
        const signature = signLink(KEY, one).split('.').at(-1) ?? '';
        const moved = `${other.orderId}.${other.expiresAtSeconds}.${signature}`;
        expect(readLink(KEY, moved, 0)).toEqual({ kind: 'unknown' });
        expect(readLink(randomBytes(32), signLink(KEY, one), 0)).toEqual({ kind: 'unknown' });
      }),
    );
  });

  it('has one spelling of its signature only', () => {
    const one = { orderId: 'ord_1', expiresAtSeconds: 1 };
    const token = signLink(KEY, one);
    // The last of 43 characters holds two bits that base64url leaves out: other characters decode to the same bytes.
    const bytes = (text: string) =>
      Buffer.from(linkParts(text)?.signature ?? '', 'base64url').toString('hex');
    const twins = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
      .split('')
      .map((last) => token.slice(0, -1) + last)
      .filter((text) => text !== token && bytes(text) === bytes(token));
    expect(twins).toHaveLength(3);
    for (const twin of twins) expect(readLink(KEY, twin, 0)).toEqual({ kind: 'unknown' });
  });
});

describe('text that is no token', () => {
  it('is unknown, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readLink(KEY, text, 0)).toEqual({ kind: 'unknown' });
      }),
    );
    for (const text of ['', '.', '..', 'ord_1.1.', 'ord_1.01.x', `ord_1.1e3.${'A'.repeat(43)}`])
      expect(linkParts(text)).toBeUndefined();
  });
});

describe('the end', () => {
  it('is counted in whole seconds, and reached when they are over', () => {
    expect(linkEnd(1_999, 10)).toBe(11);
    expect(isLinkOver({ expiresAtSeconds: 11 }, 10_999)).toBe(false);
    expect(isLinkOver({ expiresAtSeconds: 11 }, 11_000)).toBe(true);
  });
});
