/**
 * Looking at a payment: the gateway is asked for the truth without a lock, then what differs is written under it. The truth
 * is thrown away when the payment changed in between, and asked for again; the wish to look goes only with the look.
 */
import { ApplicationFailure } from '@temporalio/common';
import { compareWithTruth } from '../domain/inspect.ts';
import type { OrderView } from '../domain/lifecycle.ts';
import { operationKey } from '../domain/payment.ts';
import type { GatewayTruth } from '../domain/truth.ts';
import { readPaymentBook } from '../db/reads/paymentBook.ts';
import { applyComparison } from '../db/writes/inspect.ts';
import { recordMoney } from '../db/writes/money.ts';
import type { OrderWork } from '../db/writes/order.ts';
import { takeParked } from '../db/writes/parked.ts';
import { stallStep } from '../db/writes/stalls.ts';
import type { PaymentFacts } from '../db/reads/snapshot.ts';
import { OutcomeUnknown } from '../providers/outcome.ts';
import type { PaymentProvider } from '../providers/payment/port.ts';
import type { ActivityDeps, StepInput } from './deps.ts';
import { providerFor } from './providerFor.ts';
import { locked, runPaymentStep, type Claimed, type OfPayment, type StepPlan } from './step.ts';

interface InspectClaim extends Claimed {
  paymentId: string;
  providerRef: string | null;
  provider: PaymentProvider;
  /** The key under which the payment was asked for, to find it where no reference is known. */
  authorizeKey: string;
  createdAt: Date;
  /** Names the row as it was when the gateway was asked. */
  rowVersion: string;
}

/** An authorization that nobody wants, to be given back by this look. */
interface ToVoid {
  key: string;
  providerRef: string;
  amountMinor: number;
  provider: PaymentProvider;
}

interface Look {
  toVoid?: ToVoid;
}

function inspectPlan(
  deps: ActivityDeps,
  look: Look,
): StepPlan<InspectClaim, GatewayTruth | undefined, OfPayment> {
  return {
    kind: 'inspect',
    async claim({ work, payment }) {
      const provider = providerFor(deps, payment.method);
      return { ...(await rowOf(work, payment.id)), ...keyOf(work, payment), provider };
    },
    async call(claimed) {
      return { ok: true, value: await truthOf(claimed) };
    },
    async succeeded({ work, payment }, claimed, truth) {
      const now = await rowOf(work, payment.id);
      if (now.rowVersion !== claimed.rowVersion) return;
      // What an older worker wrote without events gets them first.
      await recordMoney(work, { paymentId: payment.id, events: [] });
      const book = await readPaymentBook(work.tx, work.snapshot, payment.id);
      if (!book) return;
      const found = compareWithTruth(book, truth);
      const providerRef = truth?.providerRef ?? payment.providerRef;
      // After a void the payment is looked at once more: that look ends the wish.
      if (found.action !== 'void') await clearWish(work, payment.id);
      if (providerRef === null) return;
      await applyComparison(work, { payment, providerRef, found });
      if (found.action === 'void' && truth)
        look.toVoid = {
          ...(await claimVoid(work, { payment, providerRef, amountMinor: truth.amountMinor })),
          provider: claimed.provider,
        };
      if (payment.providerRef !== providerRef) await takeParked(work, providerRef);
    },
    // Reading is never refused: a port says undefined or throws.
    refused: () => Promise.resolve(),
  };
}

async function rowOf(
  work: OrderWork,
  paymentId: string,
): Promise<Pick<InspectClaim, 'paymentId' | 'providerRef' | 'createdAt' | 'rowVersion'>> {
  const { rows } = await work.tx.query<{ providerRef: string | null; createdAt: Date; rowVersion: string }>(
    `select provider_ref as "providerRef", created_at as "createdAt", xmin::text as "rowVersion" from payments where id = $1`,
    [paymentId],
  );
  const row = rows[0];
  if (!row) throw new Error(`payment ${paymentId} does not exist`);
  return { paymentId, ...row };
}

function keyOf(
  work: OrderWork,
  { shareId, tender, attempt }: PaymentFacts,
): Pick<InspectClaim, 'authorizeKey'> {
  const shareSeq = work.snapshot.shares.find((share) => share.id === shareId)?.seq ?? 0;
  return { authorizeKey: operationKey(work.order.number, 'authorize', { shareSeq, tender, attempt }) };
}

async function truthOf(claimed: InspectClaim): Promise<GatewayTruth | undefined> {
  // A payment of nothing never was at the gateway.
  if (claimed.providerRef === 'none') return undefined;
  const { authorizeKey, createdAt, provider } = claimed;
  const providerRef =
    claimed.providerRef ?? (await provider.find(authorizeKey, createdAt.toISOString()))?.providerRef;
  return providerRef === undefined ? undefined : provider.inspect(providerRef);
}

async function clearWish(work: OrderWork, paymentId: string): Promise<void> {
  await work.tx.query('update payments set inspect_wanted = false where id = $1', [paymentId]);
  work.changed = true;
}

/** Writes the void down before it is asked for; a look that died in between finds it and asks with the same key. */
async function claimVoid(
  work: OrderWork,
  given: { payment: PaymentFacts; providerRef: string; amountMinor: number },
): Promise<Omit<ToVoid, 'provider'>> {
  const { payment, providerRef, amountMinor } = given;
  const shareSeq = work.snapshot.shares.find((share) => share.id === payment.shareId)?.seq ?? 0;
  const key = `${operationKey(work.order.number, 'void', { shareSeq, tender: payment.tender, attempt: payment.attempt })}/late`;
  await recordMoney(work, {
    paymentId: payment.id,
    events: [{ type: 'cancel_request', reference: key, amountMinor, providerRef }],
  });
  return { key, providerRef, amountMinor };
}

/** Gives a late authorization back; one that is refused is tried again later, and a person is told. */
async function voidLate(deps: ActivityDeps, input: StepInput, toVoid: ToVoid): Promise<OrderView> {
  const { key, providerRef, amountMinor, provider } = toVoid;
  const outcome = await asked(() => provider.void({ key, providerRef }));
  return locked(deps, input, async (work) => {
    const event = { reference: key, amountMinor, providerRef };
    await recordMoney(work, {
      paymentId: input.subject,
      events: [{ type: outcome.ok ? 'cancel_success' : 'cancel_failure', ...event }],
    });
    const { currency } = work.order;
    if (outcome.ok) return work.record('payment.voided', { paymentId: input.subject, amountMinor, currency });
    await stallStep(work, {
      shareId: input.shareId,
      step: 'inspect',
      code: 'payment_refused',
      detail: `A late authorization could not be given back: ${outcome.detail} (${outcome.providerCode})`,
    });
  });
}

async function asked<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error;
    throw ApplicationFailure.create({
      type: error.sent ? 'outcome_unknown' : 'provider_unavailable',
      message: error.message,
      ...(error.retryAfterMillis !== undefined && { nextRetryDelay: error.retryAfterMillis }),
    });
  }
}

/** The activity that looks at a payment. */
export function inspectActivities(deps: ActivityDeps) {
  return {
    /** Asks the gateway for the truth of the payment `input.subject` and books what our books do not have. */
    inspectPayment: async (input: StepInput): Promise<OrderView> => {
      const look: Look = {};
      const view = await runPaymentStep(deps, input, inspectPlan(deps, look));
      return look.toVoid ? voidLate(deps, input, look.toVoid) : view;
    },
  };
}
