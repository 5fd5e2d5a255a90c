/** What may be closed by hand, against the causes that rules wait for. */
import { describe, expect, it } from 'vitest';
import { CASES, isCaseCode, isClosable, whatToDo } from './cases.ts';
import { FAILURES } from './failures.ts';

describe('a case', () => {
  it.each([
    'refund_at_channel',
    'parcel_lost',
    'parcel_silent',
    'pack_overdue',
    'order_broken',
    'inbound_unusable',
  ])('of %s is closed by a person who has seen to it', (code) => expect(isClosable(code)).toBe(true));

  it.each([
    'short_stock',
    'unpaid_at_channel',
    'card_declined',
    'capture_refused',
    'outcome_unknown',
    'warehouse_refused',
  ])('of %s ends only when its cause is cured', (code) => expect(isClosable(code)).toBe(false));

  it('of a cause that nobody knows is not closed by hand, and has no advice', () => {
    for (const code of ['invalid', 'no_such_code', 'constructor']) {
      expect([code, isCaseCode(code), isClosable(code), whatToDo(code)]).toEqual([code, false, false, '']);
    }
  });

  it('says what to do, in a sentence', () => {
    for (const code of Object.keys(CASES)) {
      expect(Object.keys(FAILURES)).toContain(code);
      expect(whatToDo(code)).toMatch(/^[A-Z].{20,}\.$/);
    }
  });
});
