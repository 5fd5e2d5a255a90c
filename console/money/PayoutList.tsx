/** What the payment provider transferred to the merchant's bank. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Payout } from '../../api/schemas/reconciliation.ts';
import { payoutsQuery } from '../api/queries.ts';
import { lacksScope } from '../actions/words.ts';
import { useScopes } from '../actions/useRights.ts';
import { EmptyState } from '../parts/EmptyState.tsx';
import { Instant } from '../parts/Instant.tsx';
import { Money } from '../parts/Money.tsx';
import { StatusBadge } from '../parts/StatusBadge.tsx';
import { MoneyTable, type MoneyColumn } from './MoneyTable.tsx';
import { useMoneySearch } from './useMoneySearch.ts';

const COLUMNS: readonly MoneyColumn<Payout>[] = [
  { title: 'Payout', cell: (one) => <code>{one.id}</code> },
  { title: 'Provider', cell: (one) => one.provider },
  { title: 'State', cell: (one) => <StatusBadge status={one.state} /> },
  { title: 'Arrives', cell: (one) => <Instant iso={one.arrivesAt} exact /> },
  { title: 'Seen', cell: (one) => <Instant iso={one.seenAt} /> },
  { title: 'Amount', isFigure: true, cell: (one) => <Money money={one.amount} /> },
];

/** The list. */
export function PayoutList() {
  const { search } = useMoneySearch();
  const lacks = lacksScope('ops:admin', useScopes());
  const query = useQuery({ ...payoutsQuery({ cursor: search['cursor'] }), enabled: lacks === undefined });
  if (lacks !== undefined) return <Text size="sm">{lacks}</Text>;
  return (
    <MoneyTable
      label="Payouts"
      query={query}
      columns={COLUMNS}
      keyOf={(one) => one.id}
      names={['payout', 'payouts']}
      empty={
        <EmptyState title="No payout yet.">
          They come from the payment provider’s webhooks and from the reconciliation.
        </EmptyState>
      }
    />
  );
}
