import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { generateRetail } from '../prove/retail.ts';
import { expectedOf } from '../prove/retailSums.ts';
import { ApiProblem } from '../http.ts';
import { presetMapping } from './mapping.ts';
import { runImport, type ImportOptions } from './run.ts';

interface Seen {
  externalId?: unknown;
  totals?: { total: { amount: number } };
}

/** An API that keeps orders by externalId, and may be told to answer otherwise. */
interface FakeApi {
  url: string;
  orders: Map<string, Seen>;
  requests: number;
  answerInstead?: (request: number) => { status: number; body: unknown } | undefined;
  refuse?: (order: Seen) => { code: string; status: number } | undefined;
}

let folder: string;
let server: Server;
let api: FakeApi;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-import-'));
  api = { url: '', orders: new Map(), requests: 0 };
  server = createServer((request, response) => {
    void (async () => {
      let text = '';
      for await (const part of request) text += String(part);
      api.requests += 1;
      const instead = api.answerInstead?.(api.requests);
      const answer = instead ?? {
        status: 200,
        body: { results: JSON.parse(text).orders.map((entry: { order: Seen }) => take(entry.order)) },
      };
      response
        .writeHead(answer.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer.body));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  api.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

function take(order: Seen) {
  const problem = api.refuse?.(order);
  if (problem) return { outcome: 'refused', problem: { ...problem, title: 'no' } };
  const id = String(order.externalId);
  const known = api.orders.has(id);
  api.orders.set(id, order);
  return { outcome: known ? 'replayed' : 'accepted' };
}

async function options(csv: string, more: Partial<ImportOptions> = {}): Promise<ImportOptions> {
  const file = join(folder, 'orders.csv');
  await writeFile(file, csv);
  return {
    file,
    format: 'csv',
    mapping: presetMapping('online-retail'),
    mode: 'live',
    target: { url: api.url, apiKey: 'hf_live_x_y' },
    rejectsFile: join(folder, 'rejects.csv'),
    progressFile: join(folder, 'progress'),
    concurrency: 3,
    startProgress: () => ({ add: () => undefined, end: () => undefined }),
    ...more,
  };
}

const rejects = async () =>
  parse(await readFile(join(folder, 'rejects.csv'), 'utf8'), { columns: true }) as Record<string, string>[];

describe('an import', () => {
  test('of a generated file: every invoice is an order or refused with the right reason, and the sums agree', async () => {
    const retail = generateRetail({ seed: 7, invoices: 300 });
    const summary = await runImport(await options(retail.csv));
    expect(summary).toMatchObject({ orders: 300, accepted: retail.orders, replayed: 0, complete: true });
    expect(summary.refused).toEqual(retail.refused);
    const rows = await rejects();
    expect(rows).toHaveLength(summary.rejectedRows);
    const expected = expectedOf(join(folder, 'orders.csv'));
    expect(expected.orders).toHaveLength(retail.orders);
    expect(Object.fromEntries(expected.refused)).toEqual(retail.refused);
    const totals = [...api.orders].map(([id, order]) => [id, order.totals?.total.amount]);
    expect(new Map(totals as [string, number][])).toEqual(
      new Map(expected.orders.map((order) => [order.externalId, order.totalMinor])),
    );
  });

  test('repeated: everything is a replay and nothing is there twice', async () => {
    const retail = generateRetail({ seed: 3, invoices: 60, longLines: 5 });
    await runImport(await options(retail.csv));
    const again = await runImport(await options(retail.csv));
    expect(again).toMatchObject({ accepted: 0, replayed: retail.orders });
    expect(api.orders.size).toBe(retail.orders);
  });

  test('stopped by a refused key goes on where it stopped, with the same rejects file', async () => {
    const retail = generateRetail({ seed: 4, invoices: 200, longLines: 5 });
    const whole = await options(retail.csv, { concurrency: 1 });
    api.answerInstead = (request) =>
      request === 3 ? { status: 401, body: { code: 'unauthenticated', title: 'no key' } } : undefined;
    api.refuse = (order) =>
      order.externalId === '589000' ? { code: 'unknown_sku', status: 422 } : undefined;
    await expect(runImport(whole)).rejects.toThrow(ApiProblem);
    const settled = api.orders.size;
    expect(settled).toBeGreaterThan(0);
    const summary = await runImport(whole);
    expect(summary).toMatchObject({ resumed: settled + 1, replayed: 0, complete: true });
    expect(summary.accepted).toBe(retail.orders - 1);
    expect(await rejects()).toContainEqual(
      expect.objectContaining({ externalId: '589000', reason: 'unknown_sku' }),
    );
    await expect(readFile(whole.progressFile)).rejects.toThrow(/ENOENT/);
  });

  test('an answer of "later" for the request or for one order is tried again', async () => {
    const retail = generateRetail({ seed: 5, invoices: 20 });
    api.answerInstead = (request) => (request === 1 ? { status: 503, body: {} } : undefined);
    let laters = 2;
    api.refuse = () => ((laters -= 1) >= 0 ? { code: 'unavailable', status: 503 } : undefined);
    const summary = await runImport(await options(retail.csv));
    expect(summary.accepted).toBe(retail.orders);
    expect(summary.refused).toEqual(retail.refused);
    expect(api.requests).toBe(3);
  });

  test('JSON lines without a mapping are sent as they are; broken lines are rejected and stop nothing', async () => {
    const lines = '{"externalId":"A","totals":{"total":{"amount":5}}}\n{oops\n{"externalId":"B"}\n[]\n';
    const { mapping: _, ...plain } = await options(lines);
    const summary = await runImport({ ...plain, format: 'jsonl' });
    expect(summary).toMatchObject({ orders: 4, accepted: 2, refused: { invalid_row: 2 } });
    expect([...api.orders.keys()]).toEqual(['A', 'B']);
    expect((await rejects()).map((row) => row['row'])).toEqual(['2', '4']);
  });

  test('a dry run sends nothing', async () => {
    const retail = generateRetail({ seed: 6, invoices: 30 });
    const { target: _, ...dry } = await options(retail.csv);
    expect(await runImport(dry)).toMatchObject({ accepted: retail.orders, complete: true });
    expect(api.requests).toBe(0);
  });
});
