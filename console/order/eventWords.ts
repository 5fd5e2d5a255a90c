/** The events of an order in plain words. The compiler holds this table to the list of events. */
import type { TimelineEntry } from '../../api/schemas/feeds.ts';
import type { EventType } from '../../domain/events.ts';
import { reasonWords } from '../actions/reasons.ts';
import { detailWords, failureWords } from '../actions/words.ts';
import { refundReasonWords } from '../refund/words.ts';
import { formatCount, formatInstant, formatMoney, formatSeconds, words } from '../format.ts';

/** What an entry says: a headline and, where it helps, one more line. */
export interface EntryWords {
  title: string;
  detail?: string;
}

/** Events that belong to an order; stock that is adjusted belongs to none. */
type OrderEventType = Exclude<EventType, 'inventory.adjusted'>;
type Data = TimelineEntry['data'];

/** A text of an entry's data; undefined when it is missing, empty or no text. */
export function textOf(data: Data, name: string): string | undefined {
  const value = data[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const number = (data: Data, name: string): number | undefined => {
  const value = data[name];
  return typeof value === 'number' ? value : undefined;
};

function amount(data: Data): string {
  const minor = number(data, 'amountMinor');
  const currency = textOf(data, 'currency');
  return minor === undefined || currency === undefined ? '' : ` ${formatMoney(minor, currency)}`;
}

/** The detail of a case for people; undefined when there is none. */
export function detailOf(data: Data): string | undefined {
  const detail = textOf(data, 'detail');
  return detail === undefined ? undefined : detailWords(detail);
}

/** Words without the second line when there is none. */
export function said(title: string, detail?: string): EntryWords {
  return { title, ...(detail !== undefined && { detail }) };
}

const code = (data: Data) => failureWords(textOf(data, 'code') ?? 'internal');
const place = (data: Data) => {
  const location = textOf(data, 'location');
  return location === undefined ? 'The warehouse' : `Warehouse ${location}`;
};

function list(data: Data, name: string): string {
  const value = data[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string').join(', ') : '';
}

/** The steps that call an outside system, as things that are done. */
const STEP_WORDS: Readonly<Record<string, string>> = {
  authorize: 'Authorizing the payment',
  void: 'Giving the payment back',
  submit: 'Handing the order to the warehouse',
  book: 'Buying the label',
  capture: 'Charging the payment',
  void_label: 'Voiding the label',
  refund: 'Giving money back',
  inspect: 'Asking the payment provider what is true',
};

/** "12.00 EUR there, 10.00 EUR here", as far as the event says. */
function bothAmounts(data: Data): string | undefined {
  const currency = textOf(data, 'currency');
  const parts = [
    ['theirsMinor', 'there'],
    ['oursMinor', 'here'],
    ['amountMinor', 'there'],
  ].flatMap(([name = '', where = '']) => {
    const minor = number(data, name);
    return minor === undefined || currency === undefined ? [] : [`${formatMoney(minor, currency)} ${where}`];
  });
  return parts.length === 0 ? undefined : parts.join(', ');
}

function reasonOfDispute(data: Data): string | undefined {
  const reason = textOf(data, 'reason');
  return reason === undefined ? undefined : words(reason);
}

function missing(data: Data): string | undefined {
  const value: unknown = data['missing'];
  if (!Array.isArray(value)) return undefined;
  const parts = value.flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null) return [];
    const { sku, available, wanted } = { sku: '', available: 0, wanted: 0, ...one };
    return [`${sku}: ${available} of ${wanted}`];
  });
  return parts.length === 0 ? undefined : parts.join(', ');
}

function tags(data: Data): EntryWords {
  const added = list(data, 'added') || list(data, 'add');
  const removed = list(data, 'removed') || list(data, 'remove');
  const parts = [added && `added ${added}`, removed && `removed ${removed}`].filter((one) => one !== '');
  return said('Tags changed', parts.length === 0 ? undefined : parts.join('; '));
}

function assigned(data: Data, actor: string): EntryWords {
  const assignee = textOf(data, 'assignee');
  if (assignee === undefined) return said('Case released: nobody has it', code(data));
  return said(actor === `key:${assignee}` ? 'Case taken' : 'Case given to a colleague', code(data));
}

const EVENTS: Readonly<Record<OrderEventType, (data: Data, actor: string) => EntryWords>> = {
  'order.placed': (data) => {
    const lines = number(data, 'lineCount');
    const count = lines === undefined ? '' : `, ${formatCount(lines)} ${lines === 1 ? 'line' : 'lines'}`;
    return said(data['history'] === true ? `Taken over from earlier books${count}` : `Order placed${count}`);
  },
  'order.allocated': () => said('Stock reserved'),
  'order.backordered': (data) => said('Not all of it is in stock', missing(data)),
  'order.released': () => said('Released to the warehouse'),
  'order.cancel_requested': (data) =>
    said(`Cancel asked for: ${reasonWords(textOf(data, 'reason') ?? 'other')}`, textOf(data, 'note')),
  'order.cancel_refused': (data) => said('Cancel refused', code(data)),
  'order.retry_requested': (data) => said('Retry asked for', textOf(data, 'note')),
  'order.retry_refused': (data) => said('Retry refused', code(data)),
  'order.cancelled': (data) => said('Order cancelled', reasonWords(textOf(data, 'cause') ?? 'other')),
  'order.expired': () => said('Order expired', 'It was not paid in time.'),
  'order.completed': () => said('Order completed', 'Everything is delivered and paid.'),
  'order.note_added': () => said('Note added'),
  'order.tags_changed': tags,
  'payment.authorized': (data) => said(`Payment authorized${amount(data)}`),
  'payment.captured': (data) => said(`Payment charged${amount(data)}`),
  'payment.failed': (data) => {
    const providerCode = textOf(data, 'providerCode');
    // Ours, of a gift card or store credit.
    if (providerCode === 'balance_short' || providerCode === 'credit_short')
      return said('Payment failed: the gift card or store credit does not hold enough');
    return said(`Payment failed: ${code(data)}`, providerCode && failureWords(providerCode));
  },
  'payment.voided': (data) =>
    number(data, 'amountMinor') === 0
      ? said('Payment given back: nothing had been authorized')
      : said(`Payment given back${amount(data)}`),
  'payment.reported': () => said('The payment provider reported news'),
  'payment.action_required': (data) =>
    said(`Another way to pay is needed${amount(data) && ` for${amount(data)}`}`),
  'payment.method_changed': (data) => {
    const method = textOf(data, 'method');
    return said('It is paid in another way', method === undefined ? undefined : words(method));
  },
  'payment.link_made': () => said('A payment link was made', 'Whoever has it can pay this order.'),
  'payment.received': (data) => {
    const method = textOf(data, 'method');
    return said(`Money came in${amount(data)}`, method === undefined ? undefined : words(method));
  },
  'payment.due': (data) => said(`The money is due${amount(data)}`, dayOf(data, 'dueAt')),
  'payment.written_off': (data) => said(`Given up${amount(data)}`),
  'payment.overdue': (data) => said('The money has not come in time', dayOf(data, 'dueAt')),
  'payment.settled': (data) => said('The payment was paid out to our bank', textOf(data, 'payoutId')),
  'payment.unsettled': (data) =>
    said('The payout with this payment failed: the money is at the provider again', textOf(data, 'payoutId')),
  'payment.reauthorizing': () => said('The card is asked anew, with a new authorization'),
  'payment.expiring': () =>
    said('The authorization ends before it is needed', 'It is given back; the card is asked again in time.'),
  'payment.mismatch': (data) =>
    said('The payment provider has another amount than our books', bothAmounts(data)),
  'payment.disputed': (data) =>
    said(`The customer disputes the charge at their bank${amount(data)}`, reasonOfDispute(data)),
  'payment.dispute_closed': (data) =>
    said(`The dispute is over: ${words(textOf(data, 'state') ?? 'closed').toLowerCase()}${amount(data)}`),
  'refund.requested': (data) =>
    said(
      `Refund asked for${amount(data)}: ${refundReasonWords(textOf(data, 'reason') ?? 'other')}`,
      data['needsApproval'] === true ? 'A second person must approve it.' : undefined,
    ),
  'refund.refused': (data) => said('Refund refused', code(data)),
  'refund.approved': (data) => said(`Refund approved${amount(data)}`),
  'refund.declined': (data) => said(`Refund declined${amount(data)}`, 'Nothing was moved.'),
  'refund.withdrawn': (data) => said(`Refund withdrawn${amount(data)}`, 'Nothing was moved.'),
  'refund.retried': () => said('The refund that failed is tried again'),
  'refund.pending': (data) =>
    said(
      `Refund on its way${amount(data)}`,
      'The payment provider has taken it and says later how it ended.',
    ),
  'refund.settled': (data) => said(`Refund done${amount(data)}`),
  'refund.failed': (data) => said(`Refund failed${amount(data)}`, code(data)),
  'refund.reversed': (data) =>
    said(`A refund came back${amount(data)}`, `The money is with us again: ${code(data)}`),
  'payment.refunded': (data) => said(`Money given back${amount(data)}`, textOf(data, 'reference')),
  'fulfillment.created': (data) => said(`${place(data)} has the order`),
  'fulfillment.accepted': (data) => said(`${place(data)} accepted it`),
  'fulfillment.picking': (data) => said(`${place(data)} is picking`),
  'fulfillment.packed': (data) => said(`${place(data)} packed it`, textOf(data, 'note')),
  'fulfillment.rejected': (data) => said(`${place(data)} rejected it`, textOf(data, 'note')),
  'shipment.created': (data) =>
    said(
      `Label bought${textOf(data, 'carrier') === undefined ? '' : ` from ${textOf(data, 'carrier')}`}`,
      textOf(data, 'trackingCode'),
    ),
  'shipment.in_transit': () => said('Parcel on its way'),
  'shipment.out_for_delivery': () => said('Parcel out for delivery'),
  'shipment.available_for_pickup': () => said('Parcel waits to be picked up'),
  'shipment.delivered': () => said('Parcel delivered'),
  'shipment.exception': (data) =>
    said(`Parcel: ${words(textOf(data, 'status') ?? 'exception').toLowerCase()}`),
  'shipment.voided': () => said('Label voided'),
  'case.opened': (data) => said(`Needs attention: ${code(data)}`, detailOf(data)),
  'case.reminded': () => said('Reminder: the case is still open'),
  'case.resolved': (data) => said(`Case closed: ${code(data)}`, textOf(data, 'resolution')),
  'case.assigned': assigned,
  'case.resolve_refused': (data) => said('Closing the case was refused', code(data)),
  'step.stalled': (data) => {
    const seconds = number(data, 'retryInSeconds');
    const again = seconds === undefined ? '' : `; tried again in ${formatSeconds(seconds)}`;
    return said(`${STEP_WORDS[textOf(data, 'step') ?? ''] ?? 'A step'} failed`, `${code(data)}${again}`);
  },
  'step.retried': () => said('The step that failed is tried again'),
  'signal.refused': (data) =>
    said(
      'A signal was refused',
      textOf(data, 'kind') === undefined ? undefined : words(textOf(data, 'kind') ?? ''),
    ),
};

function isKnown(type: string): type is OrderEventType {
  return Object.hasOwn(EVENTS, type);
}

/** "Due on 14 Mar 2026, 10:00:00"; undefined when the event names no such instant. */
function dayOf(data: Data, name: string): string | undefined {
  const iso = textOf(data, name);
  return iso === undefined ? undefined : `Due on ${formatInstant(iso)}.`;
}

/** What an event says. A type that nobody knows here is still readable. */
export function eventWords({
  type,
  data,
  actor,
}: Pick<TimelineEntry, 'type' | 'data' | 'actor'>): EntryWords {
  return isKnown(type) ? EVENTS[type](data, actor) : said(words(type));
}
