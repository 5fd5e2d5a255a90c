/** A credit account straight in the database: what payments with gift cards and store credit start from. */
import { randomUUID } from 'node:crypto';
import type { Db } from '../../db/connect.ts';
import { issueCredit, type NewCredit } from '../../db/writes/credit.ts';

/** An issued account; `code` is that of a gift card. */
export interface GivenCredit {
  accountId: string;
  code: string | null;
}

/** Issues an account: a gift card of 50.00 EUR unless told otherwise. */
export async function givenCredit(
  { db, masterKey }: { db: Pick<Db, 'pool'>; masterKey: Buffer },
  credit: Partial<NewCredit> = {},
): Promise<GivenCredit> {
  const key = randomUUID();
  const made = await issueCredit(
    { db, masterKey },
    {
      ...{ scope: 'given', key, fingerprint: key },
      credit: { kind: 'gift_card', amount: { amount: 5_000, currency: 'EUR' }, ...credit },
    },
    { actor: 'given' },
  );
  if (made.kind !== 'done') throw new Error(made.kind);
  return { accountId: made.accountId, code: made.more.code };
}
