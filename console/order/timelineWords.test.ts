import { expect, test } from 'vitest';
import type { TimelineEntry } from '../../api/schemas/feeds.ts';
import { SHIPMENT_STATES } from '../../domain/shipment.ts';
import { EVENT_TYPES } from '../../domain/events.ts';
import { actorWords, entryWords, filterOf, timelineShown } from './timelineWords.ts';

function entry(given: Partial<TimelineEntry>): TimelineEntry {
  return {
    id: 'evt_1',
    at: '2026-11-24T14:03:27.123Z',
    kind: 'event',
    type: 'order.placed',
    actor: 'system',
    actorName: null,
    isPerson: false,
    data: {},
    ...given,
  };
}

test('every event of an order has words of its own, even without data', () => {
  // Stock that is adjusted belongs to no order.
  for (const type of EVENT_TYPES.filter((one) => one !== 'inventory.adjusted')) {
    const { title, detail = '' } = entryWords(entry({ type }));
    expect(title, type).toMatch(/\w/);
    expect(title, type).not.toMatch(/undefined|NaN|_|\./);
    expect(detail, type).not.toMatch(/undefined|NaN/);
  }
});

test('a type that nobody knows is still readable', () => {
  expect(entryWords(entry({ type: 'order.gift_wrapped' })).title).toBe('Order gift wrapped');
  expect(entryWords(entry({ kind: 'wait', type: 'full_moon' })).title).toBe('Waits for full moon');
  expect(entryWords(entry({ kind: 'case', type: 'new_cause' })).title).toBe('Needs attention: New cause');
});

test('amounts, reasons and what is missing are said', () => {
  const captured = entry({ type: 'payment.captured', data: { amountMinor: 12999, currency: 'USD' } });
  expect(entryWords(captured).title).toMatch(/^Payment charged USD\s129\.99$/);
  const cancel = entry({
    type: 'order.cancel_requested',
    data: { reason: 'customer', note: 'on the phone' },
  });
  expect(entryWords(cancel)).toEqual({
    title: 'Cancel asked for: The customer asked for it',
    detail: 'on the phone',
  });
  // Who may not see what staff write gets none of it: the entry still reads well.
  const masked = entry({ type: 'order.cancel_requested', data: { reason: 'customer', note: null } });
  expect(entryWords(masked)).toEqual({ title: 'Cancel asked for: The customer asked for it' });
  const retry = entry({ kind: 'command', type: 'command.retry', data: { reason: null, appliedAt: null } });
  expect(entryWords(retry)).toEqual({ title: 'Retry asked for, not answered yet' });
  const short = entry({
    type: 'order.backordered',
    data: { missing: [{ sku: 'TEA', available: 1, wanted: 3 }] },
  });
  expect(entryWords(short).detail).toBe('TEA: 1 of 3');
  const stalled = entry({
    type: 'step.stalled',
    data: { step: 'book', code: 'carrier_refused', retryInSeconds: 90 },
  });
  expect(entryWords(stalled)).toEqual({
    title: 'Buying the label failed',
    detail: 'The carrier refused the request; tried again in 1.5 min',
  });
});

test('a case that is taken, given to another person and released', () => {
  const assigned = (assignee: string | null) =>
    entryWords(entry({ type: 'case.assigned', actor: 'key:1', data: { assignee, code: 'card_declined' } }));
  expect(assigned('1')).toEqual({ title: 'Case taken', detail: 'The card was declined' });
  expect(assigned('2').title).toBe('Case given to a colleague');
  expect(assigned(null).title).toBe('Case released: nobody has it');
});

test('a wait says whether it has ended', () => {
  expect(entryWords(entry({ kind: 'wait', type: 'packing', data: { endedAs: null } })).title).toBe(
    'Waits for packing',
  );
  expect(entryWords(entry({ kind: 'wait', type: 'packing', data: { endedAs: 'packed' } }))).toEqual({
    title: 'Waited for packing',
    detail: 'Over: packed.',
  });
});

test('the end of a wait is said in plain words, whatever ended it', () => {
  const ended = (endedAs: string) =>
    entryWords(entry({ kind: 'wait', type: 'delivery', data: { endedAs } })).detail ?? '';
  expect(ended('in_transit')).toBe('Over: news of the parcel came (on its way).');
  const ends = ['done', 'news', 'retried', 'retry', 'release', 'case', 'remind', 'expire', 'cancel'];
  expect(new Set(ends.map(ended)).size).toBe(ends.length);
  for (const end of [...ends, ...SHIPMENT_STATES]) expect(ended(end), end).not.toMatch(/_|Ended|undefined/);
});

test('what was written in one instant stands in the order in which it came about', () => {
  const entries = [
    entry({ id: 'cas_1', kind: 'case', type: 'card_declined' }),
    entry({ id: 'wait_1', kind: 'wait', type: 'case' }),
    entry({ id: 'evt_1', type: 'payment.failed' }),
    entry({ id: 'evt_2', type: 'case.assigned', at: '2026-11-24T14:03:28.000Z' }),
  ];
  const ids = timelineShown(entries, 'all').map((one) => one.id);
  expect(ids).toEqual(['evt_2', 'wait_1', 'cas_1', 'evt_1']);
});

test('newest first; what is said twice is shown once', () => {
  const entries = [
    entry({ id: 'a', type: 'order.placed' }),
    entry({ id: 'b', type: 'case.opened', data: { subject: 'ord_1', code: 'short_stock' } }),
    entry({ id: 'cas_1', kind: 'case', type: 'short_stock', data: { subject: 'ord_1' } }),
    entry({ id: 'cmd_1', kind: 'command', type: 'command.cancel', actor: 'key:1', isPerson: true }),
    entry({
      id: 'c',
      type: 'order.cancel_requested',
      isPerson: true,
      data: { commandId: 'cmd_1', reason: 'staff' },
    }),
    entry({ id: 'cmd_2', kind: 'command', type: 'command.retry', actor: 'key:1', isPerson: true }),
  ].map((one, second) => ({ ...one, at: `2026-11-24T14:03:0${second}.000Z` }));
  const ids = (filter: string) => timelineShown(entries, filterOf(filter)).map((one) => one.id);
  expect(ids('all')).toEqual(['cmd_2', 'c', 'cas_1', 'a']);
  expect(ids('people')).toEqual(['cmd_2', 'c']);
  expect(ids('system')).toEqual(['cas_1', 'a']);
  expect(filterOf('nonsense')).toBe('all');
});

test('actors are named as people know them', () => {
  const by = (actor: string, actorName: string | null = null) =>
    actorWords({ kind: 'event', actor, actorName });
  expect(by('key:0123', 'Ada at the desk')).toBe('Ada at the desk');
  expect(by('key:0123')).toBe('key 0123');
  expect(by('system')).toBe('Holdfast');
  expect(by('gateway')).toBe('the payment provider');
  expect(by('temporal-web, unverified')).toBe('temporal-web, unverified');
});

test('money that comes by itself: how much, how, and when it was due', () => {
  const data = { amountMinor: 5_000, currency: 'EUR', method: 'bank_transfer', receiptId: 'rcp_1' };
  const { title, detail } = entryWords(entry({ type: 'payment.received', data }));
  expect(title).toMatch(/^Money came in EUR\s50\.00$/);
  expect(detail).toBe('Bank transfer');
  const overdue = entry({ type: 'payment.overdue', data: { dueAt: '2026-03-14T10:00:00.000Z' } });
  expect(entryWords(overdue).detail).toMatch(/^Due on .*2026/);
  const wait = entry({ kind: 'wait', type: 'receipt', data: { endedAs: 'paid' } });
  expect(entryWords(wait)).toEqual({ title: 'Waited for its money', detail: 'Over: all of it has come.' });
});

test('a no of a gift card or a bank says what is needed, and blames no bank for a gift card', () => {
  const short = { code: 'card_declined', providerCode: 'balance_short' };
  expect(entryWords(entry({ type: 'payment.failed', data: short })).title).toMatch(/does not hold enough$/);
  const needed = entry({ type: 'payment.action_required', data: { amountMinor: 2_580, currency: 'USD' } });
  expect(entryWords(needed).title).toMatch(/^Another way to pay is needed for USD\s25\.80$/);
});

test('an order that is paid in another way says in which', () => {
  const changed = entry({ type: 'payment.method_changed', data: { method: 'gift_card', tender: 1 } });
  expect(entryWords(changed)).toEqual({ title: 'It is paid in another way', detail: 'Gift card' });
});
