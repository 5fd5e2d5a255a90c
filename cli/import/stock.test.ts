import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runStockImport, type StockImportOptions } from './stock.ts';

interface Adjustment {
  sku: string;
  location: string;
  setTo?: number;
  delta?: number;
}

let folder: string;
let server: Server;
let url: string;
let items: Set<string>;
let adjusted: Adjustment[];
let keys: string[];

/** An API that knows the locations `a` and `b` and the items it was given. */
function answer(
  path: string,
  body: { sku: string; adjustments: Adjustment[] },
): { status: number; body: unknown } {
  if (path === '/v1/items') {
    if (items.has(body.sku))
      return { status: 409, body: { code: 'already_exists', title: 'there', status: 409 } };
    items.add(body.sku);
    return { status: 201, body: {} };
  }
  const errors = body.adjustments.flatMap((one, index) => [
    ...(items.has(one.sku) ? [] : [{ pointer: `/adjustments/${index}/sku`, detail: 'is unknown' }]),
    ...(['a', 'b'].includes(one.location)
      ? []
      : [{ pointer: `/adjustments/${index}/location`, detail: 'is unknown' }]),
  ]);
  if (errors.length > 0)
    return { status: 422, body: { code: 'unknown_sku', title: 'unknown', status: 422, errors } };
  adjusted.push(...body.adjustments);
  return { status: 200, body: {} };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-stock-'));
  [items, adjusted, keys] = [new Set(['OLD']), [], []];
  server = createServer((request, response) => {
    void (async () => {
      let text = '';
      for await (const part of request) text += String(part);
      if (request.url === '/v1/inventory/adjustments') keys.push(String(request.headers['idempotency-key']));
      const { status, body } = answer(request.url ?? '', JSON.parse(text));
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

async function importText(csv: string, more: Partial<StockImportOptions> = {}) {
  const file = join(folder, 'stock.csv');
  await writeFile(file, csv);
  return runStockImport({
    file,
    delimiter: ',',
    target: { url, apiKey: 'key' },
    createItems: false,
    add: false,
    rejectsFile: join(folder, 'rejects.csv'),
    startProgress: () => ({ add: () => undefined, end: () => undefined }),
    ...more,
  });
}

const CSV =
  'sku,location,quantity,name\nold,a,5,Old\nnew,b,7,New thing\nold,a,9,twice\nold,nowhere,1,\nold,b,many,\n';

describe('stock import', () => {
  test('sets counted levels; each row that is wrong is refused alone', async () => {
    const summary = await importText(CSV);
    expect(summary).toMatchObject({
      rows: 5,
      adjusted: 1,
      rejected: { invalid_row: 2, unknown_sku: 2 },
      complete: true,
    });
    expect(adjusted).toEqual([{ sku: 'OLD', location: 'a', setTo: 5 }]);
    const rejects = await readFile(join(folder, 'rejects.csv'), 'utf8');
    expect(rejects).toContain('3,NEW,unknown_sku,is unknown');
    expect(rejects).toContain('4,OLD,invalid_row');
  });

  test('makes the items that are missing when told to', async () => {
    const summary = await importText(CSV, { createItems: true });
    expect(summary).toMatchObject({ adjusted: 2, itemsCreated: 1 });
    expect(items.has('NEW')).toBe(true);
  });

  test('differences have the same key in every run of the file, counted numbers a new one', async () => {
    const csv = 'sku,location,quantity\nold,a,-5\n';
    await importText(csv, { add: true });
    await importText(csv, { add: true });
    expect(adjusted[0]).toEqual({ sku: 'OLD', location: 'a', delta: -5 });
    expect(keys[0]).toBe(keys[1]);
    await importText('sku,location,quantity\nold,a,5\n');
    await importText('sku,location,quantity\nold,a,5\n');
    expect(keys[2]).not.toBe(keys[3]);
  });
});
