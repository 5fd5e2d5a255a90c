/**
 * Who is signed in, what they may do, and the end of it. The session is the browser's, not the tab's: another tab may end it
 * or sign somebody else in, and nothing of the first person may stay on the screen then.
 */
import { useQuery, type QueryClient } from '@tanstack/react-query';
import type { Session } from '../../api/schemas/session.ts';
import type { Scope } from '../../domain/access.ts';
import { call } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';

/** The signed-in person; undefined only outside the frame of pages. */
export function useSession(): Session | undefined {
  return useQuery({ ...sessionQuery, enabled: false }).data;
}

/**
 * Asks the API whose session it is. When there is none any more, the console says so (main.tsx); when it is somebody
 * else's, everything is forgotten and `restart` is called. What cannot be asked changes nothing.
 */
export async function checkSession(
  client: QueryClient,
  restart: () => void = () => window.location.reload(),
): Promise<void> {
  // Not the query that is shown: the new name must not stand above what was read as the one before.
  const now = await client
    .fetchQuery({ queryKey: ['sessionNow'], queryFn: () => call<Session>('/v1/session'), retry: false })
    .catch(() => undefined);
  const shown = client.getQueryData(sessionQuery.queryKey);
  if (now === undefined || shown === undefined) return;
  if (now.keyId === shown.keyId) {
    client.setQueryData(sessionQuery.queryKey, now);
    return;
  }
  forgetPerson(client);
  restart();
}

const OTHER_TABS = 'holdfast-session';

/** Tells the other tabs that somebody signed in or out here; each asks the API what that means for it. */
export function tellOtherTabs(): void {
  const channel = new BroadcastChannel(OTHER_TABS);
  channel.postMessage('changed');
  channel.close();
}

/** Checks the session when another tab says so and whenever somebody comes back to this one; returns how to stop. */
export function watchSession(client: QueryClient): () => void {
  const channel = new BroadcastChannel(OTHER_TABS);
  const check = () => {
    if (!document.hidden) void checkSession(client);
  };
  // Told by another tab, hidden or not: nobody should come back to what was another person's.
  channel.addEventListener('message', () => void checkSession(client));
  window.addEventListener('focus', check);
  document.addEventListener('visibilitychange', check);
  return () => {
    channel.close();
    window.removeEventListener('focus', check);
    document.removeEventListener('visibilitychange', check);
  };
}

/** Why the person may not do it, in words for a disabled button; undefined when they may. */
export function whyNot(session: Session | undefined, scope: Scope, deed: string): string | undefined {
  if (!session || session.scopes.includes(scope)) return undefined;
  return `Your role (${session.role}) may not ${deed}.`;
}

/** Forgets everything that was read as this person. */
export function forgetPerson(client: QueryClient): void {
  client.cancelQueries().catch(() => undefined);
  client.clear();
}
