/** Another way to pay: what each needs, what was typed for it, and what is sent. Pure. */
import type { ChangePaymentInput } from '../../api/schemas/newPayment.ts';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { formatMoney, words } from '../format.ts';

/** The ways that can be chosen. */
export type WayToPay = ChangePaymentInput['method'];

/** The ways, in the order in which they are offered. */
export const WAY_CHOICES: readonly { value: WayToPay; label: string }[] = (
  ['card', 'gift_card', 'store_credit', 'bank_transfer', 'invoice', 'cash_on_delivery'] as const
).map((value) => ({ value, label: words(value) }));

/** What was typed. */
export interface WayValues {
  method: WayToPay;
  token: string;
  code: string;
  account: string;
  termsDays: string;
  /** The number of the way that is replaced, or empty: the one that was refused. */
  tender: string;
}

/** A card, as one begins with. */
export const EMPTY_WAY: WayValues = Object.freeze({
  method: 'card',
  token: '',
  code: '',
  account: '',
  termsDays: '',
  tender: '',
});

/** What is sent, or what is wrong with which field in words. */
export type ReadWay =
  | { ok: true; body: ChangePaymentInput }
  | { ok: false; field: 'token' | 'code' | 'account' | 'termsDays'; words: string };

const DAYS = /^\d{1,3}$/;
const DAYS_MAX = 365;

/** Reads the form. */
export function readWay(values: WayValues): ReadWay {
  const { method } = values;
  const tender = values.tender === '' ? {} : { tender: Number(values.tender) };
  const token = values.token.trim();
  const code = values.code.trim();
  const account = values.account.trim();
  const days = values.termsDays.trim();
  switch (method) {
    case 'card':
      if (token === '') return { ok: false, field: 'token', words: 'Give the token.' };
      return { ok: true, body: { method, token, ...tender } };
    case 'gift_card':
      if (code === '') return { ok: false, field: 'code', words: 'Give the code.' };
      return { ok: true, body: { method, code, ...tender } };
    case 'store_credit':
      if (account === '') return { ok: false, field: 'account', words: 'Give the id of the account.' };
      return { ok: true, body: { method, account, ...tender } };
    case 'invoice':
      if (days !== '' && !(DAYS.test(days) && Number(days) <= DAYS_MAX))
        return { ok: false, field: 'termsDays', words: `Write days from 0 to ${DAYS_MAX}, or nothing.` };
      return { ok: true, body: { method, ...(days !== '' && { termsDays: Number(days) }), ...tender } };
    case 'bank_transfer':
    case 'cash_on_delivery':
      return { ok: true, body: { method, ...tender } };
  }
}

type Tender = OrderDetail['payment']['tenders'][number];

/** One way an order is paid: "Gift card •••• H4RB, 20.00 EUR". */
export function tenderWords({ method, amount, codeLast4 }: Tender): string {
  const name = codeLast4 === null ? words(method) : `${words(method)} •••• ${codeLast4}`;
  return `${name}, ${formatMoney(amount.amount, amount.currency)}`;
}

/** Which way is replaced, as choices; none where there is only one. */
export function tenderChoices(tenders: readonly Tender[]): { value: string; label: string }[] {
  if (tenders.length < 2) return [];
  return [
    { value: '', label: 'The one that was refused or has not come' },
    ...tenders.map((one) => ({ value: String(one.seq), label: tenderWords(one) })),
  ];
}
