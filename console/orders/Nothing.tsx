/** What stands where no order is: what was looked for, and the next step. */
import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { ORDER_VIEW_WORDS, ORDER_VIEWS } from '../../domain/orderViews.ts';
import { ReasonedButton } from '../actions/ReasonedButton.tsx';
import { useDemoOffer } from '../home/useDemo.ts';
import { EmptyState } from '../parts/EmptyState.tsx';
import { lazyDialog } from '../parts/lazyDialog.tsx';
import { chipsOf, cleared, isNarrowed, type Search } from './filters.ts';
import type { ChangeSearch } from './useOrderSearch.ts';

const DemoDialog = lazyDialog(async () => (await import('../home/DemoDialog.tsx')).DemoDialog);

/** The empty list. */
export function Nothing({ search, change }: { search: Search; change: ChangeSearch }) {
  if (isNarrowed(search)) return <NothingFound search={search} change={change} />;
  const view = ORDER_VIEWS.find((one) => one === search['view']);
  if (search['cursor'] !== undefined)
    return (
      <EmptyState title="There is nothing more">
        <Button onClick={() => change({ cursor: undefined })}>First page</Button>
      </EmptyState>
    );
  if (view === undefined || view === 'all') return <NoOrders />;
  return (
    <EmptyState title={`No orders in “${ORDER_VIEW_WORDS[view].title}”`}>
      {ORDER_VIEW_WORDS[view].definition} There are none now.
    </EmptyState>
  );
}

function NothingFound({ search, change }: { search: Search; change: ChangeSearch }) {
  const q = search['q'];
  const view = ORDER_VIEWS.find((one) => one === search['view']);
  const parts = [
    ...(q === undefined ? [] : [`“${q}” in numbers, ids, SKUs, tracking numbers, names and e-mails`]),
    ...chipsOf(search).map(({ label, text }) => `${label}: ${text}`),
    ...(view === undefined || view === 'all' ? [] : [`in the view ${ORDER_VIEW_WORDS[view].title}`]),
  ];
  const isWider = q !== undefined && parts.length > 1;
  return (
    <EmptyState title="No orders found">
      <Text size="sm" mb="sm">
        Searched for {parts.join('; ')}.
      </Text>
      {q !== undefined && (
        <Text size="sm" mb="sm">
          Names and e-mails are found by their beginning, numbers and SKUs as a whole. Accents count: Tomás is
          not found by “tomas”.
        </Text>
      )}
      <Group gap="xs" justify="center">
        {isWider && (
          <Button onClick={() => change({ ...cleared(), view: undefined, q })}>Search all orders</Button>
        )}
        <Button variant="default" onClick={() => change(cleared())}>
          Clear search and filters
        </Button>
      </Group>
    </EmptyState>
  );
}

function NoOrders() {
  const { isOffered, why } = useDemoOffer();
  const [opened, setOpened] = useState(false);
  return (
    <EmptyState title="No orders yet">
      {isOffered ? (
        <>
          <Text size="sm" mb="sm">
            Place a demo order and watch it go its way.
          </Text>
          <ReasonedButton why={why} onClick={() => setOpened(true)}>
            Place a demo order…
          </ReasonedButton>
          <DemoDialog opened={opened} onClose={() => setOpened(false)} />
        </>
      ) : (
        'Orders appear here as soon as a channel sends one.'
      )}
    </EmptyState>
  );
}
