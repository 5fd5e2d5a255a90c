/** A receipt as the API shows it: words of staff are for those who see texts of staff. */
import type { ReceiptRow } from '../../db/reads/receipts.ts';
import type { Receipt } from '../schemas/receipts.ts';
import type { Sight } from '../sight.ts';

/** A receipt. */
export function showReceipt(row: ReceiptRow, sight: Sight): Receipt {
  return {
    id: row.id,
    method: row.method,
    number: row.number,
    orderRef: row.order_ref,
    orderId: row.order_id,
    orderNumber: row.order_number,
    paymentId: row.payment_id,
    amount: { amount: row.amount_minor, currency: row.currency },
    receivedAt: row.received_at.toISOString(),
    state: row.state,
    problem: row.problem,
    orderCurrency: row.order_currency,
    source: row.source,
    actor: row.actor,
    actorName: sight.staffNames ? row.actor_name : null,
    note: sight.staffTexts ? row.note : null,
    createdAt: row.created_at.toISOString(),
    settledAt: row.settled_at?.toISOString() ?? null,
  };
}
