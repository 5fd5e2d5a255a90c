/** Channels with their policies, and API keys. */
import { z } from 'zod';
import {
  listApiKeys,
  listChannels,
  readApiKey,
  readChannel,
  type ApiKeyRow,
  type ChannelRow,
} from '../../db/reads/lists.ts';
import { createApiKey, revokeApiKey } from '../../db/writes/apiKeys.ts';
import { createChannel, setPolicy } from '../../db/writes/channels.ts';
import { ROLES, SCOPES } from '../../domain/access.ts';
import { withDefaults } from '../../domain/policy.ts';
import { decodeCursor, PAGE_DEFAULT, pageFrom } from '../cursor.ts';
import type { Services } from '../deps.ts';
import { Refusal } from '../problems.ts';
import { route, type Call, type Route } from '../route.ts';
import {
  ApiKeyBody,
  ApiKeyCreatedBody,
  ApiKeyInputBody,
  ChannelBody,
  ChannelInputBody,
  PolicyPartBody,
} from '../schemas/administration.ts';
import { noBody, noParams, noQuery, pageOf, pageQuery, slug } from '../schemas/fields.ts';

/** Routes of administration. */
export function administrationRoutes(services: Services): Route[] {
  return [...channelRoutes(services), ...keyRoutes(services)];
}

function channelRoutes(services: Services): Route[] {
  const shared = { tag: 'Channels', scope: 'channels:manage' } as const;
  return [
    route({
      ...shared,
      method: 'post',
      path: '/v1/channels',
      summary: 'Add a channel',
      params: noParams,
      query: noQuery,
      body: ChannelInputBody,
      answers: { 201: ChannelBody },
      problems: ['already_exists'],
      async handler({ principal, body, requestId }) {
        const by = { actor: principal.actor, requestId, masterKey: services.masterKey };
        const wanted = { ...body, policy: body.policy && withoutUndefined(body.policy) };
        if (!(await createChannel(services.db, wanted, by))) throw new Refusal('already_exists');
        services.channels.forget(body.id);
        return { status: 201, body: await shownChannel(services, body.id) };
      },
    }),
    route({
      tag: 'Channels',
      scope: 'orders:read',
      method: 'get',
      path: '/v1/channels',
      summary: 'List channels',
      description: 'A channel’s own key sees its channel only.',
      params: noParams,
      query: z.strictObject(pageQuery),
      body: noBody,
      answers: { 200: pageOf(ChannelBody) },
      problems: ['invalid_cursor'],
      async handler({ principal, query }) {
        const { cursor, limit = PAGE_DEFAULT } = query;
        const [after] = cursor === undefined ? [] : decodeCursor('channels', cursor, [z.string()]);
        const page = { after: after ?? null, limit, channel: principal.channel };
        const rows = await listChannels(services.db, page);
        const of = { list: 'channels', keyOf: (row: ChannelRow) => [row.id], show: showChannel };
        return { status: 200, body: pageFrom(rows, limit, of) };
      },
    }),
    route({
      ...shared,
      method: 'put',
      path: '/v1/channels/{channel}/policy',
      summary: 'Set the policy of a channel',
      description: 'Makes a new version for new orders; orders keep the version they were accepted under.',
      params: z.strictObject({ channel: slug }),
      query: noQuery,
      body: PolicyPartBody,
      answers: { 200: ChannelBody },
      problems: [],
      async handler({ principal, params, body, requestId }) {
        const by = { actor: principal.actor, requestId };
        const wanted = { channel: params.channel, policy: withoutUndefined(body) };
        const version = await setPolicy(services.db, wanted, by);
        if (version === undefined) throw new Refusal('not_found');
        services.channels.forget(params.channel);
        return { status: 200, body: await shownChannel(services, params.channel) };
      },
    }),
  ];
}

function keyRoutes(services: Services): Route[] {
  const shared = { tag: 'API keys', scope: 'keys:manage' } as const;
  return [
    route({
      ...shared,
      method: 'post',
      path: '/v1/api-keys',
      summary: 'Make an API key',
      description: 'The key is shown in this answer and never again.',
      params: noParams,
      query: noQuery,
      body: ApiKeyInputBody,
      answers: { 201: ApiKeyCreatedBody },
      problems: [],
      handler: (call) => makeKey(services, call),
    }),
    route({
      ...shared,
      method: 'get',
      path: '/v1/api-keys',
      summary: 'List API keys',
      params: noParams,
      query: z.strictObject(pageQuery),
      body: noBody,
      answers: { 200: pageOf(ApiKeyBody) },
      problems: ['invalid_cursor'],
      async handler({ query }) {
        const { cursor, limit = PAGE_DEFAULT } = query;
        const [after] = cursor === undefined ? [] : decodeCursor('api-keys', cursor, [z.string()]);
        const rows = await listApiKeys(services.db, { after: after ?? null, limit });
        const of = { list: 'api-keys', keyOf: (row: ApiKeyRow) => [row.id], show: showKey };
        return { status: 200, body: pageFrom(rows, limit, of) };
      },
    }),
    route({
      ...shared,
      method: 'delete',
      path: '/v1/api-keys/{key}',
      summary: 'Revoke an API key',
      description: 'For good, within a few seconds everywhere.',
      params: z.strictObject({ key: z.string().min(1).max(60) }),
      query: noQuery,
      body: noBody,
      answers: { 204: null },
      problems: [],
      async handler({ principal, params, requestId }) {
        const by = { actor: principal.actor, requestId };
        if (!(await revokeApiKey(services.db, params.key, by))) throw new Refusal('not_found');
        services.authenticator.forget(params.key);
        return { status: 204 };
      },
    }),
  ];
}

async function makeKey(
  services: Services,
  { principal, body, requestId }: Call<unknown, unknown, z.output<typeof ApiKeyInputBody>>,
) {
  if (body.channel !== undefined && !(await readChannel(services.db, body.channel)))
    throw new Refusal('invalid', { errors: [{ pointer: '/channel', detail: 'does not exist' }] });
  const { expiresAt, ...rest } = body;
  const wanted = { ...rest, expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt) };
  const made = await createApiKey(services.db, wanted, { actor: principal.actor, requestId });
  const row = await readApiKey(services.db, made.id);
  if (!row) throw new Error('a key that was made was not found');
  return { status: 201, body: { ...showKey(row), key: made.key } };
}

async function shownChannel(services: Services, id: string) {
  const row = await readChannel(services.db, id);
  if (!row) throw new Refusal('not_found');
  return showChannel(row);
}

function showChannel(row: ChannelRow) {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    timeZone: row.time_zone,
    isDemo: row.is_demo,
    policyVersion: row.policy_version,
    policy: withDefaults(row.policy),
    hasWebhookSecret: row.secret_sealed !== null,
    createdAt: row.created_at.toISOString(),
  };
}

function showKey(row: ApiKeyRow) {
  return {
    id: row.id,
    name: row.name,
    role: ROLES.find((role) => role === row.role) ?? 'viewer',
    channel: row.channel,
    scopes: SCOPES.filter((scope) => row.scopes.includes(scope)),
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Left-out fields leave out, so that defaults fill them. */
function withoutUndefined<T extends object>(part: T): Defined<T> {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as Defined<T>;
}
