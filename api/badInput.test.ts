/** Bad input of every kind: a typed problem, nothing stored, never a 500. Over a real socket and a real database. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countRows, orderBody, startApi, usd, type CallOptions, type TestApi } from '../test/api.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';

let postgres: TestPostgres;
let api: TestApi;
let before: Record<string, number>;

beforeAll(async () => {
  postgres = await startPostgres();
  api = await startApi(postgres.url);
  // One use of each key, so that noting its use is no change of rows.
  for (const key of Object.values(api.keys)) await api.call('GET', '/v1/orders', { key });
  before = await countRows(api.db);
});
afterAll(async () => {
  await api.stop();
  await postgres.stop();
});

function deep(levels: number): string {
  return `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
}

const line = { sku: 'MUG', quantity: 1, unitPrice: usd(100), total: usd(100) };
const withLine = (changes: Record<string, unknown>) =>
  orderBody('bad', { lines: [{ ...line, ...changes }], shipping: undefined, totals: { total: usd(100) } });

interface Bad {
  name: string;
  body: unknown;
  status: number;
  code: string;
  pointer?: string;
  headers?: Record<string, string>;
}

const BODIES: Bad[] = [
  { name: 'malformed JSON', body: '{"externalId": ', status: 400, code: 'malformed_json' },
  { name: 'no body', body: '', status: 400, code: 'malformed_json' },
  { name: 'not UTF-8', body: Buffer.from([0x22, 0xff, 0x22]), status: 400, code: 'malformed_json' },
  { name: 'a list', body: [], status: 422, code: 'invalid', pointer: '' },
  { name: 'null', body: 'null', status: 422, code: 'invalid', pointer: '' },
  { name: 'a number', body: '1e999', status: 422, code: 'invalid', pointer: '' },
  {
    name: 'an unknown field',
    body: orderBody('bad', { hack: 1 }),
    status: 422,
    code: 'invalid',
    pointer: '/hack',
  },
  {
    name: 'an unknown field in a line',
    body: withLine({ price: 1 }),
    status: 422,
    code: 'invalid',
    pointer: '/lines/0/price',
  },
  {
    name: 'a prototype',
    body: '{"__proto__":{"admin":true}}',
    status: 422,
    code: 'invalid',
    pointer: '/__proto__',
  },
  {
    name: 'a wrong type',
    body: orderBody('bad', { lines: 'x' }),
    status: 422,
    code: 'invalid',
    pointer: '/lines',
  },
  {
    name: 'no lines',
    body: orderBody('bad', { lines: [] }),
    status: 422,
    code: 'invalid',
    pointer: '/lines',
  },
  {
    name: 'a negative amount',
    body: withLine({ total: usd(-1) }),
    status: 422,
    code: 'invalid',
    pointer: '/lines/0/total/amount',
  },
  {
    name: 'a fraction',
    body: withLine({ total: usd(1.5) }),
    status: 422,
    code: 'invalid',
    pointer: '/lines/0/total/amount',
  },
  {
    name: 'a huge amount',
    body: withLine({ unitPrice: usd(1e15) }),
    status: 422,
    code: 'invalid',
    pointer: '/lines/0/unitPrice/amount',
  },
  {
    name: 'a product beyond any amount',
    body: withLine({ unitPrice: usd(999_999_999_999), quantity: 1_000_000 }),
    status: 422,
    code: 'totals_mismatch',
    pointer: '/lines/0/total',
  },
  {
    name: 'a quantity of 0',
    body: withLine({ quantity: 0 }),
    status: 422,
    code: 'invalid',
    pointer: '/lines/0/quantity',
  },
  {
    name: 'a huge quantity',
    body: withLine({ quantity: 2 ** 40 }),
    status: 422,
    code: 'invalid',
    pointer: '/lines/0/quantity',
  },
  {
    name: 'an amount as text',
    body: withLine({ total: { amount: '100', currency: 'USD' } }),
    status: 422,
    code: 'invalid',
    pointer: '/lines/0/total/amount',
  },
  {
    name: 'an unknown currency',
    body: orderBody('bad', { currency: 'XQQ' }),
    status: 422,
    code: 'invalid',
    pointer: '/currency',
  },
  {
    name: 'a mixed currency',
    body: withLine({ total: { amount: 100, currency: 'EUR' } }),
    status: 422,
    code: 'totals_mismatch',
    pointer: '/lines/0/total/currency',
  },
  {
    name: 'totals that do not add up',
    body: orderBody('bad', { totals: { total: usd(3001) } }),
    status: 422,
    code: 'totals_mismatch',
    pointer: '/totals/total',
  },
  {
    name: 'an unknown SKU',
    body: withLine({ sku: 'NOPE' }),
    status: 422,
    code: 'unknown_sku',
    pointer: '/lines/0/sku',
  },
  {
    name: 'an unknown country',
    body: orderBody('bad', { shippingAddress: { line1: 'a', city: 'b', country: 'XX' } }),
    status: 422,
    code: 'invalid',
    pointer: '/shippingAddress/country',
  },
  {
    name: 'a date that does not exist',
    body: orderBody('bad', { placedAt: '2026-02-30T00:00:00Z' }),
    status: 422,
    code: 'invalid',
    pointer: '/placedAt',
  },
  {
    name: 'a year 0',
    body: orderBody('bad', { placedAt: '0000-01-01T00:00:00Z' }),
    status: 422,
    code: 'invalid',
    pointer: '/placedAt',
  },
  {
    name: 'a card number',
    body: orderBody('bad', { payment: { method: 'card', token: '4242424242424242' } }),
    status: 422,
    code: 'card_number',
    pointer: '/payment/token',
  },
  {
    name: 'an unknown payment method',
    body: orderBody('bad', { payment: { method: 'gold' } }),
    status: 422,
    code: 'invalid',
    pointer: '/payment/method',
  },
  {
    name: 'NUL in a text',
    body: orderBody('bad\u0000'),
    status: 422,
    code: 'invalid',
    pointer: '/externalId',
  },
  {
    name: 'NUL in a key',
    body: orderBody('bad', { metadata: { 'a\u0000': 'b' } }),
    status: 422,
    code: 'invalid',
  },
  {
    name: 'half of a surrogate pair',
    body: orderBody('bad', { customerNote: '\ud800' }),
    status: 422,
    code: 'invalid',
    pointer: '/customerNote',
  },
  {
    name: 'nested attributes',
    body: orderBody('bad', { attributes: { a: { b: 1 } } }),
    status: 422,
    code: 'invalid',
    pointer: '/attributes/a',
  },
  {
    name: 'too many attributes',
    body: orderBody('bad', {
      metadata: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, 'v'])),
    }),
    status: 422,
    code: 'invalid',
    pointer: '/metadata',
  },
  { name: 'a very deep body', body: deep(100_000), status: 422, code: 'invalid' },
  {
    name: 'a very deep list',
    body: `${'['.repeat(300_000)}${']'.repeat(300_000)}`,
    status: 422,
    code: 'invalid',
  },
  {
    name: 'a very deep attribute',
    body: JSON.stringify(orderBody('bad', { attributes: { a: 0 } })).replace('"a":0', `"a":${deep(100_000)}`),
    status: 422,
    code: 'invalid',
    pointer: '/attributes/a',
  },
  {
    name: '2,000 lines',
    body: orderBody('bad', {
      lines: Array.from({ length: 2000 }, () => line),
      shipping: undefined,
      totals: { total: usd(200_000) },
    }),
    status: 422,
    code: 'too_many_lines',
    pointer: '/lines',
  },
  {
    name: '10,000 lines',
    body: orderBody('bad', { lines: Array.from({ length: 10_000 }, () => line) }),
    status: 413,
    code: 'body_too_large',
  },
  {
    name: 'text instead of JSON',
    body: 'hello',
    status: 415,
    code: 'unsupported_media_type',
    headers: { 'content-type': 'text/plain' },
  },
  {
    name: 'another charset',
    body: '{}',
    status: 415,
    code: 'unsupported_media_type',
    headers: { 'content-type': 'application/json; charset=utf-16' },
  },
  {
    name: 'a compressed body',
    body: '{}',
    status: 415,
    code: 'unsupported_media_type',
    headers: { 'content-encoding': 'gzip' },
  },
  {
    name: 'no Idempotency-Key',
    body: orderBody('bad'),
    status: 400,
    code: 'idempotency_key_missing',
    headers: { 'idempotency-key': '' },
  },
  {
    name: 'a blank in the Idempotency-Key',
    body: orderBody('bad'),
    status: 400,
    code: 'idempotency_key_missing',
    headers: { 'idempotency-key': 'a b' },
  },
  {
    name: 'an endless Idempotency-Key',
    body: orderBody('bad'),
    status: 400,
    code: 'idempotency_key_missing',
    headers: { 'idempotency-key': 'x'.repeat(201) },
  },
];

describe('POST /v1/orders', () => {
  it.each(BODIES)('$name: $status $code', async ({ body, status, code, pointer, headers }) => {
    const answer = await api.call('POST', '/v1/orders', {
      key: api.keys.channel,
      body,
      headers: { 'idempotency-key': 'bad', ...headers },
    });
    expect([answer.status, answer.body?.code]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'));
    if (pointer !== undefined)
      expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
    expect(await countRows(api.db)).toEqual(before);
  });

  it('stops a body without a length as soon as it is too large', async () => {
    const answer = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const sending = request(`${api.url}/v1/orders`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${api.keys.channel}`,
          'content-type': 'application/json',
          'idempotency-key': 'stream',
        },
      });
      sending.on('response', (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode, text }));
      });
      sending.on('error', reject);
      for (let sent = 0; sent < 20; sent += 1) sending.write(Buffer.alloc(100_000, 32));
      sending.end();
    });
    expect(answer.status).toBe(413);
    expect(answer.text).toContain('body_too_large');
  });
});

interface BadCall extends CallOptions {
  name: string;
  method: string;
  path: string;
  by: keyof TestApi['keys'];
  status: number;
  code: string;
}

const CALLS: BadCall[] = [
  {
    name: 'a limit of 0',
    method: 'GET',
    path: '/v1/orders?limit=0',
    by: 'ops',
    status: 422,
    code: 'invalid',
  },
  {
    name: 'a limit of 101',
    method: 'GET',
    path: '/v1/orders?limit=101',
    by: 'ops',
    status: 422,
    code: 'invalid',
  },
  {
    name: 'a limit in hex',
    method: 'GET',
    path: '/v1/orders?limit=0x10',
    by: 'ops',
    status: 422,
    code: 'invalid',
  },
  {
    name: 'two limits',
    method: 'GET',
    path: '/v1/orders?limit=1&limit=2',
    by: 'ops',
    status: 422,
    code: 'invalid',
  },
  {
    name: 'an unknown parameter',
    method: 'GET',
    path: '/v1/orders?foo=1',
    by: 'ops',
    status: 422,
    code: 'invalid',
  },
  {
    name: 'an unknown status',
    method: 'GET',
    path: '/v1/orders?lifecycle=done',
    by: 'ops',
    status: 422,
    code: 'invalid',
  },
  {
    name: 'an unknown sort',
    method: 'GET',
    path: '/v1/orders?sort=id;drop',
    by: 'ops',
    status: 422,
    code: 'invalid',
  },
  {
    name: 'a cursor made by hand',
    method: 'GET',
    path: '/v1/orders?cursor=abc',
    by: 'ops',
    status: 400,
    code: 'invalid_cursor',
  },
  {
    name: 'a feed cursor made by hand',
    method: 'GET',
    path: '/v1/events?after=abc',
    by: 'ops',
    status: 400,
    code: 'invalid_cursor',
  },
  {
    name: 'NUL in a search',
    method: 'GET',
    path: '/v1/orders?q=%00',
    by: 'ops',
    status: 422,
    code: 'invalid',
  },
  {
    name: 'half a surrogate in a search',
    method: 'GET',
    path: '/v1/orders?q=%ED%A0%80',
    by: 'ops',
    status: 200,
    code: '',
  },
  { name: 'NUL in a path', method: 'GET', path: '/v1/orders/%00', by: 'ops', status: 404, code: 'not_found' },
  {
    name: 'a path that can not be decoded',
    method: 'GET',
    path: '/v1/orders/%E0%A4%A',
    by: 'ops',
    status: 404,
    code: 'not_found',
  },
  {
    name: 'a number beyond all numbers',
    method: 'GET',
    path: '/v1/orders/99999999999999999999',
    by: 'ops',
    status: 404,
    code: 'not_found',
  },
  {
    name: 'the largest number',
    method: 'GET',
    path: '/v1/orders/999999999999999',
    by: 'ops',
    status: 404,
    code: 'not_found',
  },
  {
    name: 'an after beyond int4',
    method: 'GET',
    path: '/v1/orders/1/events?after=2147483648',
    by: 'ops',
    status: 422,
    code: 'invalid',
  },
  {
    name: 'an unknown command',
    method: 'GET',
    path: '/v1/commands/cmd_0',
    by: 'ops',
    status: 404,
    code: 'not_found',
  },
  {
    name: 'cancel of an unknown order',
    method: 'POST',
    path: '/v1/orders/1/cancel',
    by: 'ops',
    body: { reason: 'customer' },
    status: 404,
    code: 'not_found',
  },
  {
    name: 'cancel without a reason',
    method: 'POST',
    path: '/v1/orders/1/cancel',
    by: 'ops',
    body: {},
    status: 422,
    code: 'invalid',
  },
  {
    name: 'an item without a name',
    method: 'POST',
    path: '/v1/items',
    by: 'ops',
    body: { sku: 'X' },
    status: 422,
    code: 'invalid',
  },
  {
    name: 'the same SKU twice',
    method: 'PUT',
    path: '/v1/items',
    by: 'ops',
    body: {
      items: [
        { sku: 'x', name: 'a' },
        { sku: ' X', name: 'a' },
      ],
    },
    status: 422,
    code: 'invalid',
  },
  {
    name: 'another item under a SKU',
    method: 'POST',
    path: '/v1/items',
    by: 'ops',
    body: { sku: 'mug', name: 'Other' },
    status: 409,
    code: 'already_exists',
  },
  {
    name: 'an adjustment of an unknown SKU',
    method: 'POST',
    path: '/v1/inventory/adjustments',
    by: 'ops',
    body: { reason: 'r', adjustments: [{ sku: 'nope', location: 'east', delta: 1 }] },
    status: 422,
    code: 'unknown_sku',
  },
  {
    name: 'an adjustment at an unknown location',
    method: 'POST',
    path: '/v1/inventory/adjustments',
    by: 'ops',
    body: { reason: 'r', adjustments: [{ sku: 'mug', location: 'west', delta: 1 }] },
    status: 422,
    code: 'unknown_location',
  },
  {
    name: 'an adjustment below zero',
    method: 'POST',
    path: '/v1/inventory/adjustments',
    by: 'ops',
    body: { reason: 'r', adjustments: [{ sku: 'mug', location: 'east', delta: -1 }] },
    status: 409,
    code: 'stock_would_be_negative',
  },
  {
    name: 'an adjustment by delta and count',
    method: 'POST',
    path: '/v1/inventory/adjustments',
    by: 'ops',
    body: { reason: 'r', adjustments: [{ sku: 'mug', location: 'east', delta: 1, setTo: 1 }] },
    status: 422,
    code: 'invalid',
  },
  {
    name: 'a channel that exists',
    method: 'POST',
    path: '/v1/channels',
    by: 'ops',
    body: { id: 'web', name: 'x' },
    status: 409,
    code: 'already_exists',
  },
  {
    name: 'a channel with a bad id',
    method: 'POST',
    path: '/v1/channels',
    by: 'ops',
    body: { id: 'We b', name: 'x' },
    status: 422,
    code: 'invalid',
  },
  {
    name: 'a channel in no time zone',
    method: 'POST',
    path: '/v1/channels',
    by: 'ops',
    body: { id: 'tz', name: 'x', timeZone: 'Mars/Base' },
    status: 422,
    code: 'invalid',
  },
  {
    name: 'a policy of an unknown channel',
    method: 'PUT',
    path: '/v1/channels/nope/policy',
    by: 'ops',
    body: {},
    status: 404,
    code: 'not_found',
  },
  {
    name: 'a policy with an unknown field',
    method: 'PUT',
    path: '/v1/channels/web/policy',
    by: 'ops',
    body: { lines: 1 },
    status: 422,
    code: 'invalid',
  },
  {
    name: 'a key of an unknown channel',
    method: 'POST',
    path: '/v1/api-keys',
    by: 'ops',
    body: { name: 'x', role: 'channel', channel: 'nope' },
    status: 422,
    code: 'invalid',
  },
  {
    name: 'a channel key without a channel',
    method: 'POST',
    path: '/v1/api-keys',
    by: 'ops',
    body: { name: 'x', role: 'channel' },
    status: 422,
    code: 'invalid',
  },
  {
    name: 'an unknown API key',
    method: 'DELETE',
    path: '/v1/api-keys/nope',
    by: 'ops',
    status: 404,
    code: 'not_found',
  },
  {
    name: 'an import of nothing',
    method: 'POST',
    path: '/v1/order-imports',
    by: 'channel',
    body: { mode: 'live', orders: [] },
    status: 422,
    code: 'invalid',
  },
  {
    name: 'an unsigned webhook',
    method: 'POST',
    path: '/v1/webhooks/stripe',
    by: 'ops',
    body: {},
    status: 401,
    code: 'bad_signature',
  },
  {
    name: 'a webhook over its limit',
    method: 'POST',
    path: '/v1/webhooks/stripe',
    by: 'ops',
    body: 'x'.repeat(300_000),
    status: 413,
    code: 'body_too_large',
  },
  {
    name: 'an address that is none',
    method: 'GET',
    path: '/v1/nothing',
    by: 'ops',
    status: 404,
    code: 'not_found',
  },
  {
    name: 'a method that is none',
    method: 'PATCH',
    path: '/v1/orders',
    by: 'ops',
    status: 405,
    code: 'method_not_allowed',
  },
];

describe('other calls', () => {
  it.each(CALLS)('$name: $status $code', async ({ method, path, by, body, status, code }) => {
    const answer = await api.call(method, path, {
      key: api.keys[by],
      body,
      headers: { 'idempotency-key': 'bad' },
    });
    expect([answer.status, answer.body?.code ?? '']).toEqual([status, code]);
    expect(await countRows(api.db)).toEqual(before);
  });

  it('says which methods an address takes', async () => {
    const answer = await api.call('PATCH', '/v1/orders');
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
  });

  it('says nothing of a mistake of ours and sends "later" when the database is away', async () => {
    const away = await startApi(postgres.url);
    await away.db.pool.end();
    const answer = await away.call('GET', '/v1/orders', { key: away.keys.ops });
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(Object.keys(answer.body).toSorted()).toEqual(
      ['code', 'instance', 'requestId', 'status', 'title', 'type'].toSorted(),
    );
    const ready = await away.call('GET', '/ready');
    expect([ready.status, ready.body.status]).toEqual([503, 'not_ready']);
    expect((await away.call('GET', '/health')).status).toBe(200);
  });
});
