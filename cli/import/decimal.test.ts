import { describe, expect, test } from 'vitest';
import { dividedBy, parseDecimalText, times, toMinor } from './decimal.ts';

const read = (text: string, mark?: '.' | ',') => parseDecimalText(text, mark);

describe('decimal', () => {
  test('reads plain and grouped numbers by the stated mark and refuses everything else', () => {
    expect(read('6.95')).toEqual({ units: 695n, scale: 2 });
    expect(read('-1,234.5')).toEqual({ units: -12345n, scale: 1 });
    expect(read('1.234,50', ',')).toEqual({ units: 123450n, scale: 2 });
    for (const text of ['', 'abc', '1.2.3', '1e5', '0x10', '12,34', 'NaN', '1.234,50'])
      expect(read(text)).toBeUndefined();
  });

  test('rounds a row once, half up and away from 0, by the digits of the currency', () => {
    const price = read('0.125');
    expect(price && toMinor(times(price, 3), 'GBP')).toBe(38);
    expect(price && toMinor(times(price, -3), 'GBP')).toBe(-38);
    expect(price && toMinor(times(price, 3), 'KWD')).toBe(375);
    expect(price && toMinor(price, 'JPY')).toBe(0);
    expect(price && toMinor(price, 'GBP', 'up')).toBe(13);
    expect(toMinor({ units: 10n ** 30n, scale: 0 }, 'GBP')).toBeUndefined();
  });

  test('divides to a unit price that covers the total', () => {
    const unit = dividedBy({ units: 1000n, scale: 2 }, { units: 3n, scale: 0 });
    expect(toMinor(unit, 'USD', 'up')).toBe(334);
  });
});
