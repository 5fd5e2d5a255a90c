import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceLines, type Supply } from './inventory.ts';

const supply = (sku: string, location: string, available: number, priority = 1): Supply => ({
  sku,
  location,
  available,
  priority,
});

describe('sourcing', () => {
  it('takes one warehouse that has everything, even a later one', () => {
    const supplies = [supply('A', 'east', 5, 1), supply('A', 'west', 9, 2), supply('B', 'west', 9, 2)];
    const result = sourceLines(
      [
        { lineNo: 1, sku: 'A', quantity: 2 },
        { lineNo: 2, sku: 'B', quantity: 1 },
      ],
      supplies,
    );
    expect(result).toEqual({
      ok: true,
      allocations: [
        { lineNo: 1, sku: 'A', quantity: 2, location: 'west' },
        { lineNo: 2, sku: 'B', quantity: 1, location: 'west' },
      ],
    });
  });

  it('splits 13 over 10 + 8 into 10 + 3, never 10 + 13', () => {
    const result = sourceLines(
      [{ lineNo: 1, sku: 'A', quantity: 13 }],
      [supply('A', 'east', 10, 1), supply('A', 'west', 8, 2)],
    );
    expect(result.ok && result.allocations.map((part) => part.quantity)).toEqual([10, 3]);
  });

  it('takes 13 over 10 + 15 whole from the second', () => {
    const result = sourceLines(
      [{ lineNo: 1, sku: 'A', quantity: 13 }],
      [supply('A', 'east', 10, 1), supply('A', 'west', 15, 2)],
    );
    expect(result.ok && result.allocations.map((part) => [part.location, part.quantity])).toEqual([
      ['west', 13],
    ]);
  });

  it('says what is missing, and two lines of one SKU share its stock', () => {
    const needs = [
      { lineNo: 1, sku: 'A', quantity: 3 },
      { lineNo: 2, sku: 'A', quantity: 3 },
    ];
    expect(sourceLines(needs, [supply('A', 'east', 5)])).toEqual({
      ok: false,
      missing: [{ sku: 'A', wanted: 6, available: 5 }],
    });
  });

  it('allocates every unit exactly once and never more than there is', () => {
    const skus = fc.constantFrom('A', 'B', 'C');
    const needs = fc.array(fc.record({ sku: skus, quantity: fc.integer({ min: 1, max: 9 }) }), {
      minLength: 1,
      maxLength: 6,
    });
    const supplies = fc.uniqueArray(
      fc.record({
        sku: skus,
        location: fc.constantFrom('x', 'y', 'z'),
        available: fc.integer({ min: -1, max: 12 }),
      }),
      { selector: (one) => `${one.sku}${one.location}`, maxLength: 9 },
    );
    fc.assert(
      fc.property(needs, supplies, (wanted, stock) => {
        const lines = wanted.map((need, index) => ({ lineNo: index + 1, ...need }));
        const rows = stock.map((row) => ({ ...row, priority: row.location.charCodeAt(0) }));
        const result = sourceLines(lines, rows);
        const sumOf = (list: readonly { sku: string; quantity: number }[], sku: string) =>
          list.filter((one) => one.sku === sku).reduce((sum, one) => sum + one.quantity, 0);
        const enough = ['A', 'B', 'C'].every(
          (sku) =>
            sumOf(lines, sku) <=
            rows.filter((row) => row.sku === sku).reduce((sum, row) => sum + Math.max(0, row.available), 0),
        );
        expect(result.ok).toBe(enough);
        if (!result.ok) return;
        for (const line of lines) {
          const units = result.allocations
            .filter((part) => part.lineNo === line.lineNo)
            .reduce((sum, part) => sum + part.quantity, 0);
          expect(units).toBe(line.quantity);
        }
        for (const row of rows) {
          const taken = sumOf(
            result.allocations.filter((part) => part.location === row.location),
            row.sku,
          );
          expect(taken).toBeLessThanOrEqual(Math.max(0, row.available));
        }
      }),
    );
  });
});
