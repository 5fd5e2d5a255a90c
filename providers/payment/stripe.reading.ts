/** Looking at Stripe: what every read shares, and the whole truth about payments and payouts. */
import type Stripe from 'stripe';
import type { GatewayPayout, GatewayTruth } from '../../domain/truth.ts';
import { OutcomeUnknown } from '../outcome.ts';
import type { PaymentPage, SettledPage } from './port.ts';
import { refusedOrThrow } from './stripe.errors.ts';
import { stateOf, toListed, toPayout, toSettled, toTruth } from './stripe.objects.ts';

/** As many as Stripe gives at once. */
export const PAGE_SIZE = 100;
/** Clocks differ: a search begins a little before the first try. */
const FIND_SLACK_SECONDS = 120;

/** Runs a read; undefined when Stripe knows no such object. A read that is refused otherwise is an OutcomeUnknown. */
export async function lookUp<T>(what: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const no = refusedOrThrow(error, what, 'payment_refused');
    if (no.providerCode === 'resource_missing') return undefined;
    throw new OutcomeUnknown(`Stripe ${what}: ${no.providerCode}`, { sent: true, cause: error });
  }
}

/** An instant as Stripe's seconds. Throws RangeError for a text that is none. */
function secondsOf(iso: string): number {
  const seconds = Math.floor(Date.parse(iso) / 1000);
  if (!Number.isFinite(seconds)) throw new RangeError(`not an instant: ${iso}`);
  return seconds;
}

/** The instant from which a search by key looks. Throws RangeError for a text that is no instant. */
export function slackSince(iso: string): number {
  return secondsOf(iso) - FIND_SLACK_SECONDS;
}

/** The payment with all its refunds and disputes. */
export function inspect(stripe: Stripe, providerRef: string): Promise<GatewayTruth | undefined> {
  const of = { payment_intent: providerRef, limit: PAGE_SIZE };
  return lookUp(`inspect ${providerRef}`, async () => {
    const intent = await stripe.paymentIntents.retrieve(providerRef, { expand: ['latest_charge'] });
    // An authorization that was never captured has no money to give back: two requests are saved.
    if (intent.amount_received === 0) return toTruth(intent, [], []);
    const refunds = await all(stripe.refunds.list(of));
    const disputes = await all(stripe.disputes.list(of));
    return toTruth(intent, refunds, disputes);
  });
}

/** One page of payments, newest first. One that Stripe still processes is left out: there is nothing to compare yet. */
export async function list(
  stripe: Stripe,
  from: { sinceIso: string; cursor?: string },
): Promise<PaymentPage> {
  const page = await lookUp(`list payments since ${from.sinceIso}`, () =>
    stripe.paymentIntents.list({
      created: { gte: secondsOf(from.sinceIso) },
      limit: PAGE_SIZE,
      expand: ['data.latest_charge'],
      ...(from.cursor === undefined ? {} : { starting_after: from.cursor }),
    }),
  );
  // Payments are never deleted, so a cursor that is not known is one of another account.
  if (page === undefined) throw new OutcomeUnknown('Stripe list payments: unknown cursor', { sent: true });
  const payments = page.data.filter((intent) => stateOf(intent) !== undefined).map(toListed);
  const last = page.data.at(-1);
  return page.has_more && last !== undefined ? { payments, cursor: last.id } : { payments };
}

/** The payouts made since an instant, newest first. */
export async function listPayouts(stripe: Stripe, sinceIso: string): Promise<GatewayPayout[]> {
  const since = { created: { gte: secondsOf(sinceIso) }, limit: PAGE_SIZE };
  const payouts = await lookUp(`list payouts since ${sinceIso}`, () => all(stripe.payouts.list(since)));
  return (payouts ?? []).map(toPayout);
}

/** One page of what a payout has paid out (GET /v1/balance_transactions?payout=…), the sources of its movements expanded. */
export async function listSettled(
  stripe: Stripe,
  from: { payoutId: string; cursor?: string },
): Promise<SettledPage> {
  const page = await lookUp(`list what ${from.payoutId} pays out`, () =>
    stripe.balanceTransactions.list({
      payout: from.payoutId,
      limit: PAGE_SIZE,
      expand: ['data.source'],
      ...(from.cursor === undefined ? {} : { starting_after: from.cursor }),
    }),
  );
  if (page === undefined) throw new OutcomeUnknown(`Stripe payout ${from.payoutId}: unknown`, { sent: true });
  const settled = toSettled(page.data);
  const last = page.data.at(-1);
  return page.has_more && last !== undefined ? { ...settled, cursor: last.id } : settled;
}

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of pages) found.push(one);
  return found;
}
