/** Payment steps: authorize a share, capture its parcel, give an authorization back. Amounts are fixed by the claim. */
import type { FailureCode } from '../domain/failures.ts';
import { currentPayment, type OrderView } from '../domain/lifecycle.ts';
import { operationKey, paymentId } from '../domain/payment.ts';
import { claimOperation, type OperationRow } from '../db/writes/operations.ts';
import { openCase } from '../db/writes/cases.ts';
import { takeParked } from '../db/writes/parked.ts';
import { postLedger } from '../db/writes/progress.ts';
import { stallStep } from '../db/writes/stalls.ts';
import type { Outcome } from '../providers/outcome.ts';
import type { Authorized } from '../providers/payment/port.ts';
import type { ActivityDeps, StepInput } from './deps.ts';
import { runStep, type Claim, type StepPlan } from './step.ts';

/** Stripe keeps idempotency keys for at least 24 h: before this age the same request is repeated, after it only looked up. */
const SAME_KEY_HOURS = 20;

/** Payments of nothing need no gateway. */
const NOTHING_TO_PAY: Outcome<Authorized> = {
  ok: true,
  value: { providerRef: 'none', brand: null, last4: null },
};

interface MoneyClaim {
  operation: OperationRow;
  paymentId: string;
  amountMinor: number;
  currency: string;
  token: string;
  number: number;
  orderId: string;
  providerRef: string | null;
}

function moneyClaim(claim: Claim, given: { operation: OperationRow; paymentId: string }): MoneyClaim {
  const { order, snapshot } = claim.work;
  const known = snapshot.payments.find((payment) => payment.id === given.paymentId);
  return {
    ...given,
    amountMinor: known?.amountMinor ?? claim.share.amountMinor,
    currency: order.currency,
    token: order.token ?? '',
    number: order.number,
    orderId: order.id,
    providerRef: known?.providerRef ?? null,
  };
}

function isOld(operation: Pick<OperationRow, 'firstTryAt'>): boolean {
  return Date.now() - operation.firstTryAt.getTime() > SAME_KEY_HOURS * 3_600_000;
}

/** Asks with the same key again; once the key is too old to be trusted it looks for the payment first. */
async function authorizeOnce(
  deps: ActivityDeps,
  claimed: MoneyClaim,
  operation: Pick<OperationRow, 'key' | 'firstTryAt'>,
): Promise<Outcome<Authorized>> {
  if (claimed.amountMinor === 0) return NOTHING_TO_PAY;
  const { orderId, number: orderNumber, amountMinor, currency, token } = claimed;
  const { key, firstTryAt } = operation;
  const found = isOld(operation) ? await deps.payment.find(key, firstTryAt.toISOString()) : undefined;
  // Not found is not "did not happen": it allows only sending the same key again.
  if (!found) return deps.payment.authorize({ key, orderId, orderNumber, amountMinor, currency, token });
  if (found.state === 'authorized' || found.state === 'captured') return { ok: true, value: found };
  return { ok: false, code: 'card_declined', providerCode: found.state, detail: 'The card was declined.' };
}

function authorizePlan(deps: ActivityDeps): StepPlan<MoneyClaim, Authorized> {
  return {
    kind: 'authorize',
    async claim(claim) {
      const { work, share } = claim;
      const id = paymentId(work.order.id, share.seq, share.paymentAttempt);
      await work.tx.query(
        `insert into payments (id, order_id, fulfillment_id, attempt, method, provider, state, currency, amount_minor)
         values ($1, $2, $3, $4, 'card', $5, 'created', $6, $7) on conflict (id) do nothing`,
        [
          id,
          work.order.id,
          share.id,
          share.paymentAttempt,
          deps.payment.id,
          work.order.currency,
          share.amountMinor,
        ],
      );
      const key = operationKey(work.order.number, 'authorize', {
        shareSeq: share.seq,
        attempt: share.paymentAttempt,
      });
      const operation = await claimOperation(work, {
        key,
        kind: 'authorize',
        subject: id,
        amountMinor: share.amountMinor,
      });
      return moneyClaim(claim, { operation, paymentId: id });
    },
    call: (claimed) => authorizeOnce(deps, claimed, claimed.operation),
    async succeeded({ work }, claimed, value) {
      await markAuthorized({ work }, claimed, value);
    },
    refused: (claim, claimed, refusal) => failPayment(claim, claimed, { ...refusal, state: 'declined' }),
    async unknown({ work }, claimed) {
      await work.tx.query(`update payments set state = 'unknown' where id = $1 and state = 'created'`, [
        claimed.paymentId,
      ]);
    },
  };
}

async function markAuthorized(
  { work }: Pick<Claim, 'work'>,
  claimed: MoneyClaim,
  value: Authorized,
): Promise<void> {
  const { providerRef, brand, last4 } = value;
  await work.tx.query(
    `update payments set state = 'authorized', authorized_minor = amount_minor, provider_ref = $2, method_details = $3 where id = $1`,
    [claimed.paymentId, providerRef, JSON.stringify({ brand, last4 })],
  );
  await work.tx.query('update operations set provider_ref = $2 where key = $1', [
    claimed.operation.key,
    providerRef,
  ]);
  work.record('payment.authorized', {
    paymentId: claimed.paymentId,
    amountMinor: claimed.amountMinor,
    currency: claimed.currency,
    reference: providerRef,
  });
  await takeParked(work, providerRef);
}

/** The gateway said a definite no: the payment is over, and a person is asked. */
async function failPayment(
  { work, share }: Claim,
  claimed: MoneyClaim,
  refusal: {
    state: 'declined' | 'failed';
    code: FailureCode;
    providerCode: string;
    detail: string;
    hint?: string;
  },
): Promise<void> {
  const { state, code, providerCode, detail, hint = '' } = refusal;
  const { paymentId: id, amountMinor } = claimed;
  await work.tx.query(`update payments set state = $2, failure_code = $3 where id = $1`, [
    id,
    state,
    providerCode,
  ]);
  work.record('payment.failed', { paymentId: id, code, providerCode, amountMinor });
  await openCase(work, {
    subject: share.id,
    code,
    attention: 'payment_action',
    detail: `${detail} (${providerCode})${hint}`,
  });
}

function capturePlan(deps: ActivityDeps): StepPlan<MoneyClaim, { capturedMinor: number }> {
  return {
    kind: 'capture',
    async claim(claim) {
      const { work, share } = claim;
      const id = currentPayment(share)?.id ?? '';
      const key = operationKey(work.order.number, 'capture', {
        shareSeq: share.seq,
        attempt: share.paymentAttempt,
      });
      const operation = await claimOperation(work, {
        key,
        kind: 'capture',
        subject: id,
        amountMinor: share.amountMinor,
      });
      return moneyClaim(claim, { operation, paymentId: id });
    },
    async call(claimed) {
      const { amountMinor, currency, operation } = claimed;
      const providerRef = claimed.providerRef ?? '';
      if (amountMinor === 0) return { ok: true, value: { capturedMinor: 0 } };
      if (isOld(operation)) {
        const truth = await deps.payment.retrieve(providerRef);
        if (truth?.state === 'captured') return { ok: true, value: { capturedMinor: truth.capturedMinor } };
      }
      return deps.payment.capture({ key: operation.key, providerRef, amountMinor, currency });
    },
    async succeeded({ work, share }, claimed, value) {
      await work.tx.query(`update payments set state = 'captured', captured_minor = $2 where id = $1`, [
        claimed.paymentId,
        value.capturedMinor,
      ]);
      if (value.capturedMinor > 0)
        await postLedger(work, {
          key: claimed.operation.key,
          debit: 'gateway',
          amountMinor: value.capturedMinor,
        });
      await work.tx.query(`update shipments set dispatch_at = now() where id = $1`, [share.shipment?.id]);
      work.record('payment.captured', {
        paymentId: claimed.paymentId,
        amountMinor: value.capturedMinor,
        currency: claimed.currency,
        reference: claimed.providerRef,
      });
    },
    refused: (claim, claimed, refusal) =>
      failPayment(claim, claimed, {
        ...refusal,
        code: 'capture_refused',
        state: 'failed',
        hint: ' The label is voided, the goods stay at the dock.',
      }),
  };
}

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

function voidPlan(
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
      return { ...moneyClaim(claim, { operation, paymentId: subject }), unsettled: rows[0] };
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
      await work.tx.query(
        `update payments set state = 'voided', provider_ref = coalesce(provider_ref, $3),
           authorized_minor = case when $2 then amount_minor else authorized_minor end,
           voided_minor = case when $2 then amount_minor else 0 end where id = $1`,
        [claimed.paymentId, wasHeld, providerRef ?? null],
      );
      await work.tx.query(
        `update operations set state = 'failed', failure_code = 'voided', settled_at = now() where key = $1 and state in ('requested', 'unknown')`,
        [claimed.unsettled?.key ?? ''],
      );
      work.record('payment.voided', {
        paymentId: claimed.paymentId,
        amountMinor: wasHeld ? claimed.amountMinor : 0,
        currency: claimed.currency,
      });
      if (wasHeld) await takeParked(work, providerRef);
    },
    async refused({ work, share }, _claimed, refusal) {
      await stallStep(work, {
        shareId: share.id,
        step: 'void',
        code: 'payment_refused',
        detail: `The authorization could not be given back: ${refusal.detail}`,
      });
    },
  };
}

/** The payment activities. */
export function paymentActivities(deps: ActivityDeps) {
  return {
    /** Authorizes the share's amount on the order's card. A refusal is a result: the payment is declined and a case opens. */
    authorizePayment: (input: StepInput): Promise<OrderView> => runStep(deps, input, authorizePlan(deps)),
    /** Captures the share's authorization whole. A refusal fails the payment and opens a case. */
    capturePayment: (input: StepInput): Promise<OrderView> => runStep(deps, input, capturePlan(deps)),
    /** Gives an authorization back; one whose outcome is unknown is settled by its own key first. */
    voidPayment: (input: StepInput): Promise<OrderView> =>
      runStep(deps, input, voidPlan(deps, input.subject)),
  };
}
