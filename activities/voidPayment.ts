/** The undo of an authorization: it is given back, and one of which nobody knows the outcome is settled by its own key first. */
import { operationKey } from '../domain/payment.ts';
import { recordMoney, type MoneyEvent } from '../db/writes/money.ts';
import type { PaymentFacts } from '../db/reads/snapshot.ts';
import { claimOperation, type OperationRow } from '../db/writes/operations.ts';
import { takeParked } from '../db/writes/parked.ts';
import { stallStep } from '../db/writes/stalls.ts';
import type { ActivityDeps } from './deps.ts';
import { authorizeOnce, moneyClaim, type MoneyClaim } from './moneyClaim.ts';
import type { Claim, StepPlan } from './step.ts';

interface VoidClaim extends MoneyClaim {
  /** The authorization to give back, while nobody knows what became of it. */
  unsettled: Pick<OperationRow, 'key' | 'firstTryAt'> | undefined;
}

/** Finds out what became of an authorization that was never settled, by its own key, so that it can be given back. */
async function settleBeforeVoid(deps: ActivityDeps, claimed: VoidClaim): Promise<string | undefined> {
  if (!claimed.unsettled) return claimed.providerRef ?? undefined;
  const found = await authorizeOnce(deps, claimed, claimed.unsettled);
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
      const payment = share.payments.find((one) => one.id === subject);
      const at = { shareSeq: share.seq, attempt: payment?.attempt ?? share.paymentAttempt };
      const key = operationKey(work.order.number, 'void', at);
      const operation = await claimOperation(work, { key, kind: 'void', subject, again: true });
      const { rows } = await work.tx.query<Pick<OperationRow, 'key' | 'firstTryAt'>>(
        `select key, first_try_at as "firstTryAt" from operations where key = $1 and state in ('requested', 'unknown')`,
        [operationKey(work.order.number, 'authorize', at)],
      );
      const claimed = moneyClaim(claim, { operation, paymentId: subject });
      const events = [{ type: 'cancel_request' as const, reference: key, amountMinor: claimed.amountMinor }];
      if (operation.state === 'requested') await recordMoney(work, { paymentId: subject, events });
      return { ...claimed, unsettled: rows[0] };
    },
    async call(claimed) {
      const providerRef = await settleBeforeVoid(deps, claimed);
      if (providerRef === undefined || providerRef === 'none')
        return { ok: true, value: { providerRef: undefined } };
      const outcome = await deps.payment.void({ key: claimed.operation.key, providerRef });
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
