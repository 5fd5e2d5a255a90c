/** A payment as our books have it, for the comparison with its gateway (domain/inspect.ts), in one query. */
import type { PaymentBook } from '../../domain/inspect.ts';
import { needsNewAttempt } from '../../domain/legs.ts';
import { isTerminal } from '../../domain/order.ts';
import type { Tx } from '../connect.ts';
import type { PaymentFacts, Snapshot } from './snapshot.ts';
import { isCurrentPayment } from './view.ts';

const BOOK = `
select p.provider_ref as "providerRef", p.currency, p.state, p.amount_minor as "amountMinor",
  coalesce((select json_agg(json_build_object('type', e.type, 'reference', e.reference, 'amountMinor', e.amount_minor) order by e.id)
    from payment_events e where e.payment_id = p.id), '[]') as events,
  coalesce((select json_agg(json_build_object('key', a.key, 'providerRef', a.provider_ref, 'state', a.state,
      'amountMinor', a.amount_minor, 'isByHand', exists (select from payment_events e where e.payment_id = p.id
        and e.type = 'refund_success' and e.reference = a.key and e.source = 'person')) order by a.created_at, a.id)
    from refund_attempts a where a.payment_id = p.id), '[]') as movements,
  coalesce((select json_agg(json_build_object('id', d.id, 'state', d.state)) from disputes d where d.payment_id = p.id), '[]') as disputes,
  coalesce((select json_agg(op.kind) from operations op where op.order_id = p.order_id and op.subject = p.id
    and op.state in ('requested', 'unknown')), '[]') as "openOperations"
from payments p where p.id = $1 and p.order_id = $2`;

/** The books about one payment of a locked order; undefined when the order has no such payment. */
export async function readPaymentBook(
  tx: Pick<Tx, 'query'>,
  snapshot: Snapshot,
  paymentId: string,
): Promise<PaymentBook | undefined> {
  const { order, payments } = snapshot;
  const { rows } = await tx.query<Omit<PaymentBook, 'isWanted' | 'countsForNext' | 'isUndone'>>(BOOK, [
    paymentId,
    order.id,
  ]);
  const row = rows[0];
  const payment = payments.find((one) => one.id === paymentId);
  if (!row || !payment) return undefined;
  const isEndedUndone = order.lifecycle === 'cancelled' || order.lifecycle === 'expired';
  const isUndone = order.direction === 'undo' || isEndedUndone;
  const isNewest = isCurrentPayment(snapshot, payment);
  const isForward = !isUndone && !isTerminal(order.lifecycle);
  const countsForNext = isForward && !isNewest && !isFollowed(payments, payment);
  return { ...row, isWanted: isForward && isNewest, countsForNext, isUndone };
}

/** True when a later attempt of the same leg holds money or may hold it. */
function isFollowed(
  payments: readonly PaymentFacts[],
  { shareId, tender, attempt }: Pick<PaymentFacts, 'shareId' | 'tender' | 'attempt'>,
): boolean {
  const later = payments.filter(
    (one) => one.shareId === shareId && one.tender === tender && one.attempt > attempt,
  );
  return later.some((one) => one.capturedMinor > 0 || !needsNewAttempt(one.state));
}
