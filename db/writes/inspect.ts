/**
 * Writes what an inspection found (domain/inspect.ts): events with their postings, the payment's state, movements of refunds,
 * disputes, cases. Under the order's lock, from the gateway's own answer; a second time it writes nothing.
 */
import { formatMoney } from '../../domain/money.ts';
import type { Comparison } from '../../domain/inspect.ts';
import type { InspectFinding, SettledMovement } from '../../domain/inspectOutside.ts';
import type { PaymentEvent } from '../../domain/payment.ts';
import type { GatewayDispute } from '../../domain/truth.ts';
import type { EventType } from '../../domain/events.ts';
import type { PaymentFacts } from '../reads/snapshot.ts';
import { renewDropped } from './authorizations.ts';
import { openCase, resolveCases } from './cases.ts';
import { freeParcels, holdParcels, isHolding } from './dispatch.ts';
import { MoneyConflict, recordMoney } from './money.ts';
import type { OrderWork } from './order.ts';
import { settleMovement, type MovementOutcome } from './refundMoves.ts';
import { giveBackFreed, grantUndoRefund } from './refunds.ts';
import { unstallStep } from './stalls.ts';

/** A payment under its order's lock, what the gateway calls it, and what is to be written. */
interface Applied {
  payment: Pick<PaymentFacts, 'id' | 'shareId' | 'state'>;
  providerRef: string;
  found: Comparison;
}

/** Writes the comparison. The void that it may ask for is the caller's: it is a call outside. */
export async function applyComparison(work: OrderWork, applied: Applied): Promise<void> {
  const { payment, providerRef, found } = applied;
  await bookEvents(work, applied);
  await moveState(work, applied);
  for (const movement of found.movements) await settle(work, movement);
  // Its step, if it waits for a retry, has nothing to ask any more.
  if (found.movements.length > 0) await unstallStep(work, payment.id, 'refund');
  for (const dispute of found.disputes) await writeDispute(work, payment, dispute);
  for (const finding of found.findings) await openFinding(work, payment, finding);
  const holds = found.disputes.some((one) => one.state !== 'won');
  if (holds || found.findings.some((one) => isHolding(one.kind))) await holdParcels(work);
  if (found.disputes.length > 0 || isTaken(found.state)) await freeParcels(work);
  if (found.action === 'give_back') await grantUndoRefund(work);
  if (found.events.some((event) => CAME_BACK.includes(event.type))) await giveBackFreed(work);
  await work.tx.query(
    'update payments set provider_ref = $2 where id = $1 and provider_ref is distinct from $2',
    [payment.id, providerRef],
  );
}

/** What brings money back to us that had gone to the customer. */
const CAME_BACK: readonly PaymentEvent['type'][] = ['charge_back_reverse', 'refund_reverse'];

/** What each event of money is called in the order's story. */
const STORY: Partial<Record<PaymentEvent['type'], EventType>> = {
  authorization_success: 'payment.authorized',
  authorization_adjustment: 'payment.mismatch',
  charge_success: 'payment.captured',
  cancel_success: 'payment.voided',
  refund_success: 'payment.refunded',
  refund_request: 'refund.pending',
  refund_failure: 'refund.failed',
  refund_reverse: 'refund.reversed',
};

/** Each by itself: one that contradicts what stands here is a case, and keeps no other out. */
async function bookEvents(work: OrderWork, { payment, providerRef, found }: Applied): Promise<void> {
  for (const event of found.events) {
    try {
      await recordMoney(work, {
        paymentId: payment.id,
        events: [{ ...event, source: 'gateway', providerRef: gatewayName(event, providerRef) }],
      });
    } catch (error) {
      if (!(error instanceof MoneyConflict)) throw error;
      await openFinding(work, payment, {
        kind: 'amount_mismatch',
        detail: `The gateway reports ${event.type} of ${event.reference} with another amount than before.`,
        oursMinor: null,
        theirsMinor: event.amountMinor,
      });
      continue;
    }
    const type = STORY[event.type];
    if (!type) continue;
    work.record(
      type,
      {
        paymentId: payment.id,
        amountMinor: event.amountMinor,
        currency: work.order.currency,
        reference: gatewayName(event, providerRef),
      },
      'gateway',
    );
  }
}

/** What the gateway calls the thing an event is about: a refund and a dispute have their own id. */
function gatewayName({ type, reference }: PaymentEvent, providerRef: string): string {
  return type.startsWith('refund_') || type.startsWith('charge_back') ? reference : providerRef;
}

async function moveState(work: OrderWork, { payment, found }: Applied): Promise<void> {
  const { state, captureBefore } = found;
  if (captureBefore !== undefined) {
    await work.tx.query(
      'update payments set capture_before = $2 where id = $1 and capture_before is distinct from $2::timestamptz',
      [payment.id, captureBefore],
    );
  }
  if (state === undefined) return;
  await work.tx.query('update payments set state = $2 where id = $1', [payment.id, state]);
  work.changed = true;
  if (isTaken(state)) await settleOpen(work, payment);
  if ((state === 'authorized' || isTaken(state)) && payment.shareId !== null)
    await resolveCases(work, {
      subject: payment.shareId,
      codes: ['card_declined', 'payment_refused'],
      resolution: state,
      actor: 'gateway',
    });
  await work.reload();
  if (state !== 'expired') return;
  // The gateway gave it back by itself: the card is asked again, as a new business attempt.
  await renewDropped(work, payment.id);
}

function isTaken(state: Comparison['state']): boolean {
  return state === 'captured' || state === 'partially_captured';
}

/** The payment was taken: a charge of it of which nobody knew is done, and there is nothing left to give back by a void. */
async function settleOpen(work: OrderWork, payment: Applied['payment']): Promise<void> {
  const { rows } = await work.tx.query<{ kind: string; key: string }>(
    `update operations set state = case when kind = 'void' then 'failed' else 'succeeded' end,
       failure_code = case when kind = 'void' then 'captured' end, settled_at = now()
     where order_id = $1 and subject = $2 and kind in ('void', 'capture') and state in ('requested', 'unknown')
     returning kind, key`,
    [work.order.id, payment.id],
  );
  // The money itself is in the event of the look; this one only says that nothing more is expected.
  const events = rows
    .filter((row) => row.kind === 'capture')
    .map((row) => ({ type: 'charge_success' as const, reference: row.key, amountMinor: 0 }));
  if (events.length > 0) await recordMoney(work, { paymentId: payment.id, events });
  if (payment.shareId !== null) await unstallStep(work, payment.shareId, 'void');
}

async function settle(work: OrderWork, movement: SettledMovement): Promise<void> {
  const { rows } = await work.tx.query<{ id: string }>(
    'select id from refund_attempts where key = $1 and order_id = $2',
    [movement.key, work.order.id],
  );
  const row = rows[0];
  if (row) await settleMovement(work, { attemptId: row.id, outcome: outcomeOf(movement) });
}

function outcomeOf({ state, refundRef, failureCode }: SettledMovement): MovementOutcome {
  switch (state) {
    case 'succeeded':
      return { state, providerRef: refundRef, source: 'gateway' };
    case 'pending':
      return { state: 'pending_at_provider', providerRef: refundRef };
    case 'failed':
      return { state, providerRef: refundRef, code: failureCode ?? 'failed', source: 'gateway' };
  }
}

async function writeDispute(
  work: OrderWork,
  payment: Applied['payment'],
  dispute: GatewayDispute,
): Promise<void> {
  const { id, amountMinor, state, reason, respondBy } = dispute;
  await work.tx.query(
    `insert into disputes (id, order_id, payment_id, amount_minor, currency, state, reason, respond_by, closed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, case when $6 <> 'open' then now() end)
     on conflict (id) do update set state = excluded.state, reason = excluded.reason, respond_by = excluded.respond_by,
       closed_at = excluded.closed_at`,
    [id, work.order.id, payment.id, amountMinor, work.order.currency, state, reason, respondBy],
  );
  await work.tx.query(
    `update payments set is_disputed = exists (select from disputes d where d.payment_id = $1 and d.state = 'open') where id = $1`,
    [payment.id],
  );
  const type = state === 'open' ? 'payment.disputed' : 'payment.dispute_closed';
  const data = { paymentId: payment.id, disputeId: id, amountMinor, currency: work.order.currency, state };
  work.record(type, data, 'gateway');
  if (state === 'won')
    await resolveCases(work, { subject: id, codes: ['dispute_open'], resolution: 'won', actor: 'gateway' });
}

async function openFinding(
  work: OrderWork,
  payment: Applied['payment'],
  { kind, subject, detail, oursMinor, theirsMinor }: InspectFinding,
): Promise<void> {
  const { currency } = work.order;
  const sums = [
    oursMinor === null ? '' : ` Ours: ${formatMoney(oursMinor, currency)}.`,
    theirsMinor === null ? '' : ` The gateway’s: ${formatMoney(theirsMinor, currency)}.`,
  ].join('');
  if (kind === 'amount_mismatch')
    work.record('payment.mismatch', { paymentId: payment.id, currency, oursMinor, theirsMinor }, 'gateway');
  await openCase(work, {
    subject: subject ?? payment.id,
    code: kind,
    attention: 'payment_action',
    detail: `${detail}${sums}`,
  });
}
