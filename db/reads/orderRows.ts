/** The rows that belong to one order as they come out of JSON: columns by name, instants as text with an offset. */
import type { OrderView } from '../../domain/lifecycle.ts';
import type { FulfillmentState } from '../../domain/fulfillment.ts';
import type { CancelReason, PaymentMethod } from '../../domain/order.ts';
import type { OperationState, PaymentState } from '../../domain/payment.ts';
import type { Policy } from '../../domain/policy.ts';
import type { ShipmentState } from '../../domain/shipment.ts';
import type { Stage } from '../../domain/stage.ts';
import type { MoneyRows } from './orderMoney.ts';
import type { SummaryRow } from './summary.ts';

/** The order's own columns beyond the summary; instants as Date, as pg reads them. */
export interface OrderColumns extends SummaryRow {
  origin: 'api' | 'shopify' | 'import' | 'history';
  undo_cause: CancelReason | null;
  undo_actor: string | null;
  undo_reason: string | null;
  subtotal_minor: number;
  discount_minor: number;
  shipping_minor: number;
  tax_minor: number;
  totals: { pricesIncludeTax?: boolean };
  payment_method: PaymentMethod;
  payment_number: string | null;
  payment_time: Date | null;
  payment_paid: boolean;
  /** The ways to pay, without the tokens of cards. */
  tenders: TenderJson[];
  payment_terms_days: number | null;
  payment_due_at: Date | null;
  written_off_minor: number;
  customer_note: string | null;
  attributes: Record<string, string | number | boolean>;
  metadata: Record<string, string>;
  tags: string[];
  flags: string[];
  carrier_wishes: Record<string, unknown>;
  sender_contact: string | null;
  recipient_contact: string | null;
  billing_contact: string | null;
  policy_version: number;
  due_at: Date | null;
  completed_at: Date | null;
  cancelled_at: Date | null;
  updated_at: Date;
  stage: Stage;
  stage_since: Date;
  /** The name of the key behind `undo_actor`. */
  undo_actor_name: string | null;
  /** True when that is the key of a person. */
  undo_by_person: boolean;
  /** When its stock was allocated. */
  allocated_at: Date | null;
}

/** One way the order is paid. */
export interface TenderJson {
  seq: number;
  method: PaymentMethod;
  amountMinor: number;
  creditAccount: string | null;
  codeLast4: string | null;
}

/** A contact: personal data. */
export interface ContactJson {
  id: string;
  name: string | null;
  company: string | null;
  email: string | null;
  phone: string | null;
  line1: string | null;
  line2: string | null;
  city: string | null;
  region: string | null;
  postal_code: string | null;
  country: string | null;
}

/** A line with its ledger. */
export interface LineJson {
  line_no: number;
  sku: string;
  name: string;
  variant: string | null;
  gtin: string | null;
  attributes: Record<string, string | number | boolean>;
  unit_list_minor: number | null;
  unit_net_minor: number | null;
  unit_gross_minor: number | null;
  discount_minor: number;
  discounts: Record<string, unknown>[];
  tax_minor: number;
  tax_lines: Record<string, unknown>[];
  total_minor: number;
  weight_grams: number;
  requires_shipping: boolean;
  quantity: number;
  cancelled: number;
  allocated: number;
  fulfilled: number;
  shipped: number;
  delivered: number;
  return_requested: number;
  return_received: number;
  return_dismissed: number;
  written_off: number;
}

/** A payment. */
export interface PaymentJson {
  id: string;
  fulfillment_id: string | null;
  attempt: number;
  tender: number;
  method: PaymentMethod;
  provider: string;
  provider_ref: string | null;
  state: PaymentState;
  amount_minor: number;
  authorized_minor: number;
  captured_minor: number;
  refunded_minor: number;
  voided_minor: number;
  charged_back_minor: number;
  method_details: { brand?: string | null; last4?: string | null };
  failure_code: string | null;
  created_at: string;
  settled_at: string | null;
  payout_id: string | null;
}

/** One call to an outside system. */
export interface OperationJson {
  key: string;
  kind: string;
  subject: string;
  amount_minor: number | null;
  state: OperationState;
  provider_ref: string | null;
  failure_code: string | null;
  first_try_at: string;
  settled_at: string | null;
}

/** A warehouse's share. */
export interface ShareJson {
  id: string;
  seq: number;
  location: string;
  state: FulfillmentState;
  amount_minor: number;
  weight_grams: number;
  submitted_at: string | null;
  packed_at: string | null;
  closed_at: string | null;
}

/** What a share holds of a line. */
export interface ShareLineJson {
  fulfillment_id: string;
  line_no: number;
  sku: string;
  quantity: number;
}

/** A parcel. */
export interface ShipmentJson {
  id: string;
  fulfillment_id: string;
  attempt: number;
  state: ShipmentState;
  carrier: string | null;
  service: string | null;
  tracking_code: string | null;
  label_url: string | null;
  dispatch_at: string | null;
  booked_at: string | null;
  handed_over_at: string | null;
  delivered_at: string | null;
  last_scan_at: string | null;
}

/** A scan of a parcel. */
export interface ScanJson {
  shipment_id: string;
  status: string;
  detail: string;
  message: string;
  occurred_at: string;
}

/** An open wait. */
export interface WaitJson {
  subject: string;
  kind: string;
  awaited_from: string;
  since: string;
  deadline_at: string;
  then_what: string;
  /** How often the step has stalled, for a retry. */
  tries: number;
}

/** A case, open or resolved. */
export interface CaseJson {
  id: string;
  subject: string;
  code: string;
  attention: string;
  owner: string;
  detail: string;
  opened_at: string;
  resolved_at: string | null;
  resolution: string | null;
  resolved_by: string | null;
  assignee: string | null;
  assignee_name: string | null;
  /** Of the step that failed, if that is the cause. */
  next_retry_at: string | null;
  tries: number;
}

/** A person's note: may hold personal data. */
export interface NoteJson {
  id: string;
  actor: string;
  actor_name: string | null;
  body: string;
  created_at: string;
}

/** A command. */
export interface CommandJson {
  id: string;
  order_id: string;
  kind: string;
  actor: string;
  reason: string | null;
  received_at: string;
  applied_at: string | null;
  outcome: { applied: boolean; code?: string; detail?: string } | null;
}

/** Everything of one order, read at one moment. */
export interface OrderRows {
  /** The order as its rules see it. */
  view: OrderView;
  /** What it was accepted under. */
  policy: Policy;
  order: OrderColumns;
  contacts: ContactJson[];
  lines: LineJson[];
  payments: PaymentJson[];
  operations: OperationJson[];
  shares: ShareJson[];
  shareLines: ShareLineJson[];
  shipments: ShipmentJson[];
  scans: ScanJson[];
  waits: WaitJson[];
  cases: CaseJson[];
  commands: CommandJson[];
  notes: NoteJson[];
  money: MoneyRows;
}
