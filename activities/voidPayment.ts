/** The undo of an authorization: it is given back, and one of which nobody knows the outcome is settled by its own key first. */
import { operationKey } from '../domain/payment.ts';
import { recordMoney, type MoneyEvent } from '../db/writes/money.ts';
import type { PaymentFacts } from '../db/reads/snapshot.ts';
import { claimOperation, releaseCapture, type OperationRow } from '../db/writes/operations.ts';
import { takeParked } from '../db/writes/parked.ts';
import { stallStep } from '../db/writes/stalls.ts';
import type { ActivityDeps } from './deps.ts';
import { authorizeOnce, moneyClaim, type MoneyClaim } from './moneyClaim.ts';
import { providerFor } from './providerFor.ts';
import type { Claim, StepPlan } from './step.ts';

interface VoidClaim extends MoneyClaim {
  /** The authorization to give back, while nobody knows what became of it. */
  unsettled: Pick<OperationRow, 'key' | 'firstTryAt'> | undefined;
}

/** Finds out what became of an authorization that was never settled, by its own key, so that it can be given back. */
async function settleBeforeVoid(claimed: VoidClaim): Promise<string | undefined> {
  if (!claimed.unsettled) return claimed.providerRef ?? undefined;
  const found = await authorizeOnce(claimed, claimed.unsettled);
  return found.ok ? found.value.providerRef : undefined;
}

/** Gives one payment's authorization back; one whose outcome is unknown is settled by its own key first. */
export function voidPlan(
  deps: ActivityDeps,
  subject: string,
): StepPlan<VoidClaim, { providerRef: string | undefined }> {
  return {
    kind: 'void',
    async claim(claim) {
      const { work, share } = claim;
      const payment = work.snapshot.payments.find((one) => one.id === subject);
      if (!payment) throw new Error(`payment ${subject} does not exist`);
      const { tender, attempt, amountMinor } = payment;
      const at = { shareSeq: share.seq, tender, attempt };
      const key = operationKey(work.order.number, 'void', at);
      const operation = await claimOperation(work, { key, kind: 'void', subject, again: true });
      const { rows } = await work.tx.query<Pick<OperationRow, 'key' | 'firstTryAt'>>(
        `select key, first_try_at as "firstTryAt" from operations where key = $1 and state in ('requested', 'unknown')`,
        [operationKey(work.order.number, 'authorize', at)],
      );
      const provider = providerFor(deps, payment.method);
      const claimed = moneyClaim(claim, { operation, paymentId: subject, provider, tender, amountMinor });
      const events = [{ type: 'cancel_request' as const, reference: key, amountMinor: claimed.amountMinor }];
      if (operation.state === 'requested') await recordMoney(work, { paymentId: subject, events });
      return { ...claimed, unsettled: rows[0] };
    },
    async call(claimed) {
      const providerRef = await settleBeforeVoid(claimed);
      if (providerRef === undefined || providerRef === 'none')
        return { ok: true, value: { providerRef: undefined } };
      const outcome = await claimed.provider.void({ key: claimed.operation.key, providerRef });
      return outcome.ok ? { ok: true, value: { providerRef } } : outcome;
    },
    async succeeded({ work }, claimed, { providerRef }) {
      const wasHeld = providerRef !== undefined;
      const events = voidedEvents(work, claimed, providerRef);
      const amountMinor = events.find((event) => event.type === 'cancel_success')?.amountMinor ?? 0;
      await recordMoney(work, {
        paymentId: claimed.paymentId,
        events,
        payment: { state: 'voided', providerRef: claimed.providerRef ?? providerRef },
      });
      await work.tx.query(
        `update operations set state = 'failed', failure_code = 'voided', settled_at = now() where key = $1 and state in ('requested', 'unknown')`,
        [claimed.unsettled?.key ?? ''],
      );
      await endUnknownCapture(work, claimed.paymentId);
      work.record('payment.voided', {
        paymentId: claimed.paymentId,
        amountMinor,
        currency: claimed.currency,
      });
      if (wasHeld) await takeParked(work, providerRef);
    },
    async refused({ work, share }, claimed, refusal) {
      const { paymentId, operation, amountMinor } = claimed;
      const code = refusal.providerCode;
      await recordMoney(work, {
        paymentId,
        events: [{ type: 'cancel_failure', reference: operation.key, amountMinor, code }],
        // It may be refused because the money was taken: asked again, it would be refused again.
        payment: { inspectWanted: true },
      });
      await stallStep(work, {
        shareId: share.id,
        step: 'void',
        code: 'payment_refused',
        detail: `The authorization could not be given back: ${refusal.detail}`,
      });
    },
  };
}

/** What was given back was not taken and can't be any more: a charge of which nobody knew is over, its claim is free. */
async function endUnknownCapture(work: Claim['work'], paymentId: string): Promise<void> {
  const { rows } = await work.tx.query<{ key: string; amountMinor: number }>(
    `update operations set state = 'failed', failure_code = 'voided', settled_at = now()
     where order_id = $1 and subject = $2 and kind = 'capture' and state in ('requested', 'unknown')
     returning key, coalesce(amount_minor, 0)::bigint as "amountMinor"`,
    [work.order.id, paymentId],
  );
  for (const { key: reference, amountMinor } of rows) {
    await releaseCapture(work, { paymentId, amountMinor });
    await recordMoney(work, {
      paymentId,
      events: [{ type: 'charge_failure', reference, amountMinor, code: 'voided' }],
    });
  }
}

/** What is written of a payment that was given back: what was never settled is settled first, one way or the other. */
function voidedEvents(
  work: Claim['work'],
  claimed: VoidClaim,
  providerRef: string | undefined,
): MoneyEvent[] {
  const { paymentId, operation, unsettled, amountMinor } = claimed;
  const known = work.snapshot.payments.find((payment) => payment.id === paymentId);
  const settled = (type: 'authorization_success' | 'authorization_failure'): MoneyEvent[] =>
    unsettled ? [{ type, reference: unsettled.key, amountMinor }] : [];
  const { key: reference } = operation;
  if (providerRef === undefined)
    return [...settled('authorization_failure'), { type: 'cancel_failure', reference, amountMinor }];
  const isKnown = (known?.authorizedMinor ?? 0) > 0;
  const given: MoneyEvent = { type: 'cancel_success', reference, amountMinor: heldMinor(known, amountMinor) };
  return [...(isKnown ? [] : settled('authorization_success')), given];
}

/** What is held at the gateway: all of the payment while nobody has written down what was granted. */
function heldMinor(known: PaymentFacts | undefined, amountMinor: number): number {
  if (!known || known.authorizedMinor === 0) return amountMinor;
  return Math.max(0, known.authorizedMinor - known.capturedMinor - known.voidedMinor);
}
