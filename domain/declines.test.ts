/** Soft declines are exactly those for which the same card may be asked again; all else is hard. */
import { describe, expect, test } from 'vitest';
import { declineKind } from './declines.ts';

describe('declineKind', () => {
  test.each([
    'insufficient_funds',
    'processing_error',
    'try_again_later',
    'issuer_not_available',
    'reenter_transaction',
    'approve_with_id',
    'card_velocity_exceeded',
    'withdrawal_count_limit_exceeded',
  ])('%s may be a yes later', (code) => {
    expect(declineKind(code)).toBe('soft');
  });

  test.each([
    'generic_decline',
    'do_not_honor',
    'authentication_required',
    'expired_card',
    'incorrect_cvc',
    'lost_card',
    'stolen_card',
    'fraudulent',
    'card_declined',
    'resource_missing',
    'a_code_of_tomorrow',
    '',
    'INSUFFICIENT_FUNDS',
    'toString',
  ])('%s is final for this card', (code) => {
    expect(declineKind(code)).toBe('hard');
  });
});
