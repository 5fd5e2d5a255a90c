import { expect, test } from 'vitest';
import { afterDone, moved, runAll, selectedOf } from './queue.ts';

const IDS = ['a', 'b', 'c'];

test('the case that the address names is selected; when it has gone, what took its place', () => {
  expect(selectedOf(IDS, 'b', 0)).toBe('b');
  expect(selectedOf(IDS, 'gone', 1)).toBe('b');
  expect(selectedOf(IDS, 'gone', 7)).toBe('c');
  expect(selectedOf(IDS, undefined, 0)).toBe('a');
  expect(selectedOf([], 'a', 0)).toBeUndefined();
});

test('moving stays inside the list', () => {
  expect(moved(IDS, 'a', 1)).toBe('b');
  expect(moved(IDS, 'c', 1)).toBe('c');
  expect(moved(IDS, 'a', -1)).toBe('a');
  expect(moved(IDS, undefined, 1)).toBe('a');
  expect(moved([], undefined, 1)).toBeUndefined();
});

test('after a case comes the next, after the last the one before', () => {
  expect(afterDone(IDS, 'a')).toBe('b');
  expect(afterDone(IDS, 'c')).toBe('b');
  expect(afterDone(['a'], 'a')).toBeUndefined();
});

test('every item is done once, and never more than allowed at once', async () => {
  let open = 0;
  let most = 0;
  const done: number[] = [];
  await runAll([1, 2, 3, 4, 5, 6, 7], 3, {
    async act(item) {
      open += 1;
      most = Math.max(most, open);
      for (let turn = 0; turn < item % 3; turn += 1) await Promise.resolve();
      open -= 1;
      return item;
    },
    onDone: (item) => done.push(item),
  });
  expect(done.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

test('nothing to do is done at once', async () => {
  await runAll([], 4, { act: () => Promise.reject(new Error('never')), onDone: () => undefined });
});
