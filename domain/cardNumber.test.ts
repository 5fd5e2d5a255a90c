/** What is taken for a card number and what is not. Numbers are the networks' published test numbers. */
import { describe, expect, it } from 'vitest';
import { holdsCardNumber, isCardNumberAlone, maskCardNumbers } from './cardNumber.ts';

describe('a card number', () => {
  it.each([
    '4242424242424242',
    '4242 4242 4242 4242',
    '4242-4242-4242-4242',
    '4242.4242.4242.4242',
    'my card is 4242 4242 4242 4242, valid 12/34',
    '4242 4242 4242 4242 12 34',
    '99 5555555555554444',
    '2223003122003222',
    '378282246310005',
    '3782 822463 10005',
    '6011111111111117',
    '3566002020360505',
    'my card 30569309025904',
    '3056-930902-5904',
    '4242\u00a04242\u00a04242\u00a04242',
    '4242\u20114242\u20134242\u20144242',
    '4242\n4242\n4242\n4242',
    '6200000000000005',
    '0199a1b2-c3d4-7e5f-8071-829312345678 4242 4242 4242 4242',
  ])('is seen in "%s"', (text) => {
    expect(holdsCardNumber(text)).toBe(true);
    expect(holdsCardNumber(maskCardNumbers(text))).toBe(false);
  });

  it.each([
    ['a wrong check digit', '4242424242424241'],
    ['a GTIN-13', '4006381333931'],
    ['a GTIN-14', '14006381333938'],
    ["a shop's id", '30569309025904'],
    ["a shop's id in an address", 'gid://shopify/ProductVariant/30569309025904'],
    ['a telephone number', '+49 30 1234 5678 9012'],
    ['a marketplace order', '402-1234567-1234567'],
    ['an id of several numbers', 'shop-42424-2424242424-2'],
    ['a part of a longer number', '42424242424242421234567'],
    ['a beginning no issuer has', '9999999999999995'],
    ['an id in hexadecimal', 'ord_01a20f032bef7468a7571349cc2425b4'],
    ['a UUID', 'abcd4242-4242-4242-4242-abcdefabcdef'],
    ['an instant', '2026-11-24T19:23:15.823Z'],
    ['words', 'four two four two'],
  ])('is not %s', (_, text) => {
    expect(holdsCardNumber(text)).toBe(false);
    expect(maskCardNumbers(text)).toBe(text);
  });

  it('alone is told from digits of a key that look like one', () => {
    expect(isCardNumberAlone('4242-4242-4242-4242')).toBe(true);
    expect(isCardNumberAlone('refund-0.4242424242424242')).toBe(false);
  });

  it('is looked for in long rows of single digits without holding anybody up', () => {
    const digits = '1 '.repeat(20_000);
    const startedAt = performance.now();
    expect(holdsCardNumber(`${digits}4242 4242 4242 4242`)).toBe(true);
    expect(holdsCardNumber(maskCardNumbers('4242 4242 4242 4242, '.repeat(20_000)))).toBe(false);
    expect(holdsCardNumber('30569309025904,'.repeat(20_000))).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('is masked but for its last four digits, and nothing else is', () => {
    expect(maskCardNumbers('pay 4242-4242-4242-4242 or 378282246310005!')).toBe(
      'pay ••••-••••-••••-4242 or •••••••••••0005!',
    );
  });
});
