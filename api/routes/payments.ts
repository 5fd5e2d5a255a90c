/** Payments of an order: another card, when the one it has can not be charged. */
import { acceptedAnswer, commandRefusal, giveCommand } from '../command.ts';
import type { Services } from '../deps.ts';
import { route, type Route } from '../route.ts';
import { noQuery } from '../schemas/fields.ts';
import { ChangePaymentBody } from '../schemas/newOrder.ts';
import { CommandBody, OrderBody } from '../schemas/orders.ts';
import { OrderParams, readShown } from './orders.ts';

/** Routes of payments. */
export function paymentRoutes(services: Services): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/orders/{order}/payments',
      summary: 'Pay with another card',
      description:
        'Works while a payment of the order was declined, refused or given back; what is owed is asked of the new card.',
      tag: 'Commands',
      scope: 'payments:write',
      idempotent: true,
      params: OrderParams,
      query: noQuery,
      body: ChangePaymentBody,
      answers: { 200: OrderBody, 202: CommandBody },
      problems: ['payment_not_changeable', 'already_ended'],
      async handler(call) {
        const { params, body, principal } = call;
        const row = await giveCommand(services, call, {
          kind: 'change_payment',
          order: params.order,
          target: params.order,
          reason: null,
          payload: { method: body.method, token: body.token },
        });
        if (!row.applied_at) return acceptedAnswer(row, principal);
        const order = await readShown(services, row.order_id, principal);
        if (row.outcome?.applied) return { status: 200, body: order };
        throw commandRefusal(row, { allowedActions: order.allowedActions });
      },
    }),
  ];
}
