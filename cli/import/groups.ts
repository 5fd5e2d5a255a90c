/**
 * Gathers the rows of one order, wherever they stand in the file, without holding the file in memory: a first pass
 * notes where each group ends, the second gives a group out at its last row.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readRows, type FileFormat, type Row } from './rows.ts';
import { fill } from './template.ts';

/** All rows of one order; the key is empty for a row that belongs to none. */
export interface Group {
  key: string;
  rows: Row[];
}

/** What the first pass found. */
export interface FileScan {
  /** SHA-256 of the file, so that a resumed import knows the same file again. */
  sha256: string;
  groupCount: number;
  lastRowByGroup: Map<string, number>;
}

/** The file to read and what makes its rows one order. */
export interface FileShape {
  file: string;
  format: FileFormat;
  delimiter?: string;
  /** Template of the group's value; undefined: each row is an order. */
  groupBy?: string;
}

function groupKey(row: Row, shape: FileShape): string {
  return shape.groupBy === undefined ? String(row.row) : fill(shape.groupBy, row.cells);
}

/** First pass over the file. */
export async function scanFile(shape: FileShape): Promise<FileScan> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(shape.file)) hash.update(part);
  const lastRowByGroup = new Map<string, number>();
  for await (const row of readRows(shape.file, shape)) lastRowByGroup.set(groupKey(row, shape), row.row);
  lastRowByGroup.delete('');
  return { sha256: hash.digest('hex'), groupCount: lastRowByGroup.size, lastRowByGroup };
}

/** Second pass: groups in the order in which they end; a row without a group is a group by itself. */
export async function* readGroups(shape: FileShape, scan: FileScan): AsyncGenerator<Group> {
  const open = new Map<string, Row[]>();
  for await (const row of readRows(shape.file, shape)) {
    const key = groupKey(row, shape);
    if (key === '') {
      yield { key, rows: [row] };
      continue;
    }
    const rows = open.get(key) ?? [];
    rows.push(row);
    if (scan.lastRowByGroup.get(key) === row.row) {
      open.delete(key);
      yield { key, rows };
    } else open.set(key, rows);
  }
}
