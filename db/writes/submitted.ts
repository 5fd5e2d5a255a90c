/**
 * The warehouse has the work of a share: by its answer to the submission, or by its first report when that overtook the
 * answer (or the answer was lost). Whichever comes first settles the submission; the other finds it settled.
 */
import type { OrderWork } from './order.ts';
import { addUnits } from './stock.ts';

/** Moves the share to `submitted` and releases its units to the node. The caller has settled, or settles, the operation. */
export async function markSubmitted(work: OrderWork, shareId: string): Promise<void> {
  const { rows } = await work.tx.query<{ location: string }>(
    `update fulfillment_orders set state = 'submitted', submitted_at = now() where id = $1 and state = 'open' returning location`,
    [shareId],
  );
  const location = rows[0]?.location;
  if (location === undefined) return;
  await addUnits(work, shareId, 'fulfilled');
  work.record('fulfillment.created', { fulfillmentId: shareId, location });
}

/** Settles the share's open submission because the warehouse evidently has it; false when none is open. */
export async function settleByReport(work: OrderWork, shareId: string): Promise<boolean> {
  const { rowCount } = await work.tx.query(
    `update operations set state = 'succeeded', settled_at = now(), result = '{"by": "report"}'
     where order_id = $1 and kind = 'submit' and subject = $2 and state in ('requested', 'unknown', 'failed')`,
    [work.order.id, shareId],
  );
  if (!rowCount) return false;
  await markSubmitted(work, shareId);
  return true;
}
