/** Holds on credit accounts as a gateway would tell of its payments: one with its refunds, by reference or key, or a page of all. */
import type pg from 'pg';
import type { HoldState } from '../../domain/credit.ts';
import type { GatewayRefund } from '../../domain/truth.ts';

/** A hold with its account's currency and what was given back of it. */
export interface HoldRow {
  id: string;
  key: string;
  order_id: string;
  state: HoldState;
  currency: string;
  code_last4: string | null;
  amount_minor: number;
  taken_minor: number;
  given_back_minor: number;
  created_at: Date;
}

const HOLD = `select h.id, h.key, h.order_id, h.state, a.currency, a.code_last4, h.amount_minor, h.taken_minor, h.given_back_minor,
  h.created_at, h.created_at::text as created_key
  from credit_holds h join credit_accounts a on a.id = h.account_id`;

/** A hold by its id. */
export async function readHold(pool: pg.Pool, id: string): Promise<HoldRow | undefined> {
  const { rows } = await pool.query<HoldRow>({
    name: 'hold_read',
    text: `${HOLD} where h.id = $1`,
    values: [id],
  });
  return rows[0];
}

/** A hold by the key of its authorization, if it was made since an instant. */
export async function findHold(pool: pg.Pool, key: string, since: Date): Promise<HoldRow | undefined> {
  const { rows } = await pool.query<HoldRow>({
    name: 'hold_find',
    text: `${HOLD} where h.key = $1 and h.created_at >= $2`,
    values: [key, since],
  });
  return rows[0];
}

/** What was given back of a hold, oldest first; only that under `key` when it is given. */
export async function readGivenBack(
  pool: pg.Pool,
  holdId: string,
  key: string | null = null,
): Promise<GatewayRefund[]> {
  const { rows } = await pool.query<GatewayRefund>({
    name: 'hold_given_back',
    text: `select id::text as id, key, balance_delta as "amountMinor", 'succeeded' as state, null as "failureCode"
      from credit_movements where hold_id = $1 and kind = 'given_back' and ($2::text is null or key = $2) order by id`,
    values: [holdId, key],
  });
  return rows;
}

/** Where a page of holds starts. */
export interface HoldsFrom {
  since: Date;
  before: { createdAt: string; id: string } | null;
  limit: number;
}

/** A row of the page; `created_key` is its time to the microsecond, as it is compared. */
export type HoldListRow = HoldRow & { created_key: string };

/** Holds since an instant, newest first; one more than `limit` when more follow. */
export async function listHolds(pool: pg.Pool, from: HoldsFrom): Promise<HoldListRow[]> {
  const { rows } = await pool.query<HoldListRow>({
    name: 'holds_list',
    text: `${HOLD} where h.created_at >= $1 and ($2::timestamptz is null or (h.created_at, h.id) < ($2, $3))
      order by h.created_at desc, h.id desc limit $4 + 1`,
    values: [from.since, from.before?.createdAt ?? null, from.before?.id ?? null, from.limit],
  });
  return rows;
}
