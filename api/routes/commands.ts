/** Commands to an order, and what became of one. */
import { z } from 'zod';
import { readCommand } from '../../db/reads/commands.ts';
import { acceptedAnswer, commandRefusal, giveCommand } from '../command.ts';
import type { Services } from '../deps.ts';
import { Refusal } from '../problems.ts';
import { route, type Answer, type Call, type Route } from '../route.ts';
import { noBody, noQuery } from '../schemas/fields.ts';
import { CancelBody, CommandBody, OrderBody, RetryBody, WriteOffBody } from '../schemas/orders.ts';
import { showCommand } from '../show/order.ts';
import { sightOf } from '../sight.ts';
import { OrderParams, readShown } from './orders.ts';

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
      method: 'post',
      path: '/v1/orders/{order}/write-off',
      summary: 'Give up what has not come',
      description:
        'For an invoice or cash on delivery: the goods have left, and the money will not come. The order is done with what came; what comes later all the same is booked.',
      tag: 'Commands',
      scope: 'refunds:approve',
      idempotent: true,
      params: OrderParams,
      query: noQuery,
      body: WriteOffBody,
      answers: { 200: OrderBody, 202: CommandBody },
      problems: ['nothing_to_write_off', 'already_ended'],
      handler: (call) => command(services, 'write_off', call),
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
        return { status: 200, body: showCommand(row, sightOf(principal)) };
      },
    }),
  ];
}

type CommandCall = Call<
  { order: string },
  unknown,
  { note?: string | undefined; reason?: string | undefined }
>;

async function command(
  services: Services,
  kind: 'cancel' | 'retry' | 'write_off',
  call: CommandCall,
): Promise<Answer> {
  const { params, body } = call;
  const row = await giveCommand(services, call, {
    kind,
    order: params.order,
    target: params.order,
    reason: body.reason ?? body.note ?? null,
    payload: body,
  });
  if (!row.applied_at) return acceptedAnswer(row, call.principal);
  const order = await readShown(services, row.order_id, call.principal);
  if (row.outcome?.applied) return { status: 200, body: order };
  throw commandRefusal(row, { allowedActions: order.allowedActions });
}
