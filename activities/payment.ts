/** Payment steps: authorize a share and capture its parcel. Amounts are fixed by the claim, every word of the gateway is an event. */
import type { FailureCode } from '../domain/failures.ts';
import { mayLeave } from '../domain/captureMoment.ts';
import { currentPayments } from '../domain/legs.ts';
import { legToAuthorize, type OrderView } from '../domain/lifecycle.ts';
import { formatMoney } from '../domain/money.ts';
import { operationKey, paymentId } from '../domain/payment.ts';
import { countedMinor, owedMinor } from '../domain/remainder.ts';
import { claimCapture, claimOperation, releaseCapture } from '../db/writes/operations.ts';
import { openCase } from '../db/writes/cases.ts';
import { isHeld } from '../db/writes/dispatch.ts';
import { declined } from '../db/writes/declines.ts';
import { openPayment, recordMoney } from '../db/writes/money.ts';
import type { OrderWork } from '../db/writes/order.ts';
import { takeParked } from '../db/writes/parked.ts';
import type { Authorized } from '../providers/payment/port.ts';
import type { ActivityDeps, StepInput } from './deps.ts';
import { authorizeOnce, isOld, moneyClaim, type MoneyClaim } from './moneyClaim.ts';
import { providerFor } from './providerFor.ts';
import { runStep, type Claim, type StepPlan } from './step.ts';
import { voidPlan } from './voidPayment.ts';

function authorizePlan(deps: ActivityDeps): StepPlan<MoneyClaim, Authorized> {
  return {
    kind: 'authorize',
    async claim(claim) {
      const { work, share } = claim;
      const leg = legToAuthorize(work.view, share);
      if (!leg) throw new Error(`nothing of share ${share.id} is to be authorized`);
      const { tender, attempt, method } = leg;
      const at = { shareSeq: share.seq, tender, attempt };
      const id = paymentId(work.order.id, at);
      const amountMinor = owedMinor(share, leg, (payment) => takenMinor(work, payment));
      const key = operationKey(work.order.number, 'authorize', at);
      const provider = providerFor(deps, method);
      await openPayment(work, {
        ...{ id, shareId: share.id, tender, attempt, method, provider: provider.id, providerRef: null },
        ...{ state: 'created', amountMinor },
        events: [{ type: 'authorization_request', reference: key, amountMinor }],
      });
      const operation = await claimOperation(work, {
        key,
        kind: 'authorize',
        subject: id,
        amountMinor,
      });
      return moneyClaim(claim, { operation, paymentId: id, provider, tender, amountMinor });
    },
    call: (claimed) => authorizeOnce(claimed, claimed.operation),
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
  const { providerRef, brand, last4, captureBefore } = value;
  const { paymentId: id, amountMinor, operation } = claimed;
  const known = work.snapshot.payments.find((payment) => payment.id === id);
  await recordMoney(work, {
    paymentId: id,
    // Whoever looked at the gateway meanwhile has written it already.
    events: known?.authorizedMinor
      ? []
      : [{ type: 'authorization_success', reference: operation.key, amountMinor, providerRef }],
    payment: {
      ...{ state: 'authorized', providerRef, captureBefore },
      methodDetails: JSON.stringify({ brand, last4 }),
    },
  });
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

/** The gateway said a definite no: the payment is over. A soft decline is tried again by itself; else a person is asked. */
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
  await recordMoney(work, {
    paymentId: id,
    events: [
      {
        type: state === 'declined' ? 'authorization_failure' : 'charge_failure',
        reference: claimed.operation.key,
        amountMinor,
        code: providerCode,
      },
    ],
    payment: { state, failureCode: providerCode },
  });
  work.record('payment.failed', { paymentId: id, code, providerCode, amountMinor });
  if (state === 'declined' && (await declined(work, share, { paymentId: id, amountMinor, providerCode })))
    return;
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
      const held = currentPayments(share).find((one) => one.state === 'authorized');
      const payment = work.snapshot.payments.find((one) => one.id === held?.id);
      if (!payment) throw new Error(`nothing of share ${share.id} is to be captured`);
      const { id, tender, attempt, amountMinor: wantedMinor } = payment;
      const key = operationKey(work.order.number, 'capture', { shareSeq: share.seq, tender, attempt });
      const operation = await claimCapture(work, { key, paymentId: id, wantedMinor });
      const provider = providerFor(deps, payment.method);
      const claimed = moneyClaim(claim, {
        operation,
        paymentId: id,
        provider,
        tender,
        amountMinor: wantedMinor,
      });
      return { ...claimed, amountMinor: operation.amountMinor ?? wantedMinor };
    },
    async call(claimed) {
      const { amountMinor, currency, operation } = claimed;
      const providerRef = claimed.providerRef ?? '';
      if (amountMinor === 0) return { ok: true, value: { capturedMinor: 0 } };
      if (isOld(operation)) {
        const truth = await claimed.provider.retrieve(providerRef);
        if (truth?.state === 'captured') return { ok: true, value: { capturedMinor: truth.capturedMinor } };
      }
      return claimed.provider.capture({ key: operation.key, providerRef, amountMinor, currency });
    },
    succeeded: (claim, claimed, { capturedMinor }) => markCaptured(claim, claimed, capturedMinor),
    async refused(claim, claimed, refusal) {
      await releaseCapture(claim.work, claimed);
      await failPayment(claim, claimed, {
        ...refusal,
        code: 'capture_refused',
        state: 'failed',
        hint: ' The label is voided, the goods stay at the dock.',
      });
    },
  };
}

/**
 * The gateway has taken it. What it took in all is booked, whatever was asked for, less what is booked already; another amount
 * than the payment's keeps the goods here.
 */
async function markCaptured({ work, share }: Claim, claimed: MoneyClaim, takenMinor: number): Promise<void> {
  const { paymentId: id, currency, operation } = claimed;
  const known = work.snapshot.payments.find((payment) => payment.id === id);
  const beforeMinor = known?.capturedMinor ?? 0;
  const wantedMinor = known?.amountMinor ?? claimed.amountMinor;
  const capturedMinor = Math.max(beforeMinor, takenMinor);
  const isOther = capturedMinor !== wantedMinor;
  await recordMoney(work, {
    paymentId: id,
    events: [{ type: 'charge_success', reference: operation.key, amountMinor: capturedMinor - beforeMinor }],
    payment: {
      state: capturedMinor < wantedMinor ? 'partially_captured' : 'captured',
      ...(isOther && { inspectWanted: true as const }),
    },
  });
  if (isOther) {
    work.record('payment.mismatch', { paymentId: id, askedMinor: wantedMinor, capturedMinor, currency });
    await openCase(work, {
      subject: id,
      code: 'amount_mismatch',
      attention: 'payment_action',
      detail: `The gateway took ${formatMoney(capturedMinor, currency)} and not ${formatMoney(wantedMinor, currency)}.`,
    });
  }
  const now = work.view.shares.find((one) => one.id === share.id) ?? share;
  if (!isHeld(work) && mayLeave(work.view, now))
    await work.tx.query(`update shipments set dispatch_at = coalesce(dispatch_at, now()) where id = $1`, [
      share.shipment?.id,
    ]);
  work.record('payment.captured', {
    ...{ paymentId: id, amountMinor: capturedMinor, currency, reference: claimed.providerRef },
  });
}

/** What a payment of the order has taken that counts for the attempts after it. */
function takenMinor(work: OrderWork, paymentId: string): number {
  const payment = work.snapshot.payments.find((one) => one.id === paymentId);
  return payment ? countedMinor(payment) : 0;
}

/** The payment activities. */
export function paymentActivities(deps: ActivityDeps) {
  return {
    /** Sets the amount of the share's due leg aside. A refusal is a result: the payment is declined and a case opens. */
    authorizePayment: (input: StepInput): Promise<OrderView> => runStep(deps, input, authorizePlan(deps)),
    /** Captures the share's authorization whole. A refusal fails the payment and opens a case. */
    capturePayment: (input: StepInput): Promise<OrderView> => runStep(deps, input, capturePlan(deps)),
    /** Gives an authorization back; one whose outcome is unknown is settled by its own key first. */
    voidPayment: (input: StepInput): Promise<OrderView> =>
      runStep(deps, input, voidPlan(deps, input.subject)),
  };
}
