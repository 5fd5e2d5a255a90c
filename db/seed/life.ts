/**
 * One seeded order while its life is told: what the database would hold of it at each moment, by the same rules that
 * the lane goes by (stageOf, wantedWaits, paymentStatus, fulfillmentStatus), so that a seeded order reads like a real one.
 */
import { bucketOf } from '../../domain/histogram.ts';
import type { FailureCode } from '../../domain/failures.ts';
import type { EventType } from '../../domain/events.ts';
import { isPaidAtOnce, paymentOf } from '../../domain/givenTenders.ts';
import type { OrderView, ShareView } from '../../domain/lifecycle.ts';
import type { NewOrder } from '../../domain/newOrder.ts';
import { fulfillmentStatus, isTerminal, type Attention, type CancelReason } from '../../domain/order.ts';
import { paymentStatus } from '../../domain/payment.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Random } from '../../domain/random.ts';
import { stageOf, type Stage } from '../../domain/stage.ts';
import { sumOrder, type OrderSums } from '../../domain/totals.ts';
import { CASE_OWNERS } from '../writes/cases.ts';
import { lineColumns } from '../writes/intakeColumns.ts';
import { at, type SeedRows } from './copy.ts';
import type { SeedCounts } from './counts.ts';
import type { SeedChannel, SeedItem } from './shop.ts';
import type { SeedStock } from './stock.ts';

/** What all seeded orders share. */
export interface SeedWorld {
  random: Random;
  /** The moment at which everything is looked at: nothing happens after it. */
  untilMillis: number;
  policy: Policy;
  items: ReadonlyMap<string, SeedItem>;
  stock: SeedStock;
}

/** Where rows and counts of the present batch go. */
export interface SeedBatch {
  rows: SeedRows;
  counts: SeedCounts;
}

/** A payment as it will be stored. */
export interface SeedPayment {
  id: string;
  share: ShareView | null;
  attempt: number;
  state: 'authorized' | 'captured' | 'declined' | 'voided';
  providerRef: string;
  authorizedMinor: number;
  capturedMinor: number;
  voidedMinor: number;
  failureCode: string | null;
  createdAt: number;
}

/** A parcel as it will be stored; its state is the view's. */
export interface SeedParcel {
  share: ShareView;
  trackingCode: string;
  providerRef: string;
  bookedAt: number;
  dispatchAt: number | null;
  handedOverAt: number | null;
  deliveredAt: number | null;
  lastScanAt: number | null;
}

/** A case as it will be stored. */
export interface SeedCase {
  subject: string;
  code: FailureCode;
  attention: Attention;
  detail: string;
  openedAt: number;
  resolvedAt: number | null;
  resolution: string | null;
}

/** Which instants of a share are known. */
export interface ShareTimes {
  submittedAt: number | null;
  packedAt: number | null;
  closedAt: number | null;
}

/** What identifies a new order. */
export interface SeedIdentity {
  id: string;
  tail: string;
  number: number;
  placedAt: number;
  createdAt: number;
}

type LineLedger = ReturnType<typeof lineColumns> & {
  cancelled: number;
  allocated: number;
  fulfilled: number;
  shipped: number;
  delivered: number;
};

/** The order; steps.ts changes it, rows.ts writes it down. */
export class SeedLife {
  readonly world: SeedWorld;
  readonly batch: SeedBatch;
  readonly channel: SeedChannel;
  readonly order: NewOrder;
  readonly sums: OrderSums;
  readonly view: OrderView;
  readonly placedAt: number;
  readonly tail: string;
  /** When it came in here: long after it was placed, for one that was taken over. */
  readonly createdAt: number;
  readonly lines: LineLedger[];
  readonly payments: SeedPayment[] = [];
  readonly parcels: SeedParcel[] = [];
  readonly cases: SeedCase[] = [];
  readonly times = new Map<string, ShareTimes>();
  /** Units of each line by share. */
  readonly parts = new Map<string, { lineNo: number; sku: string; quantity: number }[]>();
  undo: { cause: CancelReason; actor: string; reason: string | null } | null = null;
  releaseAt: number | null = null;
  completedAt: number | null = null;
  cancelledAt: number | null = null;
  stage: Stage = 'stock';
  stageSince: number;
  updatedAt: number;
  eventSeq = 0;

  constructor(
    world: SeedWorld,
    batch: SeedBatch,
    given: { identity: SeedIdentity; channel: SeedChannel; order: NewOrder },
  ) {
    const { identity, channel, order } = given;
    this.world = world;
    this.batch = batch;
    this.channel = channel;
    this.order = order;
    this.sums = sumOrder(order);
    this.placedAt = identity.placedAt;
    this.tail = identity.tail;
    this.createdAt = identity.createdAt;
    this.stageSince = identity.createdAt;
    this.updatedAt = identity.createdAt;
    const payment = paymentOf(order);
    const untouched = { cancelled: 0, allocated: 0, fulfilled: 0, shipped: 0, delivered: 0 };
    this.lines = order.lines.map((line, index) => ({
      ...lineColumns(line, index, order.pricesIncludeTax ?? false),
      ...untouched,
    }));
    this.view = {
      orderId: identity.id,
      number: identity.number,
      channel: channel.id,
      currency: order.currency,
      totalMinor: this.sums.totalMinor,
      lineCount: order.lines.length,
      version: 1,
      lifecycle: 'received',
      direction: 'forward',
      method: payment.method,
      paid: isPaidAtOnce(payment, this.sums.totalMinor),
      releaseAt: null,
      attention: [],
      shares: [],
      waits: [],
      timing: world.policy,
    };
  }

  /** Something happened: an event in the order's log. */
  event(type: EventType, data: Record<string, unknown>, when: { at: number; actor?: string }): void {
    this.eventSeq += 1;
    this.batch.rows.add('events', [
      seedId('evt', { at: when.at, count: this.eventSeq, tail: this.tail }),
      this.view.orderId,
      this.eventSeq,
      this.channel.id,
      type,
      when.actor ?? 'system',
      JSON.stringify(data),
      at(when.at),
    ]);
  }

  /** Opens a case. */
  openCase(given: Pick<SeedCase, 'subject' | 'code' | 'attention' | 'detail'>, now: number): void {
    this.cases.push({ ...given, openedAt: now, resolvedAt: null, resolution: null });
    this.event('case.opened', { ...given, owner: CASE_OWNERS[given.attention] }, { at: now });
  }

  /** Resolves the open cases, or those of one code. */
  resolveCases(resolution: string, given: { at: number; actor?: string; code?: FailureCode }): void {
    for (const one of this.cases) {
      if (one.resolvedAt !== null || (given.code !== undefined && one.code !== given.code)) continue;
      one.resolvedAt = given.at;
      one.resolution = resolution;
      this.event('case.resolved', { code: one.code, subject: one.subject, resolution }, given);
    }
  }

  /** What follows from a change, as the lane writes it: version, attention, and the state when another one begins. */
  changed(now: number): void {
    const { view } = this;
    view.version += 1;
    view.attention = [
      ...new Set(this.cases.flatMap((one) => (one.resolvedAt === null ? [one.attention] : []))),
    ].toSorted();
    this.updatedAt = now;
    const stage = stageOf(view);
    if (stage === this.stage) return;
    const until = Math.max(now, this.stageSince);
    this.batch.rows.add('order_stages', [
      view.orderId,
      this.channel.id,
      this.stage,
      at(this.stageSince),
      at(until),
    ]);
    this.batch.counts.add(this, {
      report: 'stage',
      at: until,
      key: `${this.stage}/${bucketOf((until - this.stageSince) / 1000)}`,
    });
    this.stage = stage;
    this.stageSince = until;
  }

  /** The payment axis as the lane folds it. */
  paymentStatus(): string {
    const sum = (pick: (payment: SeedPayment) => number) =>
      this.payments.reduce((total, payment) => total + pick(payment), 0);
    return paymentStatus({
      totalMinor: this.sums.totalMinor,
      authorizedMinor: sum((one) => (one.state === 'authorized' ? one.authorizedMinor : 0)),
      capturedMinor: sum((one) => one.capturedMinor),
      refundedMinor: 0,
      voidedMinor: sum((one) => one.voidedMinor),
      pending: false,
    });
  }

  /** The fulfillment axis. */
  fulfillmentStatus(): string {
    const sum = (pick: (line: LineLedger) => number) =>
      this.lines.reduce((total, line) => total + pick(line), 0);
    return fulfillmentStatus({
      ordered: sum((line) => line.quantity),
      cancelled: sum((line) => line.cancelled),
      shipped: sum((line) => line.shipped),
      delivered: sum((line) => line.delivered),
    });
  }

  /** True when nothing happens to the order any more. */
  get hasEnded(): boolean {
    return isTerminal(this.view.lifecycle);
  }
}

/** The random end of the ids of one order's rows; drawn once, since drawing is what costs. */
export function seedTail(random: Random): string {
  return `${hex(0x8000_0000 + random.whole(0, 0x3fff_ffff), 8)}${hex(random.whole(0, 0xffff_ffff), 8)}`;
}

/** An id of the form that db/ids.ts gives: instant, a number of its own below 4,096 within prefix and order, end. */
export function seedId(prefix: string, given: { at: number; count: number; tail: string }): string {
  return `${prefix}_${hex(Math.floor(given.at), 12)}7${hex(given.count, 3)}${given.tail}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
