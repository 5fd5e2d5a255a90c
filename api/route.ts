/**
 * Routes as data: method, path, who may call, schemas, what can go wrong, handler. Express, the scope check and the
 * OpenAPI document derive from the same table, so none of them can know a route that the others don't.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { isCardNumberAlone } from '../domain/cardNumber.ts';
import type { z } from 'zod';
import type { Scope } from '../domain/access.ts';
import type { FailureCode } from '../domain/failures.ts';
import type { Principal } from './auth.ts';
import { check } from './check.ts';
import { fingerprint } from './fingerprint.ts';
import { Refusal } from './problems.ts';
import { IDEMPOTENCY_KEY } from './schemas/newOrder.ts';

/** What a handler answers with; `body` is sent as JSON, none for 204; `text` instead is sent as it is. */
export interface Answer {
  status: number;
  body?: unknown;
  /** Sent instead of a body, as `contentType` says. */
  text?: string;
  contentType?: string;
  /**
   * Takes the response over instead: a stream. Writes head and body itself, and returns when the head is written
   * or the caller has gone; throws only before.
   */
  take?(request: IncomingMessage, response: ServerResponse): void;
  headers?: Readonly<Record<string, string>>;
}

/** A request on its way to a handler, before its parts are checked. */
export interface Incoming {
  id: string;
  path: string;
  params: Readonly<Record<string, unknown>>;
  query: unknown;
  headers: IncomingHttpHeaders;
  principal: Principal | undefined;
  /** Parsed JSON for `json` routes, bytes for `raw` ones, else undefined. */
  body: unknown;
}

/** Who may call: a scope of an API key or session, a session of any role, whoever signed the body, or anybody. */
export type Access = Scope | 'session' | 'signature' | 'public';

/** What an answer without a problem may come as. */
export type MediaType = 'application/json' | 'text/csv' | 'text/event-stream';

interface Described {
  method: 'get' | 'post' | 'put' | 'delete';
  /** `/v1/orders/{order}`. */
  path: string;
  summary: string;
  description?: string;
  tag: string;
  /** Answers by status; null is one without a body. */
  answers: Readonly<Record<number, z.ZodType | null>>;
  /** What the answers of a status come as, when not as application/json alone; only JSON and streams have the schema's form. */
  mediaTypes?: Readonly<Record<number, readonly MediaType[]>>;
  /** What can go wrong beyond what every such route shares (see openapi.ts). */
  problems: readonly FailureCode[];
  /** True when it is about what a person keeps: the key of a channel is refused, whatever its scopes. */
  peopleOnly?: true;
  /** Where the pieces of a batch stand: a card number in one of them is its own problem, and the handler's to refuse. */
  piecesAt?: string;
  /** Other than the standard limit, bytes. */
  bodyLimit?: number;
  answerHeaders?: Readonly<Record<string, string>>;
}

/** One route, ready to be mounted. */
export interface Route extends Described {
  access: Access;
  channelOnly: boolean;
  idempotent: boolean;
  bodyKind: 'none' | 'json' | 'raw';
  params: z.ZodType;
  query: z.ZodType;
  body: z.ZodType;
  handle(incoming: Incoming): Answer | Promise<Answer>;
}

/** A checked call of a route that takes an API key. */
export interface Call<P, Q, B> {
  principal: Principal;
  params: P;
  query: Q;
  body: B;
  /** The Idempotency-Key header; empty on routes that don't take one. */
  idempotencyKey: string;
  /** Of the body as it was sent. */
  fingerprint: string;
  requestId: string;
  headers: IncomingHttpHeaders;
}

interface KeyRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> extends Described {
  scope: Scope | 'session';
  /** True when only a channel's own key makes sense. */
  channelOnly?: true;
  /** True when the Idempotency-Key header is needed. */
  idempotent?: true;
  params: P;
  query: Q;
  body: B;
  handler(call: Call<z.output<P>, z.output<Q>, z.output<B>>): Answer | Promise<Answer>;
}

/** A route for API keys; bodies are JSON. */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  given: KeyRoute<P, Q, B>,
): Route {
  const { scope, handler, channelOnly, idempotent, ...described } = given;
  const bodyKind = given.body.type === 'undefined' ? 'none' : 'json';
  return {
    ...described,
    access: scope,
    channelOnly: channelOnly ?? false,
    idempotent: idempotent ?? false,
    bodyKind,
    handle(incoming) {
      if (!incoming.principal) throw new Refusal('unauthenticated');
      return handler({
        principal: incoming.principal,
        idempotencyKey: idempotent ? idempotencyKeyOf(incoming.headers) : '',
        params: checkedParams(given.params, incoming.params),
        query: checkedQuery(given.query, incoming.query),
        body: checkedBody(given.body, incoming.body),
        fingerprint: idempotent ? fingerprint(incoming.body) : '',
        requestId: incoming.id,
        headers: incoming.headers,
      });
    },
  };
}

/** A checked call of a route whose body was signed by an outside system. */
export interface SignedCall<P> {
  params: P;
  raw: Buffer;
  headers: IncomingHttpHeaders;
  requestId: string;
}

interface SignedRoute<P extends z.ZodType, Q extends z.ZodType> extends Described {
  params: P;
  query: Q;
  handler(call: SignedCall<z.output<P>>): Promise<Answer>;
}

/** A route for outside systems: raw bytes; the handler verifies the signature before it looks into them. */
export function signedRoute<P extends z.ZodType, Q extends z.ZodType>(
  given: SignedRoute<P, Q> & { body: z.ZodType },
): Route {
  const { handler, ...described } = given;
  return {
    ...described,
    access: 'signature',
    channelOnly: false,
    idempotent: false,
    bodyKind: 'raw',
    handle(incoming) {
      if (!Buffer.isBuffer(incoming.body)) throw new Refusal('malformed_json');
      return handler({
        params: checkedParams(given.params, incoming.params),
        raw: incoming.body,
        headers: incoming.headers,
        requestId: incoming.id,
      });
    },
  };
}

/** A checked call of a route for anybody. */
export interface OpenCall<B, P = unknown> {
  params: P;
  body: B;
  /** The Idempotency-Key header; empty on routes that don't take one. */
  idempotencyKey: string;
  headers: IncomingHttpHeaders;
  requestId: string;
}

/** A route for anybody: no key; a JSON body when its schema has one. */
export function openRoute<B extends z.ZodType, P extends z.ZodType>(
  given: Described & {
    /** True when the Idempotency-Key header is needed. */
    idempotent?: true;
    params: P;
    query: z.ZodType;
    body: B;
    handler: (call: OpenCall<z.output<B>, z.output<P>>) => Answer | Promise<Answer>;
  },
): Route {
  const { handler, idempotent, ...described } = given;
  return {
    ...described,
    access: 'public',
    channelOnly: false,
    idempotent: idempotent ?? false,
    bodyKind: given.body.type === 'undefined' ? 'none' : 'json',
    handle: (incoming) =>
      handler({
        params: checkedParams(given.params, incoming.params),
        idempotencyKey: idempotent ? idempotencyKeyOf(incoming.headers) : '',
        body: checkedBody(given.body, incoming.body),
        headers: incoming.headers,
        requestId: incoming.id,
      }),
  };
}

function idempotencyKeyOf(headers: IncomingHttpHeaders): string {
  const key = headers['idempotency-key'];
  if (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key))
    throw new Refusal('idempotency_key_missing', {
      detail: 'Idempotency-Key must be 1 to 200 visible ASCII characters',
    });
  if (isCardNumberAlone(key)) throw new Refusal('card_number', { detail: 'in the Idempotency-Key' });
  return key;
}

/** A path that names nothing that could exist is simply not found. */
function checkedParams<S extends z.ZodType>(schema: S, params: unknown): z.output<S> {
  const result = check(schema, { ...(params as object) });
  if (!result.ok) throw new Refusal('not_found');
  return result.value;
}

function checkedQuery<S extends z.ZodType>(schema: S, query: unknown): z.output<S> {
  const result = check(schema, { ...(query as object) });
  if (result.ok) return result.value;
  throw new Refusal('invalid', {
    errors: result.errors.map(({ pointer, detail }) => ({ pointer: `?${pointer.slice(1)}`, detail })),
  });
}

function checkedBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const result = check(schema, body);
  if (!result.ok) throw new Refusal('invalid', { errors: result.errors });
  return result.value;
}
