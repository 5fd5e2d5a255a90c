/**
 * Making a payment link: event and audit in one transaction, once for its key. The link itself is not kept: it is signed anew
 * from the order's id and the end that stands here. Like a note, it decides nothing and leaves `orders.version` alone.
 */
import { linkEnd } from '../../domain/paymentLink.ts';
import { isTerminal } from '../../domain/order.ts';
import { transaction, type Db, type Tx } from '../connect.ts';
import { loadSnapshot } from '../reads/snapshot.ts';
import { writeAudit, type Caller } from './audit.ts';
import { appendEvent, lockOrder } from './notes.ts';

/** A link to make; `key` makes a repeat harmless within `scope`. */
export interface NewPaymentLink {
  /** Order id or number. */
  order: string;
  /** Whose orders are found; null finds all. */
  channel: string | null;
  scope: string;
  key: string;
  fingerprint: string;
}

/** How making it ended; only `made` stored anything. */
export type PaymentLinkResult =
  | { kind: 'made' | 'replayed'; orderId: string; expiresAtSeconds: number }
  | { kind: 'key_reused' | 'no_order' | 'already_ended' };

/** Notes the link once for its key, as long as the policy of the order says; a repeat finds the first. */
export function makePaymentLink(
  db: Pick<Db, 'pool'>,
  given: NewPaymentLink,
  caller: Caller,
): Promise<PaymentLinkResult> {
  return transaction(db.pool, async (tx) => {
    const order = await lockOrder(tx, given.order, given.channel);
    const snapshot = order && (await loadSnapshot(tx, order.id));
    if (!order || !snapshot) return { kind: 'no_order' };
    // Nobody can pay it any more, under an earlier link either.
    if (isTerminal(snapshot.order.lifecycle)) return { kind: 'already_ended' };
    const earlier = await claim(tx, order.id, given);
    if (earlier && (earlier.fingerprint !== given.fingerprint || earlier.order_id !== order.id))
      return { kind: 'key_reused' };
    const known = earlier?.answer.expiresAtSeconds;
    if (known !== undefined) return { kind: 'replayed', orderId: order.id, expiresAtSeconds: known };
    const expiresAtSeconds = linkEnd(snapshot.now.getTime(), snapshot.policy.paymentLinkSeconds);
    await tx.query('update idempotency set answer = $3 where scope = $1 and key = $2', [
      scopeOf(given),
      given.key,
      JSON.stringify({ expiresAtSeconds }),
    ]);
    const data = { expiresAt: new Date(expiresAtSeconds * 1000).toISOString() };
    await appendEvent(tx, { orderId: order.id, type: 'payment.link_made', actor: caller.actor, data });
    await writeAudit(tx, { ...caller, action: 'payment.link_made', subject: order.id, data });
    return { kind: 'made', orderId: order.id, expiresAtSeconds };
  });
}

function scopeOf({ scope }: NewPaymentLink): string {
  return `payment-links:${scope}`;
}

interface Claim {
  fingerprint: string;
  order_id: string;
  answer: { expiresAtSeconds?: number };
}

async function claim(tx: Pick<Tx, 'query'>, orderId: string, given: NewPaymentLink) {
  const { rows } = await tx.query<Claim>(
    `insert into idempotency (scope, key, fingerprint, order_id, status, answer) values ($1, $2, $3, $4, 201, '{}')
     on conflict (scope, key) do update set key = excluded.key returning fingerprint, order_id, answer`,
    [scopeOf(given), given.key, given.fingerprint, orderId],
  );
  return rows[0];
}
