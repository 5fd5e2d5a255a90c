/** Commands and signals about refunds, as their messages say them. They work on orders that have ended, too. */
import type { FailureCode } from '../../domain/failures.ts';
import { REFUND_ROUTES, type RefundRoute } from '../../domain/method.ts';
import type { RefundRequest } from '../../domain/refund.ts';
import { refundLimitMajor } from '../../domain/refundLimits.ts';
import type { OrderWork } from './order.ts';
import { recordRefund, retryRefund } from './refundAgain.ts';
import {
  approveRefund,
  declineRefund,
  grantRefund,
  withdrawRefund,
  type Decision,
  type RefundResult,
} from './refunds.ts';

const REFUND_COMMANDS = [
  'refund',
  'approve_refund',
  'decline_refund',
  'withdraw_refund',
  'retry_refund',
  'record_refund',
] as const;
/** A command about refunds. */
export type RefundCommand = (typeof REFUND_COMMANDS)[number];

/** What a message that asks for a refund holds. `role`: of who asks, as the API has proven it; left out by signals. */
export interface RefundPayload {
  request: RefundRequest;
  currency?: string;
  role?: string;
  note?: string;
  /** Who a signal says sent it; nobody has proven that. */
  actor?: string;
}

/** What a message that decides on a refund holds. */
export interface DecisionPayload {
  refundId: string;
  reference?: string;
  route?: RefundRoute;
  note?: string;
}

interface RefundMessage {
  id: string;
  kind: string;
  actor: string;
  payload: Record<string, unknown>;
}

/** True for messages that {@link applyRefundCommand} takes. */
export function isRefundCommand(kind: string): boolean {
  return REFUND_COMMANDS.some((command) => kind === `command.${command}`);
}

/** Applies one message about a refund; what became of it is also the answer to whoever sent it. */
export async function applyRefundCommand(work: OrderWork, message: RefundMessage): Promise<RefundResult> {
  if (message.kind === 'command.refund') return askRefund(work, message);
  const payload = message.payload as Record<string, unknown> & DecisionPayload;
  const decision = { refundId: payload.refundId, actor: message.actor, commandId: message.id };
  const decide = DECISIONS[message.kind];
  if (decide) return decide(work, decision);
  const { reference = message.id } = payload;
  const route = REFUND_ROUTES.find((one) => one === payload.route);
  return recordRefund(work, { ...decision, reference, ...(route && { route }) });
}

const DECISIONS: Readonly<Record<string, (work: OrderWork, decision: Decision) => Promise<RefundResult>>> = {
  'command.approve_refund': approveRefund,
  'command.decline_refund': declineRefund,
  'command.withdraw_refund': withdrawRefund,
  'command.retry_refund': retryRefund,
};

async function askRefund(work: OrderWork, message: RefundMessage): Promise<RefundResult> {
  const { request, currency, role, note, actor } = message.payload as Record<string, unknown> & RefundPayload;
  if (currency !== undefined && currency !== work.order.currency) {
    const code: FailureCode = 'invalid';
    work.record('refund.refused', { code, commandId: message.id }, message.actor);
    return { applied: false, code, detail: `the order is in ${work.order.currency}` };
  }
  return grantRefund(work, {
    request,
    requestedBy: actor === undefined ? message.actor : `${actor} (${message.actor})`,
    actor: message.actor,
    commandId: message.id,
    limitMajor: refundLimitMajor(work.snapshot.policy.refundLimits, role, work.order.currency),
    note: note ?? null,
  });
}
