/** The list's address: what is asked of the API, what stands in chips, what a kept view holds. */
import { expect, test } from 'vitest';
import { dayOfInstant, dayText, instantOfDay } from './days.ts';
import { chipsOf, cleared, isNarrowed, knownSearch, listParams, searchOfView, viewQuery } from './filters.ts';

const SEARCH = {
  view: 'late',
  q: 'TEA',
  stage: 'handover',
  country: 'de',
  sort: '-total',
  cursor: 'abc',
  case: 'no parameter of the list',
};

test('the request has the known parameters, the cursor and the page size', () => {
  expect(listParams(SEARCH)).toEqual({
    view: 'late',
    q: 'TEA',
    stage: 'handover',
    country: 'de',
    sort: '-total',
    cursor: 'abc',
    limit: '50',
  });
});

test('filters are chips with words; view, search and order of rows are not', () => {
  expect(chipsOf(SEARCH)).toEqual([
    { name: 'stage', label: 'State', text: 'Handover' },
    { name: 'country', label: 'Country', text: 'DE' },
  ]);
  expect(chipsOf({ paymentStatus: 'partially_captured', sku: 'TEA-1' }).map(({ text }) => text)).toEqual([
    'Partially captured',
    'TEA-1',
  ]);
});

test('clearing takes search, filters and page away and keeps view and order', () => {
  expect(viewQuery({ ...SEARCH, ...cleared() })).toBe('view=late&sort=-total');
  expect(isNarrowed({ ...SEARCH, ...cleared() })).toBe(false);
  expect(isNarrowed({ q: 'a' })).toBe(true);
});

test('a kept view is the address without the page, written in one way', () => {
  expect(viewQuery(SEARCH)).toBe('view=late&q=TEA&stage=handover&country=de&sort=-total');
  expect(viewQuery({ sort: '-total', view: 'late' })).toBe(viewQuery({ view: 'late', sort: '-total' }));
  expect(searchOfView(viewQuery(SEARCH))).toEqual({
    view: 'late',
    q: 'TEA',
    stage: 'handover',
    country: 'de',
    sort: '-total',
  });
  expect(searchOfView('cursor=x&evil=1&q=')).toEqual({});
});

test.each(['2026-03-29', '2026-02-28', '2026-12-31', '2024-02-29'])('%s is a day both ways', (day) => {
  const from = instantOfDay('from', day) ?? '';
  const to = instantOfDay('to', day) ?? '';
  expect(dayOfInstant('from', from)).toBe(day);
  expect(dayOfInstant('to', to)).toBe(day);
  expect(dayText('from', from)).toBe(dayText('to', to));
  expect(Date.parse(to)).toBeGreaterThan(Date.parse(from));
});

test('what is no day is none', () => {
  expect(instantOfDay('from', '2026-1-1')).toBeUndefined();
  expect(instantOfDay('from', '')).toBeUndefined();
  expect(dayOfInstant('to', 'yesterday')).toBe('');
  expect(dayText('to', 'yesterday')).toBe('yesterday');
});

test('a view or a choice that does not exist is left out, everything else stays', () => {
  expect(knownSearch({ view: 'nonsense', stage: 'nowhere', lifecycle: '', q: 'x', cursor: 'c' })).toEqual({
    q: 'x',
    cursor: 'c',
  });
  expect(knownSearch(SEARCH)).toEqual(SEARCH);
});
