import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CliIo } from './context.ts';
import { runCli } from './run.ts';

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** What the fake API answers to each "METHOD /path" (without its query). */
type Answers = Record<string, { status?: number; body?: unknown; headers?: Record<string, string> }>;

let server: Server;
let url: string;
let answers: Answers = {};
let seen: Seen[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method = '', url: path = '' } = request;
      seen.push({ method, url: path, headers: request.headers, body });
      const answer = answers[`${method} ${path.split('?')[0]}`] ?? {
        status: 404,
        body: problem(404, 'not_found'),
      };
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
      response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  answers = {};
  seen = [];
});

function problem(status: number, code: string, more: object = {}) {
  return { type: 'about:blank', title: `Title of ${code}`, status, code, requestId: 'req_1', ...more };
}

const ORDER = {
  id: 'ord_1',
  number: 100_042,
  channel: 'demo',
  externalId: 'e1',
  status: 'received',
  attention: [],
  total: { amount: 5990, currency: 'EUR' },
  lineCount: 3,
  placedAt: '2026-03-14T09:26:53.000Z',
};

async function holdfast(args: readonly string[], more: Partial<CliIo> = {}) {
  const out: string[] = [];
  const said: string[] = [];
  const io: CliIo = {
    out: (line) => void out.push(line),
    say: (line) => void said.push(line),
    canAsk: false,
    ask: () => Promise.resolve(false),
    readFile: () => Promise.reject(new Error('no such file')),
    url,
    apiKey: 'hf_live_abc_def',
    local: undefined,
    signal: new AbortController().signal,
    ...more,
  };
  const code = await runCli(args, io);
  return { code, out: out.join('\n'), said: said.join('\n') };
}

describe('exit codes', () => {
  it('0: a list is data on stdout, what to run next on stderr', async () => {
    answers['GET /v1/orders'] = { body: { data: [ORDER], nextCursor: null, hasMore: false } };
    const { code, out, said } = await holdfast(['orders', 'list', '--attention', 'stock']);
    expect(code).toBe(0);
    expect(out).toContain('100042');
    expect(out).toContain('59.90 EUR');
    expect(said).toContain('holdfast orders show 100042');
    expect(seen[0]?.url).toContain('attention=stock');
    expect(seen[0]?.headers.authorization).toBe('Bearer hf_live_abc_def');
  });

  it('0: help, also of a command', async () => {
    expect(await holdfast(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('Examples:') });
    expect((await holdfast(['orders', 'cancel', '--help'])).out).toContain('--reason');
    expect(seen).toEqual([]);
  });

  it('1: the API is not there', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const { code, said } = await holdfast(['orders', 'list', '--url', `http://127.0.0.1:${port}`]);
    expect(code).toBe(1);
    expect(said).toContain('does not answer');
  });

  it('1: the key is not valid', async () => {
    answers['GET /v1/orders'] = { status: 401, body: problem(401, 'unauthenticated') };
    const { code, said } = await holdfast(['orders', 'list']);
    expect(code).toBe(1);
    expect(said).toContain('HOLDFAST_API_KEY');
  });

  it('2: wrong use, a missing address and a missing key', async () => {
    expect((await holdfast(['orders', 'lst'])).code).toBe(2);
    expect((await holdfast(['orders', 'list', '--lifecycle', 'lost'])).code).toBe(2);
    expect((await holdfast(['orders', 'list'], { url: undefined })).code).toBe(2);
    expect(await holdfast(['orders', 'list'], { apiKey: undefined })).toMatchObject({
      code: 2,
      said: expect.stringContaining('npm run keys'),
    });
  });

  it('2: refused input, each field on its line, with the request to quote', async () => {
    const errors = [{ pointer: '/lines/0/total', detail: 'expected 10.00 EUR' }];
    answers['POST /v1/orders'] = { status: 422, body: problem(422, 'validation_failed', { errors }) };
    const { code, said } = await holdfast(['orders', 'create', 'order.json'], {
      readFile: () => Promise.resolve('{"externalId":"e1"}'),
    });
    expect(code).toBe(2);
    expect(said).toContain('/lines/0/total: expected 10.00 EUR');
    expect(said).toContain('request req_1');
  });

  it('3: not found', async () => {
    expect((await holdfast(['orders', 'show', '7'])).code).toBe(3);
  });

  it('4: refused by the state of the order, with what is possible', async () => {
    const allowedActions = [
      { action: 'cancel', enabled: false },
      { action: 'retry', enabled: true },
    ];
    answers['POST /v1/orders/100042/cancel'] = {
      status: 409,
      body: problem(409, 'too_late', { allowedActions }),
    };
    const { code, said } = await holdfast(['orders', 'cancel', '100042', '--reason', 'customer', '--yes']);
    expect(code).toBe(4);
    expect(said).toContain('possible now: retry');
  });

  it('4: a command that was accepted and then refused', async () => {
    answers['POST /v1/orders/100042/retry'] = { status: 202, headers: { location: '/v1/commands/cmd_1' } };
    answers['GET /v1/commands/cmd_1'] = {
      body: {
        id: 'cmd_1',
        kind: 'retry',
        state: 'refused',
        code: 'nothing_to_retry',
        detail: 'nothing waits',
      },
    };
    const { code, said } = await holdfast(['orders', 'retry', '100042']);
    expect(code).toBe(4);
    expect(said).toContain('nothing waits');
  });
});

describe('global options', () => {
  it('count before and after the command', async () => {
    answers['GET /v1/orders'] = { body: { data: [ORDER], nextCursor: null, hasMore: false } };
    for (const args of [
      ['--json', 'orders', 'list'],
      ['orders', 'list', '--json'],
    ]) {
      const { out, said } = await holdfast(args);
      expect(JSON.parse(out)).toEqual([ORDER]);
      expect(said).toBe('');
    }
    await holdfast(['--api-key', 'other', 'orders', 'list']);
    expect(seen.at(-1)?.headers.authorization).toBe('Bearer other');
  });

  it('--dry-run prints what would be sent and sends nothing', async () => {
    const args = ['stock', 'adjust', 'MUG', 'wh-east', '--by', '-3', '--reason', 'damaged', '--dry-run'];
    const { code, out } = await holdfast(args);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      method: 'POST',
      path: '/v1/inventory/adjustments',
      body: { reason: 'damaged', adjustments: [{ sku: 'MUG', location: 'wh-east', delta: -3 }] },
    });
    expect(seen).toEqual([]);
  });

  it('asks before a cancel on a terminal, and refuses to guess elsewhere', async () => {
    const cancel = ['orders', 'cancel', '100042', '--reason', 'customer'];
    expect(await holdfast(cancel)).toMatchObject({ code: 2, said: expect.stringContaining('--yes') });
    expect((await holdfast(cancel, { canAsk: true, ask: () => Promise.resolve(false) })).code).toBe(0);
    expect(seen).toEqual([]);
    answers['POST /v1/orders/100042/cancel'] = { body: { ...ORDER, status: 'cancelling' } };
    expect((await holdfast(cancel, { canAsk: true, ask: () => Promise.resolve(true) })).out).toContain(
      'cancelling',
    );
  });
});

describe('writes', () => {
  it('place the same file under the same key, so that a repeat changes nothing', async () => {
    answers['POST /v1/orders'] = { status: 201, body: ORDER };
    const readFile = () => Promise.resolve('{"externalId":"e1"}');
    await holdfast(['orders', 'create', 'order.json'], { readFile });
    await holdfast(['orders', 'create', 'order.json'], { readFile });
    const keys = seen.map((request) => request.headers['idempotency-key']);
    expect(keys[0]).toMatch(/^cli-[0-9a-f]{40}$/);
    expect(keys[1]).toBe(keys[0]);
    expect((await holdfast(['orders', 'create', '-'], { readFile: () => Promise.resolve('[]') })).code).toBe(
      2,
    );
  });

  it('print a new key alone on stdout', async () => {
    answers['POST /v1/api-keys'] = { status: 201, body: { id: 'k1', role: 'support', key: 'hf_live_k1_s' } };
    const { out } = await holdfast(['keys', 'create', 'night shift', '--role', 'support']);
    expect(out).toBe('hf_live_k1_s');
  });
});

describe('status', () => {
  it('is 0 when all is well and 1 when the API is not ready', async () => {
    answers['GET /health'] = { body: {} };
    answers['GET /ready'] = { body: { status: 'ok', database: 'ok', migrations: 'ok' } };
    answers['GET /v1/orders'] = { body: { data: [], nextCursor: null, hasMore: false } };
    expect(await holdfast(['status'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('database ok, migrations ok'),
    });
    answers['GET /ready'] = { status: 503, body: { status: 'not_ready', database: 'unreachable' } };
    expect(await holdfast(['doctor'])).toMatchObject({
      code: 1,
      out: expect.stringContaining('database unreachable'),
    });
  });
});

describe('events tail', () => {
  it('shows the newest of the past and where to go on', async () => {
    const event = (seq: number) => ({
      ...{ id: `evt_${seq}`, type: 'order.placed', apiVersion: 'v1', createdAt: '2026-03-14T09:26:53.000Z' },
      ...{ orderId: 'ord_1', seq, channel: 'demo', actor: 'system', data: { n: seq } },
    });
    const data = [1, 2, 3].map(event);
    answers['GET /v1/events'] = { body: { data, nextCursor: 'c3', hasMore: false } };
    const { out, said } = await holdfast(['events', 'tail', '--limit', '2']);
    expect(out.split('\n')).toHaveLength(2);
    expect(out).toContain('n=3');
    expect(said).toContain('--after c3');
  });
});
