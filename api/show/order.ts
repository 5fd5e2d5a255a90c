/** An order as the API shows it, made of its rows by an allow list: what is not named here is not shown. */
import type { OrderRows } from '../../db/reads/orderRows.ts';
import { summaryOf } from '../../db/reads/summary.ts';
import { allowedActions } from '../../domain/lifecycle.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';
import type { CommandShown, OrderDetail } from '../schemas/orders.ts';
import { maskText } from './mask.ts';
import { iso, isoOrNull, moneyIn, showLine, showOperation, showParty, showPayment } from './orderParts.ts';

/** How to show: whether personal data is shown, and where Temporal Web is. */
export interface ShowOptions {
  showsPeople: boolean;
  temporalUi?: { url: string; namespace: string } | undefined;
}

/** The whole order. */
export function showOrder(rows: OrderRows, options: ShowOptions): OrderDetail {
  const { order } = rows;
  const money = moneyIn(order.currency);
  const person = (id: string | null) =>
    showParty(
      rows.contacts.find((one) => one.id === id),
      options.showsPeople,
    );
  return {
    ...summaryOf(order),
    origin: order.origin,
    direction: order.direction,
    undo:
      order.undo_cause === null
        ? null
        : { cause: order.undo_cause, actor: order.undo_actor, reason: order.undo_reason },
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
      payments: rows.payments.map((payment) => showPayment(payment, order.currency)),
      operations: rows.operations.map((operation) => showOperation(operation, order.currency)),
    },
    ...showWork(rows),
    waits: rows.waits.map(showWait),
    cases: rows.cases.map(showCase),
    commands: rows.commands.map((command) => showCommand(command)),
    allowedActions: allowedActions(rows.view),
    customerNote: options.showsPeople ? order.customer_note : maskText(order.customer_note),
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

function showCase(one: OrderRows['cases'][number]): OrderDetail['cases'][number] {
  return {
    id: one.id,
    subject: one.subject,
    code: one.code,
    attention: one.attention,
    owner: one.owner,
    detail: one.detail,
    openedAt: iso(one.opened_at),
    resolvedAt: isoOrNull(one.resolved_at),
    resolution: one.resolution,
  };
}

/** A command and what became of it. */
export function showCommand(command: {
  id: string;
  order_id: string;
  kind: string;
  actor: string;
  reason: string | null;
  received_at: Date | string;
  applied_at: Date | string | null;
  outcome: { applied: boolean; code?: string; detail?: string } | null;
}): CommandShown {
  const { outcome } = command;
  const settled = command.applied_at !== null;
  return {
    id: command.id,
    orderId: command.order_id,
    kind: command.kind.replace('command.', ''),
    actor: command.actor,
    reason: command.reason,
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
