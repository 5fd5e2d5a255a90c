/**
 * The states of a refund and of its movements. The decision (who, why, how much) and what is moved on each payment are
 * kept apart: a granted refund may need several movements, and one that failed is tried anew without deciding again.
 */

/** States of a refund. From `declined`, `withdrawn` and `settled` nothing moves any more. */
export const REFUND_STATES = [
  'awaiting_approval',
  'granted',
  'executing',
  'settled',
  'failed',
  'declined',
  'withdrawn',
] as const;
export type RefundState = (typeof REFUND_STATES)[number];

/** States of one movement. `by_hand`: a person gives it back outside Holdfast and says so. */
export const MOVEMENT_STATES = [
  'requested',
  'unknown',
  'pending_at_provider',
  'by_hand',
  'succeeded',
  'failed',
] as const;
export type MovementState = (typeof MOVEMENT_STATES)[number];

/** One movement, as far as the state of its refund needs it: newer attempts replace older ones of the same place. */
export interface Movement {
  seq: number;
  attempt: number;
  state: MovementState;
}

/** The movements that count: of each place the newest attempt. */
export function latestMovements<T extends Pick<Movement, 'seq' | 'attempt'>>(movements: readonly T[]): T[] {
  return movements.filter(
    (one) => !movements.some((other) => other.seq === one.seq && other.attempt > one.attempt),
  );
}

/**
 * Where a granted refund stands after its movements: failed as soon as one has failed for good, settled when all are
 * done, executing while any is under way, granted before the first.
 */
export function refundStateAfter(
  movements: readonly Movement[],
): Extract<RefundState, 'granted' | 'executing' | 'settled' | 'failed'> {
  const states = latestMovements(movements).map((one) => one.state);
  if (states.includes('failed')) return 'failed';
  if (states.length > 0 && states.every((state) => state === 'succeeded')) return 'settled';
  return states.every((state) => state === 'requested') ? 'granted' : 'executing';
}
