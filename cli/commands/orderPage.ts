/** One order as a page of text: where it stands in words, what it is, what is in it, the money, the parcels, what it waits for. */
import pc from 'picocolors';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { instant, money, orDash, statusText } from '../format.ts';
import { tableLines, type Column } from '../table.ts';

/** The lines of the page. */
export function orderLines(order: OrderDetail): string[] {
  return [
    ...head(order),
    ...section('Lines', LINE_COLUMNS, order.lines.map(lineCells)),
    ...section(
      'Payments',
      PAYMENT_COLUMNS,
      order.payment.payments.map((one) => paymentCells(one, order.payment.tenders)),
    ),
    ...section('Refunds', REFUND_COLUMNS, order.money.refunds.map(refundCells)),
    ...section('Parcels', PARCEL_COLUMNS, parcelRows(order)),
    ...section('Waits', WAIT_COLUMNS, order.waits.map(waitCells)),
    ...section(
      'Open cases',
      CASE_COLUMNS,
      order.cases.filter((one) => one.resolvedAt === null).map(caseCells),
    ),
    ...section('Notes', NOTE_COLUMNS, order.notes.map(noteCells)),
    ...actions(order),
  ];
}

function head(order: OrderDetail): string[] {
  const facts: [string, string][] = [
    [
      'Status',
      `${statusText(order.status, order.attention)} · payment ${order.paymentStatus} · ${order.fulfillmentStatus}`,
    ],
    ['Channel', `${order.channel} · ${order.externalId}`],
    ['Id', order.id],
    ['Placed', instant(order.placedAt)],
    ['Total', `${money(order.total)} (tax ${money(order.tax)}, shipping ${money(order.shippingPrice)})`],
    ['Paid by', waysToPay(order)],
    ['Money', moneyOf(order)],
    ['Ships to', placeOf(order)],
  ];
  if (order.promisedBy) facts.push(['Promised', instant(order.promisedBy)]);
  if (order.releaseAt) facts.push(['Released', instant(order.releaseAt)]);
  if (order.customerNote) facts.push(['Note', order.customerNote]);
  if (order.tags.length > 0) facts.push(['Tags', order.tags.join(', ')]);
  if (order.workflowUrl) facts.push(['Workflow', order.workflowUrl]);
  return [
    pc.bold(`Order ${order.number}`),
    order.standing.text,
    '',
    ...facts.map(([name, text]) => `  ${name.padEnd(9)} ${text}`),
  ];
}

function placeOf(order: OrderDetail): string {
  const { recipient } = order;
  const address = recipient?.address;
  return (
    [recipient?.name, address?.line1, address?.city, address?.postalCode, address?.country]
      .filter((part) => part !== null && part !== undefined && part !== '')
      .join(', ') || '-'
  );
}

function section(title: string, columns: readonly Column[], rows: readonly string[][]): string[] {
  if (rows.length === 0) return [];
  return ['', pc.bold(title), ...tableLines(columns, rows).map((line) => `  ${line}`)];
}

const LINE_COLUMNS: readonly Column[] = [
  { head: 'SKU' },
  { head: 'Name' },
  { head: 'Ordered', right: true },
  { head: 'Allocated', right: true },
  { head: 'Shipped', right: true },
  { head: 'Delivered', right: true },
  { head: 'Total', right: true },
];

function lineCells(line: OrderDetail['lines'][number]): string[] {
  const { ledger } = line;
  const name = line.variant ? `${line.name}, ${line.variant}` : line.name;
  const counts = [line.quantity, ledger.allocated, ledger.shipped, ledger.delivered].map(String);
  return [line.sku, name, ...counts, money(line.total)];
}

const PAYMENT_COLUMNS: readonly Column[] = [
  { head: 'State' },
  { head: 'Amount', right: true },
  { head: 'Captured', right: true },
  { head: 'Method' },
  { head: 'Reference' },
  { head: 'Failure' },
];

type Payment = OrderDetail['payment'];

function paymentCells(payment: Payment['payments'][number], tenders: Payment['tenders']): string[] {
  return [
    payment.settledAt === null ? payment.state : 'settled',
    money(payment.amount),
    money(payment.captured),
    methodOf(payment, tenders),
    orDash(payment.reference),
    orDash(payment.failureCode),
  ];
}

/** "visa …4242", "gift_card …VFZ4", "invoice": what has no brand is called by its method. */
function methodOf(
  { card, method, tender }: Payment['payments'][number],
  tenders: Payment['tenders'],
): string {
  const codeLast4 = tenders.find((one) => one.seq === tender && one.method === method)?.codeLast4 ?? null;
  const last4 = card?.last4 ?? codeLast4;
  return `${card?.brand ?? method}${last4 === null ? '' : ` …${last4}`}`;
}

/** The ways to pay, and until when money that comes after the goods is awaited. */
function waysToPay({ payment }: OrderDetail): string {
  const ways = payment.tenders.map((tender) => {
    const name = tender.codeLast4 === null ? tender.method : `${tender.method} …${tender.codeLast4}`;
    return payment.tenders.length > 1 ? `${name} ${money(tender.amount)}` : name;
  });
  const due = payment.dueAt === null ? '' : ` · due ${instant(payment.dueAt)}`;
  return `${ways.join(' + ')}${due}`;
}

const REFUND_COLUMNS: readonly Column[] = [
  { head: 'Id' },
  { head: 'State' },
  { head: 'Amount', right: true },
  { head: 'Reason' },
  { head: 'Asked for' },
  { head: 'Reference' },
  { head: 'Failure' },
];

function refundCells(refund: OrderDetail['money']['refunds'][number]): string[] {
  const last = refund.attempts.at(-1);
  return [
    refund.id,
    refund.state,
    money(refund.amount),
    refund.reason,
    instant(refund.createdAt),
    orDash(last?.reference),
    orDash(last?.failureCode),
  ];
}

/** Captured and given back; what is under way and what the bank took only where there is any. */
function moneyOf({ money: sums }: OrderDetail): string {
  const parts = [`captured ${money(sums.captured)}`, `refunded ${money(sums.refunded)}`];
  if (sums.settled.amount > 0) parts.splice(1, 0, `paid out ${money(sums.settled)}`);
  if (sums.authorized.amount > 0) parts.unshift(`authorized ${money(sums.authorized)}`);
  if (sums.refundPending.amount > 0) parts.push(`on its way back ${money(sums.refundPending)}`);
  if (sums.chargedBack.amount > 0) parts.push(`charged back ${money(sums.chargedBack)}`);
  if (sums.isDisputed) parts.push('disputed');
  return parts.join(' · ');
}

const PARCEL_COLUMNS: readonly Column[] = [
  { head: 'From' },
  { head: 'Warehouse' },
  { head: 'Parcel' },
  { head: 'Carrier' },
  { head: 'Tracking' },
  { head: 'Last scan' },
];

function parcelRows(order: OrderDetail): string[][] {
  return order.fulfillments.flatMap((share) => {
    const parcels = order.shipments.filter((parcel) => parcel.fulfillmentId === share.id);
    if (parcels.length === 0) return [[share.location, share.state, '-', '-', '-', '-']];
    return parcels.map((parcel) => [
      share.location,
      share.state,
      parcel.state,
      orDash(parcel.carrier),
      orDash(parcel.trackingCode),
      instant(parcel.lastScanAt),
    ]);
  });
}

const WAIT_COLUMNS: readonly Column[] = [
  { head: 'For' },
  { head: 'From' },
  { head: 'Since' },
  { head: 'Until' },
  { head: 'Then' },
];

function waitCells(wait: OrderDetail['waits'][number]): string[] {
  return [wait.kind, wait.awaitedFrom, instant(wait.since), instant(wait.deadlineAt), wait.thenWhat];
}

const CASE_COLUMNS: readonly Column[] = [
  { head: 'Cause' },
  { head: 'Owner' },
  { head: 'Opened' },
  { head: 'Detail' },
];

function caseCells(one: OrderDetail['cases'][number]): string[] {
  return [one.code, one.owner, instant(one.openedAt), one.detail];
}

const NOTE_COLUMNS: readonly Column[] = [{ head: 'Written' }, { head: 'By' }, { head: 'Note' }];

function noteCells(note: OrderDetail['notes'][number]): string[] {
  return [instant(note.createdAt), note.actorName ?? note.actor, note.text.replaceAll(/\s+/g, ' ')];
}

function actions(order: OrderDetail): string[] {
  const lines = order.allowedActions.map((one) =>
    one.enabled
      ? one.action
      : pc.dim(`${one.action} (not now${one.reasonIfDisabled ? `: ${one.reasonIfDisabled}` : ''})`),
  );
  return lines.length === 0 ? [] : ['', `Possible now: ${lines.join(', ')}`];
}
