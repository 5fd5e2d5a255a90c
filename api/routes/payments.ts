/** Payments of an order: another way to pay, when the one it has can not be charged or does not come. */
import { changePaymentPayload } from '../changePayment.ts';
import { acceptedAnswer, commandRefusal, giveCommand } from '../command.ts';
import type { Services } from '../deps.ts';
import { route, type Route } from '../route.ts';
import { noQuery } from '../schemas/fields.ts';
import { ChangePaymentBody } from '../schemas/newPayment.ts';
import { CommandBody, OrderBody } from '../schemas/orders.ts';
import { OrderParams, readShown } from './orders.ts';

/** Routes of payments. */
export function paymentRoutes(services: Services): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/orders/{order}/payments',
      summary: 'Pay in another way',
      description:
        'Works while a payment of the order was declined, refused or given back, or while a bank transfer has not come; what is owed is asked of what is given instead.',
      tag: 'Commands',
      scope: 'payments:write',
      idempotent: true,
      params: OrderParams,
      query: noQuery,
      body: ChangePaymentBody,
      answers: { 200: OrderBody, 202: CommandBody },
      problems: ['payment_not_changeable', 'already_ended', 'credit_unknown', 'credit_unusable'],
      async handler(call) {
        const { params, body, principal } = call;
        const known = await readShown(services, params.order, principal);
        const payload = await changePaymentPayload(services, known.total.currency, body);
        const given = { ...call, body: payload };
        const row = await giveCommand(services, given, {
          kind: 'change_payment',
          order: params.order,
          target: params.order,
          reason: null,
          payload,
        });
        if (!row.applied_at) return acceptedAnswer(row, principal);
        const order = await readShown(services, row.order_id, principal);
        if (row.outcome?.applied) return { status: 200, body: order };
        throw commandRefusal(row, { allowedActions: order.allowedActions });
      },
    }),
  ];
}
