/**
 * The OpenAPI 3.1 document, derived from the route table: every route with every status it can answer with. What a
 * route shares with its kind (keys, bodies, idempotency, outages) is added here, so that no route can forget it.
 */
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import { FAILURES, type FailureCode } from '../domain/failures.ts';
import type { MediaType, Route } from './route.ts';
import { ProblemBody } from './schemas/problem.ts';

/** The version of the API's surface; additive changes raise the minor part. */
export const API_VERSION = '1.0.0';

/** What can go wrong on a route, its own and what its kind shares. */
export function problemsOf(route: Route): FailureCode[] {
  const codes = new Set<FailureCode>(route.problems);
  const add = (...more: FailureCode[]) => more.forEach((code) => codes.add(code));
  if (route.access !== 'public' && route.access !== 'signature') add('unauthenticated', 'forbidden');
  if (route.access === 'signature') add('bad_signature', 'body_too_large', 'malformed_json');
  if (route.bodyKind === 'json') add('malformed_json', 'unsupported_media_type', 'body_too_large', 'invalid');
  if (route.idempotent) add('idempotency_key_missing', 'idempotency_key_reused');
  if (route.path.includes('{')) add('not_found');
  if (hasFields(route.query)) add('invalid');
  if (route.access !== 'public') add('rate_limited', 'internal', 'unavailable');
  return [...codes];
}

function hasFields(schema: z.ZodType): boolean {
  return schema instanceof z.ZodObject && Object.keys(schema.shape).length > 0;
}

/** Builds the document. */
export function createOpenApi(routes: readonly Route[]) {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = (paths[route.path] ??= {});
    path[route.method] = operation(route);
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Holdfast',
      version: API_VERSION,
      description:
        'Order management. Money is integer minor units; ids are opaque; lists page by cursor; errors are RFC 9457 problems with a stable `code`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: `hf_live_…`.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'holdfast_session',
          description:
            'A person’s session, from `POST /v1/session`; changes only from the console’s own origin. Behind https its name is `__Host-holdfast_session`.',
        },
      },
    },
  });
}

function operation(route: Route): ZodOpenApiOperationObject {
  const needsKey = route.access !== 'public' && route.access !== 'signature';
  return {
    operationId: operationId(route),
    summary: route.summary,
    description: [route.description, needsKey ? `Scope: \`${route.access}\`.` : undefined]
      .filter((part) => part !== undefined)
      .join('\n\n'),
    tags: [route.tag],
    ...(!needsKey && { security: [] }),
    requestParams: requestParams(route),
    ...requestBody(route),
    responses: { ...answers(route), ...problems(route) },
  };
}

function requestParams(route: Route) {
  const header = z.object({
    'Idempotency-Key': z
      .string()
      .regex(/^[!-~]{1,200}$/)
      .meta({ description: 'One key a business request; a repeat gets the first answer.' }),
  });
  return {
    ...(route.params instanceof z.ZodObject && hasFields(route.params) && { path: route.params }),
    ...(route.query instanceof z.ZodObject && hasFields(route.query) && { query: route.query }),
    ...(route.idempotent && { header }),
  };
}

function requestBody(route: Route) {
  if (route.bodyKind === 'none') return {};
  return {
    requestBody: {
      required: true,
      content: { 'application/json': { schema: route.body } },
      ...(route.bodyKind === 'raw' && { description: 'Exactly the bytes that were signed.' }),
    },
  };
}

function answers(route: Route) {
  return Object.fromEntries(
    Object.entries(route.answers).map(([status, schema]) => [
      status,
      {
        description: ANSWER_WORDS[status] ?? 'Done.',
        ...(schema && { content: content(schema, route.mediaTypes?.[Number(status)]) }),
      },
    ]),
  );
}

/** Text that is not JSON has no form but its own; of a stream the schema is the data of each event. */
function content(schema: z.ZodType, types: readonly MediaType[] = ['application/json']) {
  return Object.fromEntries(
    types.map((type) => [type, { schema: type === 'text/csv' ? z.string() : schema }]),
  );
}

const ANSWER_WORDS: Readonly<Record<string, string>> = {
  '200': 'Done.',
  '201': 'Made. A replay has the header `Idempotency-Replayed: true`.',
  '202': 'Stored; ask the address in `Location` for the answer.',
  '204': 'Done; nothing to show.',
  '503': 'Not ready.',
};

/** One answer a status; a status the route also answers without a problem keeps its own form. */
function problems(route: Route) {
  const byStatus = new Map<number, FailureCode[]>();
  for (const code of problemsOf(route)) {
    const { status } = FAILURES[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus]
      .filter(([status]) => !(status in route.answers))
      .map(([status, codes]) => [
        String(status),
        {
          description: codes.map((code) => `\`${code}\`: ${FAILURES[code].title}.`).join('\n\n'),
          content: { 'application/problem+json': { schema: ProblemBody } },
        },
      ]),
  );
}

function operationId(route: Route): string {
  const words = route.path
    .replace(/^\/v1/, '')
    .split(/[/{}-]+/)
    .filter((word) => word !== '');
  return [route.method, ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('');
}
