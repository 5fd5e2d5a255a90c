/** Parts that can't be fetched. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { mayReload, part, PartMissing, reloadOnce } from './loading.ts';

const reload = vi.fn<() => void>();
let kept: Map<string, string>;

beforeEach(() => {
  kept = new Map();
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  });
  vi.stubGlobal('window', { location: { reload } });
});
afterEach(() => {
  vi.unstubAllGlobals();
  reload.mockReset();
});

test('a part that fails says so in plain words and keeps the cause', async () => {
  expect(await part(() => Promise.resolve('here'))).toBe('here');
  const cause = new Error('Unable to preload CSS for http://127.0.0.1/assets/Orders.css');
  const failed = await part(() => Promise.reject(cause)).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(PartMissing);
  expect(failed).toMatchObject({ message: 'This part of the console could not be loaded.', cause });
});

test('the page is loaded anew once, not again and again', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('')));
  await reloadOnce();
  await reloadOnce();
  expect(reload).toHaveBeenCalledTimes(1);
});

test('while nothing answers the page stays', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  await reloadOnce();
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('', { status: 502 })));
  await reloadOnce();
  expect(reload).not.toHaveBeenCalled();
});

test('what was done long ago, or never, or is nonsense, does not hinder', () => {
  expect(mayReload(null, 100_000)).toBe(true);
  expect(mayReload('nonsense', 100_000)).toBe(true);
  expect(mayReload('70000', 100_000)).toBe(true);
  expect(mayReload('70001', 100_000)).toBe(false);
});
