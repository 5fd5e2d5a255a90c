/** Refunds in words: why, what is kept back, where each stands, and what became of one that was just asked for. Pure. */
import type { Refund, RefundPreview } from '../../api/schemas/refunds.ts';
import { REFUND_REASONS, type RefundReason } from '../../domain/refund.ts';
import { failureWords } from '../actions/words.ts';
import { formatCount, formatMoney, words } from '../format.ts';

/** An amount in minor units with its currency. */
export type Amount = Refund['amount'];
/** What may be kept back. */
export type FeeKind = Refund['fees'][number]['kind'];

const REASON_WORDS: Readonly<Record<RefundReason, string>> = Object.freeze({
  customer_request: 'The customer asked for it',
  goodwill: 'Goodwill',
  defective: 'Broken or defective',
  wrong_item: 'The wrong item was sent',
  late: 'It came too late',
  lost: 'It was lost',
  returned: 'It was sent back',
  price_error: 'The price was wrong',
  duplicate: 'It was paid or sent twice',
  cancelled: 'The order was cancelled',
  other: 'Another reason',
});

/** The reasons as choices of a select. */
export const REFUND_REASON_CHOICES = REFUND_REASONS.map((value) => ({ value, label: REASON_WORDS[value] }));

/** The reason a select's value stands for; undefined while nothing is chosen. */
export function refundReasonOf(value: string): RefundReason | undefined {
  return REFUND_REASONS.find((one) => one === value);
}

/** A reason in words; one of an older version is shown as it is. */
export function refundReasonWords(reason: string): string {
  const known = refundReasonOf(reason);
  return known === undefined ? reason : REASON_WORDS[known];
}

/** What each fee is called. */
export const FEE_WORDS: Readonly<Record<FeeKind, string>> = Object.freeze({
  restocking: 'Restocking fee',
  return_label: 'Return label',
  other: 'Other fee',
});

const STATE_WORDS: Readonly<Record<Refund['state'], string>> = Object.freeze({
  awaiting_approval: 'Waits for approval',
  granted: 'Granted',
  executing: 'Being moved',
  settled: 'Refunded',
  failed: 'Failed',
  declined: 'Declined',
  withdrawn: 'Withdrawn',
});

/** Where a refund stands. */
export function refundStateWords(state: Refund['state']): string {
  return STATE_WORDS[state];
}

/** An amount for people. */
export function moneyText({ amount, currency }: Amount): string {
  return formatMoney(amount, currency);
}

/** What a refund is made of, one text a part: "1 unit of line 2", "shipping 5.00 USD", "less Restocking fee 2.00 USD". */
export function refundParts(
  refund: Pick<Refund, 'lines' | 'shipping' | 'goodwill' | 'fees' | 'rounding'>,
): string[] {
  const { lines, shipping, goodwill, fees, rounding } = refund;
  const some = (title: string, money: Amount) => (money.amount === 0 ? [] : [`${title} ${moneyText(money)}`]);
  return [
    ...lines.map(
      ({ lineNo, units, total }) =>
        `${formatCount(units)} ${units === 1 ? 'unit' : 'units'} of line ${lineNo}, ${moneyText(total)}`,
    ),
    ...some('shipping', shipping),
    ...some('goodwill', goodwill),
    ...fees.map(
      ({ kind, amount, tax }) =>
        `less ${FEE_WORDS[kind].toLowerCase()} ${moneyText({ ...amount, amount: amount.amount + tax.amount })}`,
    ),
    ...some('rounding', rounding),
  ];
}

type Movement = NonNullable<RefundPreview['plan']>['movements'][number];

/** Where the money goes: "43.33 USD back to the card", "5.00 EUR by hand, as it was paid at the channel". */
export function movementWords({
  amount,
  method,
  byHand,
}: Pick<Movement, 'amount' | 'method' | 'byHand'>): string {
  const money = moneyText(amount);
  if (!byHand) return `${money} back to the ${words(method).toLowerCase()}, by itself`;
  return method === 'prepaid'
    ? `${money} by hand: a person gives it back at the channel and records it here`
    : `${money} by hand: a person gives it back (${words(method).toLowerCase()}) and records it here`;
}

/** Whether somebody else must say yes, and from which amount on. */
export function approvalWords({
  needsApproval,
  limit,
}: Pick<RefundPreview, 'needsApproval' | 'limit'>): string {
  return needsApproval
    ? `A second person must approve it: it is above your limit of ${moneyText(limit)}. Nothing moves until then.`
    : 'No second person is needed.';
}

/** Why it can't be refunded so, in words. */
export function problemWords(problem: NonNullable<RefundPreview['problem']>): string {
  const title = failureWords(problem.code);
  return problem.detail === '' ? `${title}.` : `${title}: ${problem.detail}.`;
}

/** True while a person has to give money of this refund back outside Holdfast. */
export function isByHandNow(refund: Pick<Refund, 'state' | 'attempts'>): boolean {
  const isOpen = refund.state === 'granted' || refund.state === 'executing';
  return isOpen && refund.attempts.some((one) => one.state === 'by_hand');
}

/** What became of a refund that was just asked for or decided on, as a whole sentence and a colour for its toast. */
export function refundOutcome(refund: Pick<Refund, 'state' | 'amount' | 'attempts'>): {
  color: string;
  message: string;
} {
  const money = moneyText(refund.amount);
  switch (refund.state) {
    case 'settled':
      return { color: 'green', message: `${money} was refunded.` };
    case 'awaiting_approval':
      return { color: 'yellow', message: `The refund of ${money} waits for a second person to approve it.` };
    case 'granted':
    case 'executing':
      return isByHandNow(refund)
        ? {
            color: 'orange',
            message: `The refund of ${money} is granted. A person has to give it back by hand.`,
          }
        : { color: 'blue', message: `The refund of ${money} is being moved. It goes on by itself.` };
    case 'failed':
      return {
        color: 'red',
        message: `The refund of ${money} could not be moved. The order says what to do.`,
      };
    case 'declined':
      return { color: 'green', message: `The refund of ${money} is declined. Nothing was moved.` };
    case 'withdrawn':
      return { color: 'green', message: `The refund of ${money} is withdrawn. Nothing was moved.` };
  }
}

const ACTORS: Readonly<Record<string, string>> = {
  system: 'Holdfast',
  time: 'the clock',
  gateway: 'the payment provider',
};

/** An actor as events name it, for people: the name of its key where that is known. */
export function personWords(actor: string, name: string | null): string {
  return name ?? ACTORS[actor] ?? actor.replace(/^key:/, 'key ');
}
