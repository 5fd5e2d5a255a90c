/** What a failed statement or transaction says about whether it happened. */
import pg from 'pg';

/**
 * True when a change surely did not happen: the database refused it with an error of its own, which rolls back, or nobody
 * listened. False when the connection was lost on the way: the commit may have gone through.
 */
export function surelyDidNothing(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return error.severity === 'ERROR';
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}
