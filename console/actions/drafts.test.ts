import { expect, test } from 'vitest';
import { clearDrafts, draftsOf, type DraftStore } from './drafts.ts';

function memory() {
  const items = new Map<string, string>();
  const store: DraftStore = {
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, value) => void items.set(name, value),
    removeItem: (name) => void items.delete(name),
  };
  return { items, get: () => store };
}

test('a draft comes back under its name, and is gone when it was sent', () => {
  const { items, get } = memory();
  draftsOf('key1', get).write('note ord_1', 'Called twice');
  draftsOf('key1', get).write('cancel ord_1', 'By phone');
  expect(draftsOf('key1', get).read('note ord_1')).toBe('Called twice');
  draftsOf('key1', get).write('note ord_1', '');
  expect(draftsOf('key1', get).read('note ord_1')).toBe('');
  expect(draftsOf('key1', get).read('cancel ord_1')).toBe('By phone');
  draftsOf('key1', get).write('cancel ord_1', '');
  expect(items.size).toBe(0);
});

test('nobody else finds it, and signing out removes it', () => {
  const { items, get } = memory();
  draftsOf('key1', get).write('note ord_1', 'Called twice');
  expect(draftsOf('key2', get).read('note ord_1')).toBe('');
  clearDrafts(get);
  expect(items.size).toBe(0);
  draftsOf('key1', get).write('note ord_1', 'a');
  draftsOf('key2', get).write('note ord_2', 'b');
  expect(draftsOf('key1', get).read('note ord_1')).toBe('');
});

test('a store that is broken or closed loses the draft and nothing else', () => {
  const { items, get } = memory();
  items.set('drafts', 'not JSON');
  expect(draftsOf('key1', get).read('note ord_1')).toBe('');
  const closed = draftsOf('key1', () => {
    throw new Error('denied');
  });
  closed.write('note ord_1', 'a');
  expect(closed.read('note ord_1')).toBe('');
});
