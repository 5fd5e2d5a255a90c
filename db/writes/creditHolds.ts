/**
 * Holds on credit accounts: set aside, taken, released, given back. Each is one transaction under the account's lock and
 * happens once a key: the same key gets the same answer, also when that was a refusal.
 */
import type pg from 'pg';
import {
  ruleGiveBack,
  ruleHold,
  ruleRelease,
  ruleTake,
  type CreditRefusal,
  type CreditRuling,
  type HoldFacts,
} from '../../domain/credit.ts';
import type { FailureCode } from '../../domain/failures.ts';
import { transaction, type Tx } from '../connect.ts';
import { newId } from '../ids.ts';
import { lockCredit, moveCredit, type LockedCredit } from './creditBook.ts';

/** A definite no, which the same key gets again. */
export interface CreditNo {
  ok: false;
  code: FailureCode;
  why: CreditRefusal;
}

/** Done, with what it came to. */
export type CreditAnswer<T> = ({ ok: true } & T) | CreditNo;

/** A key that was used for something else: nothing was done, and nothing is known about what was meant. */
export class CreditKeyReused extends Error {
  override readonly name = 'CreditKeyReused';
}

/** Money to set aside on an account. */
export interface HoldAsked {
  key: string;
  accountId: string;
  orderId: string;
  amountMinor: number;
  currency: string;
}

/** Sets money aside; never more than is there and not held. Throws CreditKeyReused, and database errors: then ask again. */
export function holdCredit(
  pool: pg.Pool,
  asked: HoldAsked,
): Promise<CreditAnswer<{ holdId: string; codeLast4: string | null }>> {
  return transaction(pool, async (tx) => {
    const account = await lockCredit(tx, asked.accountId);
    const earlier = await holdByKey(tx, asked.key);
    if (earlier) return answerAgain(earlier, asked, account);
    if (!account) return { ok: false, code: 'credit_unknown', why: 'account_unknown' };
    const ruling = ruleHold(account, asked, account.now);
    // No row can keep an amount that is none; it is refused again for what it is.
    if (!ruling.ok && ruling.why === 'amount_invalid') return ruling;
    const holdId = newId('crh');
    await tx.query({
      name: 'credit_hold',
      text: `insert into credit_holds (id, account_id, key, order_id, state, amount_minor, refusal) values ($1, $2, $3, $4, $5, $6, $7)`,
      values: [
        ...[holdId, account.id, asked.key, asked.orderId],
        ruling.ok ? 'held' : 'refused',
        asked.amountMinor,
        ruling.ok ? null : JSON.stringify({ code: ruling.code, why: ruling.why }),
      ],
    });
    if (!ruling.ok) return ruling;
    const { key, orderId } = asked;
    await moveCredit(tx, { accountId: account.id, key, holdId, orderId }, ruling.deltas);
    return { ok: true, holdId, codeLast4: account.codeLast4 };
  });
}

interface KeyedHold {
  id: string;
  accountId: string;
  orderId: string;
  amountMinor: number;
  refusal: Omit<CreditNo, 'ok'> | null;
}

async function holdByKey(tx: Tx, key: string): Promise<KeyedHold | undefined> {
  const { rows } = await tx.query<KeyedHold>({
    name: 'credit_hold_by_key',
    text: `select id, account_id as "accountId", order_id as "orderId", amount_minor as "amountMinor", refusal
      from credit_holds where key = $1`,
    values: [key],
  });
  return rows[0];
}

function answerAgain(
  hold: KeyedHold,
  asked: HoldAsked,
  account: LockedCredit | undefined,
): CreditAnswer<{ holdId: string; codeLast4: string | null }> {
  const isSame =
    hold.accountId === asked.accountId &&
    hold.orderId === asked.orderId &&
    hold.amountMinor === asked.amountMinor &&
    // What is refused is kept without its currency: it may be the very reason.
    (hold.refusal !== null || account?.currency === asked.currency);
  if (!isSame) throw new CreditKeyReused(`the key ${asked.key} was used for another hold`);
  if (hold.refusal) return { ok: false, ...hold.refusal };
  return { ok: true, holdId: hold.id, codeLast4: account?.codeLast4 ?? null };
}

/** What is done to a hold, under which key. */
export interface HoldChange {
  key: string;
  holdId: string;
}

/** The same with an amount. */
export interface HoldAmount extends HoldChange {
  amountMinor: number;
  currency: string;
}

interface LockedHold extends HoldFacts {
  accountId: string;
  orderId: string;
}

/** Locks the account of a hold, then reads the hold: whatever changes it goes through the same lock. */
async function lockHold(tx: Tx, holdId: string): Promise<LockedHold | undefined> {
  const { rows: found } = await tx.query<{ account: string }>(
    'select account_id as account from credit_holds where id = $1',
    [holdId],
  );
  const account = found[0] && (await lockCredit(tx, found[0].account));
  if (!account) return undefined;
  const { rows } = await tx.query<LockedHold>({
    name: 'credit_hold_read',
    text: `select account_id as "accountId", order_id as "orderId", state, $2::text as currency, amount_minor as "amountMinor",
      taken_minor as "takenMinor", given_back_minor as "givenBackMinor" from credit_holds where id = $1`,
    values: [holdId, account.currency],
  });
  return rows[0];
}

/** Takes what is held, or less: the rest is free again. Taken already: what was taken then. Throws database errors. */
export function takeCredit(pool: pg.Pool, asked: HoldAmount): Promise<CreditAnswer<{ takenMinor: number }>> {
  return changeHold(pool, asked, {
    rule: (hold) => ruleTake(hold, asked),
    unknown: 'capture_refused',
    async write(tx, hold) {
      await tx.query(`update credit_holds set state = 'taken', taken_minor = $2 where id = $1`, [
        asked.holdId,
        asked.amountMinor,
      ]);
      return { ...hold, takenMinor: asked.amountMinor };
    },
    answer: ({ takenMinor }) => ({ takenMinor }),
  });
}

/** Frees what is held. Released already: nothing more. Throws database errors. */
export function releaseCredit(pool: pg.Pool, asked: HoldChange): Promise<CreditAnswer<Record<never, never>>> {
  return changeHold(pool, asked, {
    rule: ruleRelease,
    unknown: 'payment_refused',
    async write(tx, hold) {
      await tx.query(`update credit_holds set state = 'released' where id = $1`, [asked.holdId]);
      return hold;
    },
    answer: () => ({}),
  });
}

/** How one change of a hold decides and writes. */
interface HoldPlan<T> {
  rule(hold: HoldFacts): CreditRuling;
  /** The failure code when there is no such hold. */
  unknown: FailureCode;
  write(tx: Tx, hold: LockedHold): Promise<LockedHold>;
  answer(hold: LockedHold): T;
}

function changeHold<T>(
  pool: pg.Pool,
  { key, holdId }: HoldChange,
  plan: HoldPlan<T>,
): Promise<CreditAnswer<T>> {
  return transaction(pool, async (tx) => {
    const hold = await lockHold(tx, holdId);
    if (!hold) return { ok: false, code: plan.unknown, why: 'hold_unknown' };
    const ruling = plan.rule(hold);
    if (!ruling.ok) return ruling;
    if (ruling.deltas.length === 0) return { ok: true, ...plan.answer(hold) };
    const { accountId, orderId } = hold;
    await moveCredit(tx, { accountId, key, holdId, orderId }, ruling.deltas);
    return { ok: true, ...plan.answer(await plan.write(tx, hold)) };
  });
}

/**
 * Gives back to the account what was taken, once a key; `refundRef` is the movement. Throws CreditKeyReused, and database
 * errors: then ask again.
 */
export function giveBackCredit(
  pool: pg.Pool,
  asked: HoldAmount,
): Promise<CreditAnswer<{ refundRef: string }>> {
  const { key, holdId, amountMinor } = asked;
  return transaction(pool, async (tx) => {
    const hold = await lockHold(tx, holdId);
    if (!hold) return { ok: false, code: 'refund_failed', why: 'hold_unknown' };
    const earlier = await movementByKey(tx, key);
    if (earlier) {
      const isSame =
        earlier.kind === 'given_back' && earlier.holdId === holdId && earlier.minor === amountMinor;
      if (!isSame) throw new CreditKeyReused(`the key ${key} was used for another movement`);
      return { ok: true, refundRef: String(earlier.id) };
    }
    const ruling = ruleGiveBack(hold, asked);
    if (!ruling.ok) return ruling;
    const { accountId, orderId } = hold;
    const refundRef = await moveCredit(tx, { accountId, key, holdId, orderId }, ruling.deltas);
    await tx.query('update credit_holds set given_back_minor = given_back_minor + $2 where id = $1', [
      holdId,
      amountMinor,
    ]);
    return { ok: true, refundRef };
  });
}

async function movementByKey(
  tx: Tx,
  key: string,
): Promise<{ id: number; kind: string; holdId: string | null; minor: number } | undefined> {
  const { rows } = await tx.query<{ id: number; kind: string; holdId: string | null; minor: number }>({
    name: 'credit_movement_by_key',
    text: `select id, kind, hold_id as "holdId", balance_delta as minor from credit_movements where key = $1`,
    values: [key],
  });
  return rows[0];
}
