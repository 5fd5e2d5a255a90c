/** The money of a seeded order: authorized, declined, charged, given back, and its postings. */
import { currentPayment, isReadyForRelease, type ShareView } from '../../domain/lifecycle.ts';
import { operationKey, paymentId, type OperationKind, type PaymentEventType } from '../../domain/payment.ts';
import { at } from './copy.ts';
import type { SeedLife } from './life.ts';

/** The gateway answers: authorized, or declined with a case. A second attempt follows a decline. */
export function authorize(life: SeedLife, share: ShareView, given: { at: number; declined?: boolean }): void {
  const { view } = life;
  const now = given.at;
  const state = given.declined ? 'declined' : 'authorized';
  if (share.payments.length > 0) {
    share.paymentAttempt += 1;
    life.event('order.retry_requested', {}, { at: now - 1_000, actor: 'key:support' });
    life.resolveCases('retried', { at: now - 1_000, actor: 'key:support', code: 'card_declined' });
  }
  const attempt = share.paymentAttempt;
  const id = paymentId(view.orderId, { shareSeq: share.seq, attempt });
  const providerRef = `pi_seed_${view.number}_${share.seq}_${attempt}`;
  share.payments.push({ id, attempt, state });
  life.payments.push({
    id,
    share,
    attempt,
    state,
    providerRef,
    authorizedMinor: given.declined ? 0 : share.amountMinor,
    capturedMinor: 0,
    voidedMinor: 0,
    failureCode: given.declined ? 'insufficient_funds' : null,
    createdAt: now - ANSWER_MILLIS,
  });
  const key = operation(life, {
    kind: 'authorize',
    share,
    subject: id,
    amountMinor: share.amountMinor,
    attempt,
    providerRef,
    at: now,
    ...(given.declined && { failureCode: 'card_declined' }),
  });
  note(life, {
    ...{ paymentId: id, verb: 'authorization', reference: key, amountMinor: share.amountMinor, at: now },
    ...(given.declined ? { code: 'insufficient_funds' } : { providerRef }),
  });
  const data = { paymentId: id, amountMinor: share.amountMinor };
  if (given.declined) {
    life.event(
      'payment.failed',
      { ...data, code: 'card_declined', providerCode: 'insufficient_funds' },
      { at: now },
    );
    life.openCase(
      {
        subject: share.id,
        code: 'card_declined',
        attention: 'payment_action',
        detail: 'Your card has insufficient funds. (insufficient_funds)',
      },
      now,
    );
  } else {
    life.event(
      'payment.authorized',
      { ...data, currency: view.currency, reference: providerRef },
      { at: now },
    );
    setReleaseTime(life, now);
  }
  life.changed(now);
}

/** The card is charged for the parcel. */
export function capture(life: SeedLife, share: ShareView, now: number): void {
  const current = currentPayment(share);
  const payment = life.payments.find((one) => one.id === current?.id);
  if (!current || !payment) return;
  current.state = 'captured';
  payment.state = 'captured';
  payment.capturedMinor = payment.authorizedMinor;
  const key = operation(life, {
    kind: 'capture',
    share,
    subject: payment.id,
    amountMinor: share.amountMinor,
    attempt: share.paymentAttempt,
    providerRef: payment.providerRef,
    at: now,
  });
  const amountMinor = payment.capturedMinor;
  note(life, { paymentId: payment.id, verb: 'charge', reference: key, amountMinor, at: now });
  post(life, { key, account: 'gateway', amountMinor, at: now });
  const data = { paymentId: payment.id, amountMinor: payment.capturedMinor, currency: life.view.currency };
  life.event('payment.captured', { ...data, reference: payment.providerRef }, { at: now });
  life.changed(now);
}

/** What is authorized for the share and not charged goes back. */
export function giveBack(life: SeedLife, share: ShareView, now: number): void {
  const payment = life.payments.find((one) => one.share === share && one.state === 'authorized');
  const current = share.payments.find((one) => one.id === payment?.id);
  if (!payment || !current) return;
  current.state = 'voided';
  payment.state = 'voided';
  payment.voidedMinor = payment.authorizedMinor;
  const { id: subject, attempt, providerRef } = payment;
  const amountMinor = payment.voidedMinor;
  const reference = operation(life, {
    ...{ kind: 'void', share, subject, amountMinor: null, attempt, providerRef, at: now },
  });
  note(life, { paymentId: subject, verb: 'cancel', reference, amountMinor, at: now });
  const data = { paymentId: subject, amountMinor: payment.voidedMinor, currency: life.view.currency };
  life.event('payment.voided', data, { at: now });
}

/** The channel has the money of the whole order: a payment that was never at the gateway, with its events and postings. */
export function bookAtChannel(life: SeedLife, given: { id: string; providerRef: string; at: number }): void {
  const { id, providerRef, at: now } = given;
  const { totalMinor } = life.sums;
  life.payments.push({
    ...{ id, share: null, attempt: 1, state: 'captured', providerRef, failureCode: null, createdAt: now },
    ...{ authorizedMinor: totalMinor, capturedMinor: totalMinor, voidedMinor: 0 },
  });
  for (const type of ['authorization_success', 'charge_success'] as const)
    event(life, { paymentId: id, type, reference: id, amountMinor: totalMinor, source: 'channel', at: now });
  post(life, { key: id, account: 'channel', amountMinor: totalMinor, at: now });
}

/** What was asked of the gateway and what it said, as two events; a refusal has a code. */
function note(
  life: SeedLife,
  given: {
    paymentId: string;
    verb: 'authorization' | 'charge' | 'cancel';
    reference: string;
    amountMinor: number;
    providerRef?: string;
    code?: string;
    at: number;
  },
): void {
  const { verb, code, at: now, ...rest } = given;
  event(life, { ...rest, type: `${verb}_request`, at: now - ANSWER_MILLIS });
  const isRefused = code !== undefined;
  event(life, {
    ...rest,
    type: `${verb}_${isRefused ? 'failure' : 'success'}`,
    at: now,
    ...(isRefused && { code }),
  });
}

function event(
  life: SeedLife,
  given: {
    paymentId: string;
    type: PaymentEventType;
    reference: string;
    amountMinor: number;
    source?: 'channel';
    providerRef?: string;
    code?: string;
    at: number;
  },
): void {
  life.batch.rows.add('payment_events', [
    ...[
      life.view.orderId,
      given.paymentId,
      given.type,
      given.reference,
      given.amountMinor,
      life.view.currency,
    ],
    ...[given.source ?? 'operation', given.providerRef ?? null, given.code ?? null, at(given.at)],
  ]);
}

/** Two postings that add up to zero; nothing moves nothing. */
function post(
  life: SeedLife,
  given: { key: string; account: 'gateway' | 'channel'; amountMinor: number; at: number },
): void {
  const { key, account, amountMinor } = given;
  if (amountMinor === 0) return;
  const { orderId, currency } = life.view;
  life.batch.rows.add('ledger', [key, account, orderId, amountMinor, currency, at(given.at)]);
  life.batch.rows.add('ledger', [key, 'customer', orderId, -amountMinor, currency, at(given.at)]);
}

/** The release delay counts from the moment at which everything is covered. */
export function setReleaseTime(life: SeedLife, now: number): void {
  if (life.releaseAt !== null || !isReadyForRelease(life.view)) return;
  life.releaseAt = now + life.world.policy.releaseDelaySeconds * 1000;
  life.view.releaseAt = at(life.releaseAt);
}

/** One call to an outside system and its answer. */
export interface Operation {
  kind: OperationKind;
  share: ShareView;
  subject: string;
  amountMinor: number | null;
  attempt: number;
  providerRef: string | null;
  failureCode?: string;
  at: number;
}

/** Outside systems answer in well under a second. */
const ANSWER_MILLIS = 180;

/** Writes the row of a call that was answered; returns its key. */
export function operation(life: SeedLife, given: Operation): string {
  const key = operationKey(life.view.number, given.kind, {
    shareSeq: given.share.seq,
    attempt: given.attempt,
  });
  life.batch.rows.add('operations', [
    key,
    life.view.orderId,
    given.kind,
    given.subject,
    given.amountMinor,
    given.failureCode === undefined ? 'succeeded' : 'failed',
    given.providerRef,
    given.failureCode ?? null,
    at(given.at - ANSWER_MILLIS),
    at(given.at),
  ]);
  return key;
}
