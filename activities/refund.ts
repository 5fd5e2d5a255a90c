/** The refund step: one movement of a refund on one payment. Its amount and key were fixed when it was claimed. */
import type { OrderView } from '../domain/lifecycle.ts';
import { claimOperation, type OperationRow } from '../db/writes/operations.ts';
import { readMovement, settleMovement } from '../db/writes/refundMoves.ts';
import type { Outcome } from '../providers/outcome.ts';
import type { PaymentProvider, Refunded, RefundRequest } from '../providers/payment/port.ts';
import type { ActivityDeps, StepInput } from './deps.ts';
import { isOld } from './moneyClaim.ts';
import { providerFor } from './providerFor.ts';
import { runPaymentStep, type OfPayment, type StepPlan } from './step.ts';

interface RefundClaim {
  operation: OperationRow;
  request: RefundRequest;
  provider: PaymentProvider;
}

/** Asks with the same key again; once the key is too old to be trusted it looks for the refund first. */
async function refundOnce({ operation, request, provider }: RefundClaim): Promise<Outcome<Refunded>> {
  const { key, firstTryAt } = operation;
  const found = isOld(operation)
    ? await provider.findRefund(key, request.providerRef, firstTryAt.toISOString())
    : undefined;
  // Not found is not "did not happen": it allows only sending the same key again.
  if (!found) return provider.refund(request);
  if (found.state !== 'failed') return { ok: true, value: { refundRef: found.id, state: found.state } };
  const providerCode = found.failureCode ?? 'failed';
  return {
    ok: false,
    code: 'refund_failed',
    providerCode,
    detail: 'The gateway could not move the refund.',
  };
}

function refundPlan(deps: ActivityDeps, attemptId: string): StepPlan<RefundClaim, Refunded, OfPayment> {
  return {
    kind: 'refund',
    async claim({ work, payment }) {
      const movement = await readMovement(work, attemptId);
      if (!movement) throw new Error(`movement ${attemptId} does not exist`);
      const { key, amountMinor } = movement;
      const operation = await claimOperation(work, { key, kind: 'refund', subject: payment.id, amountMinor });
      const { id: orderId, currency } = work.order;
      const providerRef = payment.providerRef ?? '';
      const provider = providerFor(deps, payment.method);
      return { operation, provider, request: { key, providerRef, amountMinor, currency, orderId } };
    },
    call: refundOnce,
    async succeeded({ work }, _claimed, { refundRef: providerRef, state }) {
      const isDone = state === 'succeeded';
      await settleMovement(work, {
        attemptId,
        outcome: { state: isDone ? 'succeeded' : 'pending_at_provider', providerRef },
      });
    },
    async refused({ work }, _claimed, { providerCode, detail }) {
      await settleMovement(work, { attemptId, outcome: { state: 'failed', code: providerCode, detail } });
    },
    async unknown({ work }) {
      await settleMovement(work, { attemptId, outcome: { state: 'unknown' } });
    },
  };
}

/** The refund activity. */
export function refundActivities(deps: ActivityDeps) {
  return {
    /** Moves one movement of a refund. A refusal is a result: the movement failed, its claim is free and a case opens. */
    refundPayment: (input: StepInput): Promise<OrderView> =>
      runPaymentStep(deps, input, refundPlan(deps, input.subject)),
  };
}
