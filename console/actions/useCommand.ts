/**
 * Commands to orders: sent with the key of their intention, followed until they are settled, said in a toast. What is
 * asked for and not settled is known by the order's page at once.
 */
import { notifications } from '@mantine/notifications';
import { useMutation, useMutationState, useQueryClient, type QueryClient } from '@tanstack/react-query';
import type { CommandShown, OrderDetail } from '../../api/schemas/orders.ts';
import { ApiProblem } from '../api/client.ts';
import {
  followCommand,
  sendCommand,
  sendPaymentChange,
  type CommandAnswer,
  type OrderCommand,
  type PaymentChange,
} from './calls.ts';
import { refresh, showOrder } from './refresh.ts';
import { ACTION_WORDS, failureWords, type OrderAction } from './words.ts';

const COMMAND_KEY = ['command'];

/** What is sent, and the number by which people know the order. */
export type CommandRequest = OrderCommand & { orderNumber: number };

/** What every command to an order says of itself while it is on its way. */
interface Sent {
  orderNumber: number;
  action: OrderAction;
}

/** How a command is sent, and what is said when it is done; undefined: only what was asked for. */
interface Sending<T> {
  send: (request: T) => Promise<CommandAnswer>;
  done?: (order: OrderDetail) => { color: string; message: string } | undefined;
}

/** Sends cancels and retries. */
export function useCommand() {
  return useOrderWrite<CommandRequest>({ send: sendCommand });
}

/** Sends another way to pay. */
export function usePaymentChange() {
  return useOrderWrite<PaymentChange>({ send: sendPaymentChange });
}

/** Sends commands of one kind. A refusal has the order read again, since it says that the order is not what was shown. */
export function useOrderWrite<T extends Sent>({ send, done }: Sending<T>) {
  const client = useQueryClient();
  const said = (order: OrderDetail, request: T) => done?.(order) ?? doneToast(request);
  return useMutation<CommandAnswer, Error, T>({
    mutationKey: COMMAND_KEY,
    // Said at once when the connection is gone, and not sent by itself later on: the person decides again.
    networkMode: 'always',
    mutationFn: send,
    onSuccess(answer, request) {
      if (answer.kind === 'done') showOrder(client, answer.order);
      else void follow(client, request, answer.command);
      void refresh(client);
      notifications.show(answer.kind === 'done' ? said(answer.order, request) : askedToast(request));
    },
    onError(error) {
      if (error instanceof ApiProblem) void refresh(client);
    },
  });
}

function doneToast({ action, orderNumber }: Sent) {
  return { color: 'green', message: `Order ${orderNumber} ${ACTION_WORDS[action].done}.` };
}

function askedToast({ action, orderNumber }: Sent) {
  return {
    color: 'blue',
    message: `${ACTION_WORDS[action].asked} for order ${orderNumber}. It is not finished yet; it goes on by itself.`,
  };
}

async function follow(client: QueryClient, request: Sent, command: CommandShown): Promise<void> {
  const words = ACTION_WORDS[request.action];
  try {
    const last = await followCommand(command);
    if (last.state === 'applied') notifications.show(doneToast(request));
    if (last.state === 'refused')
      notifications.show({
        color: 'red',
        autoClose: false,
        title: `${words.verb}: refused for order ${request.orderNumber}`,
        message: last.detail ?? failureWords(last.code ?? 'refused_by_state'),
      });
  } catch (error) {
    const id =
      error instanceof ApiProblem && error.requestId !== undefined ? ` (request ${error.requestId})` : '';
    notifications.show({
      color: 'red',
      autoClose: false,
      message: `What became of the command to order ${request.orderNumber} could not be read${id}.`,
    });
  }
  await refresh(client);
}

/** The actions that are on their way for an order: sent and not answered. */
export function useActionsSent(orderNumber: number): readonly OrderAction[] {
  const sent = useMutationState<Sent | undefined>({
    filters: { mutationKey: COMMAND_KEY, status: 'pending' },
    select: ({ state }) => {
      const given: unknown = state.variables;
      return isRequest(given) ? given : undefined;
    },
  });
  return sent.flatMap((one) => (one?.orderNumber === orderNumber ? [one.action] : []));
}

function isRequest(given: unknown): given is Sent {
  return typeof given === 'object' && given !== null && 'orderNumber' in given && 'action' in given;
}
