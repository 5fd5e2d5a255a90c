/** The case that is worked on: what happened, where its order stands, what to do, and the actions that exist. */
import { Alert, Button, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Case } from '../../api/schemas/feeds.ts';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { whatToDo } from '../../domain/cases.ts';
import { CaseButtons, CaseFacts } from '../actions/CaseWork.tsx';
import type { CaseToClose } from '../actions/CloseCaseDialog.tsx';
import { OrderActions } from '../actions/OrderActions.tsx';
import { detailWords, type AllowedAction } from '../actions/words.ts';
import { orderQuery } from '../api/queries.ts';
import { MoneyActions } from '../order/MoneyActions.tsx';
import { StandingSentence } from '../order/StandingSentence.tsx';
import { ProblemNotice } from '../parts/ProblemNotice.tsx';
import { StatusBadge } from '../parts/StatusBadge.tsx';

/** The order of a case: never the one that was shown before. */
export function useCaseOrder(one: Case | undefined) {
  const id = one?.orderId ?? '';
  const query = useQuery({ ...orderQuery(id), enabled: id !== '' });
  const order: OrderDetail | undefined = query.isPlaceholderData ? undefined : query.data;
  return { order, error: query.error };
}

/** The panel. */
export function CasePanel({
  one,
  order,
  error,
  onAsk,
  onCloseCase,
}: {
  one: Case;
  order: OrderDetail | undefined;
  error: unknown;
  onAsk: (action: AllowedAction) => void;
  onCloseCase: (asked: CaseToClose) => void;
}) {
  const advice = whatToDo(one.code);
  return (
    <Paper withBorder p="md" component="section" aria-label="The case">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <Title order={2} size="h4">
            {one.orderNumber === null ? one.title : `Order ${one.orderNumber}`}
          </Title>
          {order && <StatusBadge status={order.status} />}
        </Group>
        <div>
          {one.orderNumber !== null && (
            <Text size="sm" fw={600}>
              {one.title}
            </Text>
          )}
          <Text size="sm">{detailWords(one.detail)}</Text>
        </div>
        <CaseFacts one={one} standing={order?.standing} />
        {advice !== '' && (
          <Alert color="blue" title="What to do">
            {advice}
          </Alert>
        )}
        {one.orderId === null ? <WithoutOrder one={one} /> : <OrderStands order={order} error={error} />}
        {order && <OrderActions order={order} onAsk={onAsk} />}
        {order && <MoneyActions order={order} />}
        <CaseButtons one={one} onCloseCase={onCloseCase}>
          {one.orderNumber !== null && (
            <Button
              variant="default"
              renderRoot={(props) => (
                <Link to="/orders/$order" params={{ order: String(one.orderNumber) }} {...props} />
              )}
            >
              Open order
            </Button>
          )}
        </CaseButtons>
      </Stack>
    </Paper>
  );
}

function OrderStands({ order, error }: { order: OrderDetail | undefined; error: unknown }) {
  if (order) return <StandingSentence standing={order.standing} size="sm" />;
  return error ? (
    <ProblemNotice error={error} />
  ) : (
    <Skeleton height={40} role="status" aria-label="Loading the order" />
  );
}

function WithoutOrder({ one }: { one: Case }) {
  return (
    <Text size="sm">
      No order came of it{one.channel === null ? '' : ` (channel ${one.channel})`}. The message is kept as{' '}
      <code>{one.subject}</code>.
    </Text>
  );
}
