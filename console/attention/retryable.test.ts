import { expect, test } from 'vitest';
import { CASES } from '../../domain/cases.ts';
import { isRetryable } from './retryable.ts';

test('a retry is offered for exactly the causes whose advice names it', () => {
  const advised = Object.entries(CASES).filter(([, rule]) => /\bretry\b/i.test(rule.whatToDo));
  expect(Object.keys(CASES).filter(isRetryable).toSorted()).toEqual(advised.map(([code]) => code).toSorted());
  expect(isRetryable('parcel_lost')).toBe(false);
  expect(isRetryable('of_an_older_version')).toBe(false);
});
