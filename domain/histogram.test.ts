import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUCKET_ERROR, bucketOf, percentile, secondsOf } from './histogram.ts';

/** The exact value of a rank, as percentile_disc picks it. */
function exact(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? Number.NaN;
}

function counted(values: readonly number[]) {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(bucketOf(value), (counts.get(bucketOf(value)) ?? 0) + 1);
  return [...counts].map(([bucket, count]) => ({ bucket, count }));
}

describe('buckets of durations', () => {
  it('have bounds that double every eight buckets', () => {
    expect([bucketOf(1), bucketOf(2), bucketOf(3600), bucketOf(0.5)]).toEqual([0, 8, 95, -8]);
  });

  it('take what lies on a bound into the bucket that ends there', () => {
    expect(bucketOf(1024)).toBe(80);
    expect(bucketOf(1024.1)).toBe(81);
  });

  it('keep what is too short, too long or below zero at the ends', () => {
    expect([bucketOf(0), bucketOf(-5), bucketOf(1e-9), bucketOf(1e12)]).toEqual([-80, -80, -80, 240]);
  });

  it('stand for a value within their error', () => {
    expect(BUCKET_ERROR).toBeLessThan(0.045);
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e9, noNaN: true }), (seconds) => {
        const off = Math.abs(secondsOf(bucketOf(seconds)) / seconds - 1);
        expect(off).toBeLessThanOrEqual(BUCKET_ERROR * 1.000001);
      }),
    );
  });
});

describe('a percentile', () => {
  it('is none of nothing', () => {
    expect(percentile([], 0.5)).toBeNull();
  });

  it('is within the bucket of the exact one, whatever was counted', () => {
    const durations = fc.array(fc.double({ min: 0.01, max: 1e7, noNaN: true }), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(durations, fc.constantFrom(0.5, 0.95), (values, share) => {
        const found = percentile(counted(values), share) ?? Number.NaN;
        const wanted = exact(values, share);
        // The millisecond is what rounding may add.
        expect(Math.abs(found - wanted)).toBeLessThanOrEqual(wanted * BUCKET_ERROR * 1.000001 + 0.0005);
      }),
    );
  });
});
