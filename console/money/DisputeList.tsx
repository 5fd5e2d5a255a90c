/** Charges that customers dispute at their banks; the answer is given at the payment provider. */
import { NativeSelect, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Dispute } from '../../api/schemas/reconciliation.ts';
import { disputesQuery } from '../api/queries.ts';
import { words } from '../format.ts';
import { EmptyState } from '../parts/EmptyState.tsx';
import { Instant } from '../parts/Instant.tsx';
import { Money } from '../parts/Money.tsx';
import { StatusBadge } from '../parts/StatusBadge.tsx';
import { MoneyTable, OrderLink, type MoneyColumn } from './MoneyTable.tsx';
import { choiceOf, DISPUTE_CHOICES, paramsOf } from './tabs.ts';
import { useMoneySearch } from './useMoneySearch.ts';

const COLUMNS: readonly MoneyColumn<Dispute>[] = [
  { title: 'Order', cell: (one) => <OrderLink number={one.orderNumber} /> },
  { title: 'Dispute', cell: (one) => <code>{one.id}</code> },
  { title: 'Opened', cell: (one) => <Instant iso={one.openedAt} /> },
  { title: 'Why', cell: (one) => (one.reason === null ? '–' : words(one.reason)) },
  { title: 'Channel', cell: (one) => one.channel },
  { title: 'State', cell: (one) => <StatusBadge status={one.state} /> },
  {
    title: 'Answer by',
    cell: (one) => <Instant iso={one.state === 'open' ? one.respondBy : null} isDeadline />,
  },
  { title: 'Amount', isFigure: true, cell: (one) => <Money money={one.amount} /> },
];

/** The list. */
export function DisputeList() {
  const { search, change } = useMoneySearch();
  const choice = choiceOf(DISPUTE_CHOICES, search['state']);
  const query = useQuery(disputesQuery({ ...paramsOf(choice), cursor: search['cursor'] }));
  return (
    <Stack gap="sm">
      <NativeSelect
        label="State"
        w={240}
        data={[...DISPUTE_CHOICES]}
        value={choice}
        onChange={(event) => change({ state: event.currentTarget.value })}
      />
      <MoneyTable
        label="Disputes"
        query={query}
        columns={COLUMNS}
        keyOf={(one) => one.id}
        names={['dispute', 'disputes']}
        empty={
          <EmptyState title="No such dispute.">
            When a customer’s bank asks for a charge back, it comes up here by itself.
          </EmptyState>
        }
      />
    </Stack>
  );
}
