/** Sign-in and sign-out of people. */
import { PERSON_ROLES } from '../../domain/actor.ts';
import { endSession, hashOfSession, startSession } from '../../db/writes/sessions.ts';
import { SESSION_MILLIS, type Principal } from '../auth.ts';
import { requireSameSite, sessionCookie, sessionIdOf } from '../cookie.ts';
import type { Services } from '../deps.ts';
import { Refusal } from '../problems.ts';
import { openRoute, route, type Answer, type OpenCall, type Route } from '../route.ts';
import { noBody, noParams, noQuery } from '../schemas/fields.ts';
import { SessionBody, SignInBody, type Session } from '../schemas/session.ts';

const shared = { tag: 'Sessions', path: '/v1/session', params: noParams, query: noQuery } as const;

/** Routes of sessions. */
export function sessionRoutes(services: Services): Route[] {
  return [
    openRoute({
      ...shared,
      method: 'post',
      summary: 'Sign in',
      description:
        'Gives an API key of a person’s role for a session: its random id comes in a cookie that pages can’t read, and its hash is what is stored. A session lasts 12 hours, and ends after 4 hours without use, with the key, or by signing out.',
      body: SignInBody,
      answers: { 201: SessionBody },
      answerHeaders: { 'Set-Cookie': 'The session; HttpOnly, SameSite=Strict.' },
      problems: ['unauthenticated', 'forbidden', 'cross_site', 'rate_limited', 'internal', 'unavailable'],
      handler: (call) => signIn(services, call),
    }),
    route({
      ...shared,
      method: 'get',
      summary: 'Who is signed in',
      scope: 'session',
      body: noBody,
      answers: { 200: SessionBody },
      problems: [],
      handler({ principal }) {
        if (!principal.session) throw new Refusal('forbidden');
        return { status: 200, body: showSession(principal, principal.session.expiresAt) };
      },
    }),
    route({
      ...shared,
      method: 'delete',
      summary: 'Sign out',
      scope: 'session',
      body: noBody,
      answers: { 204: null },
      problems: ['cross_site'],
      async handler({ principal, requestId }) {
        const { session, actor } = principal;
        if (session) await endSession(services.db, session.hash, { actor, requestId });
        if (session) services.authenticator.forgetSession(session.hash);
        return { status: 204, headers: { 'Set-Cookie': sessionCookie('', 0, services.publicUrl) } };
      },
    }),
  ];
}

async function signIn(services: Services, call: OpenCall<{ apiKey: string }>): Promise<Answer> {
  requireSameSite(call.headers, services.publicUrl);
  const { keyExpiresAt, ...principal } = await services.authenticator.authenticateKey(
    call.body.apiKey.trim(),
  );
  if (!PERSON_ROLES.includes(principal.role))
    throw new Refusal('forbidden', {
      detail: `a key of role ${principal.role} belongs to a program; people sign in with one of ${PERSON_ROLES.join(', ')}`,
    });
  const latest = Date.now() + SESSION_MILLIS;
  const expiresAt = new Date(Math.min(latest, keyExpiresAt?.getTime() ?? latest));
  const { actor, keyId } = principal;
  // Whoever signs in anew has done with the session that the browser still had.
  const before = sessionIdOf(call.headers, services.publicUrl);
  const replaces = before === undefined ? undefined : hashOfSession(before);
  const caller = { actor, requestId: call.requestId };
  const id = await startSession(services.db, { keyId, expiresAt, replaces }, caller);
  if (replaces) services.authenticator.forgetSession(replaces);
  const seconds = Math.max(1, Math.round((expiresAt.getTime() - Date.now()) / 1000));
  return {
    status: 201,
    body: showSession(principal, expiresAt),
    headers: { 'Set-Cookie': sessionCookie(id, seconds, services.publicUrl) },
  };
}

function showSession(principal: Principal, expiresAt: Date): Session {
  return {
    keyId: principal.keyId,
    name: principal.name,
    actor: principal.actor,
    role: principal.role,
    scopes: [...principal.scopes],
    expiresAt: expiresAt.toISOString(),
  };
}
