/** Bad input at the door: each case gets its typed problem, and nothing is stored. */
import { randomUUID } from 'node:crypto';
import { readProblem } from '../../import/patience.ts';
import type { Figures } from '../figures.ts';
import { listOrders } from '../orders.ts';
import { plainOrder } from '../shopOrder.ts';
import type { Stage } from '../stage.ts';

interface Case {
  name: string;
  /** The body as text or as what becomes JSON. */
  body: unknown;
  status: number;
  code: string;
  /** Replaces a header; undefined leaves it out. */
  headers?: Record<string, string | undefined>;
}

const price = (amount: unknown) => ({ amount, currency: 'USD' });
const withLine = (part: Record<string, unknown>, total: unknown = 1_290) =>
  plainOrder({
    lines: [{ sku: 'MUG-WHITE', quantity: 1, unitPrice: price(1_290), total: price(total), ...part }],
  });
const manyLines = () => {
  const line = { sku: 'MUG-WHITE', quantity: 1, unitPrice: price(100), total: price(100) };
  return plainOrder({
    lines: Array.from({ length: 10_000 }, () => line),
    totals: { total: price(1_000_000) },
  });
};
const fewerLines = () => {
  const line = { sku: 'MUG-WHITE', quantity: 1, unitPrice: price(100), total: price(100) };
  return plainOrder({ lines: Array.from({ length: 1_001 }, () => line), totals: { total: price(100_100) } });
};

const CASES: readonly Case[] = [
  { name: 'malformed JSON', body: '{"externalId":', status: 400, code: 'malformed_json' },
  { name: 'an empty body', body: '', status: 400, code: 'malformed_json' },
  { name: 'an unknown field', body: plainOrder({ surprise: true }), status: 422, code: 'invalid' },
  { name: 'a wrong type', body: plainOrder({ externalId: 7 }), status: 422, code: 'invalid' },
  { name: 'an array instead of an object', body: [], status: 422, code: 'invalid' },
  { name: 'no lines', body: plainOrder({ lines: [] }), status: 422, code: 'invalid' },
  { name: 'a negative amount', body: withLine({ unitPrice: price(-5) }, -5), status: 422, code: 'invalid' },
  {
    name: 'a fraction of a minor unit',
    body: withLine({ unitPrice: price(12.5) }),
    status: 422,
    code: 'invalid',
  },
  { name: 'a huge amount', body: withLine({ unitPrice: price(1e15) }, 1e15), status: 422, code: 'invalid' },
  { name: 'a quantity of 0', body: withLine({ quantity: 0 }), status: 422, code: 'invalid' },
  { name: 'totals that do not add up', body: withLine({}, 1_291), status: 422, code: 'totals_mismatch' },
  {
    name: 'a currency that does not exist',
    body: plainOrder({ currency: 'XYZ' }),
    status: 422,
    code: 'invalid',
  },
  {
    name: 'another currency on a line',
    body: withLine({ unitPrice: { amount: 1_290, currency: 'EUR' } }),
    status: 422,
    code: 'totals_mismatch',
  },
  { name: 'an unknown SKU', body: withLine({ sku: 'NO-SUCH-THING' }), status: 422, code: 'unknown_sku' },
  { name: '1,001 lines', body: fewerLines(), status: 422, code: 'too_many_lines' },
  { name: '10,000 lines', body: manyLines(), status: 413, code: 'body_too_large' },
  {
    name: 'a body over the limit',
    body: plainOrder({ customerNote: 'x'.repeat(3_000_000) }),
    status: 413,
    code: 'body_too_large',
  },
  {
    name: 'no Idempotency-Key',
    body: plainOrder(),
    status: 400,
    code: 'idempotency_key_missing',
    headers: { 'idempotency-key': undefined },
  },
  {
    name: 'no API key',
    body: plainOrder(),
    status: 401,
    code: 'unauthenticated',
    headers: { authorization: undefined },
  },
  {
    name: 'a wrong API key',
    body: plainOrder(),
    status: 401,
    code: 'unauthenticated',
    headers: { authorization: `Bearer hf_live_none_${'A'.repeat(43)}` },
  },
  {
    name: 'another content type',
    body: plainOrder(),
    status: 415,
    code: 'unsupported_media_type',
    headers: { 'content-type': 'text/plain' },
  },
];

/** Sends every case and counts the orders before and after. */
export async function proveBadInput(stage: Stage, figures: Figures): Promise<void> {
  const before = (await listOrders(stage.shop)).length;
  for (const bad of CASES) {
    const headers = Object.entries({
      authorization: `Bearer ${stage.shop.apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...bad.headers,
    }).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]));
    const response = await fetch(`${stage.stack.apiUrl}/v1/orders`, {
      method: 'POST',
      headers,
      body: typeof bad.body === 'string' ? bad.body : JSON.stringify(bad.body),
      signal: AbortSignal.timeout(30_000),
    });
    const problem = readProblem(await response.json().catch(() => undefined));
    figures.equal(bad.name, `${response.status} ${problem.code}`, `${bad.status} ${bad.code}`);
  }
  figures.equal('orders stored', (await listOrders(stage.shop)).length - before, 0);
}
