/** Refunds: what one would be, asking for one, deciding on it, and the queue of all. */
import { z } from 'zod';
import { findOrderId } from '../../db/reads/orderDetail.ts';
import { readRefundFacts } from '../../db/reads/refundFacts.ts';
import { listRefunds, readRefunds, type RefundListRow } from '../../db/reads/refunds.ts';
import { loadSnapshot } from '../../db/reads/snapshot.ts';
import type { DecisionPayload, RefundCommand, RefundPayload } from '../../db/writes/refundCommands.ts';
import type { RefundRoute } from '../../domain/method.ts';
import { refundLimitMajor } from '../../domain/refundLimits.ts';
import type { Principal } from '../auth.ts';
import { acceptedAnswer, commandRefusal, giveCommand } from '../command.ts';
import { decodeCursor, PAGE_DEFAULT, pageFrom } from '../cursor.ts';
import type { Services } from '../deps.ts';
import { Refusal } from '../problems.ts';
import { previewOf, requestOf, type Asked } from '../refundPreview.ts';
import { route, type Answer, type Call, type Route } from '../route.ts';
import { noBody, noParams, noQuery, pageOf } from '../schemas/fields.ts';
import { CommandBody, OrderBody } from '../schemas/orders.ts';
import {
  RefundBody,
  RefundDecisionBody,
  RefundListQuery,
  RefundPreviewBody,
  RefundRecordBody,
  RefundShown,
} from '../schemas/refunds.ts';
import { showRefund } from '../show/money.ts';
import { sightOf } from '../sight.ts';
import { OrderParams, readShown } from './orders.ts';

const RefundParams = OrderParams.extend({ refund: z.string().min(1).max(60) });
const REFUSALS = [
  'nothing_to_refund',
  'refund_too_large',
  'units_not_refundable',
  'shipping_not_refundable',
] as const;

/** Routes of refunds. */
export function refundRoutes(services: Services): Route[] {
  return [...askingRoutes(services), ...readingRoutes(services), ...decisionRoutes(services)];
}

function askingRoutes(services: Services): Route[] {
  const shared = {
    method: 'post',
    tag: 'Refunds',
    scope: 'refunds:write',
    params: OrderParams,
    query: noQuery,
    body: RefundBody,
  } as const;
  return [
    route({
      ...shared,
      path: '/v1/orders/{order}/refunds',
      summary: 'Give money back',
      description:
        'Works on ended orders, too. Above the limit of the caller’s role it waits for a second person; what is asked for counts as used until then.',
      idempotent: true,
      answers: { 200: OrderBody, 202: CommandBody },
      problems: [...REFUSALS],
      async handler(call) {
        const { body, principal, params } = call;
        const payload: RefundPayload = {
          ...requestOf(body),
          role: principal.role,
          ...(body.note !== undefined && { note: body.note }),
        };
        return command(services, call, {
          kind: 'refund',
          target: params.order,
          reason: body.reason,
          payload: { ...payload },
        });
      },
    }),
    route({
      ...shared,
      path: '/v1/orders/{order}/refunds/preview',
      summary: 'What a refund would be',
      description: 'The same calculation as the refund itself. Writes nothing.',
      answers: { 200: RefundPreviewBody },
      problems: [],
      handler: (call) => preview(services, call),
    }),
  ];
}

function readingRoutes(services: Services): Route[] {
  const shared = { method: 'get', tag: 'Refunds', scope: 'orders:read', body: noBody } as const;
  return [
    route({
      ...shared,
      path: '/v1/orders/{order}/refunds',
      summary: 'Refunds of an order',
      description: 'Oldest first.',
      params: OrderParams,
      query: noQuery,
      answers: { 200: z.strictObject({ data: z.array(RefundShown) }) },
      problems: [],
      async handler({ params, principal }) {
        const id = await findOrderId(services.db, params.order, principal.channel);
        if (id === undefined) throw new Refusal('not_found');
        const rows = await readRefunds(services.db, id);
        return { status: 200, body: { data: rows.map((row) => showRefund(row, sightOf(principal))) } };
      },
    }),
    route({
      ...shared,
      path: '/v1/refunds',
      summary: 'Refunds of all orders',
      description: 'Newest first.',
      params: noParams,
      query: RefundListQuery,
      answers: { 200: pageOf(RefundShown) },
      problems: ['invalid_cursor'],
      handler: (call) => list(services, call),
    }),
  ];
}

function decisionRoutes(services: Services): Route[] {
  const shared = {
    method: 'post',
    tag: 'Refunds',
    scope: 'refunds:write',
    idempotent: true,
    params: RefundParams,
    query: noQuery,
    body: RefundDecisionBody,
    answers: { 200: OrderBody, 202: CommandBody },
  } as const;
  const approval = {
    ...shared,
    scope: 'refunds:approve',
    problems: ['refund_unknown', 'refused_by_state', 'own_request'],
  } as const;
  return [
    route({
      ...approval,
      path: '/v1/orders/{order}/refunds/{refund}/approve',
      summary: 'Approve a refund',
      description: 'By another person than who asked for it.',
      handler: (call) => decide(services, 'approve_refund', call),
    }),
    route({
      ...approval,
      path: '/v1/orders/{order}/refunds/{refund}/decline',
      summary: 'Decline a refund',
      description: 'Nothing moves, and the amount is free again.',
      handler: (call) => decide(services, 'decline_refund', call),
    }),
    route({
      ...shared,
      path: '/v1/orders/{order}/refunds/{refund}/withdraw',
      summary: 'Withdraw a refund',
      description: 'While nothing of it has moved and nothing is under way.',
      problems: ['refund_unknown', 'refused_by_state'],
      handler: (call) => decide(services, 'withdraw_refund', call),
    }),
    route({
      ...shared,
      path: '/v1/orders/{order}/refunds/{refund}/retry',
      summary: 'Try a failed refund again',
      description: 'What failed is tried under a new key, if the money is still there.',
      problems: ['refund_unknown', 'refused_by_state', ...REFUSALS],
      handler: (call) => decide(services, 'retry_refund', call),
    }),
    route({
      ...shared,
      path: '/v1/orders/{order}/refunds/{refund}/record',
      summary: 'Record that the money went back by another route',
      description: 'For movements by hand and failed ones; refused while one is under way at the gateway.',
      body: RefundRecordBody,
      problems: ['refund_unknown', 'refused_by_state', ...REFUSALS],
      handler: (call) => decide(services, 'record_refund', call),
    }),
  ];
}

type CommandCall = Call<{ order: string }, unknown, unknown>;

async function command(
  services: Services,
  call: CommandCall,
  given: {
    kind: RefundCommand;
    target: string;
    reason: string | null;
    payload: Record<string, unknown>;
    auditData?: Record<string, unknown>;
  },
): Promise<Answer> {
  const { principal, params } = call;
  const row = await giveCommand(services, call, { ...given, order: params.order });
  if (!row.applied_at) return acceptedAnswer(row, principal);
  const order = await readShown(services, row.order_id, principal);
  if (row.outcome?.applied) return { status: 200, body: order };
  throw commandRefusal(row, { allowedActions: order.allowedActions });
}

type DecisionCall = Call<
  { order: string; refund: string },
  unknown,
  { note?: string | undefined; reference?: string | undefined; route?: RefundRoute | undefined }
>;

function decide(services: Services, kind: RefundCommand, call: DecisionCall): Promise<Answer> {
  const { params, body } = call;
  const payload: DecisionPayload = {
    refundId: params.refund,
    ...(body.reference !== undefined && { reference: body.reference }),
    ...(body.route !== undefined && { route: body.route }),
    ...(body.note !== undefined && { note: body.note }),
  };
  return command(services, call, {
    kind,
    target: `${params.order} ${params.refund}`,
    reason: body.note ?? null,
    payload: { ...payload },
    auditData: { refundId: params.refund },
  });
}

async function preview(
  services: Services,
  { params, principal, body }: Call<{ order: string }, unknown, Asked>,
): Promise<Answer> {
  const id = await findOrderId(services.db, params.order, principal.channel);
  const snapshot = id === undefined ? undefined : await loadSnapshot(services.db.pool, id);
  const facts = id === undefined ? undefined : await readRefundFacts(services.db.pool, id);
  if (!snapshot || !facts) throw new Refusal('not_found');
  const limitMajor = refundLimitMajor(snapshot.policy.refundLimits, principal.role, facts.currency);
  return { status: 200, body: previewOf(facts, limitMajor, body) };
}

async function list(
  services: Services,
  { principal, query }: { principal: Principal; query: z.output<typeof RefundListQuery> },
): Promise<Answer> {
  const { cursor, limit = PAGE_DEFAULT, state, needsPerson, channel } = query;
  const [createdAt, id] =
    cursor === undefined ? [] : decodeCursor('refunds', cursor, [z.string().min(1), z.string()]);
  const rows = await listRefunds(services.db, {
    after: createdAt === undefined || id === undefined ? null : { createdAt, id },
    limit,
    filter: { state, needsPerson, channel, ownChannel: principal.channel },
  });
  const page = pageFrom(rows, limit, {
    list: 'refunds',
    keyOf: (row: RefundListRow) => [row.created_key, row.refund.id],
    show: (row: RefundListRow) => showRefund(row.refund, sightOf(principal)),
  });
  return { status: 200, body: page };
}
