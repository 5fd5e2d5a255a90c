/** An order as the API shows it, made of its rows by an allow list: what is not named here is not shown. */
import type { NoteJson, OrderRows } from '../../db/reads/orderRows.ts';
import { summaryOf } from '../../db/reads/summary.ts';
import { isClosable } from '../../domain/cases.ts';
import { cancelReasonOf } from '../../domain/order.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';
import type { CommandShown, Note, OrderDetail } from '../schemas/orders.ts';
import type { Sight } from '../sight.ts';
import { shownResolution } from './cases.ts';
import { maskText } from './mask.ts';
import { showMoney } from './money.ts';
import {
  iso,
  isoOrNull,
  moneyIn,
  showLine,
  showOperation,
  showParty,
  showPayment,
  showTenders,
} from './orderParts.ts';
import { showStanding } from './standing.ts';

/** How to show: what the caller may see, and where Temporal Web is. */
export interface ShowOptions {
  sight: Sight;
  temporalUi?: { url: string; namespace: string } | undefined;
}

/** The whole order. */
export function showOrder(rows: OrderRows, options: ShowOptions): OrderDetail {
  const { order } = rows;
  const { sight } = options;
  const money = moneyIn(order.currency);
  const person = (id: string | null) =>
    showParty(
      rows.contacts.find((one) => one.id === id),
      sight.customers,
    );
  return {
    ...summaryOf(order),
    ...showStanding(rows, sight),
    origin: order.origin,
    direction: order.direction,
    undo: showUndo(order, sight),
    pricesIncludeTax: order.totals.pricesIncludeTax ?? false,
    subtotal: money(order.subtotal_minor),
    discount: money(order.discount_minor),
    shippingPrice: money(order.shipping_minor),
    tax: money(order.tax_minor),
    sender: person(order.sender_contact),
    recipient: person(order.recipient_contact),
    billing: person(order.billing_contact),
    lines: rows.lines.map((line) => showLine(line, order.currency)),
    payment: {
      method: order.payment_method,
      number: order.payment_number,
      time: order.payment_time?.toISOString() ?? null,
      paid: order.payment_paid,
      amount: money(order.total_minor),
      ...showTenders(rows),
      payments: rows.payments.map((payment) => showPayment(payment, order.currency)),
      operations: rows.operations.map((operation) => showOperation(operation, order.currency)),
    },
    money: showMoney(rows, sight),
    ...showWork(rows),
    waits: rows.waits.map(showWait),
    cases: rows.cases.map((one) => showCase(one, sight)),
    commands: rows.commands.map((command) => showCommand(command, sight)),
    notes: sight.staffTexts ? rows.notes.map(showNote) : [],
    customerNote: sight.customers ? order.customer_note : maskText(order.customer_note),
    attributes: order.attributes,
    metadata: order.metadata,
    tags: order.tags,
    flags: order.flags,
    carrierWishes: order.carrier_wishes,
    policyVersion: order.policy_version,
    dueAt: order.due_at?.toISOString() ?? null,
    completedAt: order.completed_at?.toISOString() ?? null,
    cancelledAt: order.cancelled_at?.toISOString() ?? null,
    updatedAt: order.updated_at.toISOString(),
    workflowUrl: workflowUrl(order.number, options.temporalUi),
  };
}

/** Why the order is undone: the code for all, a person's words for those who see texts of staff. */
function showUndo(order: OrderRows['order'], sight: Sight): OrderDetail['undo'] {
  const { undo_cause: cause, undo_actor: actor, undo_reason: reason } = order;
  if (cause === null) return null;
  return { cause, actor, reason: sight.staffTexts || actor === 'system' ? reason : null };
}

function showWork(rows: OrderRows): Pick<OrderDetail, 'fulfillments' | 'shipments'> {
  return {
    fulfillments: rows.shares.map((share) => ({
      id: share.id,
      seq: share.seq,
      location: share.location,
      state: share.state,
      amount: { amount: share.amount_minor, currency: rows.order.currency },
      weightGrams: share.weight_grams,
      submittedAt: isoOrNull(share.submitted_at),
      packedAt: isoOrNull(share.packed_at),
      closedAt: isoOrNull(share.closed_at),
      lines: rows.shareLines
        .filter((line) => line.fulfillment_id === share.id)
        .map(({ line_no, sku, quantity }) => ({ lineNo: line_no, sku, quantity })),
    })),
    shipments: rows.shipments.map((shipment) => ({
      id: shipment.id,
      fulfillmentId: shipment.fulfillment_id,
      attempt: shipment.attempt,
      state: shipment.state,
      carrier: shipment.carrier,
      service: shipment.service,
      trackingCode: shipment.tracking_code,
      labelUrl: shipment.label_url,
      bookedAt: isoOrNull(shipment.booked_at),
      dispatchAt: isoOrNull(shipment.dispatch_at),
      handedOverAt: isoOrNull(shipment.handed_over_at),
      deliveredAt: isoOrNull(shipment.delivered_at),
      lastScanAt: isoOrNull(shipment.last_scan_at),
      scans: rows.scans
        .filter((scan) => scan.shipment_id === shipment.id)
        .map(({ status, detail, message, occurred_at }) => ({
          status,
          detail,
          message,
          occurredAt: iso(occurred_at),
        })),
    })),
  };
}

function showWait(wait: OrderRows['waits'][number]): OrderDetail['waits'][number] {
  return {
    subject: wait.subject,
    kind: wait.kind,
    awaitedFrom: wait.awaited_from,
    since: iso(wait.since),
    deadlineAt: iso(wait.deadline_at),
    thenWhat: wait.then_what,
  };
}

function showCase(one: OrderRows['cases'][number], sight: Sight): OrderDetail['cases'][number] {
  return {
    id: one.id,
    subject: one.subject,
    code: one.code,
    attention: one.attention,
    owner: one.owner,
    detail: one.detail,
    openedAt: iso(one.opened_at),
    resolvedAt: isoOrNull(one.resolved_at),
    resolution: shownResolution(one, sight),
    assignee: one.assignee,
    assigneeName: sight.staffNames ? one.assignee_name : null,
    nextRetryAt: isoOrNull(one.next_retry_at),
    tries: one.tries,
    isClosable: one.resolved_at === null && isClosable(one.code),
  };
}

/** A person's note; only for those who see texts of staff, and for who wrote it. */
export function showNote(note: Omit<NoteJson, 'created_at'> & { created_at: string | Date }): Note {
  return {
    id: note.id,
    actor: note.actor,
    actorName: note.actor_name,
    text: note.body,
    createdAt: new Date(note.created_at).toISOString(),
  };
}

interface CommandFields {
  id: string;
  order_id: string;
  kind: string;
  actor: string;
  reason: string | null;
  received_at: Date | string;
  applied_at: Date | string | null;
  outcome: { applied: boolean; code?: string; detail?: string } | null;
}

/** A command and what became of it. A reason in free text is for those who see texts of staff; the code of one for all. */
export function showCommand(command: CommandFields, sight: Sight): CommandShown {
  const { outcome } = command;
  const settled = command.applied_at !== null;
  return {
    id: command.id,
    orderId: command.order_id,
    kind: command.kind.replace('command.', ''),
    actor: command.actor,
    reason: sight.staffTexts ? command.reason : cancelReasonOf(command.reason),
    state: settled ? (outcome?.applied ? 'applied' : 'refused') : 'pending',
    code: outcome?.code ?? null,
    detail: outcome?.detail ?? null,
    receivedAt: new Date(command.received_at).toISOString(),
    settledAt: command.applied_at === null ? null : new Date(command.applied_at).toISOString(),
  };
}

function workflowUrl(orderNumber: number, ui: ShowOptions['temporalUi']): string | null {
  if (!ui) return null;
  const id = encodeURIComponent(orderWorkflowId(orderNumber));
  return `${ui.url.replace(/\/$/, '')}/namespaces/${encodeURIComponent(ui.namespace)}/workflows/${id}`;
}
