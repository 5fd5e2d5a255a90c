/** A person gives up money that was to come after the goods: the order is done with what came, and says what did not. */
import { offlinePaymentId } from '../../domain/payment.ts';
import { offlineTender } from '../../domain/receipt.ts';
import { writeOffRefusal } from '../../domain/writeOff.ts';
import { resolveCases } from './cases.ts';
import { endWait } from './endWait.ts';
import type { OrderWork } from './order.ts';
import { hereMinor } from './received.ts';

/**
 * Writes off what has not come by receipts. The books hold only money that moved, so nothing is posted; what comes later all the
 * same is booked.
 */
export async function writeOff(
  work: OrderWork,
  message: { id: string; actor: string },
): Promise<{ applied: boolean; code?: string }> {
  const { order } = work;
  const tender = offlineTender(order);
  const code = writeOffRefusal(work.view) ?? (tender ? undefined : 'nothing_to_write_off');
  if (code || !tender) return { applied: false, code: code ?? 'nothing_to_write_off' };
  const amountMinor = Math.max(0, tender.amountMinor - (await hereMinor(work)));
  await work.tx.query('update orders set written_off_minor = $2 where id = $1', [order.id, amountMinor]);
  const paymentId = offlinePaymentId(order.id);
  const data = { paymentId, amountMinor, currency: order.currency, commandId: message.id };
  work.record('payment.written_off', data, message.actor);
  await endWait(work, { subject: order.id, kind: 'receipt', as: 'written off' });
  await resolveCases(work, {
    ...{ subject: order.id, codes: ['payment_overdue'], resolution: 'written off' },
    actor: message.actor,
  });
  return { applied: true };
}
