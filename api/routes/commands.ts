/**
 * Commands to an order: stored first, then answered by its workflow within about two seconds, else later. Whatever
 * happens to the message, the command's row is the answer.
 */
import { z } from 'zod';
import { readCommand, type CommandRow } from '../../db/reads/commands.ts';
import { storeCommand } from '../../db/writes/commands.ts';
import type { OrderRef } from '../../workflows/contract.ts';
import type { Principal } from '../auth.ts';
import type { Services } from '../deps.ts';
import { fingerprint } from '../fingerprint.ts';
import { isFailureCode, Refusal } from '../problems.ts';
import { route, type Answer, type Call, type Route } from '../route.ts';
import { noBody, noQuery } from '../schemas/fields.ts';
import { CancelBody, CommandBody, OrderBody, RetryBody } from '../schemas/orders.ts';
import { showCommand } from '../show/order.ts';
import { OrderParams, readShown } from './orders.ts';

const ANSWER_MILLIS = 2_000;

/** Routes of commands. */
export function commandRoutes(services: Services): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/orders/{order}/cancel',
      summary: 'Cancel an order',
      description: 'Works until the order is released to the warehouse; what was done until then is undone.',
      tag: 'Commands',
      scope: 'orders:cancel',
      idempotent: true,
      params: OrderParams,
      query: noQuery,
      body: CancelBody,
      answers: { 200: OrderBody, 202: CommandBody },
      problems: ['already_released', 'already_ended', 'refused_by_state'],
      handler: (call) => command(services, 'cancel', call),
    }),
    route({
      method: 'post',
      path: '/v1/orders/{order}/retry',
      summary: 'Run the step again that waits',
      description: 'A declined payment is tried anew, a stalled step and a search for stock at once.',
      tag: 'Commands',
      scope: 'orders:write',
      idempotent: true,
      params: OrderParams,
      query: noQuery,
      body: RetryBody,
      answers: { 200: OrderBody, 202: CommandBody },
      problems: ['nothing_to_retry', 'already_ended', 'refused_by_state'],
      handler: (call) => command(services, 'retry', call),
    }),
    route({
      method: 'get',
      path: '/v1/commands/{command}',
      summary: 'What became of a command',
      tag: 'Commands',
      scope: 'orders:read',
      params: z.strictObject({ command: z.string().min(1).max(60) }),
      query: noQuery,
      body: noBody,
      answers: { 200: CommandBody },
      problems: [],
      async handler({ params, principal }) {
        const row = await readCommand(services.db, params.command, principal.channel);
        if (!row) throw new Refusal('not_found');
        return { status: 200, body: showCommand(row) };
      },
    }),
  ];
}

type CommandCall = Call<
  { order: string },
  unknown,
  { note?: string | undefined; reason?: string | undefined }
>;

async function command(services: Services, kind: 'cancel' | 'retry', call: CommandCall): Promise<Answer> {
  const { principal, params, body } = call;
  const stored = await storeCommand(services.db, {
    order: params.order,
    channel: principal.channel,
    kind,
    scope: principal.keyScope,
    idempotencyKey: call.idempotencyKey,
    fingerprint: fingerprint(body, `${kind} ${params.order} `),
    actor: principal.actor,
    reason: body.reason ?? body.note ?? null,
    payload: body,
    requestId: call.requestId,
  });
  if (stored.kind === 'no_order') throw new Refusal('not_found');
  if (stored.kind === 'reused') throw new Refusal('idempotency_key_reused');
  const row = await settle(services, stored.ref, stored.commandId);
  if (!row) throw new Error('a stored command was not found');
  return answer(services, row, principal);
}

/** Asks the workflow unless the row has its answer already; a failed or late update means: look at the row. */
async function settle(services: Services, ref: OrderRef, commandId: string): Promise<CommandRow | undefined> {
  const known = await readCommand(services.db, commandId, null);
  if (known?.applied_at || !services.lane) return known;
  await bounded(services.lane.command(ref, commandId, ANSWER_MILLIS), ANSWER_MILLIS);
  return readCommand(services.db, commandId, null);
}

/** Waits for the promise or the bound, whichever is first; a rejection only means "not answered". */
async function bounded(promise: Promise<void>, millis: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, millis);
  });
  await Promise.race([promise.catch(() => undefined), bound]);
  clearTimeout(timer);
}

async function answer(services: Services, row: CommandRow, principal: Principal): Promise<Answer> {
  if (!row.applied_at)
    return { status: 202, body: showCommand(row), headers: { Location: `/v1/commands/${row.id}` } };
  const order = await readShown(services, row.order_id, principal);
  if (row.outcome?.applied) return { status: 200, body: order };
  const code = row.outcome?.code;
  throw new Refusal(isFailureCode(code) ? code : 'refused_by_state', {
    detail: row.outcome?.detail,
    extra: { allowedActions: order.allowedActions, commandId: row.id },
  });
}
