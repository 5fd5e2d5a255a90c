/**
 * The gateway says that something happened to a payment: a step that waits for its retry looks again at once, and anything
 * that does not only confirm what is known has the payment looked at. Amounts are never taken from such a report.
 */
import { saysNothingNew } from '../../domain/gatewayNews.ts';
import { isCurrentPayment } from '../reads/view.ts';
import { endWait } from './endWait.ts';
import type { MessageOutcome } from './facts.ts';
import type { OrderWork } from './order.ts';

/**
 * Steps that ask the gateway with the payment's own key and so find out by themselves, while the order goes forward. A void
 * does not: one that is refused because the money was taken would be refused again.
 */
const ASKING_STEPS: readonly string[] = ['authorize', 'capture'];

/** Applies one event of the gateway; `match` is its reference, or ours where it never told us one. */
export async function applyPaymentEvent(
  work: OrderWork,
  given: { match: string | null; type: string },
): Promise<MessageOutcome> {
  // A payment of the whole order was made elsewhere: the gateway knows nothing of it.
  const payment = work.snapshot.payments.find(
    (one) => one.shareId !== null && (one.providerRef === given.match || one.id === given.match),
  );
  if (!payment) return { applied: false, detail: 'older than the state; kept, not applied' };
  const isCurrent = isCurrentPayment(work.snapshot, payment);
  const lanes = [payment.id, payment.shareId];
  const woken: string[] = [];
  for (const wait of work.view.waits.filter((one) => one.kind === 'retry')) {
    const [lane = '', step = ''] = wait.subject.split('#');
    if (!lanes.includes(lane)) continue;
    if (await endWait(work, { subject: wait.subject, kind: 'retry', as: 'news' })) woken.push(step);
  }
  const isForward = work.order.direction === 'forward';
  const isAsked = isForward && isCurrent && woken.some((step) => ASKING_STEPS.includes(step));
  const isNews = !isAsked && !saysNothingNew(given.type, payment.state);
  if (isNews) await work.tx.query('update payments set inspect_wanted = true where id = $1', [payment.id]);
  if (!isNews && woken.length === 0) return { applied: false, detail: 'confirms what is known' };
  work.record('payment.reported', { paymentId: payment.id, type: given.type }, 'gateway');
  return { applied: true };
}
