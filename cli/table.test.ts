import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { tableLines, width } from './table.ts';

describe('tables', () => {
  it('align numbers to the right and text to the left', () => {
    expect(
      tableLines(
        [{ head: 'SKU' }, { head: 'Units', right: true }],
        [
          ['MUG', '7'],
          ['TEAPOT', '120'],
        ],
      ),
    ).toEqual(['SKU     Units', 'MUG         7', 'TEAPOT    120']);
  });

  it('do not count colors', () => {
    expect(width(pc.createColors(true).red('abc'))).toBe(3);
  });

  it('give the heads alone without rows', () => {
    expect(tableLines([{ head: 'SKU' }], [])).toEqual(['SKU']);
  });
});
