/** The end of a wait, however it comes. */
import type { OrderWork } from './order.ts';

/** Ends one open wait; `as` says how. */
export async function endWait(
  work: OrderWork,
  given: { subject: string; kind: string; as: string },
): Promise<boolean> {
  const { rowCount } = await work.tx.query(
    `update waits set ended_at = now(), ended_as = $4 where order_id = $1 and subject = $2 and kind = $3 and ended_at is null`,
    [work.order.id, given.subject, given.kind, given.as],
  );
  if (rowCount) work.changed = true;
  return Boolean(rowCount);
}
