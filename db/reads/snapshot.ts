/**
 * One order as its writers see it, in one query: the order row, its policy, shares with payments and parcels, open
 * waits and open cases. Read under the order's row lock by db/writes/order.ts.
 */
import type { MoneyWork, OrderView, ShareView, WaitKind, WaitView } from '../../domain/lifecycle.ts';
import type { Attention, CancelReason, PaymentMethod } from '../../domain/order.ts';
import type { PaymentState } from '../../domain/payment.ts';
import { withDefaults, type Policy } from '../../domain/policy.ts';
import type { ShipmentState } from '../../domain/shipment.ts';
import type { Stage } from '../../domain/stage.ts';
import type { Tender } from '../../domain/tender.ts';
import type { Tx } from '../connect.ts';

/** The order row's part that rules need. */
export interface OrderFacts extends Pick<
  OrderView,
  | 'number'
  | 'channel'
  | 'currency'
  | 'totalMinor'
  | 'lineCount'
  | 'version'
  | 'lifecycle'
  | 'direction'
  | 'method'
  | 'paid'
> {
  id: string;
  undoCause: CancelReason | null;
  undoActor: string | null;
  token: string | null;
  /** Several ways to pay; null: one, of `method` and `token`. */
  tenders: Tender[] | null;
  paymentNumber: string | null;
  releaseAt: Date | null;
  /** Cards are not asked before this instant: their authorizations were given back because the release is far away. */
  authorizeAt: Date | null;
  /** Paid after the goods: so many days after they left, unless the policy decides; and when that is. */
  termsDays: number | null;
  dueAt: Date | null;
  /** What a person has given up of money that was to come afterwards. */
  writtenOffMinor: number;
  isDisputed: boolean;
  createdAt: Date;
  policyVersion: number;
  eventSeq: number;
  stage: Stage;
  stageSince: Date;
}

/** An open case of the order. */
export interface CaseFacts {
  id: string;
  subject: string;
  code: string;
  attention: Attention;
}

/** A payment with its money, as stored. */
export interface PaymentFacts {
  id: string;
  shareId: string | null;
  tender: number;
  method: PaymentMethod;
  attempt: number;
  state: PaymentState;
  providerRef: string | null;
  amountMinor: number;
  authorizedMinor: number;
  capturedMinor: number;
  refundedMinor: number;
  voidedMinor: number;
  chargedBackMinor: number;
  captureBefore: string | null;
  /** The gateway is to be asked for the truth. */
  inspectWanted: boolean;
}

/** A share as stored; the rest of its view is put together from the other rows. */
export interface ShareFacts extends Omit<ShareView, 'payments' | 'shipment' | 'stalled' | 'legs'> {
  /** Business attempts of the tenders after the first. */
  legAttempts: Record<string, number>;
}

interface ShipmentFacts {
  id: string;
  shareId: string;
  attempt: number;
  state: ShipmentState;
}

/** Refunds of the order that are not over. Ids, oldest first. */
type RefundWork = Pick<MoneyWork, 'refunds'> & Required<Pick<MoneyWork, 'toApprove' | 'pending'>>;

/** Everything the rules need to know of one order at one moment. */
export interface Snapshot {
  order: OrderFacts;
  policy: Policy;
  shares: ShareFacts[];
  payments: PaymentFacts[];
  shipments: ShipmentFacts[];
  waits: WaitView[];
  cases: CaseFacts[];
  refunds: RefundWork;
  units: { ordered: number; cancelled: number; shipped: number; delivered: number };
  /** True while the inbox holds something that was not applied yet. */
  hasMessages: boolean;
  now: Date;
}

const SNAPSHOT = `
select now() as now,
  json_build_object(
    'id', o.id, 'number', o.number, 'channel', o.channel, 'currency', o.currency, 'totalMinor', o.total_minor,
    'lineCount', o.line_count, 'version', o.version, 'lifecycle', o.lifecycle, 'direction', o.direction,
    'undoCause', o.undo_cause, 'undoActor', o.undo_actor, 'method', o.payment_method, 'token', o.payment_token, 'tenders', o.tenders,
    'paymentNumber', o.payment_number, 'paid', o.payment_paid, 'policyVersion', o.policy_version, 'eventSeq', o.event_seq,
    'stage', o.stage, 'isDisputed', o.disputed, 'termsDays', o.payment_terms_days, 'writtenOffMinor', o.written_off_minor
  ) as "order", o.release_at, o.authorize_at, o.payment_due_at, o.created_at, o.stage_since,
  (select body from policies p where p.channel = o.channel and p.version = o.policy_version) as policy,
  coalesce((select json_agg(json_build_object(
      'id', f.id, 'seq', f.seq, 'location', f.location, 'state', f.state, 'amountMinor', f.amount_minor,
      'paymentAttempt', f.payment_attempt, 'legAttempts', f.leg_attempts, 'shipmentAttempt', f.shipment_attempt,
      'undoing', coalesce((select json_agg(json_build_object('kind', op.kind, 'subject', op.subject) order by op.first_try_at)
        from operations op where op.order_id = o.id and op.kind in ('void', 'void_label') and op.state in ('requested', 'unknown')
        and (op.subject in (select id from payments p where p.fulfillment_id = f.id)
          or op.subject in (select id from shipments s where s.fulfillment_id = f.id))), '[]'),
      'submitClaimed', exists (select 1 from operations op where op.order_id = o.id and op.kind = 'submit' and op.subject = f.id and op.state <> 'failed')
    ) order by f.seq) from fulfillment_orders f where f.order_id = o.id), '[]') as shares,
  coalesce((select json_agg(json_build_object(
      'id', p.id, 'shareId', p.fulfillment_id, 'tender', p.tender, 'method', p.method, 'attempt', p.attempt, 'state', p.state, 'providerRef', p.provider_ref,
      'amountMinor', p.amount_minor, 'authorizedMinor', p.authorized_minor, 'capturedMinor', p.captured_minor,
      'refundedMinor', p.refunded_minor, 'voidedMinor', p.voided_minor,
      'chargedBackMinor', p.charged_back_minor, 'captureBefore', p.capture_before, 'inspectWanted', p.inspect_wanted
    ) order by p.attempt, p.tender) from payments p where p.order_id = o.id), '[]') as payments,
  coalesce((select json_agg(json_build_object('id', s.id, 'shareId', s.fulfillment_id, 'attempt', s.attempt, 'state', s.state))
    from shipments s where s.order_id = o.id), '[]') as shipments,
  coalesce((select json_agg(json_build_object(
      'subject', w.subject, 'kind', w.kind, 'awaitedFrom', w.awaited_from, 'since', w.since, 'deadlineAt', w.deadline_at, 'thenWhat', w.then_what
    ) order by w.id) from waits w where w.order_id = o.id and w.ended_at is null), '[]') as waits,
  coalesce((select json_agg(json_build_object('id', c.id, 'subject', c.subject, 'code', c.code, 'attention', c.attention) order by c.opened_at)
    from cases c where c.order_id = o.id and c.resolved_at is null), '[]') as cases,
  json_build_object(
    'refunds', coalesce((select json_agg(json_build_object('attemptId', a.id, 'paymentId', a.payment_id, 'amountMinor', a.amount_minor) order by a.created_at, a.id)
      from refund_attempts a join refunds r on r.id = a.refund_id
      where a.order_id = o.id and a.state in ('requested', 'unknown') and r.state in ('granted', 'executing', 'failed')), '[]'),
    'toApprove', coalesce((select json_agg(r.id order by r.seq) from refunds r where r.order_id = o.id and r.state = 'awaiting_approval'), '[]'),
    'pending', coalesce((select json_agg(distinct a.refund_id) from refund_attempts a where a.order_id = o.id and a.state = 'pending_at_provider'), '[]')
  ) as refunds,
  exists (select 1 from messages m where m.order_id = o.id and m.applied_at is null) as "hasMessages",
  (select json_build_object('ordered', coalesce(sum(quantity), 0), 'cancelled', coalesce(sum(cancelled), 0),
      'shipped', coalesce(sum(shipped), 0), 'delivered', coalesce(sum(delivered), 0)) from order_lines l where l.order_id = o.id) as units
from orders o where o.id = $1`;

interface SnapshotRow {
  now: Date;
  order: Omit<OrderFacts, 'releaseAt' | 'authorizeAt' | 'dueAt' | 'createdAt' | 'stageSince'>;
  release_at: Date | null;
  authorize_at: Date | null;
  payment_due_at: Date | null;
  created_at: Date;
  stage_since: Date;
  policy: Partial<Policy> | null;
  shares: ShareFacts[];
  payments: PaymentFacts[];
  shipments: ShipmentFacts[];
  waits: {
    subject: string;
    kind: WaitKind;
    awaitedFrom: string;
    since: string;
    deadlineAt: string;
    thenWhat: string;
  }[];
  cases: CaseFacts[];
  refunds: RefundWork;
  units: Snapshot['units'];
  hasMessages: boolean;
}

/** Loads one order; undefined when there is none with this id. */
export async function loadSnapshot(tx: Pick<Tx, 'query'>, orderId: string): Promise<Snapshot | undefined> {
  const { rows } = await tx.query<SnapshotRow>({ name: 'order_snapshot', text: SNAPSHOT, values: [orderId] });
  const row = rows[0];
  if (!row) return undefined;
  return {
    order: {
      ...row.order,
      releaseAt: row.release_at,
      authorizeAt: row.authorize_at,
      dueAt: row.payment_due_at,
      createdAt: row.created_at,
      stageSince: row.stage_since,
    },
    policy: withDefaults(row.policy ?? {}),
    shares: row.shares,
    payments: row.payments.map((payment) => ({
      ...payment,
      captureBefore: payment.captureBefore === null ? null : toIso(payment.captureBefore),
    })),
    shipments: row.shipments,
    waits: row.waits.map((wait) => ({
      ...wait,
      since: toIso(wait.since),
      deadlineAt: toIso(wait.deadlineAt),
    })),
    cases: row.cases,
    refunds: row.refunds,
    units: row.units,
    hasMessages: row.hasMessages,
    now: row.now,
  };
}

function toIso(text: string): string {
  return new Date(text).toISOString();
}
