/**
 * Payments through Stripe, by its official SDK: a PaymentIntent is authorized by hand-captured confirmation, captured
 * once or cancelled, and refunded. The SDK never retries by itself: retries are the workflow's, with the same key.
 */
import Stripe from 'stripe';
import { OutcomeUnknown } from '../outcome.ts';
import type { Outcome, Refused } from '../outcome.ts';
import { TIMEOUT_MILLIS } from '../transport.ts';
import type { AuthorizeRequest, Authorized, PaymentProvider, ProviderPayment } from './port.ts';
import { usableCard } from './stripe.cards.ts';
import { refusedOrThrow } from './stripe.errors.ts';
import { toPayment } from './stripe.objects.ts';
import { PAGE_SIZE, inspect, list, listPayouts, listSettled, lookUp, slackSince } from './stripe.reading.ts';
import { findRefund, refund } from './stripe.refunds.ts';
import { parseWebhook } from './stripe.webhooks.ts';

/** How to reach Stripe. */
export interface StripeSettings {
  apiKey: string;
  /** Another base URL than Stripe's own (the simulator, stripe-mock). */
  baseUrl?: string | undefined;
  /** Signing secret of the webhook endpoint; empty refuses every webhook. */
  webhookSecret: string;
  timeoutMillis?: number | undefined;
}

/** A search that has to look at more payments than this is not trusted to answer "not found". */
const FIND_MAX = 10_000;
const EXPAND = ['payment_method', 'latest_charge'];

/** Makes the Stripe adapter. Refuses an unusable base URL by TypeError; makes no call. */
export function createStripe(settings: StripeSettings): PaymentProvider {
  const stripe = new Stripe(settings.apiKey, {
    maxNetworkRetries: 0,
    timeout: settings.timeoutMillis ?? TIMEOUT_MILLIS,
    telemetry: false,
    ...endpoint(settings.baseUrl),
  });
  return {
    id: 'stripe',
    authorize: (request) => authorize(stripe, request),
    capture: (request) => capture(stripe, request),
    void: (request) => cancel(stripe, request),
    retrieve: (providerRef) => retrieve(stripe, providerRef),
    find: (key, sinceIso) => find(stripe, key, sinceIso),
    refund: (request) => refund(stripe, request),
    findRefund: (key, providerRef, sinceIso) => findRefund(stripe, { key, providerRef, sinceIso }),
    inspect: (providerRef) => inspect(stripe, providerRef),
    list: (from) => list(stripe, from),
    listPayouts: (sinceIso) => listPayouts(stripe, sinceIso),
    listSettled: (from) => listSettled(stripe, from),
    parseWebhook: (raw, headers) => parseWebhook(stripe, settings.webhookSecret, { raw, headers }),
  };
}

function endpoint(baseUrl: string | undefined): Pick<Stripe.StripeConfig, 'host' | 'port' | 'protocol'> {
  if (baseUrl === undefined) return {};
  const url = new URL(baseUrl);
  const protocol = url.protocol === 'http:' ? 'http' : 'https';
  const port = url.port === '' ? (protocol === 'http' ? 80 : 443) : Number(url.port);
  return { host: url.hostname, port, protocol };
}

/**
 * Currencies whose amounts Stripe writes with other digits than ISO 4217 does ("Supported currencies", special cases:
 * ISK and UGX as if they had two decimals, MGA with none). They are refused until each is converted and proved: a charge
 * that is a hundred times too large is worse than none.
 */
const OTHER_DIGITS: readonly string[] = ['ISK', 'UGX', 'MGA'];

async function authorize(stripe: Stripe, request: AuthorizeRequest): Promise<Outcome<Authorized>> {
  if (OTHER_DIGITS.includes(request.currency)) {
    const detail = `Cards in ${request.currency} are not taken yet: the gateway writes this currency with other digits.`;
    return { ok: false, code: 'payment_refused', providerCode: 'currency_not_supported', detail };
  }
  const card = await usableCard(stripe, request);
  if (!card.ok) return card;
  let intent: Stripe.PaymentIntent;
  try {
    intent = await stripe.paymentIntents.create(
      {
        amount: request.amountMinor,
        currency: request.currency.toLowerCase(),
        ...card.value,
        capture_method: 'manual',
        confirm: true,
        // Nobody is there to answer a question of the bank, so a card that asks one is refused at once.
        error_on_requires_action: true,
        automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
        metadata: {
          holdfast_key: request.key,
          order_id: request.orderId,
          order_number: String(request.orderNumber),
        },
        expand: EXPAND,
      },
      { idempotencyKey: request.key },
    );
  } catch (error) {
    return refusedOrThrow(error, `authorize ${request.key}`, 'payment_refused');
  }
  const { state, ...payment } = toPayment(intent);
  if (state === 'authorized' || state === 'captured')
    return {
      ok: true,
      value: {
        providerRef: payment.providerRef,
        brand: payment.brand,
        last4: payment.last4,
        captureBefore: payment.captureBefore,
      },
    };
  return state === 'requires_action'
    ? refusal('payment_refused', 'authentication_required', 'The card asks its holder for authentication')
    : refusal('payment_refused', intent.status, `Stripe left the payment ${intent.status}`);
}

async function capture(
  stripe: Stripe,
  request: { key: string; providerRef: string; amountMinor: number },
): Promise<Outcome<{ capturedMinor: number }>> {
  try {
    const intent = await stripe.paymentIntents.capture(
      request.providerRef,
      { amount_to_capture: request.amountMinor },
      { idempotencyKey: request.key },
    );
    if (intent.status === 'succeeded') return { ok: true, value: { capturedMinor: intent.amount_received } };
    // "processing" is neither: asked again, Stripe says how it ended.
    throw new OutcomeUnknown(`Stripe capture ${request.key}: ${intent.status}`, { sent: true });
  } catch (error) {
    const no = refusedOrThrow(error, `capture ${request.key}`, 'capture_refused');
    const payment = await stateBehind(stripe, no, request.providerRef);
    return payment?.state === 'captured' ? { ok: true, value: { capturedMinor: payment.capturedMinor } } : no;
  }
}

async function cancel(
  stripe: Stripe,
  request: { key: string; providerRef: string },
): Promise<Outcome<Record<never, never>>> {
  try {
    await stripe.paymentIntents.cancel(request.providerRef, {}, { idempotencyKey: request.key });
    return { ok: true, value: {} };
  } catch (error) {
    const no = refusedOrThrow(error, `void ${request.key}`, 'payment_refused');
    const payment = await stateBehind(stripe, no, request.providerRef);
    return payment?.state === 'voided' ? { ok: true, value: {} } : no;
  }
}

/** A refusal for its state is only read against the state: what was wanted may have been reached by an earlier try. */
async function stateBehind(
  stripe: Stripe,
  no: Refused,
  providerRef: string,
): Promise<ProviderPayment | undefined> {
  return no.providerCode === 'payment_intent_unexpected_state' ? retrieve(stripe, providerRef) : undefined;
}

function retrieve(stripe: Stripe, providerRef: string): Promise<ProviderPayment | undefined> {
  return lookUp(`retrieve ${providerRef}`, async () =>
    toPayment(await stripe.paymentIntents.retrieve(providerRef, { expand: EXPAND })),
  );
}

async function find(stripe: Stripe, key: string, sinceIso: string): Promise<ProviderPayment | undefined> {
  const since = {
    created: { gte: slackSince(sinceIso) },
    limit: PAGE_SIZE,
    expand: EXPAND.map((name) => `data.${name}`),
  };
  let seen = 0;
  try {
    for await (const intent of stripe.paymentIntents.list(since)) {
      if (intent.metadata['holdfast_key'] === key) return toPayment(intent);
      seen += 1;
      if (seen >= FIND_MAX) break;
    }
  } catch (error) {
    const no = refusedOrThrow(error, `find ${key}`, 'payment_refused');
    throw new OutcomeUnknown(`Stripe find ${key}: ${no.providerCode}`, { sent: true, cause: error });
  }
  if (seen < FIND_MAX) return undefined;
  throw new OutcomeUnknown(`Stripe find ${key}: more than ${FIND_MAX} payments since ${sinceIso}`, {
    sent: true,
  });
}

function refusal(code: Refused['code'], providerCode: string, detail: string): Refused {
  return { ok: false, code, providerCode, detail };
}
