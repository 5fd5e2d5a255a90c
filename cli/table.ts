/** Tables for people: columns as wide as their widest cell, numbers to the right, one row a line. */
import { stripVTControlCharacters } from 'node:util';

/** A column: its head, and whether its cells stand to the right. */
export interface Column {
  head: string;
  right?: boolean;
}

/** The lines of a table, without a trailing blank; an empty list of rows gives the heads alone. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map((column, index) =>
    Math.max(width(column.head), ...rows.map((row) => width(row[index] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map((column, index) => padded(cells[index] ?? '', widths[index] ?? 0, column.right === true))
      .join('  ')
      .trimEnd();
  return [line(columns.map((column) => column.head)), ...rows.map(line)];
}

/** How many places a text takes on the screen, colours not counted; wide East Asian characters count as one. */
export function width(text: string): number {
  return Array.from(stripVTControlCharacters(text)).length;
}

function padded(text: string, to: number, right: boolean): string {
  const blanks = ' '.repeat(Math.max(0, to - width(text)));
  return right ? blanks + text : text + blanks;
}
