/**
 * One order as its writers see it, in one query: the order row, its policy, shares with payments and parcels, open
 * waits and open cases. Read under the order's row lock by db/writes/order.ts.
 */
import type {
  MoneyWork,
  OrderView,
  ShareView,
  StepKind,
  WaitKind,
  WaitView,
} from '../../domain/lifecycle.ts';
import type { Attention, CancelReason } from '../../domain/order.ts';
import type { PaymentState } from '../../domain/payment.ts';
import { withDefaults, type Policy } from '../../domain/policy.ts';
import type { ShipmentState } from '../../domain/shipment.ts';
import type { Stage } from '../../domain/stage.ts';
import { isMoneyWait } from '../../domain/waits.ts';
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
  paymentNumber: string | null;
  releaseAt: Date | null;
  /** Cards are not asked before this instant: their authorizations were given back because the release is far away. */
  authorizeAt: Date | null;
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
type ShareFacts = Omit<ShareView, 'payments' | 'shipment' | 'stalled'>;

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
    'undoCause', o.undo_cause, 'undoActor', o.undo_actor, 'method', o.payment_method, 'token', o.payment_token,
    'paymentNumber', o.payment_number, 'paid', o.payment_paid, 'policyVersion', o.policy_version, 'eventSeq', o.event_seq,
    'stage', o.stage, 'isDisputed', o.disputed
  ) as "order", o.release_at, o.authorize_at, o.created_at, o.stage_since,
  (select body from policies p where p.channel = o.channel and p.version = o.policy_version) as policy,
  coalesce((select json_agg(json_build_object(
      'id', f.id, 'seq', f.seq, 'location', f.location, 'state', f.state, 'amountMinor', f.amount_minor,
      'paymentAttempt', f.payment_attempt, 'shipmentAttempt', f.shipment_attempt,
      'undoing', coalesce((select json_agg(json_build_object('kind', op.kind, 'subject', op.subject) order by op.first_try_at)
        from operations op where op.order_id = o.id and op.kind in ('void', 'void_label') and op.state in ('requested', 'unknown')
        and (op.subject in (select id from payments p where p.fulfillment_id = f.id)
          or op.subject in (select id from shipments s where s.fulfillment_id = f.id))), '[]'),
      'submitClaimed', exists (select 1 from operations op where op.order_id = o.id and op.kind = 'submit' and op.subject = f.id and op.state <> 'failed')
    ) order by f.seq) from fulfillment_orders f where f.order_id = o.id), '[]') as shares,
  coalesce((select json_agg(json_build_object(
      'id', p.id, 'shareId', p.fulfillment_id, 'attempt', p.attempt, 'state', p.state, 'providerRef', p.provider_ref,
      'amountMinor', p.amount_minor, 'authorizedMinor', p.authorized_minor, 'capturedMinor', p.captured_minor,
      'refundedMinor', p.refunded_minor, 'voidedMinor', p.voided_minor,
      'chargedBackMinor', p.charged_back_minor, 'captureBefore', p.capture_before, 'inspectWanted', p.inspect_wanted
    ) order by p.attempt) from payments p where p.order_id = o.id), '[]') as payments,
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
  order: Omit<OrderFacts, 'releaseAt' | 'authorizeAt' | 'createdAt' | 'stageSince'>;
  release_at: Date | null;
  authorize_at: Date | null;
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

/** The subject of a stalled step's wait and case: `ful_…#capture`, `pay_…#refund`. */
export function stepSubject(laneId: string, step: StepKind): string {
  return `${laneId}#${step}`;
}

/** The view of a snapshot: what the workflow, the console and the rules of domain/lifecycle.ts work on. */
export function viewOf(snapshot: Snapshot): OrderView {
  const { order, policy } = snapshot;
  const money = moneyOf(snapshot);
  const isResting = order.authorizeAt !== null && order.direction === 'forward';
  return {
    orderId: order.id,
    number: order.number,
    channel: order.channel,
    currency: order.currency,
    totalMinor: order.totalMinor,
    lineCount: order.lineCount,
    version: order.version,
    lifecycle: order.lifecycle,
    direction: order.direction,
    method: order.method,
    paid: order.paid,
    releaseAt: order.releaseAt?.toISOString() ?? null,
    ...(policy.captureAt !== 'shipment' && { captureAt: policy.captureAt }),
    ...(isResting && { authorizeAt: order.authorizeAt?.toISOString() ?? '' }),
    attention: [...new Set(snapshot.cases.map((open) => open.attention))].toSorted(),
    shares: snapshot.shares.map((share) => shareView(snapshot, share)),
    waits: snapshot.waits,
    ...(money && { money }),
    timing: {
      callTimeoutSeconds: policy.callTimeoutSeconds,
      stepTimeoutSeconds: policy.stepTimeoutSeconds,
      callRetryMillis: policy.callRetryMillis,
    },
  };
}

function moneyOf({ order, payments, refunds, waits }: Snapshot): MoneyWork | undefined {
  const { toApprove, pending } = refunds;
  const money = {
    refunds: refunds.refunds,
    inspections: payments.filter((one) => one.inspectWanted).map((one) => one.id),
    stalled: waits.filter((wait) => wait.kind === 'retry' && isMoneyWait(wait)).map((wait) => wait.subject),
    isDisputed: order.isDisputed,
    ...(toApprove.length > 0 && { toApprove }),
    ...(pending.length > 0 && { pending }),
  };
  const rows = [money.refunds, money.inspections, money.stalled, toApprove, pending];
  return money.isDisputed || rows.some((row) => row.length > 0) ? money : undefined;
}

function shareView(snapshot: Snapshot, share: ShareFacts): ShareView {
  const parcel = snapshot.shipments.find(
    (one) => one.shareId === share.id && one.attempt === share.shipmentAttempt,
  );
  const prefix = `${share.id}#`;
  return {
    ...share,
    payments: snapshot.payments
      .filter((payment) => payment.shareId === share.id)
      .map(({ id, attempt, state, captureBefore }) => ({
        id,
        attempt,
        state,
        ...(captureBefore !== null && state === 'authorized' && { captureBefore }),
      })),
    shipment: parcel ? { id: parcel.id, state: parcel.state } : null,
    stalled: snapshot.waits
      .filter((wait) => wait.kind === 'retry' && wait.subject.startsWith(prefix))
      .map((wait) => wait.subject.slice(prefix.length) as StepKind),
  };
}
