/** What the page behind a payment link tells the customer of the order, in words. */
import { readPayOrder, type PayOrder } from '../../db/reads/payPage.ts';
import type { OfflineMethod } from '../../domain/method.ts';
import { payStandingOf, type PayStanding, type PayState } from '../../domain/payState.ts';
import type { Services } from '../deps.ts';
import { Refusal } from '../problems.ts';
import type { PayStateShown } from '../schemas/paymentLinks.ts';
import { readLink } from './token.ts';

/** The id of the order that a token is for. Refuses with `not_found` and `link_expired`. */
export function orderOfLink(services: Pick<Services, 'masterKey'>, token: string): string {
  const read = readLink(services.masterKey, token, Date.now());
  if (read.kind === 'unknown') throw new Refusal('not_found');
  if (read.kind === 'over') throw new Refusal('link_expired');
  return read.link.orderId;
}

/** Reads the order of a link; refuses with `not_found`. */
export async function payOrder(services: Pick<Services, 'db'>, orderId: string): Promise<PayOrder> {
  const order = await readPayOrder(services.db, orderId);
  if (!order) throw new Refusal('not_found');
  return order;
}

const WORDS: Readonly<Record<PayState, { headline: string; text: string }>> = {
  payable: { headline: 'A payment is needed', text: 'Choose how to pay, and the order goes on at once.' },
  declined: { headline: 'The payment did not go through', text: '' },
  awaited: { headline: 'A payment is still to come', text: '' },
  working: {
    headline: 'The payment is being made',
    text: 'This takes a few seconds as a rule. You can leave this page open or come back to it; nothing is charged twice.',
  },
  paid: { headline: 'Thank you, the order is paid for', text: 'There is nothing left to do on this page.' },
  idle: {
    headline: 'There is nothing to pay at the moment',
    text: 'If a payment is needed later, the shop will ask for it.',
  },
  ended: {
    headline: 'This order has ended',
    text: 'It can not be paid any more. Please ask the shop if you did not expect that.',
  },
};

/** How money comes that the page can not take. */
const AWAITED_BY: Readonly<Record<OfflineMethod, string>> = {
  bank_transfer: 'Please send it to the shop by bank transfer',
  invoice: 'Please pay it as your invoice says',
  cash_on_delivery: 'Please pay it in cash to the carrier, or ask the shop if the parcel has come already',
};

function awaitedText(by: OfflineMethod, { number, dueAt }: PayOrder['view']): string {
  const due = by === 'invoice' && dueAt !== undefined ? `, by ${dueAt.slice(0, 10)}` : '';
  return `${AWAITED_BY[by]}${due}. The reference is the order number, ${number}. What you have sent already is seen here once it has come.`;
}

/** The state of the order as the customer may see it. Cards can be given only where the page has a gateway's key. */
export function showPayState(services: Pick<Services, 'payPage'>, order: PayOrder): PayStateShown {
  const { view, facts, shop } = order;
  const standing = payStandingOf(view, facts);
  const { state, dueMinor, reason, by } = standing;
  const { headline, text } = WORDS[state];
  return {
    state,
    orderNumber: view.number,
    shop,
    due: dueMinor === null ? null : { amount: dueMinor, currency: view.currency },
    headline,
    text: by ? awaitedText(by, view) : (reason ?? text),
    methods: methodsOf(services, standing),
  };
}

function methodsOf(
  services: Pick<Services, 'payPage'>,
  { state, dueMinor }: PayStanding,
): PayStateShown['methods'] {
  if (dueMinor === null || state === 'awaited') return [];
  return services.payPage?.publishableKey === undefined ? ['gift_card'] : ['card', 'gift_card'];
}
