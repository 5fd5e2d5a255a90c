/** One action over many orders. */
import { expect, test } from 'vitest';
import { ApiProblem, Unreachable } from '../api/client.ts';
import { failureOf, runBulk, summaryText, type Outcome } from './bulk.ts';
import { rows } from './given.ts';

const released = new ApiProblem(409, {
  title: 'The order was released to the warehouse already',
  code: 'already_released',
  requestId: 'req_1',
});

test('at most four at once, each with its outcome, and one refusal stops nobody', async () => {
  let running = 0;
  let most = 0;
  const outcomes: Outcome[] = [];
  await runBulk(rows(12), {
    async act({ number }) {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      if (number === 100_003) throw released;
      if (number === 100_005) throw new Unreachable('gone');
      return number === 100_007 ? 'accepted' : 'done';
    },
    isStopped: () => false,
    onDone: (outcome) => outcomes.push(outcome),
  });
  expect(most).toBe(4);
  expect(outcomes).toHaveLength(12);
  const kindOf = (number: number) => outcomes.find(({ order }) => order.number === number)?.kind;
  expect(kindOf(100_003)).toBe('refused');
  expect(kindOf(100_005)).toBe('failed');
  expect(kindOf(100_007)).toBe('accepted');
  expect(outcomes.filter(({ kind }) => kind === 'done')).toHaveLength(9);
});

test('after a stop nothing more is sent', async () => {
  const sent: number[] = [];
  const outcomes: Outcome[] = [];
  await runBulk(rows(8), {
    act({ number }) {
      sent.push(number);
      return Promise.resolve('done');
    },
    isStopped: () => sent.length >= 4,
    onDone: (outcome) => outcomes.push(outcome),
  });
  expect(sent).toHaveLength(4);
  expect(outcomes.filter(({ kind }) => kind === 'unsent')).toHaveLength(4);
});

test('a refusal is final; what says nothing about the order may be tried again', () => {
  expect(failureOf(released)).toEqual({
    kind: 'refused',
    why: 'The order was released to the warehouse already.',
  });
  expect(failureOf(new ApiProblem(503, { title: 'Not ready', requestId: 'req_2' }))).toEqual({
    kind: 'failed',
    why: 'Not ready.',
    requestId: 'req_2',
  });
  for (const status of [401, 408, 429, 500, 503])
    expect(failureOf(new ApiProblem(status, { title: 'No' })).kind).toBe('failed');
  expect(failureOf(new Unreachable('gone')).kind).toBe('failed');
});

test('the summary says how many and why', () => {
  const [order] = rows(1);
  if (!order) throw new Error('no row');
  const done: Outcome = { order, kind: 'done', why: '' };
  const refused: Outcome = { order, ...failureOf(released) };
  expect(summaryText([...Array.from({ length: 47 }, () => done), refused, refused, refused])).toBe(
    '47 done, 3 refused: the order was released to the warehouse already',
  );
  expect(summaryText([{ order, kind: 'accepted', why: 'Accepted; it is not finished yet.' }])).toBe(
    '1 accepted, not finished',
  );
});
