/** Whether an order was accepted before, asked without accepting it: a repeat gets its old answer whatever has changed since. */
import type { AcceptRequest, AcceptResult } from '../writes/intake.ts';
import type { Db } from '../connect.ts';
import { inOrder, type OrderSummary } from './summary.ts';

/** What tells a repeat: the key and the body's fingerprint, or the externalId. */
export type RepeatKeys = Pick<AcceptRequest, 'channel' | 'idempotencyKey' | 'fingerprint'> & {
  externalId: string;
};

const BEFORE = `
select order_id, fingerprint, answer, true as by_key from idempotency where scope = $1 and key = $2
union all
select o.id, o.fingerprint, i.answer, false
from orders o left join idempotency i on i.scope = o.channel and i.key = o.idempotency_key
where o.channel = $1 and o.external_id = $3
order by by_key desc`;

/** How accepting would end if the order was here before; undefined when neither its key nor its externalId is known. */
export async function acceptedBefore(
  db: Pick<Db, 'pool'>,
  keys: RepeatKeys,
): Promise<Exclude<AcceptResult, { kind: 'accepted' | 'unknown_skus' }> | undefined> {
  const { rows } = await db.pool.query<{
    order_id: string | null;
    fingerprint: string | null;
    answer: OrderSummary | null;
    by_key: boolean;
  }>(BEFORE, [keys.channel, keys.idempotencyKey, keys.externalId]);
  const [row] = rows;
  if (!row) return undefined;
  if (row.fingerprint === keys.fingerprint && row.answer)
    return { kind: 'replayed', answer: inOrder(row.answer) };
  const orderId = row.order_id ?? '';
  return row.by_key ? { kind: 'key_reused', orderId } : { kind: 'external_id_taken', orderId };
}
