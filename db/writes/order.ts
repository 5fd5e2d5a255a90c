/**
 * The one door through which an order changes after it was accepted: lock the row, take what the inbox holds, let the
 * caller change something, carry on with what our own database can do, then write statuses, state, waits, deadline,
 * version, events and what reports count in the same transaction. Calling it without a change is a read that writes nothing, so an activity that
 * runs twice is harmless.
 */
import type pg from 'pg';
import type { EventType } from '../../domain/events.ts';
import { dueSteps, type OrderView } from '../../domain/lifecycle.ts';
import { bucketOf } from '../../domain/histogram.ts';
import { stageOf } from '../../domain/stage.ts';
import { isAtRest, isKeptOpen, nearestDeadline, wantedWaits, type WantedWait } from '../../domain/waits.ts';
import { fulfillmentStatus, isTerminal } from '../../domain/order.ts';
import { paymentStatus } from '../../domain/payment.ts';
import { loadSnapshot, type Snapshot } from '../reads/snapshot.ts';
import { viewOf } from '../reads/view.ts';
import { transaction, type Tx } from '../connect.ts';
import { noteChange } from './changes.ts';
import { endDueWaits } from './deadlines.ts';
import { takeMessages } from './facts.ts';
import { progress } from './progress.ts';

/** The order was not found: its row is gone or the id is wrong. Trying again cannot help. */
export class OrderMissing extends Error {
  override readonly name = 'OrderMissing';
}

interface PendingEvent {
  type: EventType;
  data: Record<string, unknown>;
  actor: string;
}

/** One order under its row lock, while it is being changed. */
export class OrderWork {
  readonly tx: Tx;
  snapshot: Snapshot;
  readonly events: PendingEvent[] = [];
  /** True once something changed; the version rises and statuses are written. */
  changed = false;
  constructor(tx: Tx, snapshot: Snapshot) {
    this.tx = tx;
    this.snapshot = snapshot;
  }
  get order(): Snapshot['order'] {
    return this.snapshot.order;
  }
  get view(): OrderView {
    return viewOf(this.snapshot);
  }
  /** Notes an event of this change; it is stored with it. `actor` is `system` unless a person or channel did it. */
  record(type: EventType, data: Record<string, unknown>, actor = 'system'): void {
    this.events.push({ type, data, actor });
    this.changed = true;
  }
  /** Reads the order again after its rows were changed. */
  async reload(): Promise<void> {
    const fresh = await loadSnapshot(this.tx, this.order.id);
    if (!fresh) throw new OrderMissing(this.order.id);
    this.snapshot = fresh;
  }
}

/**
 * Runs `change` on the locked order and returns the view after it. Throws OrderMissing; a database error rolls
 * everything back. `change` may look at `work.view` and must guard itself: it can run more than once.
 */
export async function withOrder(
  pool: pg.Pool,
  orderId: string,
  change: (work: OrderWork) => Promise<void> = () => Promise.resolve(),
): Promise<OrderView> {
  let hasChanged = false;
  const after = await transaction(pool, async (tx) => {
    const locked = await tx.query({
      name: 'order_lock',
      text: 'select 1 from orders where id = $1 for update',
      values: [orderId],
    });
    const snapshot = locked.rowCount === 0 ? undefined : await loadSnapshot(tx, orderId);
    if (!snapshot) throw new OrderMissing(orderId);
    const work = new OrderWork(tx, snapshot);
    await takeMessages(work);
    await endDueWaits(work);
    await progress(work);
    await change(work);
    if (!work.changed) return work.view;
    hasChanged = true;
    await work.reload();
    await progress(work);
    return persist(work);
  });
  if (hasChanged) noteChange(pool);
  return after;
}

/**
 * The state that was left ($13; null when the order is still in it), as an interval and as one more in its bucket ($14).
 * now() is the transaction's start and may be before an instant that another transaction wrote while this one waited.
 */
const LEFT_STAGE = `, left_stage as (
  insert into order_stages (order_id, channel, stage, since, until)
  select id, channel, $13::text, stage_since, greatest(now(), stage_since) from orders where id = $1 and $13::text is not null
), counted as (
  insert into report_deltas (report, day, channel, key, n)
  select 'stage', (greatest(now(), o.stage_since) at time zone c.time_zone)::date, o.channel, $13::text || '/' || $14::int, 1
  from orders o join channels c on c.id = o.channel where o.id = $1 and $13::text is not null
)`;

const PERSIST = `
with events as (
  insert into events (order_id, seq, channel, type, actor, data)
  select $1, (e->>'seq')::int, $2, e->>'type', e->>'actor', e->'data' from jsonb_array_elements($3::jsonb) e
), closed as (
  update waits set ended_at = now(), ended_as = 'done'
  where order_id = $1 and ended_at is null and (subject || ' ' || kind) = any ($4::text[])
), opened as (
  insert into waits (order_id, subject, kind, awaited_from, deadline_at, then_what, policy_version)
  select $1, w->>'subject', w->>'kind', w->>'awaitedFrom',
    (w->>'deadlineAt')::timestamptz, w->>'thenWhat', $5
  from jsonb_array_elements($6::jsonb) w
)${LEFT_STAGE}
update orders set version = version + 1, event_seq = $7, attention = $8, payment_status = $9, fulfillment_status = $10,
  due_at = $11, updated_at = now(), stage = $12,
  stage_since = case when stage = $12 then stage_since else greatest(now(), stage_since) end
where id = $1`;

/** Writes what follows from the change: waits, statuses, deadline, version, events. Returns the final view. */
async function persist(work: OrderWork): Promise<OrderView> {
  const view = work.view;
  const { order, now } = work.snapshot;
  const wanted = wantedWaits(view, work.snapshot.policy).filter(
    (wait) => wait.at === undefined || Date.parse(wait.at) > now.getTime() || wait.seconds > 0,
  );
  const name = (wait: { subject: string; kind: string }) => `${wait.subject} ${wait.kind}`;
  const open = new Set(view.waits.map(name));
  const keep = new Set(wanted.map(name));
  const toOpen = wanted.filter((wait) => !open.has(name(wait))).map((wait) => opened(wait, now));
  const toClose = view.waits.filter((wait) => !keep.has(name(wait)) && !isKeptOpen(view, wait));
  view.waits = [...view.waits.filter((wait) => !toClose.includes(wait)), ...toOpen];
  view.version = order.version + 1;
  const stage = stageOf(view);
  const secondsThere = (now.getTime() - order.stageSince.getTime()) / 1000;
  const firstSeq = order.eventSeq + 1;
  const events = work.events.map((event, index) => ({ seq: firstSeq + index, ...event }));
  await work.tx.query({
    name: 'order_persist',
    text: PERSIST,
    values: [
      order.id,
      order.channel,
      JSON.stringify(events),
      toClose.map(name),
      order.policyVersion,
      JSON.stringify(toOpen),
      order.eventSeq + events.length,
      view.attention,
      paymentStatusOf(work.snapshot),
      fulfillmentStatus(work.snapshot.units),
      dueAt(view, now),
      stage,
      stage === order.stage ? null : order.stage,
      bucketOf(secondsThere),
    ],
  });
  return view;
}

/** Deadlines that are nobody's promise are spread by up to a tenth, so that an outage does not end in one burst. */
const JITTER = 0.1;
const JITTER_FROM_SECONDS = 60;

function opened(wait: WantedWait, now: Date): OrderView['waits'][number] {
  const spread = wait.seconds >= JITTER_FROM_SECONDS ? 1 + Math.random() * JITTER : 1;
  const isAhead = wait.at !== undefined && Date.parse(wait.at) > now.getTime();
  const deadlineAt = isAhead
    ? (wait.at ?? '')
    : new Date(now.getTime() + Math.round(wait.seconds * spread * 1000)).toISOString();
  const { subject, kind, awaitedFrom, thenWhat } = wait;
  return { subject, kind, awaitedFrom, since: now.toISOString(), deadlineAt, thenWhat };
}

/** When something has to happen by itself: now while a step is due, else the nearest deadline; null at the end (once no money is awaited) and at rest, where nothing has to. */
function dueAt(view: OrderView, now: Date): string | null {
  if (dueSteps(view, now.getTime()).length > 0) return now.toISOString();
  const isQuiet = isTerminal(view.lifecycle) || isAtRest(view);
  return nearestDeadline(view) ?? (isQuiet ? null : now.toISOString());
}

function paymentStatusOf(snapshot: Snapshot): string {
  const sum = (pick: (payment: Snapshot['payments'][number]) => number) =>
    snapshot.payments.reduce((total, payment) => total + pick(payment), 0);
  return paymentStatus({
    totalMinor: snapshot.order.totalMinor,
    authorizedMinor: sum((payment) => (payment.state === 'authorized' ? payment.authorizedMinor : 0)),
    capturedMinor: sum((payment) => payment.capturedMinor),
    refundedMinor: sum((payment) => payment.refundedMinor),
    voidedMinor: sum((payment) => payment.voidedMinor),
    chargedBackMinor: sum((payment) => payment.chargedBackMinor),
    isDisputed: snapshot.order.isDisputed,
    pending: snapshot.payments.some((payment) => payment.state === 'created' || payment.state === 'unknown'),
  });
}
