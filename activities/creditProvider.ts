/**
 * Our own gift cards and store credit as a payment provider: the same port as a gateway's, over our own tables, so that orders
 * pay with them by the same steps, keys and proofs. Nothing leaves the house, but the database may fail in the middle:
 * then it is as unknown as a gateway's silence, and the same key finds out.
 */
import type pg from 'pg';
import { z } from 'zod';
import { CREDIT_REFUSAL_WORDS, type HoldState } from '../domain/credit.ts';
import type { GatewayState, GatewayTruth, ListedPayment } from '../domain/truth.ts';
import {
  findHold,
  listHolds,
  readGivenBack,
  readHold,
  type HoldListRow,
  type HoldRow,
} from '../db/reads/creditHolds.ts';
import {
  giveBackCredit,
  holdCredit,
  releaseCredit,
  takeCredit,
  type CreditNo,
} from '../db/writes/creditHolds.ts';
import { surelyDidNothing } from '../db/didNothing.ts';
import { BadSignature } from '../providers/inbound.ts';
import { OutcomeUnknown, type Refused } from '../providers/outcome.ts';
import type { PaymentPage, PaymentProvider, ProviderPayment } from '../providers/payment/port.ts';

/** The id of this provider, in `payments.provider`. */
export const CREDIT_PROVIDER = 'credit';

const PAGE_SIZE = 100;

/**
 * The provider on a database. `token` of an authorization is an account's id, its reference a hold's (crh_…), a refund's
 * reference a movement's. Everything is done once a key; a refusal has a failure code and, as the provider's own, the reason
 * (domain/credit.ts). It has no payouts and believes no webhook.
 */
export function creditProvider(pool: pg.Pool): PaymentProvider {
  return {
    id: CREDIT_PROVIDER,
    authorize: ({ key, token, orderId, amountMinor, currency }) =>
      asked(async () => {
        const held = await holdCredit(pool, { key, accountId: token, orderId, amountMinor, currency });
        if (!held.ok) return refused(held);
        const { holdId: providerRef, codeLast4: last4 } = held;
        return { ok: true, value: { providerRef, brand: null, last4, captureBefore: null } };
      }),
    capture: ({ key, providerRef, amountMinor, currency }) =>
      asked(async () => {
        const taken = await takeCredit(pool, { key, holdId: providerRef, amountMinor, currency });
        return taken.ok ? { ok: true, value: { capturedMinor: taken.takenMinor } } : refused(taken);
      }),
    void: ({ key, providerRef }) =>
      asked(async () => {
        const released = await releaseCredit(pool, { key, holdId: providerRef });
        return released.ok ? { ok: true, value: {} } : refused(released);
      }),
    refund: ({ key, providerRef, amountMinor, currency }) =>
      asked(async () => {
        const given = await giveBackCredit(pool, { key, holdId: providerRef, amountMinor, currency });
        if (!given.ok) return refused(given);
        return { ok: true, value: { refundRef: given.refundRef, state: 'succeeded' } };
      }),
    findRefund: (key, providerRef) => asked(async () => (await readGivenBack(pool, providerRef, key))[0]),
    retrieve: (providerRef) => asked(async () => toPayment(await readHold(pool, providerRef))),
    find: (key, sinceIso) => asked(async () => toPayment(await findHold(pool, key, new Date(sinceIso)))),
    inspect: (providerRef) => asked(() => inspect(pool, providerRef)),
    list: (from) => asked(() => list(pool, from)),
    listPayouts: () => Promise.resolve([]),
    listSettled: ({ payoutId }) =>
      Promise.reject(new OutcomeUnknown(`credit accounts: no payout ${payoutId}`, { sent: false })),
    parseWebhook: () => {
      throw new BadSignature('credit accounts send no webhooks');
    },
  };
}

/**
 * A database that does not answer, refuses or goes away is an unknown outcome. What it refused with an error of its own was
 * rolled back, and what found nobody listening never left: both surely did nothing.
 */
async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof OutcomeUnknown) throw cause;
    const message = cause instanceof Error ? cause.message : 'the database failed';
    throw new OutcomeUnknown(`credit accounts: ${message}`, { sent: !surelyDidNothing(cause), cause });
  }
}

function refused({ code, why }: CreditNo): Refused {
  return { ok: false, code, providerCode: why, detail: CREDIT_REFUSAL_WORDS[why] };
}

const GATEWAY_STATE: Readonly<Record<HoldState, GatewayState>> = {
  held: 'authorized',
  taken: 'captured',
  released: 'voided',
  refused: 'declined',
};

function paymentOf(row: HoldRow) {
  return {
    providerRef: row.id,
    state: GATEWAY_STATE[row.state],
    amountMinor: row.amount_minor,
    capturedMinor: row.taken_minor,
    currency: row.currency,
    // A hold lasts until it is taken or released.
    captureBefore: null,
  };
}

function toPayment(row: HoldRow | undefined): ProviderPayment | undefined {
  return row && { ...paymentOf(row), brand: null, last4: row.code_last4 };
}

async function inspect(pool: pg.Pool, providerRef: string): Promise<GatewayTruth | undefined> {
  const row = await readHold(pool, providerRef);
  if (!row) return undefined;
  const refunds = await readGivenBack(pool, providerRef);
  return { ...paymentOf(row), key: row.key, orderId: row.order_id, refunds, disputes: [] };
}

const CURSOR = z.tuple([z.string().min(1), z.string().min(1)]);

async function list(pool: pg.Pool, from: { sinceIso: string; cursor?: string }): Promise<PaymentPage> {
  const rows = await listHolds(pool, {
    since: new Date(from.sinceIso),
    before: from.cursor === undefined ? null : parseCursor(from.cursor),
    limit: PAGE_SIZE,
  });
  const page = rows.slice(0, PAGE_SIZE);
  const last = page.at(-1);
  const payments = page.map(toListed);
  return rows.length > PAGE_SIZE && last ? { payments, cursor: cursorOf(last) } : { payments };
}

function toListed(row: HoldListRow): ListedPayment {
  return {
    ...paymentOf(row),
    key: row.key,
    orderId: row.order_id,
    refundedMinor: row.given_back_minor,
    hasDispute: false,
    createdAt: row.created_at.toISOString(),
  };
}

function cursorOf(row: HoldListRow): string {
  return `${row.created_key}|${row.id}`;
}

function parseCursor(cursor: string): { createdAt: string; id: string } {
  const parsed = CURSOR.safeParse(cursor.split('|'));
  if (!parsed.success)
    throw new OutcomeUnknown('credit accounts: a cursor that no list made', { sent: false });
  const [createdAt, id] = parsed.data;
  return { createdAt, id };
}
