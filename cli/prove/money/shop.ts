/**
 * A shop for the proofs of money: places orders, waits for them, asks for refunds, and reads both sides' books: ours over
 * the API and the gateway's from its ledger.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { LedgerVerification } from '../../../api/schemas/ledger.ts';
import type { OrderDetail, OrderListItem } from '../../../api/schemas/orders.ts';
import type { RefundRequestBody } from '../../../api/schemas/refunds.ts';
import { ApiProblem, openApi, type Api } from '../../http.ts';
import type { Figures } from '../figures.ts';
import { plainOrder } from '../shopOrder.ts';
import { readPayments, type PaymentEntry } from '../simulators.ts';
import type { Stage } from '../stage.ts';

const PATIENCE_MILLIS = 120_000;
const LOOK_MILLIS = 200;
const BUSY_MILLIS = 1_000;

/** A command as the API shows it, as far as a proof needs it. */
interface Command {
  state: 'pending' | 'applied' | 'refused';
  code: string | null;
}

/** What the gateway says about one order, in minor units. */
export interface GatewaySide {
  authorizations: number;
  captures: number;
  capturedMinor: number;
  refundedMinor: number;
}

/** The shop of one stage. */
export interface MoneyShop {
  ops: Api;
  order(id: string): Promise<OrderDetail>;
  place(part?: Record<string, unknown>): Promise<OrderListItem>;
  /** Places an order and waits until it is delivered and its money taken. */
  deliver(part?: Record<string, unknown>): Promise<OrderDetail>;
  /** The order as soon as it is so; throws after two minutes. */
  until(id: string, what: string, is: (order: OrderDetail) => boolean): Promise<OrderDetail>;
  /** Asks for a refund: true when it was granted, else the code of the refusal. */
  refund(id: string, body: RefundRequestBody): Promise<true | string>;
}

/** Opens the shop of a stage. */
export function openShop(stage: Stage): MoneyShop {
  const ops = openApi({ url: stage.ops.url, key: stage.ops.apiKey });
  const channel = openApi({ url: stage.shop.url, key: stage.shop.apiKey });
  const order = (id: string) => ops.call<OrderDetail>(`/v1/orders/${id}`);
  const place = (part?: Record<string, unknown>) =>
    channel.call<OrderListItem>('/v1/orders', { body: plainOrder(part) });
  const until: MoneyShop['until'] = async (id, what, is) => {
    const end = Date.now() + PATIENCE_MILLIS;
    for (;;) {
      const now = await order(id);
      if (is(now)) return now;
      if (Date.now() > end)
        throw new Error(`order ${now.number} was not ${what} in time: ${now.standing.text}`);
      await pause(LOOK_MILLIS);
    }
  };
  return {
    ops,
    order,
    place,
    until,
    async deliver(part) {
      const { id } = await place(part);
      return until(id, 'delivered', (now) => now.lifecycle === 'completed');
    },
    refund: (id, body) => refund(ops, id, body),
  };
}

/** Asks under one Idempotency-Key; "busy just now" is asked again, as any client would. */
async function refund(ops: Api, id: string, body: RefundRequestBody): Promise<true | string> {
  const sending = { body, idempotencyKey: randomUUID() };
  const end = Date.now() + PATIENCE_MILLIS;
  for (;;) {
    try {
      const answer = await ops.answer<{ id: string }>(`/v1/orders/${id}/refunds`, sending);
      return answer.status === 202 ? await outcomeOf(ops, answer.body.id) : true;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      const isBusy = error.status === 503 && Date.now() < end;
      if (!isBusy) return error.problem.code ?? String(error.status);
      await pause(BUSY_MILLIS);
    }
  }
}

/** What became of a command that was accepted and not answered at once. */
async function outcomeOf(ops: Api, commandId: string): Promise<true | string> {
  const end = Date.now() + PATIENCE_MILLIS;
  for (;;) {
    const { state, code } = await ops.call<Command>(`/v1/commands/${commandId}`);
    if (state !== 'pending') return state === 'applied' ? true : (code ?? state);
    if (Date.now() > end) throw new Error(`the command ${commandId} was not taken in time`);
    await pause(LOOK_MILLIS);
  }
}

/** True when no refund of the order is under way. */
export function hasSettledRefunds({ money }: OrderDetail): boolean {
  return money.refundPending.amount === 0 && money.refunds.every((one) => one.state === 'settled');
}

/** What the gateway says about each of these orders, by id, from one look at its ledger. */
export async function readGateway(
  stage: Stage,
  orders: readonly { id: string; number: number }[],
): Promise<Map<string, GatewaySide>> {
  const entries = await readPayments(stage.stack.simulators.payment);
  const byNumber = new Map<string, PaymentEntry[]>();
  for (const entry of entries) {
    const number = entry.intent?.metadata['order_number'] ?? '';
    byNumber.set(number, [...(byNumber.get(number) ?? []), entry]);
  }
  return new Map(orders.map((order) => [order.id, sideOf(byNumber.get(String(order.number)) ?? [])]));
}

function sideOf(entries: readonly PaymentEntry[]): GatewaySide {
  const of = (kind: string) => entries.filter((entry) => entry.kind === kind);
  const sum = (kind: string) => of(kind).reduce((total, entry) => total + (entry.amountMinor ?? 0), 0);
  return {
    authorizations: of('authorized').length,
    captures: of('captured').length,
    capturedMinor: sum('captured'),
    refundedMinor: sum('refunded'),
  };
}

/** How many of the orders have other sums of taken and given back money in our books than at the gateway. */
export function countDifferences(
  orders: readonly OrderDetail[],
  gateway: ReadonlyMap<string, GatewaySide>,
): number {
  return orders.filter((order) => {
    const side = gateway.get(order.id);
    const { captured, refunded } = order.money;
    return captured.amount !== side?.capturedMinor || refunded.amount !== side.refundedMinor;
  }).length;
}

/** The books of the stage sum to zero, and every posting is explained by an event. */
export async function judgeBooks(shop: MoneyShop, figures: Figures): Promise<void> {
  const { wrong, postings, problems } = await shop.ops.call<LedgerVerification>('/v1/ledger/verification');
  problems.slice(0, 3).forEach((one) => figures.note(JSON.stringify(one)));
  figures.equal(`rows of the ledger that are wrong, of ${postings}`, wrong, 0);
}
