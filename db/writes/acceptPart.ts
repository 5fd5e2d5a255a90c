/**
 * A person closed the case about a payment of which the gateway took a part: what they wrote says that it was agreed so. The
 * payment is as good as whole, nothing more is asked for, and the goods go on.
 */
import { isCurrentPayment } from '../reads/view.ts';
import type { OrderWork } from './order.ts';

/** Takes such a payment as it is; anything else is left alone, also one that another has followed: it counts for what that is owed. */
export async function acceptPart(work: OrderWork, closed: { code: string; subject: string }): Promise<void> {
  if (closed.code !== 'amount_mismatch') return;
  const payment = work.snapshot.payments.find((one) => one.id === closed.subject);
  if (!payment || !isCurrentPayment(work.snapshot, payment)) return;
  const { rowCount } = await work.tx.query(
    `update payments set state = 'captured' where id = $1 and order_id = $2 and fulfillment_id is not null
       and state = 'partially_captured'`,
    [closed.subject, work.order.id],
  );
  if (!rowCount) return;
  work.changed = true;
  await work.reload();
}
