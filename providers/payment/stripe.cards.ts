/**
 * Whose card a token is. Stripe takes a PaymentMethod that belongs to no Customer once only, and an order may need its card
 * several times: for each share, to renew an authorization, after a soft decline, for a rest. So it is attached, before its
 * first use, to a Customer made for the order and named together with that Customer from then on.
 */
import Stripe from 'stripe';
import { readCardToken } from '../../domain/cardToken.ts';
import type { Outcome, Refused } from '../outcome.ts';
import type { AuthorizeRequest } from './port.ts';
import { refusedOrThrow } from './stripe.errors.ts';
import { lookUp } from './stripe.reading.ts';

/** What a PaymentIntent is told of the card. */
export interface UsableCard {
  payment_method: string;
  customer?: string;
}

/** A card that the shop has saved: its Customer and the PaymentMethod. */
const SAVED = /^(cus_[A-Za-z0-9]+):(pm_[A-Za-z0-9_]+)$/;
/** Stripe's test tokens: each use makes a PaymentMethod of its own. */
const TEST_TOKEN = 'pm_card_';

/**
 * The card as it can be used any number of times. Moves no money and may be repeated. Refused: the card was declined when it was
 * attached, or a customer gave a card that somebody else has saved. Throws OutcomeUnknown.
 */
export async function usableCard(stripe: Stripe, request: AuthorizeRequest): Promise<Outcome<UsableCard>> {
  const { token: method, isGivenByCustomer } = readCardToken(request.token);
  const [, customer, saved] = SAVED.exec(method) ?? [];
  if (customer !== undefined && saved !== undefined) return usable(saved, customer);
  if (!method.startsWith('pm_') || method.startsWith(TEST_TOKEN)) return usable(method);
  const attached = await attach(stripe, request, method);
  if (attached.ok) return usable(method, attached.value);
  if (attached.isDeclined) return attached.no;
  const owner = await ownerOf(stripe, method);
  // Nobody's, and Stripe does not attach it: it is unknown, was used, or is of a kind for one use. The payment itself tells.
  if (owner === null) return usable(method);
  if (isGivenByCustomer && owner.orderId !== request.orderId) return OF_ANOTHER;
  return usable(method, owner.id);
}

const OF_ANOTHER: Refused = {
  ok: false,
  code: 'payment_refused',
  providerCode: 'card_of_another',
  detail: 'The card is saved for somebody else.',
};

function usable(method: string, customer?: string): Outcome<UsableCard> {
  return { ok: true, value: { payment_method: method, ...(customer !== undefined && { customer }) } };
}

type Attached = { ok: true; value: string } | { ok: false; isDeclined: boolean; isOld: boolean; no: Refused };

/**
 * Attaches the card to a Customer of the order's: once an order and token, since Stripe gives the same answer to the same key for
 * a day. A decline that is such an old answer is asked again under the key of this authorization, which is a new try.
 */
async function attach(stripe: Stripe, request: AuthorizeRequest, method: string): Promise<Attached> {
  const { orderId, key } = request;
  const first = await makeCustomer(stripe, { orderId, method, key: `customer/${orderId}/${method}` });
  const isOldDecline = !first.ok && first.isDeclined && first.isOld;
  return isOldDecline ? makeCustomer(stripe, { orderId, method, key: `${key}/customer` }) : first;
}

async function makeCustomer(
  stripe: Stripe,
  { orderId, method, key }: { orderId: string; method: string; key: string },
): Promise<Attached> {
  try {
    const made = await stripe.customers.create(
      { payment_method: method, metadata: { order_id: orderId } },
      { idempotencyKey: key },
    );
    return { ok: true, value: made.id };
  } catch (error) {
    const no = refusedOrThrow(error, `attach the card of ${orderId}`, 'payment_refused');
    const isDeclined = error instanceof Stripe.errors.StripeCardError;
    const isOld = isDeclined && error.headers?.['idempotent-replayed'] === 'true';
    return { ok: false, isDeclined, isOld, no };
  }
}

/** The Customer that a card belongs to, and the order it was made for; null when there is none, or no such card. */
async function ownerOf(
  stripe: Stripe,
  method: string,
): Promise<{ id: string; orderId: string | undefined } | null> {
  const found = await lookUp(`retrieve ${method}`, () =>
    stripe.paymentMethods.retrieve(method, { expand: ['customer'] }),
  );
  const customer = found?.customer ?? null;
  if (customer === null) return null;
  return typeof customer === 'string'
    ? { id: customer, orderId: undefined }
    : { id: customer.id, orderId: customer.metadata['order_id'] };
}
