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
