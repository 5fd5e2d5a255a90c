/**
 * Gift cards and store credit at the door: codes become accounts before anything is stored. A code goes no further than this:
 * the order keeps the account's id, and a fingerprint made of a code is hashed again under a key of its own.
 */
import { keyedHash } from '../db/keyedHash.ts';
import { resolveCredit, type CreditPlace, type CreditResolved } from '../db/reads/credit.ts';
import { CREDIT_REFUSAL_WORDS } from '../domain/credit.ts';
import { tendersIn } from '../domain/givenTenders.ts';
import type { NewOrder, NewTender } from '../domain/newOrder.ts';
import { Refusal, type ProblemError } from './problems.ts';

type CreditTender = Extract<NewTender, { method: 'gift_card' | 'store_credit' }>;

/** True when some of the order is paid with a gift card or store credit. */
export function hasCredit(order: NewOrder): boolean {
  return tendersIn(order).some(isCredit);
}

/** The accounts of the order's gift cards and store credit, by the place of their tender, or the refusal of the first bad one. */
export async function creditAccounts(
  place: CreditPlace,
  order: NewOrder,
): Promise<ReadonlyMap<number, string> | Refusal> {
  const accounts = new Map<number, string>();
  const refused: { code: Extract<CreditResolved, { refused: unknown }>['refused']; error: ProblemError }[] =
    [];
  for (const [index, tender] of tendersIn(order).entries()) {
    if (!isCredit(tender)) continue;
    const found = await resolveCredit(place, { ...namedBy(tender), currency: order.currency });
    if ('accountId' in found) accounts.set(index + 1, found.accountId);
    else
      refused.push({
        code: found.refused,
        error: { pointer: pointerOf(order, index, tender), detail: CREDIT_REFUSAL_WORDS[found.why] },
      });
  }
  const [first] = refused;
  return first ? new Refusal(first.code, { errors: refused.map(({ error }) => error) }) : accounts;
}

/** The fingerprint of a body that holds a code, so that nobody who reads it can try codes against it. */
export function sealedFingerprint(masterKey: Buffer, fingerprint: string): string {
  return keyedHash(masterKey, 'holdfast fingerprint of a code', fingerprint).toString('base64url');
}

function isCredit(tender: NewTender): tender is CreditTender {
  return tender.method === 'gift_card' || tender.method === 'store_credit';
}

function namedBy(tender: CreditTender) {
  return tender.method === 'gift_card'
    ? { method: tender.method, code: tender.code }
    : { method: tender.method, account: tender.account };
}

function pointerOf(order: NewOrder, index: number, { method }: CreditTender): string {
  const at = order.payments ? `/payments/${index}` : '/payment';
  return `${at}/${method === 'gift_card' ? 'code' : 'account'}`;
}
