/**
 * What a person does about each cause of a case, and whether closing it by hand is up to them. A case is closable when no
 * rule waits for it: closing then only says that somebody has seen to it. The others end when their cause is cured; were
 * they closed by hand, the order would try again, or be forgotten, without anything having changed.
 */
import type { FailureCode } from './failures.ts';

interface CaseRule {
  /** True when a person may close it by hand. */
  isClosable: boolean;
  /** One or two sentences for the person who works it off. */
  whatToDo: string;
}

/** One row for each failure code that opens a case. */
export const CASES = {
  short_stock: {
    // Allocation looks at this case: without it, stock would be searched for on every change of the order.
    isClosable: false,
    whatToDo: 'Receive or correct stock, then retry the order; or cancel it.',
  },
  unpaid_at_channel: {
    isClosable: false,
    whatToDo: 'Nothing is sent before the channel reports the payment. Ask the channel, or cancel the order.',
  },
  refund_at_channel: {
    isClosable: true,
    whatToDo: 'Refund the customer in the channel, then close the case with the reference of the refund.',
  },
  card_declined: {
    isClosable: false,
    whatToDo:
      'Ask the customer to clear it with their bank, then retry; or send them a payment link, or enter another way to pay; or cancel the order.',
  },
  payment_refused: {
    isClosable: false,
    whatToDo: 'Read what the payment provider said, mend it there, then retry; or cancel the order.',
  },
  capture_refused: {
    isClosable: false,
    whatToDo:
      'The goods stay at the dock: clear it with the customer, then retry to charge anew; or send them a payment link, or enter another way to pay.',
  },
  provider_unavailable: {
    isClosable: false,
    whatToDo: 'It is tried again by itself. Retry now once the outside system answers.',
  },
  outcome_unknown: {
    isClosable: false,
    whatToDo: 'It is looked up again by itself; nothing is done twice. Retry now to look at once.',
  },
  unavailable: {
    isClosable: false,
    whatToDo: 'The order is started again by itself. Check that Temporal and its workers run.',
  },
  warehouse_refused: {
    isClosable: false,
    whatToDo: 'Read what the warehouse said and clear it there, then retry; or cancel the order.',
  },
  carrier_refused: {
    isClosable: false,
    whatToDo: 'Read what the carrier said, mend the cause, then retry; it is also tried again by itself.',
  },
  pack_overdue: {
    isClosable: true,
    whatToDo: 'Ask the warehouse. The case ends by itself when it is packed, and comes again when it is not.',
  },
  parcel_silent: {
    isClosable: true,
    whatToDo: 'Ask the carrier. The case ends by itself with the next scan that moves the parcel.',
  },
  parcel_lost: {
    isClosable: true,
    whatToDo: 'Claim it from the carrier, see to the customer, then close the case with what was agreed.',
  },
  parcel_damaged: {
    isClosable: true,
    whatToDo: 'Claim it from the carrier, see to the customer, then close the case with what was agreed.',
  },
  parcel_returned: {
    isClosable: true,
    whatToDo:
      'Ask the customer for the right address or their wish, then close the case with what was agreed.',
  },
  delivery_failed: {
    isClosable: true,
    whatToDo: 'Tell the customer to expect or fetch the parcel. The case ends by itself with the next scan.',
  },
  unknown_signal: {
    isClosable: true,
    whatToDo: 'Look who sent the signal and what they meant; do it with a command, then close the case.',
  },
  order_broken: {
    isClosable: true,
    whatToDo:
      'Give the order’s number and the detail to whoever runs the system; close the case when it is mended.',
  },
  refund_failed: {
    isClosable: false,
    whatToDo:
      'Try the refund again; or give the money back by another route and record that with its reference; or withdraw it.',
  },
  refund_by_hand: {
    isClosable: true,
    whatToDo:
      'Give the money back the way it came, then record the refund with its reference. Closing the case says it is done.',
  },
  dispute_open: {
    isClosable: true,
    whatToDo:
      'Answer at the payment provider before the date it names. Nothing more is sent while it is open; once it was lost, closing the case lets the rest go.',
  },
  amount_mismatch: {
    isClosable: true,
    whatToDo:
      'Compare the payment at the provider with the order. Give back what was too much; retry charges what is missing. Closing the case says that it is right as it is.',
  },
  moved_outside: {
    isClosable: true,
    whatToDo:
      'Somebody moved money in the provider’s dashboard. It is booked; ask them why, then close the case with the answer.',
  },
  paid_unknown: {
    isClosable: true,
    whatToDo:
      'Find out at the provider whose payment it is; give it back there if it is nobody’s; then close the case.',
  },
  overpaid: {
    isClosable: true,
    whatToDo:
      'Give back what came in too much, or agree on something else; then close the case with what was agreed.',
  },
  payment_overdue: {
    isClosable: true,
    whatToDo:
      'Remind the customer, and record the money when it has come. Closing the case says somebody has seen to it; it comes again while money is missing. What will not come is written off.',
  },
  inbound_unusable: {
    isClosable: true,
    whatToDo: 'Mend the order in the shop and send it again, or place it by hand; then close the case.',
  },
} as const satisfies Partial<Record<FailureCode, CaseRule>>;

/** How events name the end of a case that a person closed: what they wrote stays with the case alone. */
export const CLOSED_BY_HAND = 'closed by hand';
/** How a case ends that a retry has ended; whatever still is wrong opens a new one. */
export const RETRIED = 'retried';

/** A failure code that opens cases. */
export type CaseCode = keyof typeof CASES;

/** True when the text is a code that opens cases. */
export function isCaseCode(code: string): code is CaseCode {
  return Object.hasOwn(CASES, code);
}

/** True when a person may close an open case of this cause by hand; false for a cause nobody knows. */
export function isClosable(code: string): boolean {
  return isCaseCode(code) && CASES[code].isClosable;
}

/** What to do about it, for people; empty for a cause nobody knows. */
export function whatToDo(code: string): string {
  return isCaseCode(code) ? CASES[code].whatToDo : '';
}
