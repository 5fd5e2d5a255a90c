/** Waits whose deadline has passed: each ends with its written business answer, once. */
import { isTerminal, type CancelReason } from '../../domain/order.ts';
import type { WaitView } from '../../domain/lifecycle.ts';
import { formatMoney } from '../../domain/money.ts';
import { stillToCome } from '../../domain/receipt.ts';
import { instantText } from '../../domain/standing.ts';
import { isMoneyWait } from '../../domain/waits.ts';
import { endRest, replaceAuthorization } from './authorizations.ts';
import { openCase } from './cases.ts';
import { endWait } from './endWait.ts';
import { askBankAgain } from './declines.ts';
import type { OrderWork } from './order.ts';
import { allocateAtLast } from './progress.ts';
import { withdrawRefund } from './refunds.ts';

/** A timer may fire a moment before the database's clock agrees. */
const CLOCK_SLACK_MILLIS = 50;

/** Ends the waits that are due and does what was written for that. */
export async function endDueWaits(work: OrderWork): Promise<void> {
  const limit = work.snapshot.now.getTime() + CLOCK_SLACK_MILLIS;
  const hasEnded = isTerminal(work.order.lifecycle);
  const due = work.snapshot.waits.filter(
    (wait) => Date.parse(wait.deadlineAt) <= limit && (!hasEnded || isMoneyWait(wait)),
  );
  for (const wait of due) {
    await endWait(work, { subject: wait.subject, kind: wait.kind, as: endOf(work, wait) });
    await answerDeadline(work, wait);
  }
  if (due.length > 0) await work.reload();
}

/** How a wait ends whose time is up: a case that is open already is only brought back to mind. */
function endOf(work: OrderWork, wait: WaitView): string {
  return wait.kind === 'receipt' && isOverdueKnown(work) ? 'remind' : wait.thenWhat;
}

function isOverdueKnown({ snapshot }: OrderWork): boolean {
  return snapshot.cases.some((open) => open.code === 'payment_overdue');
}

async function answerDeadline(work: OrderWork, wait: WaitView): Promise<void> {
  switch (wait.kind) {
    case 'stock':
      if (await allocateAtLast(work)) return;
      return startUndo(work, { cause: 'inventory', actor: 'system', reason: 'no stock came in time' });
    case 'payment':
      if (wait.thenWhat === 'expire')
        return startUndo(work, { cause: 'expired', actor: 'system', reason: 'not paid in time' });
      return work.record('case.reminded', { subject: wait.subject });
    case 'release':
      return work.record('order.released', {});
    case 'retry':
      return work.record('step.retried', { subject: wait.subject });
    case 'case':
      return work.record('case.reminded', { attention: work.view.attention });
    case 'packing':
      return openCase(work, {
        subject: wait.subject,
        code: 'pack_overdue',
        attention: 'warehouse',
        detail: `Not packed since ${wait.since}.`,
      });
    case 'delivery':
      return openCase(work, {
        subject: wait.subject,
        code: 'parcel_silent',
        attention: 'carrier',
        detail: `No scan that moved it since ${wait.since}.`,
      });
    case 'receipt':
      return raiseOverdue(work, wait);
    case 'decline':
      return askBankAgain(work, wait.subject);
    case 'authorization':
      return replaceAuthorization(work, wait.subject);
    case 'reauthorize':
      return endRest(work);
    case 'approval':
      await withdrawRefund(work, {
        refundId: wait.subject,
        actor: 'system',
        commandId: `deadline/${wait.subject}`,
      });
      return;
    case 'refund':
      return lookAtRefund(work, wait.subject);
  }
}

/** Money that should have come after the goods: a person sees to it, and the wait goes on. */
async function raiseOverdue(work: OrderWork, wait: WaitView): Promise<void> {
  if (isOverdueKnown(work)) return work.record('case.reminded', { subject: wait.subject });
  const { order, payments } = work.snapshot;
  const dueAt = work.view.dueAt ?? wait.deadlineAt;
  const missing = stillToCome(order, payments);
  const what = missing ? formatMoney(missing.minor, order.currency) : 'The money';
  await openCase(work, {
    subject: wait.subject,
    code: 'payment_overdue',
    attention: 'payment_action',
    detail: `${what} had not come by ${instantText(dueAt)}.`,
  });
  work.record('payment.overdue', { dueAt });
}

/** A refund that the gateway has not settled yet: the payments it moves are looked at. */
async function lookAtRefund(work: OrderWork, refundId: string): Promise<void> {
  const { rowCount } = await work.tx.query(
    `update payments set inspect_wanted = true where order_id = $1 and id in
       (select payment_id from refund_attempts where refund_id = $2 and state = 'pending_at_provider')`,
    [work.order.id, refundId],
  );
  if (rowCount) work.changed = true;
}

/** Turns the order round, before the first undo: from now on every claim of a forward step is refused. */
export async function startUndo(
  work: OrderWork,
  given: { cause: CancelReason; actor: string; reason: string | null },
): Promise<void> {
  const { rowCount } = await work.tx.query(
    `update orders set direction = 'undo', undo_cause = $2, undo_actor = $3, undo_reason = $4 where id = $1 and direction = 'forward'`,
    [work.order.id, given.cause, given.actor, given.reason],
  );
  if (rowCount) work.changed = true;
}
