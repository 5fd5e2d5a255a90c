/** What the dialog of a new account holds, and what is sent for it. Pure. */
import type { IssueAsked } from './calls.ts';

/** What was typed. */
export interface IssueValues {
  kind: IssueAsked['kind'];
  amount: string;
  currency: string;
  holder: string;
  /** A date without a time, "2027-12-31", or empty. */
  validThrough: string;
  reason: string;
}

/** Nothing typed yet. */
export const EMPTY_ISSUE: IssueValues = Object.freeze({
  kind: 'gift_card',
  amount: '',
  currency: '',
  holder: '',
  validThrough: '',
  reason: '',
});

/** What is sent; the last day counts whole, in the reader's time zone. */
export function issueOf(values: IssueValues, amount: IssueAsked['amount']): IssueAsked {
  const [holder, reason] = [values.holder.trim(), values.reason.trim()];
  const expiresAt = endOfDay(values.validThrough);
  return {
    kind: values.kind,
    amount,
    ...(holder !== '' && { holder }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(reason !== '' && { reason }),
  };
}

/** The instant at which a day is over where the reader is; undefined when none was chosen. */
export function endOfDay(date: string): string | undefined {
  const [year, month, day] = date.split('-').map(Number);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const end = new Date(year, month - 1, day + 1);
  return Number.isNaN(end.getTime()) ? undefined : end.toISOString();
}
