import { describe, expect, test } from 'vitest';
import { parseDate } from './dates.ts';

describe('dates of files', () => {
  test('a format and a time zone make an instant, also across a clock change', () => {
    const format = 'yyyy-MM-dd HH:mm:ss';
    expect(parseDate('2009-12-01 07:45:00', format, 'Europe/London')).toBe('2009-12-01T07:45:00.000Z');
    expect(parseDate('2010-06-01 07:45:00', format, 'Europe/London')).toBe('2010-06-01T06:45:00.000Z');
    expect(parseDate('2010-10-31 01:30:00', format, 'Europe/London')).toBe('2010-10-31T00:30:00.000Z');
    expect(parseDate('7/4/2016', 'M/d/yyyy', 'America/New_York')).toBe('2016-07-04T04:00:00.000Z');
    expect(parseDate('2016-11-08T10:00:00+02:00', 'iso', 'UTC')).toBe('2016-11-08T08:00:00.000Z');
  });

  test('what is no real day or does not fit is refused', () => {
    for (const text of [
      '2009-02-30 00:00:00',
      '2009-12-01',
      '01/12/2009 07:45:00',
      '2009-12-01 25:00:00',
      '',
    ])
      expect(parseDate(text, 'yyyy-MM-dd HH:mm:ss', 'UTC')).toBeUndefined();
  });
});
