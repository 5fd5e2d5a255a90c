/** The ways an order is paid: each with its amount, until when an invoice is due, and whether what is awaited has come. */
import { Anchor, Group, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { tenderWords } from '../actions/wayToPay.ts';
import { formatCount } from '../format.ts';
import { Instant } from '../parts/Instant.tsx';
import { StatusBadge } from '../parts/StatusBadge.tsx';
import { awaitedState } from './tenderState.ts';

type Tender = OrderDetail['payment']['tenders'][number];

/** The ways to pay; several are numbered in the order in which they are used. */
export function Tenders({ order }: { order: Pick<OrderDetail, 'payment' | 'lifecycle'> }) {
  const { tenders } = order.payment;
  return (
    <div>
      <Title order={3} size="h6">
        {tenders.length > 1 ? 'Ways to pay, in the order of their use' : 'Way to pay'}
      </Title>
      <ol className="tenders" data-several={tenders.length > 1}>
        {tenders.map((one) => (
          <li key={one.seq}>
            <Group gap="xs">
              <Text size="sm">{tenderWords(one)}</Text>
              <Awaited order={order} tender={one} />
              <AccountLink id={one.creditAccount} />
            </Group>
          </li>
        ))}
      </ol>
      <Terms payment={order.payment} />
    </div>
  );
}

function Awaited({ order, tender }: { order: Pick<OrderDetail, 'payment' | 'lifecycle'>; tender: Tender }) {
  const state = awaitedState(order, tender);
  return state && <StatusBadge status={state.status} label={state.label} />;
}

function AccountLink({ id }: { id: string | null }) {
  if (id === null) return null;
  return (
    <Anchor
      size="sm"
      underline="always"
      renderRoot={(props) => <Link to="/money" search={{ tab: 'credit', account: id }} {...props} />}
    >
      Its account
    </Anchor>
  );
}

function Terms({ payment: { termsDays, dueAt, paid } }: Pick<OrderDetail, 'payment'>) {
  if (paid || (dueAt === null && termsDays === null)) return null;
  return (
    <Text size="sm">
      {dueAt === null ? (
        `Due ${formatCount(termsDays ?? 0)} ${termsDays === 1 ? 'day' : 'days'} after the goods have left.`
      ) : (
        <>
          Due <Instant iso={dueAt} isDeadline />: <Instant iso={dueAt} exact />.
        </>
      )}
    </Text>
  );
}
