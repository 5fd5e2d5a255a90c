/** Asking for refunds and deciding on them: sent once an intention, said in a toast by what became of them. */
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { ApiProblem } from '../api/client.ts';
import type { CommandAnswer } from '../actions/calls.ts';
import { refresh, showOrder } from '../actions/refresh.ts';
import { useOrderWrite } from '../actions/useCommand.ts';
import { decideRefund, sendRefund, type RefundAsked, type RefundDecision } from './calls.ts';
import { refundOutcome } from './words.ts';

/** Asks for refunds; the toast says whether the newest of the order is done, waits or is on its way. */
export function useRefund() {
  return useOrderWrite<RefundAsked>({ send: sendRefund, done: newestOutcome });
}

function newestOutcome({ number, money }: OrderDetail) {
  const newest = money.refunds.reduce<OrderDetail['money']['refunds'][number] | undefined>(
    (best, one) => (best === undefined || one.seq > best.seq ? one : best),
    undefined,
  );
  return newest && toast(number, newest);
}

function toast(orderNumber: number, refund: Parameters<typeof refundOutcome>[0]) {
  const { color, message } = refundOutcome(refund);
  return { color, message: `Order ${orderNumber}: ${message}` };
}

/** Decides on refunds. A refusal has everything read again, since it says that the refund is not what was shown. */
export function useRefundDecision() {
  const client = useQueryClient();
  return useMutation<CommandAnswer, Error, RefundDecision>({
    networkMode: 'always',
    mutationFn: decideRefund,
    onSuccess(answer, { refund }) {
      if (answer.kind === 'done') showOrder(client, answer.order);
      void refresh(client);
      const now = answer.kind === 'done' && answer.order.money.refunds.find((one) => one.id === refund.id);
      notifications.show(
        now
          ? toast(refund.orderNumber, now)
          : {
              color: 'blue',
              message: `Order ${refund.orderNumber}: it is asked for and not finished yet; it goes on by itself.`,
            },
      );
    },
    onError(error) {
      if (error instanceof ApiProblem) void refresh(client);
    },
  });
}
