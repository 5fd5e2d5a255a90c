/** Numbers, days and countries in words. The language of the tests is the machine's: only what all share is checked. */
import { expect, test } from 'vitest';
import { countryName, formatCell, formatDay, formatValue, rowName } from './values.ts';

test('a number that makes no sense is a dash', () => {
  expect(formatValue('money', null, 'USD')).toBe('–');
  expect(formatValue('count', undefined, null)).toBe('–');
});

test('amounts go by the digits of their currency', () => {
  const digits = (text: string) => text.replaceAll(/\D/g, '');
  expect(digits(formatValue('money', 12_999, 'USD'))).toBe('12999');
  expect(digits(formatValue('money', 12_999, 'JPY'))).toBe('12999');
  expect(formatValue('money', 12_999, 'JPY')).toMatch(/12\D?999/);
  expect(formatValue('money', 12_999, 'USD')).toMatch(/129\D99/);
  expect(formatValue('money', 12_990, 'KWD')).toMatch(/12\D990/);
  expect(formatValue('money', 12_999, 'USD')).toContain('USD');
});

test('a table with a column of currencies shows amounts alone', () => {
  expect(formatCell('money', 12_999, 'USD')).toMatch(/^129\D99$/);
  expect(formatCell('money', -50, 'USD')).toMatch(/0\D50$/);
  expect(formatCell('money', 120, 'JPY')).toBe('120');
  expect(formatCell('money', null, 'JPY')).toBe('–');
  expect(formatCell('count', 7, 'USD')).toBe('7');
});

test('durations and shares', () => {
  expect(formatValue('seconds', 45, null)).toBe('45 s');
  expect(formatValue('seconds', 7_200, null)).toBe('2 h');
  expect(formatValue('percent', 12.345, null)).toMatch(/^12\D3 %$/);
});

test('a day is that day wherever it is read', () => {
  expect(formatDay('2026-03-14')).toMatch(/14/);
  expect(formatDay('2026-03-14')).toMatch(/2026/);
});

test('rows are called by day, country or label', () => {
  expect(rowName('country', { key: 'DE', label: 'DE' })).toBe(countryName('DE'));
  expect(countryName('DE')).not.toBe('DE');
  expect(rowName('country', { key: '', label: 'unknown' })).toBe('unknown');
  expect(countryName('')).toBe('Unknown');
  expect(rowName('channel', { key: 'web', label: 'Web shop' })).toBe('Web shop');
  expect(rowName('day', { key: '2026-03-14', label: '2026-03-14' })).toBe(formatDay('2026-03-14'));
});
