import { expect, test } from 'vitest';
import { ApiProblem, Unreachable } from '../api/client.ts';
import { isOpen, outcomeOf, summaryOf, withFate } from './bulk.ts';

const ORDER = { order: 'ord_1', orderNumber: 100042 };
const command = {
  id: 'cmd_1',
  orderId: 'ord_1',
  kind: 'retry',
  actor: 'key:1',
  reason: null,
  state: 'pending',
  code: null,
  detail: null,
  receivedAt: '2026-11-24T14:03:27.123Z',
  settledAt: null,
} as const;

test('a refusal says why, with the request id that support can look for', () => {
  const refusal = new ApiProblem(409, { title: 'x', code: 'nothing_to_retry', requestId: 'req_7' });
  expect(outcomeOf(ORDER, refusal)).toEqual({
    ...ORDER,
    state: 'refused',
    text: 'Nothing of this order waits for a retry (request req_7)',
  });
});

test('a lost connection is no refusal: nobody knows', () => {
  expect(outcomeOf(ORDER, new Unreachable('gone')).state).toBe('unknown');
  expect(outcomeOf(ORDER, undefined).state).toBe('stopped');
});

test('the line over all of them counts each kind once', () => {
  const outcomes = [
    outcomeOf(ORDER, { kind: 'accepted', command }),
    outcomeOf(ORDER, new ApiProblem(409, {})),
    outcomeOf(ORDER, new ApiProblem(409, {})),
  ];
  expect(summaryOf(outcomes)).toBe('1 accepted, not finished yet, 2 refused');
  expect(summaryOf([])).toBe('Nothing was there to be done');
});

test('what became of an order replaces that it was sent, once it is known', () => {
  const sent = outcomeOf(ORDER, { kind: 'accepted', command });
  const open = withFate(sent, { isKnown: false, isCured: false, text: 'Is being tried again; now: Placed.' });
  expect(isOpen(open)).toBe(true);
  expect(open.text).toBe('Is being tried again; now: Placed.');
  const cured = withFate(sent, { isKnown: true, isCured: true, text: 'Paid.' });
  const again = withFate(sent, { isKnown: true, isCured: false, text: 'Declined again.' });
  expect([cured, again].map(isOpen)).toEqual([false, false]);
  expect(summaryOf([cured, again, open])).toBe(
    '1 worked, 1 tried again without success, 1 accepted, not finished yet',
  );
});
