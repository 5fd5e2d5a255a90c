import { expect, test } from 'vitest';
import { instantText } from '../../domain/standing.ts';
import { sentenceParts } from './sentence.ts';

const since = '2026-11-24T14:03:27.123Z';
const nextAt = '2026-11-26T14:03:27.123Z';

test('instants are cut out, exact where the API gives them exactly', () => {
  const text = `Paid. It waits for packing since ${instantText(since)}; if nothing comes by ${instantText(nextAt)}, a case is opened.`;
  expect(sentenceParts({ text, since, nextAt })).toEqual([
    { text: 'Paid. It waits for packing since ' },
    { iso: since, precision: 'since' },
    { text: '; if nothing comes by ' },
    { iso: nextAt, precision: 'deadline' },
    { text: ', a case is opened.' },
  ]);
});

test('an instant that is only in the words keeps its minute', () => {
  const text = `Delivered on ${instantText(since)}`;
  expect(sentenceParts({ text, since: null, nextAt: null })).toEqual([
    { text: 'Delivered on ' },
    { iso: '2026-11-24T14:03:00.000Z', precision: 'minute' },
  ]);
});

test('a sentence without an instant is one piece', () => {
  expect(sentenceParts({ text: 'The next step is being done now.', since: null, nextAt: null })).toEqual([
    { text: 'The next step is being done now.' },
  ]);
});

test('two instants of one minute stay apart, and so does one that is told before them', () => {
  const soon = '2026-11-24T14:03:57.123Z';
  const at = instantText(since);
  const text = `Placed on ${at}. It waits for its release since ${at}; at ${at}, it goes to the warehouse by itself.`;
  const instants = sentenceParts({ text, since, nextAt: soon }).filter((part) => 'iso' in part);
  expect(instants).toEqual([
    { iso: '2026-11-24T14:03:00.000Z', precision: 'minute' },
    { iso: since, precision: 'since' },
    { iso: soon, precision: 'deadline' },
  ]);
});
