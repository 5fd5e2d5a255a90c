/** Gift cards and store credit: accounts and their movements, and which account a code or an id means. */
import {
  normalCreditCode,
  unusable,
  type CreditMovementKind,
  type CreditRefusal,
  type CreditState,
} from '../../domain/credit.ts';
import type { CreditMethod } from '../../domain/method.ts';
import type { Db } from '../connect.ts';
import { hashOfCreditCode } from '../creditCodes.ts';
import { Conditions } from './conditions.ts';

/** A database and the master key, from which the key of codes is derived; the API's services are one. */
export interface CreditPlace {
  db: Pick<Db, 'pool'>;
  masterKey: Buffer;
}

/** What a sender gave for a tender: a gift card's code, or the id of an account of either kind. */
export interface CreditGiven {
  method: CreditMethod;
  code?: string | undefined;
  account?: string | undefined;
  currency: string;
}

/** The account that is meant, or why not: as a failure code and in detail. */
export type CreditResolved =
  { accountId: string } | { refused: 'credit_unknown' | 'credit_unusable'; why: CreditRefusal };

/**
 * Finds the account that a code or id means, and says whether it can be paid with in `currency` now. An account of another
 * kind than the method's is unknown. Whether it holds enough is not looked at: that is decided when the money is set aside.
 */
export async function resolveCredit(place: CreditPlace, given: CreditGiven): Promise<CreditResolved> {
  const row =
    given.code === undefined
      ? await readCreditAccount(place.db, given.account ?? '')
      : await findCreditByCode(place, given.code);
  if (!row || row.kind !== given.method) return { refused: 'credit_unknown', why: 'account_unknown' };
  const { currency, state, expires_at: expiresAt, now } = row;
  const why = unusable({ currency, state, expiresAt }, given.currency, now);
  return why ? { refused: 'credit_unusable', why } : { accountId: row.id };
}

/** An account as it is stored, without its code's hash. */
export interface CreditAccountRow {
  id: string;
  kind: CreditMethod;
  currency: string;
  code_last4: string | null;
  holder: string | null;
  balance_minor: number;
  held_minor: number;
  state: CreditState;
  expires_at: Date | null;
  created_by: string;
  created_at: Date;
  /** The database's clock at the reading. */
  now: Date;
}

/** The columns of CreditAccountRow. */
export const CREDIT_COLUMNS = `id, kind, currency, code_last4, holder, balance_minor, held_minor, state, expires_at, created_by,
  created_at, now() as now`;

/** One account by id. */
export async function readCreditAccount(
  db: Pick<Db, 'pool'>,
  id: string,
): Promise<CreditAccountRow | undefined> {
  const { rows } = await db.pool.query<CreditAccountRow>({
    name: 'credit_account_read',
    text: `select ${CREDIT_COLUMNS} from credit_accounts where id = $1`,
    values: [id],
  });
  return rows[0];
}

/** The gift card with this code, as people type it; undefined when there is none. */
export async function findCreditByCode(
  { db, masterKey }: CreditPlace,
  code: string,
): Promise<CreditAccountRow | undefined> {
  const normal = normalCreditCode(code);
  if (normal === undefined) return undefined;
  const { rows } = await db.pool.query<CreditAccountRow>({
    name: 'credit_account_by_code',
    text: `select ${CREDIT_COLUMNS} from credit_accounts where code_hash = $1`,
    values: [hashOfCreditCode(masterKey, normal)],
  });
  return rows[0];
}

/** Where a page of accounts starts, and which are in it. */
export interface CreditPage {
  after: { createdAt: string; id: string } | null;
  limit: number;
  filter: {
    kind?: CreditMethod | undefined;
    holder?: string | undefined;
    state?: CreditState | undefined;
  };
}

/** A row of the list; `created_key` is its time to the microsecond, as it is compared. */
export type CreditListRow = CreditAccountRow & { created_key: string };

/** Accounts, newest first; one more than `limit` when more follow. */
export async function listCreditAccounts(
  db: Pick<Db, 'pool'>,
  { after, limit, filter }: CreditPage,
): Promise<CreditListRow[]> {
  const where = new Conditions();
  if (filter.kind !== undefined) where.add('kind = ?', filter.kind);
  if (filter.holder !== undefined) where.add('holder = ?', filter.holder);
  if (filter.state !== undefined) where.add('state = ?', filter.state);
  if (after)
    where.addFixed(
      `(created_at, id) < (${where.value(after.createdAt)}::timestamptz, ${where.value(after.id)})`,
    );
  const { rows } = await db.pool.query<CreditListRow>(
    `select ${CREDIT_COLUMNS}, created_at::text as created_key from credit_accounts ${where.where()}
     order by created_at desc, id desc limit ${where.value(limit + 1)}`,
    where.values,
  );
  return rows;
}

/** One change of an account. */
export interface CreditMovementRow {
  id: number;
  kind: CreditMovementKind;
  balance_delta: number;
  held_delta: number;
  order_id: string | null;
  order_number: number | null;
  actor: string;
  reason: string | null;
  at: Date;
}

/** Movements of an account, newest first; one more than `limit` when more follow. */
export async function listCreditMovements(
  db: Pick<Db, 'pool'>,
  of: { accountId: string; before: number | null; limit: number },
): Promise<CreditMovementRow[]> {
  const { rows } = await db.pool.query<CreditMovementRow>({
    name: 'credit_movements_list',
    text: `select m.id, m.kind, m.balance_delta, m.held_delta, m.order_id, o.number as order_number, m.actor, m.reason, m.at
      from credit_movements m left join orders o on o.id = m.order_id
      where m.account_id = $1 and ($2::bigint is null or m.id < $2) order by m.id desc limit $3 + 1`,
    values: [of.accountId, of.before, of.limit],
  });
  return rows;
}
