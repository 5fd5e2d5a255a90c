/** What the money steps have in common: the claim on a payment, and asking the gateway with one key as often as needed. */
import type { OperationRow } from '../db/writes/operations.ts';
import type { Outcome } from '../providers/outcome.ts';
import { storedTenders } from '../domain/tender.ts';
import type { Authorized, PaymentProvider } from '../providers/payment/port.ts';
import type { Claim } from './step.ts';

/** Stripe keeps idempotency keys for at least 24 h: before this age the same request is repeated, after it only looked up. */
const SAME_KEY_HOURS = 20;

/** Payments of nothing need no gateway. */
const NOTHING_TO_PAY: Outcome<Authorized> = {
  ok: true,
  value: { providerRef: 'none', brand: null, last4: null, captureBefore: null },
};

/** What a money step knows of its payment when it calls the gateway. */
export interface MoneyClaim {
  operation: OperationRow;
  paymentId: string;
  amountMinor: number;
  currency: string;
  token: string;
  number: number;
  orderId: string;
  providerRef: string | null;
  provider: PaymentProvider;
}

/** The claim of a step on one payment of the share; amounts are those of the payment once it exists. */
export function moneyClaim(
  { work }: Pick<Claim, 'work'>,
  given: Pick<MoneyClaim, 'operation' | 'paymentId' | 'provider'> & { tender: number; amountMinor: number },
): MoneyClaim {
  const { order, snapshot } = work;
  const { tender, ...claimed } = given;
  const known = snapshot.payments.find((payment) => payment.id === given.paymentId);
  const paidBy = storedTenders(order).find((one) => one.seq === tender);
  return {
    ...claimed,
    amountMinor: known?.amountMinor ?? given.amountMinor,
    currency: order.currency,
    token: paidBy?.token ?? '',
    number: order.number,
    orderId: order.id,
    providerRef: known?.providerRef ?? null,
  };
}

/** True when the key is too old to be trusted at the gateway: then it is looked up first. */
export function isOld(operation: Pick<OperationRow, 'firstTryAt'>): boolean {
  return Date.now() - operation.firstTryAt.getTime() > SAME_KEY_HOURS * 3_600_000;
}

/** Asks with the same key again; once the key is too old to be trusted it looks for the payment first. */
export async function authorizeOnce(
  claimed: MoneyClaim,
  operation: Pick<OperationRow, 'key' | 'firstTryAt'>,
): Promise<Outcome<Authorized>> {
  if (claimed.amountMinor === 0) return NOTHING_TO_PAY;
  const { orderId, number: orderNumber, amountMinor, currency, token, provider } = claimed;
  const { key, firstTryAt } = operation;
  const found = isOld(operation) ? await provider.find(key, firstTryAt.toISOString()) : undefined;
  // Not found is not "did not happen": it allows only sending the same key again.
  if (!found) return provider.authorize({ key, orderId, orderNumber, amountMinor, currency, token });
  if (found.state === 'authorized' || found.state === 'captured') return { ok: true, value: found };
  return { ok: false, code: 'card_declined', providerCode: found.state, detail: 'The card was declined.' };
}
