/** Why an order is cancelled, in the words of those who choose: the same in every dialog. */
import { CANCEL_REASONS, type CancelReason } from '../../domain/order.ts';

/** What each reason is called. */
export const CANCEL_REASON_WORDS: Readonly<Record<CancelReason, string>> = Object.freeze({
  customer: 'The customer asked for it',
  declined: 'The payment was declined',
  fraud: 'Suspicion of fraud',
  inventory: 'Not enough stock',
  staff: 'Decided by staff',
  expired: 'Not paid in time',
  other: 'Another reason',
});

/** The reasons as choices of a select, in the order in which they are declared. */
export const CANCEL_REASON_CHOICES = CANCEL_REASONS.map((reason) => ({
  value: reason,
  label: CANCEL_REASON_WORDS[reason],
}));

/** The text of a reason that was given, whatever it is: a reason of an older version is shown as it is. */
export function reasonWords(reason: string): string {
  const known = CANCEL_REASONS.find((one) => one === reason);
  return known === undefined ? reason : CANCEL_REASON_WORDS[known];
}

/** The reason a select's value stands for; undefined while nothing is chosen. */
export function reasonOf(value: string): CancelReason | undefined {
  return CANCEL_REASONS.find((one) => one === value);
}
