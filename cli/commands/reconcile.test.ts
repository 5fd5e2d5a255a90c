import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../run.ts';

const RUN = {
  id: 'rec_1',
  provider: 'stripe',
  dryRun: false,
  since: '2026-03-14T00:00:00.000Z',
  startedAt: '2026-03-14T09:00:00.000Z',
  endedAt: null,
  compared: 0,
  counts: {},
  problem: null,
};
const FINDING = {
  ...{ id: 'fnd_1', runId: 'rec_1', kind: 'amount_differs', orderId: 'ord_1', orderNumber: 100_042 },
  ...{ paymentId: 'pay_1', reference: 'pi_1', ours: { amount: 1_000, currency: 'EUR' }, theirs: null },
  ...{ detail: 'Another amount was captured.', action: 'case', foundAt: '2026-03-14T09:00:00.000Z' },
};

let server: Server;
let url: string;
let asked: string[] = [];
let bodies: unknown[] = [];
let end: object = {};
let findings: unknown[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => (text += part.toString()));
    request.on('end', () => {
      const path = (request.url ?? '').split('?')[0] ?? '';
      asked.push(`${request.method} ${path}`);
      if (text !== '') bodies.push(JSON.parse(text));
      const list = { data: findings, nextCursor: null, hasMore: false };
      const isRun = path === '/v1/reconciliations/rec_1';
      const answer = request.method === 'POST' ? RUN : isRun ? { ...RUN, ...end } : list;
      response.writeHead(request.method === 'POST' ? 202 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
  bodies = [];
  findings = [];
  end = { endedAt: '2026-03-14T09:00:01.000Z', compared: 12 };
});

async function run(...args: string[]) {
  const out: string[] = [];
  const said: string[] = [];
  const code = await runCli(args, {
    out: (line) => out.push(line),
    say: (line) => said.push(line),
    canAsk: false,
    ask: () => Promise.resolve(false),
    readFile: () => Promise.reject(new Error('no file')),
    url,
    apiKey: 'hf_live_x',
    local: undefined,
    signal: new AbortController().signal,
  });
  return { code, out: out.join('\n'), said: said.join('\n') };
}

describe('holdfast reconcile', () => {
  it('waits for the end and is done when nothing differs', async () => {
    const { code, out, said } = await run('reconcile');
    expect({ code, said }).toEqual({ code: 0, said: 'Nothing differs.' });
    expect(out).toContain('12 payments');
    expect(asked[0]).toBe('POST /v1/reconciliations');
    expect(bodies).toEqual([{}]);
  });

  it('ends with 1 and prints what differs', async () => {
    end = { ...end, counts: { amount_differs: 1 } };
    findings = [FINDING];
    const { code, out } = await run('reconcile', '--since-hours', '24');
    expect(code).toBe(1);
    expect(out).toContain('1 × amount_differs');
    expect(out).toContain('10.00 EUR');
    expect(bodies).toEqual([{ sinceHours: 24 }]);
  });

  it('is sent as a run that repairs nothing with --dry-run', async () => {
    const { code } = await run('reconcile', '--dry-run');
    expect(code).toBe(0);
    expect(bodies).toEqual([{ dryRun: true }]);
  });

  it('ends with 1 when the run was broken off', async () => {
    end = { ...end, problem: 'the gateway does not answer' };
    const { code, said } = await run('reconcile');
    expect(code).toBe(1);
    expect(said).toContain('the gateway does not answer');
  });

  it('refuses a time that is none', async () => {
    expect((await run('reconcile', '--since-hours', 'yesterday')).code).toBe(2);
    expect(asked).toEqual([]);
  });
});

describe('holdfast disputes list', () => {
  it('prints the disputes', async () => {
    findings = [
      {
        ...{ id: 'dp_1', orderId: 'ord_1', orderNumber: 100_042, channel: 'web', paymentId: 'pay_1' },
        ...{ amount: { amount: 1_000, currency: 'EUR' }, state: 'open', reason: 'fraudulent' },
        ...{ respondBy: null, openedAt: '2026-03-14T09:00:00.000Z', closedAt: null },
      },
    ];
    const { code, out, said } = await run('disputes', 'list', '--state', 'open');
    expect(code).toBe(0);
    expect(out).toContain('dp_1');
    expect(said).toContain('holdfast orders show 100042');
  });
});
