/**
 * Durations counted in fixed buckets, so that counts of any days and channels can be added up and a percentile still be
 * read from them. The bound of bucket k is 2^(k/8) seconds: a value read back is within 4.5 % of the exact one.
 */

/** Buckets of each doubling of the duration. */
const STEPS = 8;
/** 2^(-80/8) s: about a millisecond. Whatever is shorter counts there. */
const BUCKET_MIN = -80;
/** 2^(240/8) s: 34 years. Whatever is longer counts there. */
const BUCKET_MAX = 240;

/** How far a percentile read from the buckets may be from the exact one, as a share of it. */
export const BUCKET_ERROR = 2 ** (1 / (2 * STEPS)) - 1;

/** The bucket of a duration: the first whose bound is not below it. Below zero counts as no time at all. */
export function bucketOf(seconds: number): number {
  if (!(seconds > 0)) return BUCKET_MIN;
  const bucket = Math.ceil(STEPS * Math.log2(seconds));
  return Math.min(BUCKET_MAX, Math.max(BUCKET_MIN, bucket));
}

/** The duration that stands for a bucket, in seconds: the middle between its bounds, as far from both in proportion. */
export function secondsOf(bucket: number): number {
  return 2 ** ((bucket - 0.5) / STEPS);
}

/** How many durations fell into a bucket. */
export interface BucketCount {
  bucket: number;
  count: number;
}

/**
 * The duration in seconds that the given share (0 to 1) of all does not exceed, to the millisecond; null when there are
 * none. It is the value of the same rank that PostgreSQL's percentile_disc picks.
 */
export function percentile(buckets: readonly BucketCount[], share: number): number | null {
  const total = buckets.reduce((sum, one) => sum + one.count, 0);
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(share * total));
  let passed = 0;
  for (const { bucket, count } of buckets.toSorted((a, b) => a.bucket - b.bucket)) {
    passed += count;
    if (passed >= rank) return Math.round(secondsOf(bucket) * 1000) / 1000;
  }
  return null;
}
