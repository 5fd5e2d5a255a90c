/** Gift cards and store credit as calls of the API. A code is only ever sent in a body, never in an address. */
import type { CreditAccount, CreditIssued } from '../../api/schemas/credit.ts';
import type { CreditMethod } from '../../domain/method.ts';
import { call } from '../api/client.ts';

const BASE = '/v1/credit-accounts';
const ofAccount = (id: string) => `${BASE}/${encodeURIComponent(id)}`;

/** An account to issue; amounts in minor units. */
export interface IssueAsked {
  kind: CreditMethod;
  amount: { amount: number; currency: string };
  holder?: string;
  expiresAt?: string;
  reason?: string;
}

/** Issues an account. A gift card's code is in this answer and in no other. */
export function issueCredit(body: IssueAsked, idempotencyKey: string): Promise<CreditIssued> {
  return call(BASE, { body, idempotencyKey });
}

/** The account of a code. Throws ApiProblem when there is none. */
export function lookUpCode(code: string): Promise<CreditAccount> {
  return call(`${BASE}/lookup`, { body: { code } });
}

/** What is done with an account. */
export type CreditChange =
  | { act: 'adjust'; amount: { amount: number; currency: string }; reason: string }
  | { act: 'disable'; reason: string }
  /** `expiresAt`: a new end; left out, it stays as it is. */
  | { act: 'enable'; reason: string; expiresAt?: string };

/** Changes an account. A reason of an adjustment is needed; else it may be empty. */
export function changeCredit(
  id: string,
  change: CreditChange,
  idempotencyKey: string,
): Promise<CreditAccount> {
  if (change.act === 'adjust') {
    const { amount, reason } = change;
    return call(`${ofAccount(id)}/adjustments`, { body: { amount, reason }, idempotencyKey });
  }
  const { act, reason, ...more } = change;
  const body = { ...(reason !== '' && { reason }), ...more };
  return call(`${ofAccount(id)}/${act}`, { body, idempotencyKey });
}
