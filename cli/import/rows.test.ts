import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readGroups, scanFile } from './groups.ts';
import { readRows, type Row } from './rows.ts';

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-rows-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function rowsOf(text: string, format: 'csv' | 'jsonl' = 'csv'): Promise<Row[]> {
  const file = join(folder, 'in');
  await writeFile(file, text);
  return collect(readRows(file, { format }));
}

describe('rows of a file', () => {
  test('quotes, line breaks in cells, a byte order mark and empty lines', async () => {
    const rows = await rowsOf('\uFEFFid,name\r\n1,"RECORD 7"" FRAME, RED "\r\n\r\n2,"two\nlines"\n3,x\n');
    expect(rows).toEqual([
      { row: 2, cells: { id: '1', name: 'RECORD 7" FRAME, RED ' } },
      { row: 4, cells: { id: '2', name: 'two\nlines' } },
      { row: 6, cells: { id: '3', name: 'x' } },
    ]);
  });

  test('a quote that is never closed, or too few cells, costs its own row only and keeps its group', async () => {
    const rows = await rowsOf('id,name,n\n1,"open,1\n2,fine,2\n3,short\n4,"fine, too",4\n5,"x" y,5\n');
    expect(rows.map((row) => [row.cells['id'], row.broken !== undefined])).toEqual([
      ['1', true],
      ['2', false],
      ['3', true],
      ['4', false],
      ['5', false],
    ]);
  });

  test('JSON lines: what is no object is a broken row', async () => {
    const rows = await rowsOf('{"a":1,"b":"x"}\n{broken\n[1]\n', 'jsonl');
    expect(rows[0]?.cells).toEqual({ a: '1', b: 'x' });
    expect(rows.slice(1).every((row) => row.broken !== undefined)).toBe(true);
  });

  test('rows of a group are gathered wherever they stand; a row without group stands alone', async () => {
    const file = join(folder, 'groups.csv');
    await writeFile(file, 'order,sku\nA,1\nB,2\nA,3\n,4\nB,5\n');
    const shape = { file, format: 'csv' as const, groupBy: '{order}' };
    const groups = await collect(readGroups(shape, await scanFile(shape)));
    expect(groups.map((group) => [group.key, group.rows.map((row) => row.row)])).toEqual([
      ['A', [2, 4]],
      ['', [5]],
      ['B', [3, 6]],
    ]);
  });
});
