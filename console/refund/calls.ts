/** Refunds as calls of the API: asked for, calculated, decided on. */
import type { CommandShown, OrderDetail } from '../../api/schemas/orders.ts';
import type { Refund, RefundPreview, RefundRequestBody } from '../../api/schemas/refunds.ts';
import type { RefundRoute } from '../../domain/method.ts';
import { call } from '../api/client.ts';
import { answerOf, type CommandAnswer } from '../actions/calls.ts';
import type { RefundAct } from './acts.ts';

const ofOrder = (order: string) => `/v1/orders/${encodeURIComponent(order)}/refunds`;

/** A refund to ask for, with the key of its intention. */
export interface RefundAsked {
  /** The order's id, and the number by which people know it. */
  order: string;
  orderNumber: number;
  action: 'refund';
  body: RefundRequestBody;
  key: string;
}

/** Asks for a refund. Throws ApiProblem when it is refused. */
export async function sendRefund({ order, body, key }: RefundAsked): Promise<CommandAnswer> {
  return answerOf(await call<OrderDetail | CommandShown>(ofOrder(order), { body, idempotencyKey: key }));
}

/** What the refund of this body would be; nothing is written. */
export function previewRefund(order: string, body: unknown, signal: AbortSignal): Promise<RefundPreview> {
  return call<RefundPreview>(`${ofOrder(order)}/preview`, { body, signal });
}

/** A decision on a refund, with the key of its intention. `reference` and `route`: of the other route, for `record`. */
export interface RefundDecision {
  refund: Pick<Refund, 'id' | 'seq' | 'orderId' | 'orderNumber'>;
  act: RefundAct;
  note: string;
  reference?: string;
  route?: RefundRoute;
  key: string;
}

/** Decides on a refund. Throws ApiProblem when it is refused. */
export async function decideRefund(decision: RefundDecision): Promise<CommandAnswer> {
  const { refund, act, note, reference, route, key } = decision;
  const path = `${ofOrder(refund.orderId)}/${encodeURIComponent(refund.id)}/${act}`;
  const body = {
    ...(note !== '' && { note }),
    ...(reference !== undefined && { reference }),
    ...(route !== undefined && { route }),
  };
  return answerOf(await call<OrderDetail | CommandShown>(path, { body, idempotencyKey: key }));
}
