/**
 * Gift cards and store credit by hand: issue, adjust, disable, enable. Each in one transaction with its movement and audit; a
 * request with the same Idempotency-Key is done once. A gift card's code leaves here once and is not kept.
 */
import {
  availableMinor,
  normalCreditCode,
  ruleAdjust,
  type CreditDelta,
  type CreditRefusal,
  type CreditState,
  type DisableReason,
} from '../../domain/credit.ts';
import type { FailureCode } from '../../domain/failures.ts';
import type { CreditMethod } from '../../domain/method.ts';
import type { Money } from '../../domain/money.ts';
import { transaction, type Db, type Tx } from '../connect.ts';
import { hashOfCreditCode, newCreditCode } from '../creditCodes.ts';
import { newId } from '../ids.ts';
import { writeAudit, type Caller } from './audit.ts';
import { lockCredit, moveCredit } from './creditBook.ts';

/** Whose Idempotency-Key it is, the key, and what the request was. */
export interface CreditKey {
  scope: string;
  key: string;
  fingerprint: string;
}

/** An account to issue. */
export interface NewCredit {
  kind: CreditMethod;
  amount: Money;
  holder?: string | undefined;
  expiresAt?: Date | undefined;
  reason?: string | undefined;
}

/** Where accounts are kept, and the key from which that of codes is derived. */
export interface CreditStore {
  db: Pick<Db, 'pool'>;
  masterKey: Buffer;
}

/** How a keyed write ended; only `done` changed anything. */
export type CreditWritten<T> =
  { kind: 'done'; accountId: string; more: T } | { kind: 'replayed'; accountId: string } | CreditNotWritten;

/** Why nothing was written. */
export type CreditNotWritten =
  { kind: 'key_reused' } | { kind: 'not_found' } | { kind: 'refused'; code: FailureCode; why: CreditRefusal };

/** Leaves the transaction with a refusal, so that the key it claimed is free again. */
class NotWritten extends Error {
  readonly result: CreditNotWritten;
  constructor(result: CreditNotWritten) {
    super(result.kind);
    this.result = result;
  }
}

/** Issues an account. `more.code` is a gift card's code, null for store credit; a repeat of the request does not get it again. */
export function issueCredit(
  { db, masterKey }: CreditStore,
  request: CreditKey & { credit: NewCredit },
  caller: Caller,
): Promise<CreditWritten<{ code: string | null }>> {
  const { credit } = request;
  const { kind, amount } = credit;
  return once(db, { ...request, what: 'issue' }, async (tx) => {
    const id = newId('crd');
    const code = kind === 'gift_card' ? newCreditCode() : null;
    const normal = code === null ? undefined : normalCreditCode(code);
    await tx.query(
      `insert into credit_accounts (id, kind, currency, code_hash, code_last4, holder, expires_at, created_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        ...[id, kind, amount.currency],
        normal === undefined ? null : hashOfCreditCode(masterKey, normal),
        normal?.slice(-4) ?? null,
        ...[credit.holder ?? null, credit.expiresAt ?? null, caller.actor],
      ],
    );
    const issued: CreditDelta = { kind: 'issued', balanceMinor: amount.amount, heldMinor: 0 };
    const { actor } = caller;
    const key = movementKey(request);
    await moveCredit(tx, { accountId: id, key, actor, reason: credit.reason }, [issued]);
    await writeAudit(tx, {
      ...caller,
      action: 'credit.issued',
      subject: id,
      data: { kind, amountMinor: amount.amount, currency: amount.currency },
    });
    return { accountId: id, more: { code } };
  });
}

/** An adjustment: what is added, negative: taken away. */
export interface CreditAdjustment {
  accountId: string;
  amount: Money;
  reason: string;
}

/** Adds to or takes from an account by hand; never leaves less than is held (`credit_short`). */
export function adjustCredit(
  db: Pick<Db, 'pool'>,
  request: CreditKey & { adjustment: CreditAdjustment },
  caller: Caller,
): Promise<CreditWritten<Record<never, never>>> {
  const { accountId, amount, reason } = request.adjustment;
  return once(db, { ...request, what: `adjust:${accountId}` }, async (tx) => {
    const account = await lockCredit(tx, accountId);
    if (!account) throw new NotWritten({ kind: 'not_found' });
    const ruling = ruleAdjust(account, { amountMinor: amount.amount, currency: amount.currency });
    if (!ruling.ok) throw new NotWritten({ kind: 'refused', code: ruling.code, why: ruling.why });
    const key = `${movementKey(request)}/${accountId}`;
    await moveCredit(tx, { accountId, key, actor: caller.actor, reason }, ruling.deltas);
    await writeAudit(tx, {
      ...caller,
      action: 'credit.adjusted',
      subject: accountId,
      data: {
        amountMinor: amount.amount,
        currency: amount.currency,
        availableMinor: availableMinor(account),
      },
    });
    return { accountId, more: {} };
  });
}

/** What a person says about an account: whether new payments may use it, and until when. */
export interface CreditSwitch {
  accountId: string;
  state: CreditState;
  /** A new end, null for none; left out: as it is. */
  expiresAt?: Date | null | undefined;
  /** Why it is disabled. */
  reason?: DisableReason | undefined;
}

/** Disables or enables an account; false when there is none. Saying the same again changes nothing and is not audited. */
export async function switchCredit(
  db: Pick<Db, 'pool'>,
  wanted: CreditSwitch,
  caller: Caller,
): Promise<boolean> {
  return transaction(db.pool, async (tx) => {
    const account = await lockCredit(tx, wanted.accountId);
    if (!account) return false;
    const expiresAt = wanted.expiresAt === undefined ? account.expiresAt : wanted.expiresAt;
    const isSame =
      account.state === wanted.state && account.expiresAt?.getTime() === (expiresAt?.getTime() ?? undefined);
    if (isSame) return true;
    await tx.query('update credit_accounts set state = $2, expires_at = $3 where id = $1', [
      ...[wanted.accountId, wanted.state, expiresAt],
    ]);
    await writeAudit(tx, {
      ...caller,
      action: wanted.state === 'active' ? 'credit.enabled' : 'credit.disabled',
      subject: wanted.accountId,
      reason: wanted.reason ?? null,
      data: { expiresAt: expiresAt?.toISOString() ?? null },
    });
    return true;
  });
}

function movementKey({ scope, key }: CreditKey): string {
  return `request/${scope}/${key}`;
}

/** Does `work` once a key; a refusal by NotWritten leaves the key free. */
async function once<T>(
  db: Pick<Db, 'pool'>,
  request: CreditKey & { what: string },
  work: (tx: Tx) => Promise<{ accountId: string; more: T }>,
): Promise<CreditWritten<T>> {
  const scope = `credit:${request.scope}`;
  const fingerprint = `${request.what} ${request.fingerprint}`;
  try {
    return await transaction(db.pool, async (tx) => {
      const claim = await tx.query<{ fingerprint: string; answer: { accountId?: string } }>(
        `insert into idempotency (scope, key, fingerprint, order_id, status, answer) values ($1, $2, $3, '-', 200, '{}')
         on conflict (scope, key) do update set key = excluded.key returning fingerprint, answer`,
        [scope, request.key, fingerprint],
      );
      const earlier = claim.rows[0];
      if (earlier && earlier.fingerprint !== fingerprint) return { kind: 'key_reused' };
      if (earlier?.answer.accountId !== undefined)
        return { kind: 'replayed', accountId: earlier.answer.accountId };
      const done = await work(tx);
      await tx.query('update idempotency set answer = $3 where scope = $1 and key = $2', [
        ...[scope, request.key, JSON.stringify({ accountId: done.accountId })],
      ]);
      return { kind: 'done', ...done };
    });
  } catch (error) {
    if (error instanceof NotWritten) return error.result;
    throw error;
  }
}
