/** `holdfast ledger verify`: its exit code, and that it names the first wrong row. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LedgerVerification } from '../../api/schemas/ledger.ts';
import { runCli } from '../run.ts';

const FINE: LedgerVerification = {
  ...{ ok: true, checkedAt: '2026-03-14T09:00:00.000Z', payments: 3, events: 12, postings: 4 },
  ...{ wrong: 0, problems: [] },
};
const problem = (row: string, orderNumber: number) => ({
  ...{ kind: 'posting_missing' as const, at: '2026-03-14T08:00:00.000Z', row, orderId: 'ord_1', orderNumber },
  ...{ expected: { amount: 1_000, currency: 'EUR' }, actual: { amount: 0, currency: 'EUR' } },
  detail: 'An event moved money and was not posted.',
});

let server: Server;
let url: string;
let answer = FINE;

beforeAll(async () => {
  server = createServer((request, response) => {
    response.writeHead(request.url === '/v1/ledger/verification' ? 200 : 404, {
      'content-type': 'application/json',
    });
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}`;
});
afterAll(() => server.close());

async function verify(...flags: string[]) {
  const out: string[] = [];
  const code = await runCli(['ledger', 'verify', ...flags], {
    out: (line) => out.push(line),
    say: (line) => out.push(line),
    canAsk: false,
    ask: () => Promise.resolve(false),
    readFile: () => Promise.reject(new Error('no file')),
    url,
    apiKey: 'hf_live_x',
    local: undefined,
    signal: new AbortController().signal,
  });
  return { code, out: out.join('\n') };
}

it('is done when nothing is wrong', async () => {
  answer = FINE;
  expect(await verify()).toEqual({
    code: 0,
    out: 'The books are right: 3 payments, 12 events, 4 postings.',
  });
});

it('ends with 1 and names the first wrong row', async () => {
  answer = { ...FINE, ok: false, wrong: 2, problems: [problem('pay_1', 100_042), problem('pay_2', 100_043)] };
  const { code, out } = await verify();
  expect(code).toBe(1);
  const [head, first] = out.split('\n');
  expect(head).toContain('2 rows are wrong');
  expect(first).toContain('First:');
  expect(first).toContain('posting_missing  pay_1  (order 100042): expected 10.00 EUR, is 0.00 EUR');
  expect(out).toContain('pay_2');
  const json = await verify('--json');
  expect([json.code, JSON.parse(json.out)]).toEqual([1, answer]);
});
