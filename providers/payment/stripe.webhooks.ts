/**
 * Stripe's webhooks: verified over the raw bytes, then read only for which payment (or payout) they are about. Money is
 * never booked from a webhook's body: whoever hears of a payment asks the gateway for the truth.
 */
import type Stripe from 'stripe';
import { BadSignature } from '../inbound.ts';
import type { InboundFact, WebhookHeaders } from '../inbound.ts';
import { toPayout } from './stripe.objects.ts';

/** Webhooks older than this are refused, as Stripe's own libraries do. */
const WEBHOOK_TOLERANCE_SECONDS = 300;

/** Events about a payment beside its own `payment_intent.*`; other charges' events only repeat what those say. */
const PAYMENT_EVENTS = /^(refund\.|charge\.(refunded$|refund\.|expired$|dispute\.))/;

/** Verifies and translates one webhook. Throws BadSignature. */
export function parseWebhook(
  stripe: Stripe,
  secret: string,
  message: { raw: Buffer; headers: WebhookHeaders },
): InboundFact[] {
  if (secret === '') throw new BadSignature('no Stripe webhook secret is configured');
  let event: Stripe.Event;
  try {
    event = stripe.webhooks.constructEvent(
      message.raw,
      message.headers['stripe-signature'] ?? '',
      secret,
      WEBHOOK_TOLERANCE_SECONDS,
    );
  } catch (error) {
    throw new BadSignature('the Stripe-Signature does not fit the body', { cause: error });
  }
  const object: unknown = event.data?.object;
  if (typeof event.id !== 'string' || typeof event.type !== 'string' || !isObject(object)) return [];
  return factsOf(event, object);
}

function factsOf(event: Stripe.Event, object: Named): InboundFact[] {
  const { id: sourceId, type } = event;
  if (isPayout(object)) return [{ kind: 'payout', sourceId, match: object.id, payout: toPayout(object) }];
  const match = paymentOf(type, object);
  return match === undefined ? [] : [{ kind: 'payment_event', sourceId, match, type }];
}

/** The payment that an event is about, by its id. */
function paymentOf(type: string, object: Named): string | undefined {
  if (object.object === 'payment_intent') return object.id;
  if (!PAYMENT_EVENTS.test(type)) return undefined;
  const payment = object.payment_intent;
  if (typeof payment === 'string') return payment;
  return isObject(payment) ? payment.id : undefined;
}

/** What is looked at in an object of any kind. */
interface Named {
  object: unknown;
  id: string;
  payment_intent?: unknown;
}

function isObject(value: unknown): value is Named {
  return (
    typeof value === 'object' &&
    value !== null &&
    'object' in value &&
    'id' in value &&
    typeof value.id === 'string'
  );
}

/** A payout with what is read of it. */
function isPayout(object: Named): object is Stripe.Payout {
  return (
    object.object === 'payout' &&
    'amount' in object &&
    Number.isSafeInteger(object.amount) &&
    'currency' in object &&
    typeof object.currency === 'string' &&
    'arrival_date' in object &&
    Number.isSafeInteger(object.arrival_date)
  );
}
