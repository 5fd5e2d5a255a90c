import { expect, test } from 'vitest';
import { countryCode } from './countries.ts';

test('countries by code, by English name and by the file’s own spelling; codes of the past become present ones', () => {
  const own = { EIRE: 'IE' };
  const read = (text: string) => countryCode(text, own);
  expect(['DE', 'Germany', ' france ', 'United Kingdom', 'EIRE', 'United States'].map(read)).toEqual([
    'DE',
    'DE',
    'FR',
    'GB',
    'IE',
    'US',
  ]);
  expect(['UK', 'DD', 'Serbia', 'Vietnam'].map(read)).toEqual(['GB', 'DE', 'RS', 'VN']);
  expect(['Atlantis', '', 'Deutschland'].map(read)).toEqual([undefined, undefined, undefined]);
});
