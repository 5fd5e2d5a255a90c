/**
 * What people, banks and the clock do at a gateway without the shop: refunds, captures and cancels in its dashboard,
 * disputes, payouts, payments that nobody ordered. Control routes: JSON, no key, no faults; all of it is in the ledger.
 *
 *   POST /_settings                      {authorizationSeconds}
 *   POST /_dashboard/refund              {payment_intent, amount?, metadata?}
 *   POST /_dashboard/refund/{id}/fail    {reason?}  a refund that is pending or had succeeded comes back
 *   POST /_dashboard/capture             {payment_intent, amount?}
 *   POST /_dashboard/cancel              {payment_intent}
 *   POST /_dashboard/payment             {amount, currency, token?, metadata?}
 *   POST /_dashboard/dispute             {payment_intent, amount?, reason?, inquiry?}
 *   POST /_dashboard/dispute/{id}/close  {outcome: won | lost}
 *   POST /_dashboard/payout              {amount?, currency?, status?}  without an amount the whole balance, which it then names
 *   POST /_dashboard/payout/{id}         {status}
 */
import { z } from 'zod';
import { stripeId } from './ids.ts';
import type { Draft } from './ledger.ts';
import { SETTINGS } from './payment.books.ts';
import type { Books, PaymentEntry } from './payment.books.ts';
import type { Params } from './payment.calls.ts';
import { invalid, missing } from './payment.errors.ts';
import { execute } from './payment.operations.ts';
import type { OperationName } from './payment.operations.ts';
import { closeDispute, dispute, fail } from './payment.refunds.ts';
import { PAYOUT } from './payment.state.ts';
import type { Intent, Payout } from './payment.state.ts';
import { disputeJson, intentJson, payoutJson, refundJson } from './payment.wire.ts';
import { Refusal } from './server.ts';
import type { Answer, Control } from './server.ts';

const MINOR = z.number().int().min(1).max(99_999_999);
const CURRENCY = z.string().length(3).toLowerCase();
const ABOUT = z.strictObject({ payment_intent: z.string() });
const PART = ABOUT.extend({ amount: MINOR.optional() });
const METADATA = z.record(z.string(), z.string());
const REFUND_BODY = PART.extend({ metadata: METADATA.default({}) });
const PAYMENT = z.strictObject({
  amount: MINOR,
  currency: CURRENCY,
  token: z.string().default('pm_card_visa'),
  metadata: METADATA.default({}),
});
const DISPUTE_BODY = PART.extend({
  reason: z.string().default('fraudulent'),
  inquiry: z.boolean().default(false),
});
const PAYOUT_BODY = z.strictObject({
  amount: MINOR.optional(),
  currency: CURRENCY.default('eur'),
  status: PAYOUT.shape.status.default('paid'),
});

/** The gateway as these routes need it. */
interface Gateway {
  books: Books;
  append(draft: Draft<PaymentEntry>): void;
}

/** The control routes of the gateway. */
export function dashboard(gateway: Gateway): Control[] {
  const { books, append } = gateway;
  return [
    control('/_settings', SETTINGS, (settings) => {
      append({ kind: 'settings', settings });
      return { ...settings };
    }),
    control('/_dashboard/refund', REFUND_BODY, ({ metadata, ...body }) => {
      const named = Object.entries(metadata).map(([name, value]) => [`metadata[${name}]`, value]);
      return act(gateway, 'refund', { ...part(body, 'amount'), ...Object.fromEntries(named) });
    }),
    control('/_dashboard/capture', PART, (body) => act(gateway, 'capture', part(body, 'amount_to_capture'))),
    control('/_dashboard/cancel', ABOUT, (body) => act(gateway, 'void', body)),
    control('/_dashboard/refund/:id/fail', z.strictObject({ reason: z.string().optional() }), (body, id) => {
      const one = known(books.refunds.get(id), 'refund', id);
      if (one.status === 'failed')
        throw new Refusal(invalid('refund_failed', 'The refund has failed already'));
      const entry = fail(one, intentOf(books, one.intentId), body.reason ?? 'unknown');
      append(entry);
      return refundJson(known(books.refunds.get(id), 'refund', id));
    }),
    control('/_dashboard/payment', PAYMENT, (body) => {
      const intent = unordered(body);
      append({ kind: 'captured', amountMinor: intent.amountMinor, intent });
      return intentJson(intent, []);
    }),
    control('/_dashboard/dispute', DISPUTE_BODY, (body) => {
      const intent = intentOf(books, body.payment_intent);
      const left = intent.capturedMinor - intent.refundedMinor;
      const amountMinor = body.amount ?? left;
      if (intent.dispute === 'open' || amountMinor < 1 || amountMinor > intent.capturedMinor)
        throw new Refusal(
          invalid('charge_disputed', 'There is nothing to dispute, or it is disputed already'),
        );
      const entry = dispute(intent, { amountMinor, reason: body.reason, isInquiry: body.inquiry });
      append(entry);
      return disputeJson(entry.dispute);
    }),
    control(
      '/_dashboard/dispute/:id/close',
      z.strictObject({ outcome: z.enum(['won', 'lost']) }),
      (body, id) => {
        const one = known(books.disputes.get(id), 'dispute', id);
        if (!OPEN.includes(one.status)) throw new Refusal(invalid('dispute_closed', 'The dispute has ended'));
        const entry = closeDispute(one, intentOf(books, one.intentId), body.outcome);
        append(entry);
        return disputeJson(entry.dispute);
      },
    ),
    control('/_dashboard/payout', PAYOUT_BODY, ({ amount, currency, status }) =>
      payOut(gateway, {
        ...{ amountMinor: amount ?? books.balanceMinor(currency), currency, status },
        automatic: amount === undefined,
      }),
    ),
    control('/_dashboard/payout/:id', z.strictObject({ status: PAYOUT.shape.status }), ({ status }, id) => {
      const payout = { ...known(books.payouts.get(id), 'payout', id), status };
      append({ kind: 'payout', payout });
      return payoutJson(payout);
    }),
  ];
}

const OPEN: readonly string[] = ['needs_response', 'warning_needs_response'];

function control<T>(
  path: string,
  body: z.ZodType<T>,
  run: (body: T, id: string) => Record<string, unknown>,
): Control {
  return {
    path,
    answer(given, id) {
      const read = body.safeParse(given);
      if (!read.success) throw new Refusal({ status: 422, body: { error: z.prettifyError(read.error) } });
      return { status: 200, body: run(read.data, id) };
    },
  };
}

/** The fields of a call with an amount under the name that the operation knows. */
function part({ payment_intent, amount }: z.infer<typeof PART>, name: string): Params {
  return { payment_intent, ...(amount === undefined ? {} : { [name]: String(amount) }) };
}

/** Does what the API does, by the same rules, without a key. */
function act({ books, append }: Gateway, name: OperationName, params: Params): Record<string, unknown> {
  const id = params['payment_intent'] ?? '';
  const intent = books.intents.get(id);
  const done = execute(name, {
    params,
    id,
    intent,
    fault: undefined,
    settings: books.settings(),
    methods: books.methods,
  });
  if (done.effect !== undefined) append(done.effect);
  if (done.answer.status !== 200) throw new Refusal(done.answer);
  return bodyOf(done.answer);
}

function bodyOf({ body }: Answer): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).parse(body);
}

function intentOf(books: Books, id: string): Intent {
  return known(books.intents.get(id), 'payment_intent', id);
}

function known<T>(one: T | undefined, object: string, id: string): T {
  if (one === undefined) throw new Refusal(missing(object, id));
  return one;
}

/** A payment that no shop asked for: captured at once, as payment links and terminals do. */
function unordered({ amount, currency, token, metadata }: z.infer<typeof PAYMENT>): Intent {
  return {
    id: stripeId('pi'),
    amountMinor: amount,
    capturedMinor: amount,
    refundedMinor: 0,
    currency,
    token,
    customer: null,
    metadata,
    created: Math.floor(Date.now() / 1000),
    status: 'succeeded',
    error: null,
    captureBefore: null,
    captureMethod: 'automatic',
    cancellation: null,
    dispute: 'none',
  };
}

function payOut(
  { append }: Gateway,
  told: Pick<Payout, 'amountMinor' | 'currency' | 'status' | 'automatic'>,
): Record<string, unknown> {
  if (told.amountMinor < 1) throw new Refusal(invalid('balance_insufficient', 'There is nothing to pay out'));
  const created = Math.floor(Date.now() / 1000);
  const payout: Payout = { id: stripeId('po'), ...told, created, arrivalDate: created };
  append({ kind: 'payout', payout });
  return payoutJson(payout);
}
