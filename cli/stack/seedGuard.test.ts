/** Which databases made-up orders go into without being asked twice. */
import { afterEach, expect, test, vi } from 'vitest';
import { hostAgainst } from './seedGuard.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each([
  ['postgres://prod.internal/holdfast', 'prod.internal'],
  // The driver lets the parameter win.
  ['postgres://localhost/holdfast?host=prod.internal', 'prod.internal'],
  ['postgres://user:secret@127.0.0.1:5432/holdfast?sslmode=disable&host=10.0.0.5', '10.0.0.5'],
  ['postgres://127.0.0.1.example/holdfast', '127.0.0.1.example'],
])('%s is on another machine', (url, host) => {
  expect(hostAgainst(url)).toBe(host);
});

test.each([
  'postgres://127.0.0.1:5432/holdfast',
  'postgres://user:secret@localhost/holdfast',
  'postgres://prod.internal/holdfast?host=127.0.0.1',
  'postgres:///holdfast?host=/var/run/postgresql',
  'socket:/var/run/postgresql?db=holdfast',
])('%s is on this machine', (url) => {
  expect(hostAgainst(url)).toBeUndefined();
});

test('an address without a host means the one of the environment', () => {
  vi.stubEnv('PGHOST', 'prod.internal');
  expect(hostAgainst('postgres:///holdfast')).toBe('prod.internal');
});
