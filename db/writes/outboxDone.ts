/** Takes orders out of the outbox whose workflow was started. */
import type { Db } from '../connect.ts';

/** Deletes the start rows of these orders. */
export async function deleteStarted(db: Pick<Db, 'pool'>, orderIds: readonly string[]): Promise<void> {
  await db.pool.query({
    name: 'outbox_started',
    text: "delete from outbox where order_id = any ($1::text[]) and lane in ('start', 'import')",
    values: [orderIds],
  });
}
