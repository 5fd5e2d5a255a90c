/**
 * Intake: an order is accepted when one statement committed it. The caller knows the order's number and its whole
 * answer before the statement runs; twins, repeats and clashes are told apart by what the statement gives back.
 */
import pg from 'pg';
import type { HistoryTimes, NewOrder } from '../../domain/newOrder.ts';
import { canonicalSku, type Origin } from '../../domain/order.ts';
import { paymentId } from '../../domain/payment.ts';
import { sumOrder } from '../../domain/totals.ts';
import type { Db } from '../connect.ts';
import { newId } from '../ids.ts';
import { noteChange } from './changes.ts';
import { inOrder, summaryOf, type OrderSummary } from '../reads/summary.ts';
import { columns, contactColumns, countedColumns } from './intakeColumns.ts';
import {
  ACCEPT_PARAMETERS,
  ACCEPT_SQL,
  HISTORY_PARAMETERS,
  HISTORY_SQL,
  UNKNOWN_SKUS_SQL,
  WINNER_SQL,
  type AcceptParameter,
} from './intakeSql.ts';
import { createOrderNumbers } from './orderNumbers.ts';

/** An order to accept. Its form and totals were checked; `fingerprint` is of the body as it was sent. */
export interface AcceptRequest {
  channel: string;
  /** The channel's time zone: reports count an order on the day it has there. */
  timeZone: string;
  idempotencyKey: string;
  fingerprint: string;
  origin: Origin;
  actor: string;
  policyVersion: number;
  order: NewOrder;
  /** The credit accounts of its ways to pay, by seq; left out when it has none. */
  accounts?: ReadonlyMap<number, string>;
  /** True when the caller starts the workflow itself: the relay then waits 5 s before it does. */
  hasSlot: boolean;
  /** Given for finished orders of the past: no workflow, money or stock. */
  history?: HistoryTimes;
}

/** What the workflow's start options are made of. */
export interface AcceptedRef {
  orderId: string;
  number: number;
  channel: string;
  currency: string;
  totalMinor: number;
  lineCount: number;
  placedAt: Date;
  promisedBy: Date | null;
}

/** How accepting ended. Only `accepted` stored anything. */
export type AcceptResult =
  | { kind: 'accepted'; answer: OrderSummary; ref: AcceptedRef }
  | { kind: 'replayed'; answer: OrderSummary }
  | { kind: 'key_reused'; orderId: string }
  | { kind: 'external_id_taken'; orderId: string }
  | { kind: 'unknown_skus'; skus: string[] };

/** The intake of one process: it holds a pool of order numbers. */
export interface Intake {
  /** Accepts the order once for its key and once for its externalId. Throws database errors; then nothing is known stored. */
  accept(request: AcceptRequest): Promise<AcceptResult>;
}

interface AnswerRow {
  order_id: string | null;
  fingerprint: string | null;
  answer: OrderSummary | null;
  fresh: boolean | null;
}

/** Opens intake on a database. */
export function createIntake(db: Pick<Db, 'pool'>): Intake {
  const numbers = createOrderNumbers(db.pool);
  return {
    async accept(request) {
      const taken = numbers.take();
      const orderNumber = typeof taken === 'number' ? taken : await taken;
      const prepared = prepare(request, orderNumber);
      try {
        const result = await insert(db.pool, request, prepared);
        if (result.kind === 'accepted') noteChange(db.pool);
        else numbers.giveBack(orderNumber);
        return result;
      } catch (error) {
        if (!isExternalIdClash(error)) throw error;
        numbers.giveBack(orderNumber);
        return readWinner(db.pool, request);
      }
    },
  };
}

interface Prepared {
  values: Record<AcceptParameter, unknown>;
  history: { completedAt: Date; shippedAt: Date; paymentId: string };
  answer: OrderSummary;
  ref: AcceptedRef;
}

async function insert(pool: pg.Pool, request: AcceptRequest, prepared: Prepared): Promise<AcceptResult> {
  const { rows } = await pool.query<AnswerRow>(statement(request, prepared));
  const row = rows[0];
  if (!row) return { kind: 'unknown_skus', skus: await unknownSkus(pool, request) };
  if (row.fresh) return { kind: 'accepted', answer: prepared.answer, ref: prepared.ref };
  if (row.fingerprint !== request.fingerprint || row.answer === null)
    return { kind: 'key_reused', orderId: row.order_id ?? '' };
  return { kind: 'replayed', answer: inOrder(row.answer) };
}

/** Why nothing was stored. An item that was added in this very moment leaves nothing to name: the sender may try again. */
async function unknownSkus(pool: pg.Pool, request: AcceptRequest): Promise<string[]> {
  const { rows } = await pool.query<{ sku: string }>(UNKNOWN_SKUS_SQL, [
    request.order.lines.map((line) => canonicalSku(line.sku)),
  ]);
  return rows.map((row) => row.sku);
}

function statement(request: AcceptRequest, { values, history }: Prepared): pg.QueryConfig {
  if (!request.history)
    return { name: 'accept_order', text: ACCEPT_SQL, values: ACCEPT_PARAMETERS.map((name) => values[name]) };
  const all: Record<string, unknown> = { ...values, ...history };
  return { name: 'accept_history', text: HISTORY_SQL, values: HISTORY_PARAMETERS.map((name) => all[name]) };
}

function isExternalIdClash(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.constraint === 'orders_external_id';
}

async function readWinner(pool: pg.Pool, request: AcceptRequest): Promise<AcceptResult> {
  const { rows } = await pool.query<AnswerRow>({
    name: 'accept_winner',
    text: WINNER_SQL,
    values: [request.channel, request.order.externalId],
  });
  const row = rows[0];
  if (!row?.order_id) throw new Error('the order that holds the externalId was not found');
  return row.fingerprint === request.fingerprint && row.answer
    ? { kind: 'replayed', answer: inOrder(row.answer) }
    : { kind: 'external_id_taken', orderId: row.order_id };
}

const NO_ACCOUNTS: ReadonlyMap<number, string> = new Map();

function prepare(request: AcceptRequest, orderNumber: number): Prepared {
  const { order } = request;
  const id = newId('ord');
  const createdAt = new Date();
  const sums = sumOrder(order);
  const placedAt = order.placedAt === undefined ? createdAt : new Date(order.placedAt);
  const promisedBy = order.promisedBy === undefined ? null : new Date(order.promisedBy);
  const answer = answerOf(request, { id, orderNumber, createdAt, placedAt, promisedBy });
  const completedAt = new Date(request.history?.completedAt ?? request.history?.shippedAt ?? placedAt);
  return {
    values: {
      ...columns(order, sums, request.accounts ?? NO_ACCOUNTS),
      ...contactColumns(order),
      ...countedColumns(order, sums.totalMinor),
      timeZone: request.timeZone,
      id,
      channel: request.channel,
      key: request.idempotencyKey,
      fingerprint: request.fingerprint,
      answer: JSON.stringify(answer),
      number: orderNumber,
      origin: request.origin,
      policyVersion: request.policyVersion,
      // As text: pg would write each Date out in local time, digit by digit.
      placedAt: answer.placedAt,
      promisedBy: answer.promisedBy,
      createdAt: answer.createdAt,
      actor: request.actor,
      eventData: JSON.stringify(eventData(request)),
      lane: request.origin === 'import' ? 'import' : 'start',
      hasSlot: request.hasSlot,
    },
    history: {
      completedAt,
      shippedAt: new Date(request.history?.shippedAt ?? completedAt),
      paymentId: paymentId(id, { shareSeq: 0, attempt: 1 }),
    },
    answer,
    ref: {
      orderId: id,
      number: orderNumber,
      channel: request.channel,
      currency: order.currency,
      totalMinor: sums.totalMinor,
      lineCount: order.lines.length,
      placedAt,
      promisedBy,
    },
  };
}

/** What the first event says: ids and amounts, no personal data. */
function eventData(request: AcceptRequest): Record<string, unknown> {
  const { order } = request;
  return {
    externalId: order.externalId,
    origin: request.origin,
    lineCount: order.lines.length,
    total: order.totals.total,
    ...(request.history && { history: true }),
  };
}

function answerOf(
  request: AcceptRequest,
  made: { id: string; orderNumber: number; createdAt: Date; placedAt: Date; promisedBy: Date | null },
): OrderSummary {
  const past = request.history !== undefined;
  return summaryOf({
    id: made.id,
    number: made.orderNumber,
    channel: request.channel,
    external_id: request.order.externalId,
    lifecycle: past ? 'completed' : 'received',
    direction: 'forward',
    payment_status: past ? 'captured' : 'none',
    fulfillment_status: past ? 'delivered' : 'unfulfilled',
    return_status: 'none',
    attention: [],
    holds: [],
    total_minor: request.order.totals.total.amount,
    currency: request.order.currency,
    line_count: request.order.lines.length,
    placed_at: made.placedAt,
    created_at: made.createdAt,
    promised_by: made.promisedBy,
    release_at: null,
    version: 1,
    stage: past ? 'ended' : 'stock',
  });
}
