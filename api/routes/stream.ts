/** `GET /v1/stream`: live changes as server-sent events. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { FeedPlace } from '../../db/reads/events.ts';
import type { Principal } from '../auth.ts';
import { decodeCursor } from '../cursor.ts';
import type { Services } from '../deps.ts';
import { beginEventStream, type EventStream } from '../eventStream.ts';
import { STREAM_HEADERS } from '../headers.ts';
import { Refusal } from '../problems.ts';
import { route, type Answer, type Call, type Route } from '../route.ts';
import { noBody, noParams } from '../schemas/fields.ts';
import { ChangeNote, StreamQuery } from '../schemas/stream.ts';
import { CHANGES_LIST, type Listener } from '../stream.ts';
import { FEED_KEY } from './feeds.ts';

/** How often it is looked whether the caller still may listen. */
const CHECK_MILLIS = 5_000;

/** The route of the stream. */
export function streamRoutes(services: Services): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/stream',
      summary: 'Live changes as server-sent events',
      description:
        'Event `ready` opens the stream; each `change` carries a ChangeNote and, as its id, its place in the feed of events: come back with `Last-Event-ID` (browsers do) or `?after=` and get what you missed, in order. `reset` says that more than 1,000 changes were missed: read again whatever you show. It is for screens; a program that must not miss anything reads `GET /v1/events`. At most 20 streams a caller, a key or a session.',
      tag: 'Events',
      scope: 'orders:read',
      params: noParams,
      query: StreamQuery,
      body: noBody,
      answers: { 200: ChangeNote },
      mediaTypes: { 200: ['text/event-stream'] },
      problems: ['invalid_cursor'],
      handler: (call) => open(services, call),
    }),
  ];
}

function open(services: Services, call: Call<unknown, z.output<typeof StreamQuery>, undefined>): Answer {
  const last = call.headers['last-event-id'];
  const cursor = typeof last === 'string' && last !== '' ? last : call.query.after;
  const after = cursor === undefined ? undefined : placeOf(cursor);
  const { principal } = call;
  const headers = [...STREAM_HEADERS, 'X-Request-Id', call.requestId];
  return {
    status: 200,
    take(request, response) {
      if (request.method === 'HEAD') response.writeHead(200, headers).end();
      else if (!response.destroyed) run(services, { principal, after, request, response, headers });
    },
  };
}

function placeOf(cursor: string): FeedPlace {
  const [xid, position] = decodeCursor(CHANGES_LIST, cursor, FEED_KEY);
  return { xid, position };
}

interface Running {
  principal: Principal;
  after: FeedPlace | undefined;
  request: IncomingMessage;
  response: ServerResponse;
  headers: string[];
}

/** Runs until the caller goes, may no longer listen, or the process stops. */
function run(services: Services, given: Running): void {
  const { principal, request, response, headers, after } = given;
  // A session is a caller of its own: people share keys.
  const caller = principal.session?.hash.toString('hex') ?? principal.keyId;
  const release = services.streams.take(caller, () => stream.end());
  if (!release) throw noPlace(services);
  const check = setInterval(
    () => void endUnlessAllowed(services, request, stream),
    services.streamCheckMillis ?? CHECK_MILLIS,
  );
  const stream = beginEventStream(response, headers, () => {
    clearInterval(check);
    release();
    leave();
  });
  const { begun, leave } = services.changes.join(listenerOf(stream, principal), after);
  begun.catch((error: unknown) => {
    services.logger.warn({ name: error instanceof Error ? error.name : 'unknown' }, 'a stream ended early');
    stream.end();
  });
}

function noPlace(services: Services): Refusal {
  if (services.streams.isStopped()) return new Refusal('unavailable', { detail: 'the API stops' });
  return new Refusal('rate_limited', {
    detail: 'too many streams are open',
    headers: { 'Retry-After': '5' },
  });
}

function listenerOf(stream: EventStream, principal: Principal): Listener {
  return {
    channel: principal.channel,
    begin: (id) => stream.send('ready', id, {}),
    send: (id, change) => stream.send('change', id, change),
    reset: (id) => stream.send('reset', id, {}),
  };
}

async function endUnlessAllowed(
  services: Services,
  request: IncomingMessage,
  stream: EventStream,
): Promise<void> {
  try {
    await services.authenticator.recheck(request.headers);
  } catch (error) {
    // A database that is away says nothing about the caller.
    if (error instanceof Refusal) stream.end();
  }
}
