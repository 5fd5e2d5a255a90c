/** Whose session it is: what another tab did is noticed. */
import { QueryClient } from '@tanstack/react-query';
import { afterEach, expect, test, vi } from 'vitest';
import type { Session } from '../../api/schemas/session.ts';
import { ordersQuery, sessionQuery } from '../api/queries.ts';
import { checkSession } from './session.ts';

const ADA: Session = {
  keyId: 'key_ada',
  name: 'Ada',
  actor: 'key:key_ada',
  role: 'support',
  scopes: [],
  expiresAt: '2026-11-24T18:00:00.000Z',
};
const ORDERS = ordersQuery({}).queryKey;

function signedIn(): QueryClient {
  const client = new QueryClient();
  client.setQueryData(sessionQuery.queryKey, ADA);
  client.setQueryData(ORDERS, { data: [], nextCursor: null, hasMore: false });
  return client;
}

function answer(status: number, body: unknown): void {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(body), { status })));
}

afterEach(() => vi.unstubAllGlobals());

test('the same person goes on, with what is new about the session', async () => {
  const client = signedIn();
  const restart = vi.fn<() => void>();
  answer(200, { ...ADA, expiresAt: '2026-11-24T20:00:00.000Z' });
  await checkSession(client, restart);
  expect(restart).not.toHaveBeenCalled();
  expect(client.getQueryData(sessionQuery.queryKey)?.expiresAt).toBe('2026-11-24T20:00:00.000Z');
  expect(client.getQueryData(ORDERS)).toBeDefined();
});

test('somebody else: everything is forgotten, and the page starts anew', async () => {
  const client = signedIn();
  const restart = vi.fn<() => void>();
  answer(200, { ...ADA, keyId: 'key_bob', name: 'Bob' });
  await checkSession(client, restart);
  expect(restart).toHaveBeenCalledTimes(1);
  expect(client.getQueryCache().getAll()).toEqual([]);
});

test.each([401, 503])('an answer %i says nothing of another person', async (status) => {
  const client = signedIn();
  const restart = vi.fn<() => void>();
  answer(status, {});
  await checkSession(client, restart);
  expect(restart).not.toHaveBeenCalled();
  expect(client.getQueryData(sessionQuery.queryKey)).toEqual(ADA);
});
