/**
 * What a decline means for the next try. A soft decline may be a yes later with the same card; after a hard one only
 * another card or another way to pay helps. Codes are the gateway's; one that is not known counts as hard, because
 * card networks punish whoever asks a bank again that has said no.
 */

/** How a decline is answered: by another try, or by asking the customer. */
export type DeclineKind = 'soft' | 'hard';

/** Declines for a cause that passes: money on the account, the issuer's system, a limit of the day. */
const SOFT_DECLINES: readonly string[] = [
  'insufficient_funds',
  'processing_error',
  'try_again_later',
  'issuer_not_available',
  'reenter_transaction',
  'approve_with_id',
  'card_velocity_exceeded',
  'withdrawal_count_limit_exceeded',
];

/** Whether the same card may be tried again after this decline code of the gateway. */
export function declineKind(code: string): DeclineKind {
  return SOFT_DECLINES.includes(code) ? 'soft' : 'hard';
}

const ANOTHER = 'Please use another card or another way to pay.';

/** For the customer: what happened and what helps. Of cards that were stolen, lost or suspected only what every other no says. */
const DECLINE_WORDS: Readonly<Record<string, string>> = {
  insufficient_funds: 'There is not enough money on the card, or its limit is reached.',
  card_velocity_exceeded: 'The limit of the card is reached.',
  withdrawal_count_limit_exceeded: 'The limit of the card is reached.',
  expired_card: 'The card has expired.',
  incorrect_cvc: 'The security code of the card is not right.',
  incorrect_number: 'The card number is not right.',
  processing_error: 'The bank could not answer just now.',
  try_again_later: 'The bank could not answer just now.',
  issuer_not_available: 'The bank could not answer just now.',
  authentication_required: 'The bank asks the holder to confirm the payment, which is not possible here.',
  currency_not_supported: 'The card can not be used in this currency.',
  balance_short: 'There is not enough left on the gift card to pay all of it.',
  credit_short: 'There is not enough left on the gift card to pay all of it.',
  account_disabled: 'The gift card can not be used any more.',
  account_expired: 'The gift card has expired.',
};

/** A decline in words that the customer may read: what happened, and what helps. Never more than the bank lets a shop tell. */
export function declineWords(code: string): string {
  const words = Object.hasOwn(DECLINE_WORDS, code) ? DECLINE_WORDS[code] : undefined;
  const why = words ?? 'The payment was declined.';
  return declineKind(code) === 'soft'
    ? `${why} You can try again, or pay in another way.`
    : `${why} ${ANOTHER}`;
}
