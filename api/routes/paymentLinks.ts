/** Links under which a customer pays an order, and what the page behind one asks for and sends. */
import { z } from 'zod';
import { givenByCustomer } from '../../domain/cardToken.ts';
import { noteChange } from '../../db/writes/changes.ts';
import { makePaymentLink } from '../../db/writes/paymentLinks.ts';
import { changePaymentPayload } from '../changePayment.ts';
import { commandRefusal, giveCommand } from '../command.ts';
import { requireSameSite } from '../cookie.ts';
import type { Services } from '../deps.ts';
import { orderOfLink, payOrder, showPayState } from '../payPage/state.ts';
import { signLink } from '../payPage/token.ts';
import { Refusal } from '../problems.ts';
import { openRoute, route, type Answer, type Call, type OpenCall, type Route } from '../route.ts';
import { noBody, noQuery } from '../schemas/fields.ts';
import {
  PayBody,
  PaymentLinkBody,
  PaymentLinkInput,
  PayStateBody,
  type PaymentLinkShown,
} from '../schemas/paymentLinks.ts';
import { OrderParams } from './orders.ts';

/** Where links lead when nothing says where people reach us. */
const LOCAL_URL = 'http://127.0.0.1:3000';
const TokenParams = z.strictObject({
  token: z.string().min(1).max(200).meta({ description: 'The token of a payment link.' }),
});
const ofPage = { tag: 'Payment page', params: TokenParams, query: noQuery } as const;

/** Routes of payment links; the page itself is mounted beside them (payPage/mount.ts). */
export function paymentLinkRoutes(services: Services): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/orders/{order}/payment-links',
      summary: 'Make a payment link',
      description:
        'The address of a page where the customer pays in another way, to be sent to them: after the event `payment.action_required`, say. It ends after the `paymentLinkSeconds` of the policy. The same request again gets the same link.',
      tag: 'Commands',
      scope: 'payments:write',
      idempotent: true,
      params: OrderParams,
      query: noQuery,
      body: PaymentLinkInput,
      answers: { 201: PaymentLinkBody },
      problems: ['already_ended'],
      handler: (call) => make(services, call),
    }),
    openRoute({
      ...ofPage,
      method: 'get',
      path: '/pay/{token}/state',
      summary: 'How an order stands, for its customer',
      description: 'Asked by the page behind a payment link.',
      body: noBody,
      answers: { 200: PayStateBody },
      problems: ['not_found', 'link_expired', 'rate_limited', 'internal', 'unavailable'],
      async handler({ params }) {
        const order = await payOrder(services, orderOfLink(services, params.token));
        return { status: 200, body: showPayState(services, order) };
      },
    }),
    openRoute({
      ...ofPage,
      method: 'post',
      path: '/pay/{token}/payments',
      summary: 'Pay, as the customer',
      description:
        'Sent by the page behind a payment link, from its own origin only. Does what `POST /v1/orders/{order}/payments` does.',
      idempotent: true,
      body: PayBody,
      answers: { 200: PayStateBody, 202: PayStateBody },
      problems: [
        ...([
          'link_expired',
          'cross_site',
          'payment_not_changeable',
          'already_ended',
          'credit_unknown',
        ] as const),
        ...(['credit_unusable', 'card_number', 'rate_limited', 'internal', 'unavailable'] as const),
      ],
      handler: (call) => pay(services, call),
    }),
  ];
}

async function make(
  services: Services,
  call: Call<{ order: string }, unknown, z.output<typeof PaymentLinkInput>>,
): Promise<Answer> {
  const { principal, params, idempotencyKey, fingerprint, requestId } = call;
  const result = await makePaymentLink(
    services.db,
    {
      order: params.order,
      channel: principal.channel,
      scope: principal.keyScope,
      key: idempotencyKey,
      fingerprint,
    },
    { actor: principal.actor, requestId },
  );
  switch (result.kind) {
    case 'no_order':
      throw new Refusal('not_found');
    case 'key_reused':
      throw new Refusal('idempotency_key_reused');
    case 'already_ended':
      throw new Refusal('already_ended');
    case 'made':
    case 'replayed': {
      if (result.kind === 'made') noteChange(services.db.pool);
      const isReplay = result.kind === 'replayed';
      return {
        status: 201,
        body: showLink(services, result),
        ...(isReplay && { headers: { 'Idempotency-Replayed': 'true' } }),
      };
    }
  }
}

function showLink(services: Services, link: { orderId: string; expiresAtSeconds: number }): PaymentLinkShown {
  const base = services.payPage?.baseUrl ?? services.publicUrl ?? LOCAL_URL;
  return {
    url: new URL(`/pay/${signLink(services.masterKey, link)}`, base).href,
    expiresAt: new Date(link.expiresAtSeconds * 1000).toISOString(),
  };
}

async function pay(
  services: Services,
  call: OpenCall<z.output<typeof PayBody>, z.output<typeof TokenParams>>,
): Promise<Answer> {
  requireSameSite(call.headers, services.publicUrl);
  const orderId = orderOfLink(services, call.params.token);
  const { view } = await payOrder(services, orderId);
  const { body } = call;
  const way = body.method === 'card' ? { ...body, token: givenByCustomer(body.token) } : body;
  const payload = await changePaymentPayload(services, view.currency, way);
  const row = await giveCommand(
    services,
    {
      principal: { channel: null, keyScope: `payment-page:${orderId}`, actor: 'customer' },
      idempotencyKey: call.idempotencyKey,
      body: payload,
      requestId: call.requestId,
    },
    { kind: 'change_payment', order: orderId, target: orderId, reason: null, payload },
  );
  if (row.applied_at && !row.outcome?.applied) throw commandRefusal(row);
  const state = showPayState(services, await payOrder(services, orderId));
  return { status: row.applied_at ? 200 : 202, body: state };
}
