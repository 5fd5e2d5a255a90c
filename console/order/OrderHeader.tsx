/** The head of the order page: which order it is, what can be done with it, and where its workflow is. */
import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { OrderActions } from '../actions/OrderActions.tsx';
import type { AllowedAction } from '../actions/words.ts';
import { Instant } from '../parts/Instant.tsx';
import { Money } from '../parts/Money.tsx';
import { StatusBadge } from '../parts/StatusBadge.tsx';
import { Copy } from './Copy.tsx';

/** The head. */
export function OrderHeader({
  order,
  onAsk,
}: {
  order: OrderDetail;
  onAsk: (action: AllowedAction) => void;
}) {
  return (
    <Group justify="space-between" align="flex-start">
      <Stack gap={4}>
        <Group gap="sm">
          <Title order={1} size="h2">
            Order {order.number}
          </Title>
          <Copy text={`${window.location.origin}/orders/${order.number}`} what="the link to this order" />
          <StatusBadge status={order.status} />
        </Group>
        <Group gap="md">
          <Text size="sm">{order.channel}</Text>
          <Text size="sm">
            placed <Instant iso={order.placedAt} />
          </Text>
          <Text size="sm" fw={600}>
            <Money money={order.total} />
          </Text>
          {order.workflowUrl !== null && (
            <Anchor href={order.workflowUrl} target="_blank" rel="noopener" size="sm" underline="always">
              Open workflow ↗
            </Anchor>
          )}
        </Group>
      </Stack>
      <OrderActions order={order} onAsk={onAsk} />
    </Group>
  );
}
