/** The sentence about an order: one row for each thing that can be said, and rules that hold for every order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LATER, newOrder, NOW, reachedAtAnyMoment, withWaits } from '../test/given/life.ts';
import {
  dueSteps,
  isFulfilled,
  isUndone,
  type OrderView,
  type ShareView,
  type StepKind,
  type WaitKind,
  type WaitView,
} from './lifecycle.ts';
import { LIFECYCLES } from './order.ts';
import type { PaymentState } from './payment.ts';
import type { ShipmentState } from './shipment.ts';
import { standingOf, type StandingFacts } from './standing.ts';
import { isAtRest, WAIT_WORDS } from './waits.ts';

const SINCE = '2026-03-01T09:30:00.000Z';
const DEADLINE = '2026-03-02T09:30:00.000Z';

const FACTS: StandingFacts = {
  origin: 'api',
  placedAt: '2026-03-01T08:00:00.000Z',
  completedAt: null,
  cancelledAt: null,
  deliveredAt: null,
  undo: null,
  refusals: {},
  cases: [],
  voided: false,
  missing: null,
  tries: {},
};

function wait(kind: WaitKind, subject = 'ord_1', thenWhat = 'case', awaitedFrom = 'carrier'): WaitView {
  return { kind, subject, awaitedFrom, since: SINCE, deadlineAt: DEADLINE, thenWhat };
}

/** A share of warehouse east that is paid for; what a row says replaces that. */
function share(given: Partial<ShareView> & { pays?: PaymentState; parcel?: ShipmentState } = {}): ShareView {
  const { pays = 'authorized', parcel, ...rest } = given;
  return {
    id: 'ful_1_1',
    seq: 1,
    location: 'east',
    state: 'open',
    amountMinor: 1_000,
    paymentAttempt: 1,
    shipmentAttempt: 1,
    payments: [{ id: 'pay_1_1_1', attempt: 1, state: pays }],
    shipment: parcel === undefined ? null : { id: 'shp_1_1_1', state: parcel },
    submitClaimed: rest.state !== undefined && rest.state !== 'open',
    stalled: [],
    ...rest,
  };
}

function order(shares: ShareView[], given: Partial<OrderView> = {}): OrderView {
  return { ...newOrder(1, 'card'), shares, ...given };
}

const stalled = (step: StepKind) => ({
  stalled: [step],
  waits: [wait('retry', `ful_1_1#${step}`, 'retry'), wait('case', 'ord_1', 'remind', 'a person')],
});
/** A view whose one share has a stalled step. */
const stuck = (step: StepKind, given: Parameters<typeof share>[0] = {}) =>
  order([share({ ...given, stalled: [step] })], { waits: stalled(step).waits });

const packing = [wait('packing', 'ful_1_1', 'case', 'warehouse east')];
const delivery = [wait('delivery', 'shp_1_1_1')];
const person = [wait('case', 'ord_1', 'remind', 'a person')];
const payment = (thenWhat = 'expire') => [wait('payment', 'ord_1', thenWhat, 'customer')];
const onTheWay = (parcel: ShipmentState) => share({ state: 'packed', pays: 'captured', parcel });
const ended = (given: Partial<OrderView>) => order([onTheWay('delivered')], given);
const opened = (code: string, owner = 'support', subject = 'ord_1') => ({
  cases: [{ subject, code, owner }],
});

const IF_NOT = 'if nothing comes by 2026-03-02 09:30 UTC';
const AT = 'at 2026-03-02 09:30 UTC';
const SINCE_WORDS = 'since 2026-03-01 09:30 UTC';
const PACKING = `It waits for packing from warehouse east ${SINCE_WORDS}; ${IF_NOT}, a case is opened for the warehouse.`;
const DELIVERY = `It waits for delivery from the carrier ${SINCE_WORDS}; ${IF_NOT}, a case is opened for support.`;
const PAYMENT = `It waits for a payment that works from the customer ${SINCE_WORDS}; ${IF_NOT}, the order expires and its stock is given back.`;
const SUPPORT = `It waits for a person who looks at it ${SINCE_WORDS}; ${AT}, whoever works on it is reminded.`;
const SEEN_TO = 'A person has seen to it; nothing more happens by itself.';
const NOW_WORDS = 'The next step is being done now.';
const retried = (from: string) =>
  `It waits for the next try of a step that failed from ${from} ${SINCE_WORDS}; ${AT}, it is tried again by itself`;

type Row = [text: string, view: OrderView, facts?: Partial<StandingFacts>];

const STOCK: Row[] = [
  [
    `Placed on 2026-03-01 08:00 UTC; its stock is being looked for. ${NOW_WORDS}`,
    order([], { lifecycle: 'received' }),
  ],
  [
    `Placed, but not all of it is in stock (TEA: 1 of 3). It waits for stock from the warehouses ${SINCE_WORDS}; ${IF_NOT}, it is looked for once more, and else the order is cancelled.`,
    order([], { lifecycle: 'received', waits: [...person, wait('stock', 'ord_1', 'cancel')] }),
    { missing: 'TEA: 1 of 3', ...opened('short_stock', 'ops') },
  ],
];

const PAYMENTS: Row[] = [
  [`In stock; the card is being authorized. ${NOW_WORDS}`, order([share({ payments: [] })])],
  [`In stock; the card is being authorized. ${NOW_WORDS}`, order([share({ pays: 'created' })])],
  [`Whether the card was authorized is not known yet. ${NOW_WORDS}`, order([share({ pays: 'unknown' })])],
  [
    `Whether the card was authorized is not known yet. ${retried('the payment provider')} (after 1 failure).`,
    stuck('authorize', { pays: 'unknown' }),
    { tries: { 'ful_1_1#authorize': 1 } },
  ],
  [
    `The card could not be authorized yet. ${retried('the payment provider')}.`,
    stuck('authorize', { pays: 'created' }),
  ],
  [
    `The card was declined (insufficient funds). ${PAYMENT}`,
    order([share({ pays: 'declined' })], { waits: [...person, ...payment()] }),
    { refusals: { pay_1_1_1: 'insufficient_funds' } },
  ],
  [
    `The gift card does not hold enough. ${PAYMENT}`,
    order([share({ pays: 'declined' })], { method: 'gift_card', waits: payment() }),
    { refusals: { pay_1_1_1: 'balance_short' } },
  ],
  [
    `The gift card was declined (account expired). ${PAYMENT}`,
    order([share({ pays: 'declined' })], { method: 'gift_card', waits: payment() }),
    { refusals: { pay_1_1_1: 'account_expired' } },
  ],
  [
    `The customer has to confirm the card payment. ${PAYMENT}`,
    order([share({ pays: 'declined' })], { waits: payment() }),
    { refusals: { pay_1_1_1: 'authentication_required' } },
  ],
  [
    `The customer has to confirm the card payment. ${PAYMENT}`,
    order([share({ pays: 'requires_action' })], { waits: payment() }),
  ],
  [
    `The authorization of the card has expired. ${PAYMENT}`,
    order([share({ pays: 'expired' })], { waits: payment() }),
  ],
  [
    `The charge of the card was refused (expired card); the goods stay at the dock. ${PAYMENT.replace(/the order expires.*/, 'whoever works on it is reminded.')}`,
    order([share({ pays: 'voided', state: 'packed', parcel: 'cancelled' })], { waits: payment('remind') }),
    { refusals: { pay_1_1_1: 'expired_card' } },
  ],
  [
    `The charge of the card was refused; the parcel had left already. ${PAYMENT.replace(/the order expires.*/, 'whoever works on it is reminded.')}`,
    order([share({ pays: 'failed', state: 'packed', parcel: 'in_transit' })], { waits: payment('remind') }),
  ],
  [
    `Something of an earlier attempt could not be given back yet. ${retried('the payment provider')} (after 3 failures).`,
    stuck('void', { pays: 'failed', state: 'packed' }),
    { tries: { 'ful_1_1#void': 3 } },
  ],
  [
    `Something of an earlier attempt could not be given back yet. ${retried('the carrier')}.`,
    stuck('void_label', { pays: 'failed', state: 'packed', parcel: 'booked' }),
  ],
  [
    `An earlier authorization is being given back. ${NOW_WORDS}`,
    order([share({ undoing: [{ kind: 'void', subject: 'pay_1_1_0' }] })]),
  ],
  [
    `In stock, but the channel has not reported its payment yet. ${PAYMENT.replace('the customer', 'the channel')}`,
    order([share({ payments: [] })], { method: 'prepaid', paid: false, waits: [...person, ...payment()] }),
  ],
];

const RESTING = { authorizeAt: DEADLINE, waits: [wait('reauthorize', 'ord_1', 'authorize', 'time')] };
const REST = `It waits for its card to be authorized again ${SINCE_WORDS}; ${AT}, it is authorized by itself.`;

const CARDS: Row[] = [
  [
    `The bank has declined the card for now (insufficient funds); the card is asked again. It waits for the next try of the card from the customer's bank ${SINCE_WORDS}; ${AT}, the card is asked again by itself.`,
    order([share({ pays: 'declined' })], { waits: [wait('decline', 'ful_1_1', 'authorize', 'bank')] }),
    { refusals: { pay_1_1_1: 'insufficient_funds' } },
  ],
  [
    `In stock, and waiting for its release to east; the card is authorized again near it, so that the authorization does not end before. ${REST}`,
    order([share({ payments: [] })], RESTING),
  ],
  [`Waiting for its release to east. ${REST}`, order([share()], RESTING)],
  [
    `With east; the card is being authorized again. ${NOW_WORDS}`,
    order([share({ payments: [], paymentAttempt: 2, state: 'picking' })]),
  ],
  [
    `The charge of the card was refused (expired card). ${PAYMENT}`,
    order([share({ pays: 'voided' })], { waits: payment() }),
    { refusals: { pay_1_1_1: 'expired_card' } },
  ],
  [
    `Only a part of what is owed was taken from the card. ${SUPPORT} A person has to look at it: the gateway moved another amount than was asked for.`,
    order([share({ pays: 'partially_captured' })], { waits: person }),
    opened('amount_mismatch', 'ops'),
  ],
  [
    `The card is authorized, but could not be charged yet. ${retried('the payment provider')}.`,
    { ...stuck('capture'), captureAt: 'order' },
  ],
  [
    `Paid and packed in east, ready for the carrier. ${DELIVERY}`,
    order([share({ state: 'packed', parcel: 'booked' })], { captureAt: 'delivery', waits: delivery }),
  ],
  [
    `Delivered, and the card is being charged. ${NOW_WORDS}`,
    order([share({ state: 'closed', parcel: 'delivered' })], { captureAt: 'delivery' }),
  ],
];

const MONEY = { refunds: [], inspections: [], stalled: [], isDisputed: false };
const DISPUTE = 'A person has to look at it: the customer disputes the charge at their bank.';

const REFUNDS: Row[] = [
  ...[share(), share({ state: 'packed', pays: 'captured' })].map((one): Row => [
    `Held back in east, because the customer disputes a charge at their bank. ${SUPPORT} ${DISPUTE}`,
    order([one], {
      releaseAt: new Date(NOW).toISOString(),
      money: { ...MONEY, isDisputed: true },
      waits: person,
    }),
    opened('dispute_open'),
  ]),
  [
    'Rejected; its stock is free again. A refund is on its way to the customer.',
    ended({ lifecycle: 'rejected', money: { ...MONEY, pending: ['rfd_1'] } }),
  ],
  [
    'Rejected; its stock is free again. A refund waits for a second person.',
    ended({ lifecycle: 'rejected', money: { ...MONEY, toApprove: ['rfd_1'] } }),
  ],
  [
    `Rejected; its stock is free again. ${DISPUTE}`,
    ended({ lifecycle: 'rejected', money: { ...MONEY, isDisputed: true } }),
    opened('dispute_open'),
  ],
];

const unpaid = (
  method: 'bank_transfer' | 'invoice' | 'cash_on_delivery',
  given: Partial<OrderView> = {},
) => ({
  method,
  paid: false,
  ...given,
});
const DUE = '2026-04-01T09:30:00.000Z';
const MISSED = '2026-02-01T09:30:00.000Z';
const free = (given: Parameters<typeof share>[0] = {}) => share({ payments: [], ...given });
const receipt = [wait('receipt', 'ord_1', 'case', 'customer')];
const MONEY_OF = (from: string) =>
  `It waits for its money from the ${from} ${SINCE_WORDS}; ${IF_NOT}, a case is opened for support.`;

const REMINDED = `It waits for 25.80 EUR by invoice from the customer ${SINCE_WORDS}; ${IF_NOT}, whoever works on it is reminded.`;

const AWAITED: Row[] = [
  [
    `In stock; the bank transfer has not come in full yet. ${PAYMENT}`,
    order([free()], unpaid('bank_transfer', { waits: payment() })),
  ],
  [
    `In stock; the bank transfer has not come in full yet. ${PAYMENT.replace('a payment that works', '20.80 USD by bank transfer')}`,
    order([free()], unpaid('bank_transfer', { currency: 'USD', waits: payment() })),
    { stillToCome: { method: 'bank_transfer', minor: 2_080 } },
  ],
  [
    `Paid, and being picked and packed in east. ${PACKING}`,
    order([free({ state: 'picking' })], { method: 'bank_transfer', paid: true, waits: packing }),
  ],
  [
    `The card was declined (insufficient funds). ${PAYMENT}`,
    order(
      [
        share({
          pays: 'declined',
          legs: [{ tender: 1, method: 'card', amountMinor: 400, attempt: 1 }],
        }),
      ],
      unpaid('bank_transfer', { waits: payment() }),
    ),
    { refusals: { pay_1_1_1: 'insufficient_funds' } },
  ],
  [
    `To be paid by invoice, and about to go to east; until then it can be cancelled. It waits for its release to the warehouse ${SINCE_WORDS}; ${AT}, it goes to the warehouse by itself.`,
    order(
      [free()],
      unpaid('invoice', {
        releaseAt: new Date(LATER + 1).toISOString(),
        waits: [wait('release', 'ord_1', 'release', 'time')],
      }),
    ),
  ],
  [
    `To be paid on delivery, and accepted by east to be packed. ${PACKING}`,
    order([free({ state: 'accepted' })], unpaid('cash_on_delivery', { waits: packing })),
  ],
  [
    `To be paid by invoice, and packed in east, ready for the carrier. ${DELIVERY}`,
    order([free({ state: 'packed', parcel: 'booked' })], unpaid('invoice', { waits: delivery })),
  ],
  [
    `On its way with the carrier. ${DELIVERY}`,
    order(
      [free({ state: 'packed', parcel: 'in_transit' })],
      unpaid('invoice', { dueAt: DUE, waits: [...delivery, ...receipt] }),
    ),
  ],
  [
    `Delivered; the invoice is due on 2026-04-01. ${MONEY_OF('customer')}`,
    order(
      [free({ state: 'closed', parcel: 'delivered' })],
      unpaid('invoice', { dueAt: DUE, waits: receipt }),
    ),
  ],
  [
    `Delivered; the cash from the carrier is due on 2026-04-01. ${MONEY_OF('carrier')}`,
    order(
      [free({ state: 'closed', parcel: 'delivered' })],
      unpaid('cash_on_delivery', { dueAt: DUE, waits: receipt }),
    ),
  ],
  [
    `Delivered; the invoice was due on 2026-02-01. ${REMINDED} A person has to look at it: the money has not come in time.`,
    order(
      [free({ state: 'closed', parcel: 'delivered' })],
      unpaid('invoice', { dueAt: MISSED, currency: 'EUR', waits: [...person, ...receipt] }),
    ),
    { ...opened('payment_overdue'), stillToCome: { method: 'invoice', minor: 2_580 } },
  ],
  // Its case was closed by hand: what is still awaited is its money.
  [
    `The carrier has lost the parcel. ${MONEY_OF('customer')}`,
    order([free({ state: 'packed', parcel: 'lost' })], unpaid('invoice', { dueAt: DUE, waits: receipt })),
  ],
  [
    'Expired on 2026-03-02 07:00 UTC, because it was not paid in time; its stock is free again. A person has to look at it: a person has to give this money back.',
    order([free()], unpaid('bank_transfer', { lifecycle: 'expired', direction: 'undo' })),
    {
      cancelledAt: '2026-03-02T07:00:00.000Z',
      undo: { cause: 'expired', by: null },
      ...opened('refund_by_hand'),
    },
  ],
];

const WAREHOUSE: Row[] = [
  [
    `Paid, and about to go to east; until then it can be cancelled. It waits for its release to the warehouse ${SINCE_WORDS}; ${AT}, it goes to the warehouse by itself.`,
    order([share()], {
      releaseAt: new Date(LATER + 1).toISOString(),
      waits: [wait('release', 'ord_1', 'release', 'time')],
    }),
  ],
  [
    `Paid, and being handed to east. ${NOW_WORDS}`,
    order([share()], { releaseAt: new Date(NOW).toISOString() }),
  ],
  [`Paid, but it could not be handed to east yet. ${retried('the warehouse')}.`, stuck('submit')],
  [
    `Paid, and handed to east to be packed. ${PACKING}`,
    order([share({ state: 'submitted' })], { waits: packing }),
  ],
  [
    `Paid, and accepted by east to be packed. ${PACKING}`,
    order([share({ state: 'accepted' })], { waits: packing }),
  ],
  [
    `Paid, and being picked and packed in east. ${PACKING}`,
    order([share({ state: 'picking' })], { waits: packing }),
  ],
  [
    `Paid, and being picked and packed in east, later than agreed. ${PACKING}`,
    order([share({ state: 'picking' })], { waits: [...person, ...packing] }),
    opened('pack_overdue', 'warehouse', 'ful_1_1'),
  ],
  [`Paid, and with east (on hold). ${NOW_WORDS}`, order([share({ state: 'on_hold' })])],
  [
    `Paid, but east has refused to pack it. ${SUPPORT}`,
    order([share({ state: 'rejected' })], { waits: person }),
    opened('warehouse_refused', 'warehouse'),
  ],
  [`Paid and packed in east; its parcel is being booked. ${NOW_WORDS}`, order([share({ state: 'packed' })])],
  [
    `Paid and packed in east, but no parcel could be booked yet. ${retried('the carrier')} (after 2 failures).`,
    stuck('book', { state: 'packed', parcel: 'planned' }),
    { tries: { 'ful_1_1#book': 2 } },
  ],
  [
    `Packed in east; the card is being charged. ${DELIVERY}`,
    order([share({ state: 'packed', parcel: 'booked' })], { waits: delivery }),
  ],
  [
    `Packed in east, but the card could not be charged yet. ${retried('the payment provider')}.`,
    stuck('capture', { state: 'packed', parcel: 'booked' }),
  ],
  [
    `Paid and packed in east, ready for the carrier. ${DELIVERY}`,
    order([onTheWay('booked')], { waits: delivery }),
  ],
];

const TRANSPORT: Row[] = [
  [`On its way with the carrier. ${DELIVERY}`, order([onTheWay('handed_over')], { waits: delivery })],
  [`On its way with the carrier. ${DELIVERY}`, order([onTheWay('in_transit')], { waits: delivery })],
  [`Out for delivery. ${DELIVERY}`, order([onTheWay('out_for_delivery')], { waits: delivery })],
  [
    `Waiting to be picked up by the customer. ${DELIVERY}`,
    order([onTheWay('available_for_pickup')], { waits: delivery }),
  ],
  [
    `On its way with the carrier, but not scanned for too long. ${DELIVERY}`,
    order([onTheWay('in_transit')], { waits: [...person, ...delivery] }),
    opened('parcel_silent', 'support', 'shp_1_1_1'),
  ],
  ...(
    [
      ['delivery_failed', 'The carrier could not deliver the parcel'],
      ['lost', 'The carrier has lost the parcel'],
      ['damaged', 'The parcel was damaged on its way'],
      ['returned_to_sender', 'The parcel goes back to the sender'],
    ] as const
  ).map(([parcel, words]): Row => [
    `${words}. ${SUPPORT}`,
    order([onTheWay(parcel)], { waits: [...delivery, ...person] }),
    opened(`parcel_${parcel}`, 'support', 'shp_1_1_1'),
  ]),
  // Cases closed by hand: a parcel that the carrier tries again is still watched, the others are not waited for.
  [
    `The carrier could not deliver the parcel. ${DELIVERY}`,
    order([onTheWay('delivery_failed')], { waits: delivery }),
  ],
  [`The carrier has lost the parcel. ${SEEN_TO}`, order([onTheWay('lost')])],
  [`The parcel was damaged on its way. ${SEEN_TO}`, order([onTheWay('damaged')])],
  [`The parcel goes back to the sender. ${SEEN_TO}`, order([onTheWay('returned_to_sender')])],
  [
    `The carrier has lost the parcel. ${SUPPORT} A person has to look at it: the order could not be read or went against a rule.`,
    order([onTheWay('lost')], { waits: person, attention: ['data_fix'] }),
    opened('order_broken', 'ops'),
  ],
  [
    `The carrier has lost the parcel. ${NOW_WORDS}`,
    order([share({ state: 'packed', pays: 'authorized', parcel: 'lost' })]),
  ],
  [
    `The carrier has lost the parcel. ${retried('the payment provider')}.`,
    stuck('capture', { state: 'packed', parcel: 'lost' }),
  ],
  [
    'Paid, but east has refused to pack it. A person has to see to it.',
    order([share({ state: 'rejected' })]),
  ],
  [
    `Delivered, and the card is not charged yet. ${retried('the payment provider')}.`,
    stuck('capture', { state: 'closed', parcel: 'delivered' }),
  ],
];

const ENDS: Row[] = [
  [
    `Being cancelled by Jane (the customer asked); what was done for it is being undone. ${NOW_WORDS}`,
    order([share()], { direction: 'undo' }),
    { undo: { cause: 'customer', by: 'Jane' } },
  ],
  [
    `Being cancelled (not paid in time); what was done for it is being undone. ${retried('the payment provider')}.`,
    { ...stuck('void'), direction: 'undo' },
    { undo: { cause: 'expired', by: null } },
  ],
  [
    'Delivered on 2026-03-05 10:00 UTC.',
    ended({ lifecycle: 'completed' }),
    { completedAt: '2026-03-05T11:00:00.000Z', deliveredAt: '2026-03-05T10:00:00.000Z' },
  ],
  [
    'Delivered in 2 parcels, the last on 2026-03-05 10:00 UTC.',
    order([onTheWay('delivered'), onTheWay('delivered')], { lifecycle: 'completed' }),
    { deliveredAt: '2026-03-05T10:00:00.000Z' },
  ],
  [
    'Cancelled on 2026-03-02 07:00 UTC by Jane (the customer asked); what was authorized on the card was given back, and its stock is free again.',
    ended({ lifecycle: 'cancelled', direction: 'undo' }),
    { cancelledAt: '2026-03-02T07:00:00.000Z', undo: { cause: 'customer', by: 'Jane' }, voided: true },
  ],
  [
    'Cancelled on 2026-03-02 07:00 UTC (not enough stock).',
    order([], { lifecycle: 'cancelled', direction: 'undo' }),
    { cancelledAt: '2026-03-02T07:00:00.000Z', undo: { cause: 'inventory', by: null } },
  ],
  [
    'Cancelled on 2026-03-02 07:00 UTC by Jane (the customer asked); its stock is free again. The channel still holds the money for it and has to refund it.',
    ended({ lifecycle: 'cancelled', direction: 'undo', method: 'prepaid', paid: true }),
    {
      cancelledAt: '2026-03-02T07:00:00.000Z',
      undo: { cause: 'customer', by: 'Jane' },
      ...opened('refund_at_channel'),
    },
  ],
  [
    'Expired on 2026-03-02 07:00 UTC, because it was not paid in time; its stock is free again.',
    ended({ lifecycle: 'expired', direction: 'undo' }),
    { cancelledAt: '2026-03-02T07:00:00.000Z', undo: { cause: 'expired', by: null } },
  ],
  ['Rejected; its stock is free again.', ended({ lifecycle: 'rejected' })],
  ['Rejected.', order([], { lifecycle: 'rejected' })],
  [
    'Expired on 2026-03-02 07:00 UTC, because it was not paid in time.',
    order([], { lifecycle: 'expired', direction: 'undo' }),
    { cancelledAt: '2026-03-02T07:00:00.000Z', undo: { cause: 'expired', by: null } },
  ],
  [
    'Taken over from earlier books, where it was delivered on 2024-05-06 00:00 UTC.',
    order([], { lifecycle: 'completed', method: 'prepaid', paid: true }),
    { origin: 'history', completedAt: '2024-05-06T00:00:00.000Z' },
  ],
];

const west = (given: Parameters<typeof share>[0]) =>
  share({ ...given, id: 'ful_1_2', seq: 2, location: 'west' });
const SEVERAL: Row[] = [
  [
    `Paid, and being picked and packed in east. ${PACKING} The part from west is on its way.`,
    order([west({ state: 'packed', pays: 'captured', parcel: 'in_transit' }), share({ state: 'picking' })], {
      waits: packing,
    }),
  ],
  [
    `The card was declined for the part from east. ${PAYMENT} The part from west is not paid for any more.`,
    order([share({ pays: 'declined' }), west({ pays: 'voided' })], { waits: payment() }),
  ],
  [
    `The card was declined for the part from east. ${PAYMENT} The part from west is not paid for yet.`,
    order([west({ payments: [] }), share({ pays: 'declined' })], { waits: payment() }),
  ],
  [
    `In stock; the card is being authorized for the part from east. ${NOW_WORDS} The part from west is paid for and waiting for the rest.`,
    order([share({ payments: [] }), west({})]),
  ],
  [
    `The carrier has lost the parcel (the part from east). ${SUPPORT} The part from west is out for delivery and the part from north is delivered.`,
    order(
      [
        west({ state: 'packed', pays: 'captured', parcel: 'out_for_delivery' }),
        onTheWay('lost'),
        { ...onTheWay('delivered'), location: 'north' },
      ],
      { waits: [...delivery, ...person] },
    ),
    opened('parcel_lost', 'support', 'shp_1_1_1'),
  ],
  [
    `Out for delivery (the part from west). ${DELIVERY} The part from east is lost by the carrier.`,
    order([onTheWay('lost'), west({ state: 'packed', pays: 'captured', parcel: 'out_for_delivery' })], {
      waits: delivery,
    }),
  ],
  [
    `The carrier has lost the parcel (the part from east). ${SEEN_TO} The part from west is delivered.`,
    order([west({ state: 'closed', pays: 'captured', parcel: 'delivered' }), onTheWay('lost')]),
  ],
  [
    `Delivered, and the card is not charged yet (the part from west). ${retried('the payment provider')}. The part from east is lost by the carrier.`,
    order(
      [
        onTheWay('lost'),
        west({ state: 'closed', pays: 'authorized', parcel: 'delivered', stalled: ['capture'] }),
      ],
      { waits: [wait('retry', 'ful_1_2#capture', 'retry'), ...person] },
    ),
  ],
  [
    `On its way with the carrier. ${DELIVERY} A person has to look at it: the order could not be read or went against a rule.`,
    order([onTheWay('in_transit')], { waits: [...person, ...delivery] }),
    opened('order_broken', 'ops'),
  ],
];

describe('the sentence about an order', () => {
  it.each([
    ...STOCK,
    ...PAYMENTS,
    ...CARDS,
    ...REFUNDS,
    ...AWAITED,
    ...WAREHOUSE,
    ...TRANSPORT,
    ...ENDS,
    ...SEVERAL,
  ])('%s', (text, view, facts = {}) => {
    expect(standingOf(view, { ...FACTS, ...facts }, NOW).text).toBe(text);
  });

  it('comes in parts too, with the instants as they are stored', () => {
    const view = order([share({ state: 'picking' })], { waits: packing });
    expect(standingOf(view, FACTS, NOW)).toEqual({
      text: `Paid, and being picked and packed in east. ${PACKING}`,
      state: 'Paid, and being picked and packed in east',
      waitsFor: 'packing',
      awaitedFrom: 'warehouse east',
      since: SINCE,
      next: 'a case is opened for the warehouse',
      nextAt: DEADLINE,
    });
  });

  it('names who works on what a person has to look at', () => {
    const view = order([onTheWay('lost')], { waits: person });
    expect(standingOf(view, { ...FACTS, ...opened('parcel_lost') }, NOW).awaitedFrom).toBe('support');
    expect(standingOf(view, FACTS, NOW).awaitedFrom).toBe('a person');
  });
});

describe('for any state an order can get into, the sentence', () => {
  const RUNS = { numRuns: 3_000 };
  it('is there, ends with a full stop and agrees with what is waited for', () => {
    fc.assert(
      fc.property(reachedAtAnyMoment, fc.constantFrom(...LIFECYCLES), (life, lifecycle) => {
        const view = withWaits({ ...life, lifecycle });
        const standing = standingOf(view, FACTS, LATER);
        expect(standing.text).toMatch(/^[A-Z].*\.$/);
        expect(standing.text).not.toMatch(/undefined|null|\.\.|_/);
        expect(standing.text.startsWith(standing.state)).toBe(true);
        const waits = view.waits.filter((one) => WAIT_WORDS[one.kind] === standing.waitsFor);
        if (standing.waitsFor === null)
          expect([standing.next, standing.nextAt, standing.since]).toEqual([null, null, null]);
        else expect(waits.map((one) => one.deadlineAt)).toContain(standing.nextAt);
      }),
      RUNS,
    );
  });
  it('says that a step is being done only while one is', () => {
    fc.assert(
      fc.property(reachedAtAnyMoment, (life) => {
        const view = withWaits(life);
        const { text } = standingOf(view, FACTS, LATER);
        const ends = isFulfilled(view) || isUndone(view);
        if (text.includes(NOW_WORDS)) expect(ends || dueSteps(view, LATER).length > 0).toBe(true);
        if (text.includes('has to see to it')) expect(view.attention).toEqual([]);
        if (text.includes('nothing more happens by itself'))
          expect([isAtRest(view), ends]).toEqual([true, false]);
      }),
      RUNS,
    );
  });
});
