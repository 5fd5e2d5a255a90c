/** Cases about money that goes back: a person has to move it, or it could not be moved. */
import { formatMoney } from '../../domain/money.ts';
import type { PaymentMethod } from '../../domain/order.ts';
import { openCase, resolveCases } from './cases.ts';
import type { OrderWork } from './order.ts';

interface MovedBy {
  refundId: string;
  method: PaymentMethod;
  amountMinor: number;
}

/** Asks a person to move it. The money of an ended order that the channel holds has had its own case since before refunds were movements. */
export async function askPerson(work: OrderWork, movement: MovedBy): Promise<void> {
  const amount = formatMoney(movement.amountMinor, work.order.currency);
  const isOfUndo = work.order.direction === 'undo' && movement.method === 'prepaid';
  if (isOfUndo) {
    return openCase(work, {
      subject: work.order.id,
      code: 'refund_at_channel',
      attention: 'payment_action',
      detail: `The channel took the money and the order ended without it: refund ${amount} there.`,
    });
  }
  await openCase(work, {
    subject: movement.refundId,
    code: 'refund_by_hand',
    attention: 'payment_action',
    detail: `Give ${amount} back by ${movement.method}, then record the refund with its reference.`,
  });
}

/** A movement failed for good: support tries it again or gives the money back by another route. */
export async function openFailedCase(work: OrderWork, movement: MovedBy, code: string): Promise<void> {
  const amount = formatMoney(movement.amountMinor, work.order.currency);
  await openCase(work, {
    subject: movement.refundId,
    code: 'refund_failed',
    attention: 'payment_action',
    detail: `${amount} could not be given back (${code}). Try again, or refund by another route and record it.`,
  });
}

/** The case of the channel's money ends when no movement by hand of the order is open any more. */
export async function endChannelCase(
  work: OrderWork,
  how: { resolution: string; actor: string },
): Promise<void> {
  const isOpen = work.snapshot.cases.some((one) => one.code === 'refund_at_channel');
  if (!isOpen) return;
  const { rowCount } = await work.tx.query(
    `select from refund_attempts a join refunds r on r.id = a.refund_id
     where a.order_id = $1 and a.state = 'by_hand' and r.state in ('granted', 'executing', 'failed')`,
    [work.order.id],
  );
  if (rowCount) return;
  await resolveCases(work, { subject: work.order.id, codes: ['refund_at_channel'], ...how });
}
