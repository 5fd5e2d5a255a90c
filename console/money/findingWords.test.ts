/** A run and its findings say in words what was found. */
import { expect, test } from 'vitest';
import { FINDING_KINDS } from '../../domain/reconcile.ts';
import { countWords, findingWords, runWords } from './findingWords.ts';

const run = { endedAt: '2026-11-24T14:03:27.123Z', problem: null, counts: {} };

test('every kind has words of its own, an unknown one is readable', () => {
  expect(new Set(FINDING_KINDS.map(findingWords)).size).toBe(FINDING_KINDS.length);
  expect(findingWords('of_another_version')).toBe('Of another version');
});

test('a run that is under way, that broke off, that found nothing, that found something', () => {
  expect(runWords({ ...run, endedAt: null }).label).toBe('Running');
  expect(runWords({ ...run, problem: 'unreachable' }).status).toBe('failed');
  expect(runWords(run).label).toBe('No difference');
  expect(runWords({ ...run, counts: { amount_differs: 1 } }).label).toBe('1 difference');
  expect(countWords({ counts: { amount_differs: 2, refund_differs: 0 } })).toBe('2 × Another amount there');
});
