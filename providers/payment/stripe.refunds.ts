/** Giving money back through Stripe: a refund of a payment, findable by our key in its metadata. */
import type Stripe from 'stripe';
import type { GatewayRefund } from '../../domain/truth.ts';
import type { Outcome, Refused } from '../outcome.ts';
import type { Refunded, RefundRequest } from './port.ts';
import { refusedOrThrow } from './stripe.errors.ts';
import { toRefund } from './stripe.objects.ts';
import { PAGE_SIZE, lookUp, slackSince } from './stripe.reading.ts';

/** Makes a refund, or finds that it was made already. */
export async function refund(stripe: Stripe, request: RefundRequest): Promise<Outcome<Refunded>> {
  let made: GatewayRefund;
  try {
    made = toRefund(
      await stripe.refunds.create(
        {
          payment_intent: request.providerRef,
          amount: request.amountMinor,
          metadata: { holdfast_key: request.key, order_id: request.orderId },
        },
        { idempotencyKey: request.key },
      ),
    );
  } catch (error) {
    const no = refusedOrThrow(error, `refund ${request.key}`, 'refund_failed');
    // Stripe forgets a key after a day, and "nothing is left of the charge" may be our own refund of before.
    const earlier = await findByKey(stripe, request);
    return earlier === undefined || earlier.state === 'failed' ? no : done(earlier.id, earlier.state);
  }
  return made.state === 'failed' ? failed(made) : done(made.id, made.state);
}

/** Looks for the refund with this key among those of the payment that were made since an instant. */
export async function findRefund(
  stripe: Stripe,
  wanted: { key: string; providerRef: string; sinceIso: string },
): Promise<GatewayRefund | undefined> {
  return findByKey(stripe, wanted, { created: { gte: slackSince(wanted.sinceIso) } });
}

async function findByKey(
  stripe: Stripe,
  { key, providerRef }: { key: string; providerRef: string },
  within: Stripe.RefundListParams = {},
): Promise<GatewayRefund | undefined> {
  const list = { ...within, payment_intent: providerRef, limit: PAGE_SIZE };
  return lookUp(`find refund ${key}`, async () => {
    for await (const one of stripe.refunds.list(list))
      if (one.metadata?.['holdfast_key'] === key) return toRefund(one);
    return undefined;
  });
}

function done(refundRef: string, state: Refunded['state']): Outcome<Refunded> {
  return { ok: true, value: { refundRef, state } };
}

function failed(made: GatewayRefund): Refused {
  const providerCode = made.failureCode ?? 'failed';
  return {
    ok: false,
    code: 'refund_failed',
    providerCode,
    detail: `Stripe made the refund ${made.id} and it failed: ${providerCode}`,
  };
}
