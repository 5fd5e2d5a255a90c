import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CliIo } from './context.ts';
import { holdfastOn } from '../test/given/holdfast.ts';

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

function holdfast(args: readonly string[], more: Partial<CliIo> = {}) {
  return holdfastOn({ url, apiKey: 'hf_live_abc_def', ...more }, args);
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

describe('orders pay', () => {
  it('sends the token of the new card, and says where to look', async () => {
    answers['POST /v1/orders/100042/payments'] = { body: { ...ORDER, status: 'processing' } };
    const { code, out, said } = await holdfast(['orders', 'pay', '100042', '--token', 'pm_other']);
    expect(code).toBe(0);
    expect(out).toContain('processing');
    expect(said).toContain('orders show 100042');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ method: 'card', token: 'pm_other' });
  });
  it('needs one way to pay', async () => {
    expect((await holdfast(['orders', 'pay', '100042'])).code).toBe(2);
    expect((await holdfast(['orders', 'pay', '100042', '--cash', '--token', 'pm_other'])).code).toBe(2);
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

describe('the desk', () => {
  const NOTHING = { amount: 0, currency: 'USD' };
  const page = {
    ...ORDER,
    ...{ paymentStatus: 'authorized', fulfillmentStatus: 'unfulfilled', tags: ['vip'], recipient: null },
    ...{
      tax: ORDER.total,
      shippingPrice: ORDER.total,
      lines: [],
      fulfillments: [],
      shipments: [],
      waits: [],
    },
    ...{ cases: [], allowedActions: [] },
    payment: {
      payments: [
        {
          ...{
            state: 'captured',
            amount: ORDER.total,
            captured: ORDER.total,
            settledAt: null,
            failureCode: null,
          },
          ...{ method: 'gift_card', tender: 1, card: { brand: null, last4: 'R567' }, reference: 'crh_1' },
        },
      ],
      tenders: [
        { seq: 1, method: 'gift_card', amount: { amount: 1000, currency: 'USD' }, codeLast4: 'R567' },
        { seq: 2, method: 'invoice', amount: { amount: 2000, currency: 'USD' }, codeLast4: null },
      ],
      dueAt: '2026-03-14T09:26:53.000Z',
    },
    money: {
      ...{ authorized: ORDER.total, captured: NOTHING, refunded: NOTHING, refundPending: NOTHING },
      ...{ chargedBack: NOTHING, settled: NOTHING, isDisputed: false, refunds: [] },
    },
    standing: { text: 'Paid, and being packed in wh-east.' },
    notes: [
      {
        ...{ id: 'not_1', actor: 'key:1', actorName: 'Jane', createdAt: '2026-03-14T09:26:53.000Z' },
        text: 'Called:\n leave it with the porter',
      },
    ],
  };

  it('shows an order with where it stands in words first, and its notes', async () => {
    answers['GET /v1/orders/100042'] = { body: page };
    const lines = (await holdfast(['orders', 'show', '100042'])).out.split('\n');
    expect(lines[1]).toBe('Paid, and being packed in wh-east.');
    expect(lines.find((line) => line.includes('Money'))).toContain('captured 0.00 USD');
    expect(lines.find((line) => line.includes('Paid by'))).toContain(
      'gift_card …R567 10.00 USD + invoice 20.00 USD · due 2026-03-14',
    );
    expect(lines.find((line) => line.includes('crh_1'))).toContain('  gift_card …R567  ');
    expect(lines.find((line) => line.includes('Jane'))).toContain('Called: leave it with the porter');
  });

  it('writes a note under a key of its own each time', async () => {
    answers['POST /v1/orders/100042/notes'] = { status: 201, body: page.notes[0] };
    const { code, out, said } = await holdfast(['orders', 'note', '100042', 'leave it with the porter']);
    expect([code, out]).toEqual([0, 'The note stands on order 100042 (not_1)']);
    expect(said).toContain('holdfast orders show 100042');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ text: 'leave it with the porter' });
    expect(seen[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    expect((await holdfast(['orders', 'note', '100042'])).code).toBe(2);
  });

  it('adds and removes tags, several at once, and asks which when none is named', async () => {
    answers['POST /v1/orders/100042/tags'] = { body: page };
    const { out } = await holdfast([
      'orders',
      'tag',
      '100042',
      '--add',
      'vip',
      '--add',
      'late',
      '--remove',
      'new',
    ]);
    expect(out).toBe('Order 100042 has the tags vip');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ add: ['vip', 'late'], remove: ['new'] });
    expect(await holdfast(['orders', 'tag', '100042'])).toMatchObject({
      code: 2,
      said: expect.stringContaining('--add'),
    });
  });

  it('places demo orders of a story, at most 20, and says where there is no demo', async () => {
    answers['POST /v1/demo/orders'] = { status: 201, body: { data: [ORDER] } };
    const { out, said } = await holdfast(['demo', 'place', '--story', 'lost_parcel', '--count', '2']);
    expect(out).toContain('100042');
    expect(said).toContain('holdfast orders show 100042');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ story: 'lost_parcel', count: 2 });
    for (const bad of [['--story', 'none'], ['--story', 'all_well', '--count', '21'], []])
      expect((await holdfast(['demo', 'place', ...bad])).code).toBe(2);
    answers['POST /v1/demo/orders'] = { status: 409, body: problem(409, 'demo_unavailable') };
    expect((await holdfast(['demo', 'place', '--story', 'all_well'])).code).toBe(4);
  });

  it('shows what people did', async () => {
    const entry = {
      ...{ id: 'evt_1', at: '2026-03-14T09:26:53.000Z', kind: 'event', type: 'order.note_added' },
      ...{ actor: 'key:1', actorName: 'Jane', isPerson: true, data: {} },
    };
    answers['GET /v1/orders/100042/timeline'] = { body: { data: [entry], nextCursor: null, hasMore: false } };
    const { out } = await holdfast(['orders', 'timeline', '100042', '--who', 'people']);
    expect(seen[0]?.url).toContain('who=people');
    expect(out).toContain('Jane');
  });
});

describe('cases', () => {
  const CASE = {
    ...{ id: 'cas_1', orderId: 'ord_1', orderNumber: 100_042, channel: 'demo', subject: 'shp_1' },
    ...{ code: 'parcel_lost', attention: 'carrier', owner: 'support', detail: 'lost in Reno' },
    ...{ openedAt: '2026-03-14T09:26:53.000Z', resolvedAt: null, resolution: null, resolvedBy: null },
    ...{ title: 'The carrier lost the parcel', orderStatus: 'needs_attention', assignee: null },
    ...{ assigneeName: null, assignedAt: null, nextRetryAt: null, tries: 0, isClosable: true },
  };
  const list = (...data: object[]) => ({ body: { data, nextCursor: null, hasMore: false } });

  it('are listed by cause and by who has them, and grouped', async () => {
    answers['GET /v1/cases'] = list(CASE);
    const { out, said } = await holdfast(['cases', 'list', '--code', 'parcel_lost', '--mine']);
    expect(out).toContain('lost in Reno');
    expect(said).toContain('holdfast orders show 100042');
    expect(seen[0]?.url).toBe('/v1/cases?code=parcel_lost&assignee=me&open=true&limit=50');
    expect((await holdfast(['cases', 'list', '--mine', '--unassigned'])).code).toBe(2);
    const cause = { code: 'parcel_lost', title: CASE.title, attention: 'carrier', owner: 'support', open: 2 };
    answers['GET /v1/cases/causes'] = {
      body: { data: [{ ...cause, oldestAt: CASE.openedAt, nextRetryAt: null, isClosable: true }] },
    };
    expect(await holdfast(['cases', 'causes'])).toMatchObject({
      out: expect.stringContaining('can be closed'),
      said: expect.stringContaining('holdfast cases list --code parcel_lost'),
    });
  });

  it('are taken on and given back', async () => {
    answers['POST /v1/cases/cas_1/assign'] = { body: { ...CASE, assigneeName: 'Jane' } };
    expect((await holdfast(['cases', 'assign', 'cas_1'])).out).toBe('Case cas_1 is with Jane');
    await holdfast(['cases', 'assign', 'cas_1', '--to', 'nobody']);
    expect(seen.map((request) => JSON.parse(request.body))).toEqual([{ assignee: 'me' }, { assignee: null }]);
  });

  it('are closed with a note, or refused with exit code 4', async () => {
    const resolve = ['cases', 'resolve', 'cas_1', '--note', 'new parcel sent'];
    answers['POST /v1/cases/cas_1/resolve'] = { body: CASE };
    expect(await holdfast(resolve)).toMatchObject({ code: 0, out: 'Case cas_1 is closed' });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ note: 'new parcel sent' });
    answers['POST /v1/cases/cas_1/resolve'] = { status: 409, body: problem(409, 'case_not_closable') };
    expect((await holdfast(resolve)).code).toBe(4);
    expect((await holdfast(['cases', 'resolve', 'cas_1'])).code).toBe(2);
  });

  it('of one cause are retried together, each order once, with one line for each', async () => {
    const none = { ...CASE, id: 'cas_4', orderId: null, orderNumber: null };
    answers['GET /v1/cases'] = list(CASE, { ...CASE, id: 'cas_2' }, { ...CASE, orderNumber: 100_043 }, none);
    answers['POST /v1/orders/100042/retry'] = { body: { ...ORDER, status: 'processing' } };
    answers['POST /v1/orders/100043/retry'] = { status: 409, body: problem(409, 'nothing_to_retry') };
    const retry = ['cases', 'retry', '--code', 'carrier_refused'];
    expect((await holdfast(retry)).code).toBe(2);
    const dry = await holdfast([...retry, '--dry-run']);
    expect([dry.code, dry.out]).toEqual([0, '100042\n100043']);
    expect(seen.some((request) => request.method === 'POST')).toBe(false);
    const { code, out, said } = await holdfast([...retry, '--yes']);
    expect(code).toBe(4);
    expect(out.split('\n')).toEqual([
      '100042  done  processing',
      '100043  refused  Title of nothing_to_retry (nothing_to_retry)',
    ]);
    expect(said).toContain('1 of 2 were refused');
    answers['GET /v1/cases'] = list();
    expect(await holdfast(retry)).toMatchObject({
      code: 0,
      said: 'No order waits because of carrier_refused.',
    });
  });
});

describe('several orders', () => {
  it('are cancelled with one question and one line for each', async () => {
    answers['POST /v1/orders/1/cancel'] = { body: { ...ORDER, status: 'cancelling' } };
    answers['POST /v1/orders/2/cancel'] = { status: 202, body: {}, headers: { location: '/v1/commands/c' } };
    const asked: string[] = [];
    const ask = (question: string) => Promise.resolve(asked.push(question) > 0);
    const cancel = ['orders', 'cancel', '1', '2', '--reason', 'fraud'];
    const { code, out } = await holdfast(cancel, { canAsk: true, ask });
    expect([code, out.split('\n')]).toEqual([
      0,
      ['1  done  cancelling', '2  accepted  it is kept and will be taken'],
    ]);
    expect(asked).toEqual(['Cancel 2 orders, void their payments and give their stock back?']);
    expect(JSON.parse((await holdfast([...cancel, '--yes', '--json'])).out)).toMatchObject([
      { order: '1', outcome: 'done' },
      { order: '2', outcome: 'accepted' },
    ]);
  });

  it('are found by view and search', async () => {
    answers['GET /v1/orders'] = { body: { data: [ORDER], nextCursor: null, hasMore: false } };
    await holdfast(['orders', 'list', '--view', 'late', '--q', 'jane@example.com']);
    expect(seen[0]?.url).toContain('view=late');
    expect(seen[0]?.url).toContain('q=jane%40example.com');
  });
});

describe('stock movements', () => {
  it('say who moved what for which order, under both names of the noun', async () => {
    const row = {
      ...{ id: 7, sku: 'MUG', location: 'east', kind: 'sale', onHandDelta: -2, allocatedDelta: -2 },
      ...{ orderId: 'ord_1', orderNumber: 100_042, reason: null, actor: 'system', actorName: null },
      createdAt: '2026-03-14T09:26:53.000Z',
    };
    answers['GET /v1/inventory/movements'] = { body: { data: [row], nextCursor: null, hasMore: false } };
    for (const noun of ['stock', 'inventory']) {
      const { out } = await holdfast([noun, 'movements', 'MUG', '--kind', 'sale']);
      expect(out).toMatch(/MUG +east +sale +-2 +-2 +100042 +system/);
    }
    expect(seen[0]?.url).toBe('/v1/inventory/movements?sku=MUG&kind=sale&limit=50');
  });
});
