/** An order that was sent, delivered and paid, straight into the database: what refunds start from. */
import type { Db } from '../../db/connect.ts';
import { paymentId } from '../../domain/payment.ts';
import { accepted } from './accepted.ts';
import type { GivenOrder } from './order.ts';

/** Accepts an order and takes its whole amount on one card payment; all units were delivered and the order has ended. */
export async function captured(
  db: Db,
  given: GivenOrder = {},
): Promise<{ orderId: string; number: number; paymentId: string; totalMinor: number }> {
  const { orderId, number, currency, totalMinor } = await accepted(db, given);
  const id = paymentId(orderId, { shareSeq: 1, attempt: 1 });
  await db.pool.query(
    'update order_lines set allocated = quantity, fulfilled = quantity, shipped = quantity, delivered = quantity where order_id = $1',
    [orderId],
  );
  await db.pool.query(
    `update orders set lifecycle = 'completed', completed_at = now(), payment_status = 'captured' where id = $1`,
    [orderId],
  );
  await db.pool.query(
    `insert into payments (id, order_id, attempt, method, provider, provider_ref, state, currency, amount_minor, authorized_minor, captured_minor, capture_claimed_minor)
     values ($1, $2, 1, 'card', 'stripe', $3, 'captured', $4, $5, $5, $5, $5)`,
    [id, orderId, `pi_${orderId}`, currency, totalMinor],
  );
  await db.pool.query(
    `insert into payment_events (order_id, payment_id, type, reference, amount_minor, currency, source)
     values ($1, $2, 'authorization_success', 'given', $3, $4, 'before'), ($1, $2, 'charge_success', 'given', $3, $4, 'before')`,
    [orderId, id, totalMinor, currency],
  );
  return { orderId, number, paymentId: id, totalMinor };
}
