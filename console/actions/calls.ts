/** The writes of an order and its cases, as calls of the API. Each belongs to one intention and carries its key. */
import type { Case } from '../../api/schemas/feeds.ts';
import type { ChangePaymentInput } from '../../api/schemas/newPayment.ts';
import type { CommandShown, Note, OrderDetail } from '../../api/schemas/orders.ts';
import type { CancelReason } from '../../domain/order.ts';
import { call, isRefusal } from '../api/client.ts';

/** The commands that need nothing but a reason and a note. */
export type PlainAction = 'cancel' | 'retry' | 'write_off';

/** A command to an order: `order` is its id or number. */
export interface OrderCommand {
  order: string;
  action: PlainAction;
  reason?: CancelReason;
  note?: string;
  /** Of this very intention; the same when it is sent again. */
  key: string;
}

/** What became of a command: done, with the order as it is now; or accepted and not finished. */
export type CommandAnswer =
  { kind: 'done'; order: OrderDetail } | { kind: 'accepted'; command: CommandShown };

/** Sends a command. Throws ApiProblem when it is refused, and Unreachable when nothing is known of what became of it. */
export async function sendCommand({
  order,
  action,
  reason,
  note,
  key,
}: OrderCommand): Promise<CommandAnswer> {
  const path = `/v1/orders/${encodeURIComponent(order)}/${action.replace('_', '-')}`;
  const body = await call<OrderDetail | CommandShown>(path, {
    body: { ...(reason && { reason }), ...(note !== undefined && note !== '' && { note }) },
    idempotencyKey: key,
  });
  return answerOf(body);
}

/** What became of a command, from its answer: the order as it is now, or the command that is not finished. */
export function answerOf(body: OrderDetail | CommandShown): CommandAnswer {
  return 'allowedActions' in body ? { kind: 'done', order: body } : { kind: 'accepted', command: body };
}

/** Another way to pay for an order whose payment was refused or has not come. */
export interface PaymentChange {
  order: string;
  orderNumber: number;
  action: 'change_payment';
  body: ChangePaymentInput;
  key: string;
}

/** Asks for the order to be paid in another way. */
export async function sendPaymentChange({ order, body, key }: PaymentChange): Promise<CommandAnswer> {
  const path = `/v1/orders/${encodeURIComponent(order)}/payments`;
  return answerOf(await call<OrderDetail | CommandShown>(path, { body, idempotencyKey: key }));
}

const FOLLOW_PAUSES_MILLIS = [1_000, 1_000, 2_000, 2_000, 5_000];
const FOLLOW_TRIES_MAX = 60;

/** Asks what became of a command until it is settled, for five minutes at most; then it is returned as it is. */
export async function followCommand(command: CommandShown): Promise<CommandShown> {
  let last = command;
  for (let tries = 0; tries < FOLLOW_TRIES_MAX && last.state === 'pending'; tries += 1) {
    await pause(FOLLOW_PAUSES_MILLIS[tries] ?? 5_000);
    last = await call<CommandShown>(`/v1/commands/${encodeURIComponent(command.id)}`).catch(
      (error: unknown) => {
        // A connection that is gone comes back; a refusal will not change.
        if (isRefusal(error)) throw error;
        return last;
      },
    );
  }
  return last;
}

/** Waits between two looks. */
export function pause(millis: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, millis);
  });
}

/** Adds a note to an order. */
export function addNote(given: { order: string; text: string; key: string }): Promise<Note> {
  return call(`/v1/orders/${encodeURIComponent(given.order)}/notes`, {
    body: { text: given.text },
    idempotencyKey: given.key,
  });
}

/** Adds and removes tags of an order; may be repeated. Returns the order as it is now. */
export function changeTags(given: {
  order: string;
  add?: string[];
  remove?: string[];
}): Promise<OrderDetail> {
  const { order, ...body } = given;
  return call(`/v1/orders/${encodeURIComponent(order)}/tags`, { body });
}

/** Gives a case to the person who asks, or to nobody; may be repeated. */
export function assignCase(given: { id: string; assignee: 'me' | null }): Promise<Case> {
  return call(`/v1/cases/${encodeURIComponent(given.id)}/assign`, { body: { assignee: given.assignee } });
}

/** Closes a case by hand, saying what was done about it. A command comes back while it is not finished. */
export function closeCase(given: { id: string; note: string; key: string }): Promise<Case | CommandShown> {
  return call(`/v1/cases/${encodeURIComponent(given.id)}/resolve`, {
    body: { note: given.note },
    idempotencyKey: given.key,
  });
}
