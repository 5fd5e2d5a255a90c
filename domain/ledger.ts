/** What can be wrong with a row of the books, in the order in which rows of one moment are named. */
export const LEDGER_PROBLEM_KINDS = [
  /** The postings of a key are not one of an account and its opposite of the customer. */
  'key_unbalanced',
  /** An event moved money and was not posted. */
  'posting_missing',
  /** A posting has no event. */
  'posting_unexplained',
  /** Posting and event say different things. */
  'posting_differs',
  /** A balance of a payment is not the fold of its events. */
  'balance_differs',
  /** A credit account's balance or held amount is not the sum of its movements. */
  'account_differs',
  /** What was taken from or given back to a credit account is not what its payment has. */
  'hold_differs',
  'order_unbalanced',
  'total_unbalanced',
] as const;
/** One of them. */
export type LedgerProblemKind = (typeof LEDGER_PROBLEM_KINDS)[number];
