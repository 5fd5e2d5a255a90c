/** Receipts: money that arrived outside every gateway is recorded, looked through, given to an order or sent back. */
import { z } from 'zod';
import { listReceipts, ordersMeant, readReceipts } from '../../db/reads/receipts.ts';
import { assignReceipt, returnReceipt, type ReceiptDecision } from '../../db/writes/receipts.ts';
import type { Principal } from '../auth.ts';
import { BODY_LIMITS } from '../body.ts';
import { decodeCursor, PAGE_DEFAULT, pageFrom } from '../cursor.ts';
import type { Services } from '../deps.ts';
import { Refusal } from '../problems.ts';
import { recordReceipts, tellOrders } from '../recordReceipts.ts';
import { route, type Answer, type Call, type Route } from '../route.ts';
import { noBody, noParams, noQuery, pageOf } from '../schemas/fields.ts';
import {
  ReceiptAssignBody,
  ReceiptListQuery,
  ReceiptResultsShown,
  ReceiptReturnBody,
  ReceiptsBody,
  ReceiptShown,
} from '../schemas/receipts.ts';
import { showReceipt } from '../show/receipts.ts';
import { sightOf } from '../sight.ts';

const ReceiptParams = z.strictObject({ receipt: z.string().min(1).max(60) });
const TAG = 'Receipts';

/** Routes of receipts. */
export function receiptRoutes(services: Services): Route[] {
  return [...collectionRoutes(services), ...decisionRoutes(services)];
}

function collectionRoutes(services: Services): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/receipts',
      summary: 'Record money that came in',
      description:
        'Bank transfers, paid invoices and cash, up to 1,000 at once; each has its own result. Repeatable: a number that was recorded before is the same receipt. What fits no order is kept until a person assigns or returns it, or the right one comes under its number.',
      tag: TAG,
      scope: 'payments:write',
      params: noParams,
      query: noQuery,
      body: ReceiptsBody,
      bodyLimit: BODY_LIMITS.bulk,
      piecesAt: '/receipts/',
      answers: { 200: ReceiptResultsShown },
      problems: [],
      async handler({ principal, body, requestId }) {
        const { actor, channel } = principal;
        const caller = { actor, channel, requestId, source: body.source ?? ('person' as const) };
        const results = await recordReceipts(services, body.receipts, { principal, caller });
        return { status: 200, body: { results } };
      },
    }),
    route({
      method: 'get',
      path: '/v1/receipts',
      summary: 'Receipts',
      description: 'Newest first.',
      tag: TAG,
      scope: 'orders:read',
      params: noParams,
      query: ReceiptListQuery,
      body: noBody,
      answers: { 200: pageOf(ReceiptShown) },
      problems: ['invalid_cursor'],
      handler: (call) => list(services, call),
    }),
  ];
}

function decisionRoutes(services: Services): Route[] {
  const shared = {
    method: 'post',
    tag: TAG,
    scope: 'payments:write',
    peopleOnly: true,
    params: ReceiptParams,
    query: noQuery,
    answers: { 200: ReceiptShown },
  } as const;
  return [
    route({
      ...shared,
      path: '/v1/receipts/{receipt}/assign',
      summary: 'Give an unmatched receipt to its order',
      description: 'It is booked there; refused when the order is in another currency.',
      body: ReceiptAssignBody,
      problems: ['refused_by_state', 'receipt_mismatch'],
      async handler(call) {
        const { params, body, principal, requestId } = call;
        const given = { id: params.receipt, order: body.order };
        const decided = await assignReceipt(services.db, given, { actor: principal.actor, requestId });
        return answer(services, call, decided);
      },
    }),
    route({
      ...shared,
      path: '/v1/receipts/{receipt}/return',
      summary: 'Record that the money of an unmatched receipt was given back',
      description: 'By hand, the way it came. Nothing of it is in the books.',
      body: ReceiptReturnBody,
      problems: ['refused_by_state'],
      async handler(call) {
        const { params, body, principal, requestId } = call;
        const given = { id: params.receipt, note: body.note };
        const decided = await returnReceipt(services.db, given, { actor: principal.actor, requestId });
        return answer(services, call, decided);
      },
    }),
  ];
}

async function answer(
  services: Services,
  { params, principal }: Pick<Call<{ receipt: string }, unknown, unknown>, 'params' | 'principal'>,
  decided: ReceiptDecision,
): Promise<Answer> {
  if (!decided.ok) throw new Refusal(decided.code, { detail: decided.detail });
  const { ref, messageId } = decided;
  if (ref && messageId !== undefined) await tellOrders(services, [{ ref, messageId }]);
  const row = (await readReceipts(services.db, [params.receipt], principal)).get(params.receipt);
  if (!row) throw new Refusal('not_found');
  return { status: 200, body: showReceipt(row, sightOf(principal)) };
}

async function list(
  services: Services,
  { principal, query }: { principal: Principal; query: z.output<typeof ReceiptListQuery> },
): Promise<Answer> {
  const { cursor, limit = PAGE_DEFAULT, state, order } = query;
  const [createdAt, id] =
    cursor === undefined ? [] : decodeCursor('receipts', cursor, [z.string().min(1), z.string()]);
  const meant =
    order === undefined ? undefined : await ordersMeant(services.db.pool, order, principal.channel);
  const rows = await listReceipts(services.db, {
    after: createdAt === undefined || id === undefined ? null : { createdAt, id },
    limit,
    filter: { state, orderIds: meant?.map((one) => one.id), sight: principal },
  });
  const page = pageFrom(rows, limit, {
    list: 'receipts',
    keyOf: (row) => [row.created_key, row.id],
    show: (row) => showReceipt(row, sightOf(principal)),
  });
  return { status: 200, body: page };
}
