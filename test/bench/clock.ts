/** Instants of Temporal's histories. */

interface Timestamp {
  seconds?: { toString(): string } | null;
  nanos?: number | null;
}

/** Milliseconds since 1970 with fraction; NaN of nothing. */
export function temporalMillis(time: Timestamp | null | undefined): number {
  if (!time) return Number.NaN;
  return Number(time.seconds?.toString() ?? 0) * 1_000 + (time.nanos ?? 0) / 1_000_000;
}
