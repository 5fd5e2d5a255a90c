/**
 * What follows a declined card: a soft decline is tried again by itself after a pause, a few times; anything else asks the
 * customer.
 */
import { declineKind } from '../../domain/declines.ts';
import type { ShareView } from '../../domain/lifecycle.ts';
import { chargeAnew } from './authorizations.ts';
import type { OrderWork } from './order.ts';

/**
 * Decides what follows the decline of the share's current payment, whose state is written already. True: the card is asked
 * again by itself, and nobody needs to do anything. False: a case is to be opened for it.
 */
export async function declined(
  work: OrderWork,
  share: Pick<ShareView, 'id'>,
  given: { paymentId: string; amountMinor: number; providerCode: string },
): Promise<boolean> {
  const { policy, order } = work.snapshot;
  const { rows } = await work.tx.query<{ count: number }>(
    // Those of another card that was given since are none of this one's.
    `select count(*)::int as count from payments p
     where p.fulfillment_id = $1 and p.state = 'declined' and p.tender = (select tender from payments where id = $2)
       and p.created_at >= coalesce((select max(e.created_at) from events e
         where e.order_id = p.order_id and e.type = 'payment.method_changed'), p.created_at)`,
    [share.id, given.paymentId],
  );
  const before = (rows[0]?.count ?? 1) - 1;
  const isAskedAgain =
    order.direction === 'forward' &&
    declineKind(given.providerCode) === 'soft' &&
    before < policy.softDeclineRetries;
  if (!isAskedAgain) {
    const { paymentId, amountMinor } = given;
    work.record('payment.action_required', { paymentId, amountMinor, currency: order.currency });
    return false;
  }
  await work.tx.query(
    `insert into waits (order_id, subject, kind, awaited_from, deadline_at, then_what, tries, policy_version)
     values ($1, $2, 'decline', 'bank', now() + make_interval(secs => $3::float8), 'authorize', $4, $5)
     on conflict (order_id, subject, kind) where ended_at is null do nothing`,
    [order.id, share.id, policy.softDeclinePauseSeconds * 2 ** before, before + 1, order.policyVersion],
  );
  work.changed = true;
  return true;
}

/** The pause is over: the card of the share is asked again, as a new business attempt. */
export async function askBankAgain(work: OrderWork, shareId: string): Promise<void> {
  const share = work.view.shares.find((one) => one.id === shareId);
  if (!share || work.order.direction === 'undo') return;
  await chargeAnew(work, share);
  work.record('payment.reauthorizing', { fulfillmentId: share.id, amountMinor: share.amountMinor });
}
