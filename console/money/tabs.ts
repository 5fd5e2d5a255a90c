/** The parts of the money page and what each can be narrowed to, as they stand in the address. Pure. */
import { REFUND_STATES } from '../../domain/refundStates.ts';
import type { ListParams } from '../api/queries.ts';
import { refundStateWords } from '../refund/words.ts';

/** The tabs in their order. */
export const MONEY_TABS = [
  { tab: 'refunds', label: 'Refunds' },
  { tab: 'receipts', label: 'Receipts' },
  { tab: 'credit', label: 'Gift cards and credit' },
  { tab: 'disputes', label: 'Disputes' },
  { tab: 'reconciliation', label: 'Reconciliation' },
  { tab: 'payouts', label: 'Payouts' },
] as const;
/** One of the tabs. */
export type MoneyTab = (typeof MONEY_TABS)[number]['tab'];

/** The tab an address names; the first when it names none. */
export function tabOf(value: string | undefined): MoneyTab {
  return MONEY_TABS.find(({ tab }) => tab === value)?.tab ?? 'refunds';
}

/** In the address, for those that need a person: what one begins with. */
export const NEEDS_PERSON = 'needs_person';
/** In the address, for all of them. */
export const ALL = 'all';

/** What refunds can be narrowed to. */
export const REFUND_CHOICES: readonly { value: string; label: string }[] = [
  { value: NEEDS_PERSON, label: 'Needs a person' },
  ...REFUND_STATES.map((value) => ({ value, label: refundStateWords(value) })),
  { value: ALL, label: 'All' },
];

/** What receipts can be narrowed to: what one begins with is what a person has to assign. */
export const RECEIPT_CHOICES: readonly { value: string; label: string }[] = [
  { value: 'unmatched', label: 'Unmatched' },
  { value: 'given', label: 'On their way' },
  { value: 'booked', label: 'Booked' },
  { value: 'returned', label: 'Returned' },
  { value: ALL, label: 'All' },
];

/** What disputes can be narrowed to. */
export const DISPUTE_CHOICES: readonly { value: string; label: string }[] = [
  { value: 'open', label: 'Open' },
  { value: 'won', label: 'Won' },
  { value: 'lost', label: 'Lost' },
  { value: ALL, label: 'All' },
];

/** The choice an address names; the first when it names none or one that does not exist. */
export function choiceOf(choices: readonly { value: string }[], value: string | undefined): string {
  return choices.find((one) => one.value === value)?.value ?? choices[0]?.value ?? ALL;
}

/** The parameters of the API for a choice. */
export function paramsOf(choice: string): ListParams {
  if (choice === ALL) return {};
  return choice === NEEDS_PERSON ? { needsPerson: 'true' } : { state: choice };
}
