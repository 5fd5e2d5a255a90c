/**
 * Serves one route: key and scope, body, handler, answer; and turns whatever is thrown on the way into a problem. The
 * cheap checks come first, and nothing is awaited that is already known.
 */
import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Principal } from './auth.ts';
import { BODY_LIMITS, parseJson, readBytes, requireJson } from './body.ts';
import { isUnstorable } from './check.ts';
import { requireSameSite } from './cookie.ts';
import type { Services } from './deps.ts';
import { countRequest, logRequest, type RequestNote } from './log.ts';
import { SAFE_HEADERS } from './headers.ts';
import { codeOfUnexpected, problemBody, Refusal } from './problems.ts';
import type { Answer, Route } from './route.ts';

const notes = new WeakMap<Response, RequestNote>();

/** Unique in all logs without asking for randomness on every request: this process, and a count. */
const PROCESS_ID = randomBytes(8).toString('hex');
let requestCount = 0;

function noteOf(request: Request, response: Response): RequestNote {
  const known = notes.get(response);
  if (known) return known;
  requestCount += 1;
  const note: RequestNote = {
    id: `req_${PROCESS_ID}${requestCount.toString(36)}`,
    startedAt: performance.now(),
    method: request.method,
    path: request.path,
    route: 'none',
    keyId: undefined,
    failure: undefined,
  };
  notes.set(response, note);
  return note;
}

/** The Express handler of a route. */
export function serve(services: Services, route: Route) {
  const needsKey = route.access !== 'public' && route.access !== 'signature';
  return async (request: Request, response: Response): Promise<void> => {
    const note = noteOf(request, response);
    note.route = route.path;
    let principal: Principal | undefined;
    if (needsKey) {
      const found = services.authenticator.authenticate(request.headers);
      principal = found instanceof Promise ? await found : found;
      note.keyId = principal.keyId;
      requireScope(principal, route);
      if (principal.session && !SAFE_METHODS.has(route.method))
        requireSameSite(request.headers, services.publicUrl);
    }
    refuseUnstorable(request);
    const body = route.bodyKind === 'none' ? undefined : await readBody(route, request);
    const answer = await route.handle({
      id: note.id,
      path: request.path,
      params: request.params,
      query: request.query,
      headers: request.headers,
      principal,
      body,
    });
    if (answer.take) {
      answer.take(request, response);
      // It was answered now; how long it then stays open is not the time to answer.
      countRequest(services, note, answer.status);
      if (response.closed) logRequest(services, note, answer.status);
      else response.once('close', () => logRequest(services, note, answer.status));
      return;
    }
    send(services, { response, note, answer, contentType: 'application/json; charset=utf-8' });
  };
}

const SAFE_METHODS: ReadonlySet<Route['method']> = new Set(['get']);

function requireScope(principal: Principal, route: Route): void {
  if (!isHeld(principal, route.access))
    throw new Refusal('forbidden', {
      detail: route.access === 'session' ? 'needs a session' : `needs the scope ${route.access}`,
    });
  if (route.channelOnly && principal.channel === null)
    throw new Refusal('forbidden', { detail: "needs a channel's key" });
  if (route.peopleOnly && principal.channel !== null)
    throw new Refusal('forbidden', { detail: 'is for people; this is the key of a channel' });
}

function isHeld(principal: Principal, access: Route['access']): boolean {
  if (access === 'session') return principal.session !== undefined;
  return access !== 'public' && access !== 'signature' && principal.scopes.has(access);
}

/** Characters that no stored text can have find nothing in a path and are wrong in a query. */
function refuseUnstorable(request: Request): void {
  if (!request.originalUrl.includes('%')) return;
  for (const value of Object.values(request.params))
    if (typeof value === 'string' && isUnstorable(value)) throw new Refusal('not_found');
  for (const [name, value] of Object.entries(request.query))
    if (isUnstorable(name) || (typeof value === 'string' && isUnstorable(value)))
      throw new Refusal('invalid', {
        errors: [
          {
            pointer: isUnstorable(name) ? '?' : `?${name}`,
            detail: 'contains a character that can not be stored',
          },
        ],
      });
}

async function readBody(route: Route, request: Request): Promise<unknown> {
  if (route.bodyKind === 'raw') return readBytes(request, route.bodyLimit ?? BODY_LIMITS.webhook);
  requireJson(request);
  return parseJson(await readBytes(request, route.bodyLimit ?? BODY_LIMITS.standard), route.piecesAt);
}

interface Sending {
  response: Response;
  note: RequestNote;
  answer: Answer;
  contentType: string;
}

/** Sends the answer with one list of headers (Node then keeps none of its own) and notes it. */
function send(services: Services, { response, note, answer, contentType }: Sending): void {
  const headers = [...SAFE_HEADERS, 'X-Request-Id', note.id];
  for (const [name, value] of Object.entries(answer.headers ?? {})) headers.push(name, value);
  const text = answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body));
  const type = answer.contentType ?? contentType;
  if (answer.text !== undefined || answer.body !== undefined)
    headers.push('Content-Type', type, 'Content-Length', String(Buffer.byteLength(text)));
  response.writeHead(answer.status, headers);
  response.end(text);
  countRequest(services, note, answer.status);
  logRequest(services, note, answer.status);
}

/** Answers with a problem. What was not foreseen is logged and says nothing of itself to the caller. */
export function sendProblem(
  services: Services,
  { request, response, error }: { request: Request; response: Response; error: unknown },
): void {
  const note = noteOf(request, response);
  const refusal = toRefusal(error);
  if (!(error instanceof Refusal) && refusal.code !== 'not_found') note.failure = error;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = problemBody(refusal.code, refusal.parts, note);
  const headers = {
    ...(refusal.code === 'unauthenticated' && { 'WWW-Authenticate': 'Bearer' }),
    ...(refusal.code === 'unavailable' && { 'Retry-After': '1' }),
    ...refusal.parts.headers,
  };
  const answer = { status: body.status, body, headers };
  send(services, { response, note, answer, contentType: 'application/problem+json; charset=utf-8' });
}

function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  // Express throws these for a path that can't be decoded, and for a file on a condition that does not hold.
  if (error instanceof Error && 'status' in error && (error.status === 400 || error.status === 412))
    return new Refusal('not_found');
  return new Refusal(codeOfUnexpected(error));
}
