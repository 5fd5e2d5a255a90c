/** Demo orders: whether they can be placed here and by this person, and placing them. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { DemoOrders } from '../../api/schemas/desk.ts';
import type { DemoStory } from '../../domain/demo.ts';
import { useIntention } from '../actions/useIntention.ts';
import { call } from '../api/client.ts';
import { channelsQuery } from '../api/queries.ts';
import { useSession, whyNot } from '../shell/session.ts';

/** Whether there is a demo channel to place orders in, and why this person may not, if so. */
export function useDemoOffer(): { isOffered: boolean; why: string | undefined } {
  const session = useSession();
  const channels = useQuery(channelsQuery);
  return {
    isOffered: channels.data?.data.some((channel) => channel.isDemo) ?? false,
    why: whyNot(session, 'orders:write', 'place orders'),
  };
}

/** What a new order changes at once. */
const CHANGED: readonly string[] = [
  'orders',
  'orderViews',
  'report',
  'cases',
  'causes',
  'inventory',
  'movements',
];

/** Places demo orders and has read again whatever counts them. What got no answer is sent again by the same key. */
export function usePlaceDemo() {
  const client = useQueryClient();
  const intention = useIntention();
  return useMutation<DemoOrders, Error, { story: DemoStory; count: number }>({
    mutationFn: (body) =>
      call<DemoOrders>('/v1/demo/orders', { body, idempotencyKey: intention.keyFor(body) }),
    onSuccess() {
      intention.answered();
    },
    onError: intention.failed,
    async onSettled() {
      await client.invalidateQueries({
        predicate: ({ queryKey: [name] }) => typeof name === 'string' && CHANGED.includes(name),
      });
    },
  });
}
