/** The proof of the books, as shown. */
import { z } from 'zod';
import { LEDGER_PROBLEM_KINDS } from '../../domain/ledger.ts';
import { at, maybeAt } from './fields.ts';

const signedMoney = z
  .strictObject({ amount: z.int(), currency: z.string() })
  .meta({ description: 'Minor units; negative when money went out.' });

/** One row of the books that is wrong. */
const LedgerProblemShown = z
  .strictObject({
    kind: z.enum(LEDGER_PROBLEM_KINDS),
    at: maybeAt.meta({ description: 'When the row was written; null for a total.' }),
    row: z.string().meta({ description: 'The key of the postings, the payment, the order or the currency.' }),
    orderId: z.string().nullable(),
    orderNumber: z.int().nullable(),
    expected: signedMoney,
    actual: signedMoney,
    detail: z.string(),
  })
  .meta({ id: 'LedgerProblem' });

/** What was looked at and what is wrong. */
export const LedgerVerificationBody = z
  .strictObject({
    ok: z.boolean(),
    checkedAt: at,
    payments: z.int(),
    events: z.int(),
    postings: z.int(),
    wrong: z.int().meta({ description: 'How many rows are wrong.' }),
    problems: z
      .array(LedgerProblemShown)
      .meta({ description: 'The rows that are wrong, oldest first, at most 100.' }),
  })
  .meta({ id: 'LedgerVerification' });

/** Type for clients. */
export type LedgerVerification = z.output<typeof LedgerVerificationBody>;
