/**
 * The book of credit accounts: the row lock that everything about one account goes through, and movements. Balance and held
 * amount change only here, together with the movements whose sums they are.
 */
import type { CreditDelta, CreditFacts } from '../../domain/credit.ts';
import type { CreditMethod } from '../../domain/method.ts';
import type { Tx } from '../connect.ts';

/** An account under its lock; `now` is the database's clock. */
export interface LockedCredit extends CreditFacts {
  id: string;
  kind: CreditMethod;
  codeLast4: string | null;
  now: Date;
}

/** Locks an account until the transaction ends; undefined when there is none. */
export async function lockCredit(
  tx: Pick<Tx, 'query'>,
  accountId: string,
): Promise<LockedCredit | undefined> {
  const { rows } = await tx.query<LockedCredit>({
    name: 'credit_lock',
    text: `select id, kind, currency, code_last4 as "codeLast4", balance_minor as "balanceMinor", held_minor as "heldMinor", state,
        expires_at as "expiresAt", clock_timestamp() as now
      from credit_accounts where id = $1 for update`,
    values: [accountId],
  });
  return rows[0];
}

/** What a movement is about and who makes it. */
export interface MovementOf {
  accountId: string;
  /** Unique over all movements: the second of one operation gets its kind appended. */
  key: string;
  holdId?: string | undefined;
  orderId?: string | undefined;
  actor?: string | undefined;
  reason?: string | undefined;
}

/**
 * Writes movements and changes the account by their sum; the caller holds its lock. Returns the id of the first. Rejects with a
 * unique violation when the key was used, and with a CHECK violation when less would be left than is held.
 */
export async function moveCredit(
  tx: Pick<Tx, 'query'>,
  of: MovementOf,
  deltas: readonly CreditDelta[],
): Promise<string> {
  let first: number | undefined;
  for (const [index, delta] of deltas.entries()) {
    const { rows } = await tx.query<{ id: number }>({
      name: 'credit_move',
      text: `with moved as (
          update credit_accounts set balance_minor = balance_minor + $4, held_minor = held_minor + $5 where id = $1
        )
        insert into credit_movements (account_id, key, kind, balance_delta, held_delta, hold_id, order_id, actor, reason)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
      values: [
        of.accountId,
        index === 0 ? of.key : `${of.key}/${delta.kind}`,
        delta.kind,
        delta.balanceMinor,
        delta.heldMinor,
        of.holdId ?? null,
        of.orderId ?? null,
        of.actor ?? 'system',
        of.reason ?? null,
      ],
    });
    first ??= rows[0]?.id;
  }
  return String(first ?? '');
}
