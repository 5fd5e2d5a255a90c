/** The page of one order: where it stands, what needs a person, what can be done, and everything that is known of it. */
import './order.css';
import { Anchor, Grid, Paper, Skeleton, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { CloseCaseDialog, type CaseToClose } from '../actions/CloseCaseDialog.tsx';
import { ActionDialogs, type ActionAsked } from '../actions/ActionDialogs.tsx';
import { ApiProblem } from '../api/client.ts';
import { orderQuery } from '../api/queries.ts';
import { EmptyState } from '../parts/EmptyState.tsx';
import { PageError } from '../shell/PageError.tsx';
import { Lines } from './Lines.tsx';
import { MoneyLedger } from './MoneyLedger.tsx';
import { Notes } from './Notes.tsx';
import { OrderHeader } from './OrderHeader.tsx';
import { Parcels, Shares } from './Parcels.tsx';
import { Attributes, CustomerComment, Origin } from './Particulars.tsx';
import { People } from './People.tsx';
import { StandingSentence } from './StandingSentence.tsx';
import { Steps } from './Steps.tsx';
import { Tags } from './Tags.tsx';
import { Timeline } from './Timeline.tsx';
import { Trouble } from './Trouble.tsx';
import { useOrderKeys } from './useOrderKeys.ts';

/** The page. `order` in the address is an id or a number. */
export function Order() {
  const { order: ref } = useParams({ from: '/shell/orders/$order' });
  const { data, error, isPlaceholderData, refetch } = useQuery(orderQuery(ref));
  // What was kept from the order looked at before is another order: nothing of it may stand here.
  if (data && !isPlaceholderData) return <OrderPage key={data.id} order={data} refName={ref} />;
  if (error instanceof ApiProblem && error.status === 404) return <NotFound refName={ref} />;
  if (error) return <PageError error={error} reset={() => void refetch()} />;
  return <Loading />;
}

function Loading() {
  return (
    <Stack gap="md" role="status" aria-label="Loading the order">
      <Skeleton height={36} width={320} />
      <Skeleton height={24} />
      <Skeleton height={56} />
      <Grid>
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Skeleton height={360} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Skeleton height={360} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function NotFound({ refName }: { refName: string }) {
  return (
    <>
      <Title order={1} size="h2">
        Order {refName}
      </Title>
      <EmptyState title="There is no order of this number or id for you">
        Look for it by external id, e-mail, SKU or tracking code:{' '}
        <Anchor
          underline="always"
          renderRoot={(props) => <Link to="/orders" search={{ q: refName }} {...props} />}
        >
          search the orders for “{refName}”
        </Anchor>
        .
      </EmptyState>
    </>
  );
}

function OrderPage({ order, refName }: { order: OrderDetail; refName: string }) {
  const [asked, setAsked] = useState<ActionAsked>();
  const [closing, setClosing] = useState<CaseToClose>();
  const ask = (action: ActionAsked['action']) => setAsked({ order, action });
  useOrderKeys(order, ask);
  return (
    <Stack gap="md">
      <OrderHeader order={order} onAsk={ask} />
      <Trouble order={order} onCloseCase={setClosing} />
      <Paper withBorder p="md">
        <Stack gap="md">
          <StandingSentence standing={order.standing} />
          <Steps steps={order.steps} />
        </Stack>
      </Paper>
      <Grid>
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Stack gap="md">
            <Lines order={order} />
            <MoneyLedger order={order} />
            <Parcels order={order} />
            <Shares order={order} />
            <Timeline order={refName} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack gap="md">
            <People order={order} />
            <CustomerComment comment={order.customerNote} />
            <Notes order={order} />
            <Tags order={order} />
            <Attributes order={order} />
            <Origin order={order} />
          </Stack>
        </Grid.Col>
      </Grid>
      <ActionDialogs asked={asked} onClose={() => setAsked(undefined)} />
      <CloseCaseDialog asked={closing} onClose={() => setClosing(undefined)} />
    </Stack>
  );
}
