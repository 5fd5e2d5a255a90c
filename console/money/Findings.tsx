/** What one run of the reconciliation has found: ours beside theirs, and what was done about it. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Finding } from '../../api/schemas/reconciliation.ts';
import { findingsQuery } from '../api/queries.ts';
import { EmptyState } from '../parts/EmptyState.tsx';
import { Instant } from '../parts/Instant.tsx';
import { Money } from '../parts/Money.tsx';
import { FINDING_ACTION_WORDS, findingWords } from './findingWords.ts';
import { MoneyTable, OrderLink, type MoneyColumn } from './MoneyTable.tsx';
import { useMoneySearch } from './useMoneySearch.ts';

const COLUMNS: readonly MoneyColumn<Finding>[] = [
  {
    title: 'What',
    cell: (one) => (
      <>
        <Text size="sm" fw={600}>
          {findingWords(one.kind)}
        </Text>
        <Text size="xs">{one.detail}</Text>
      </>
    ),
  },
  { title: 'Order', cell: (one) => <OrderLink number={one.orderNumber} /> },
  { title: 'Payment', cell: (one) => <code>{one.reference ?? one.paymentId ?? '–'}</code> },
  { title: 'Ours', isFigure: true, cell: (one) => <Money money={one.ours} /> },
  { title: 'Theirs', isFigure: true, cell: (one) => <Money money={one.theirs} /> },
  { title: 'What was done', cell: (one) => FINDING_ACTION_WORDS[one.action] },
  { title: 'Found', cell: (one) => <Instant iso={one.foundAt} /> },
];

/** The findings. */
export function Findings({ run }: { run: string }) {
  const { search } = useMoneySearch();
  const query = useQuery(findingsQuery(run, { cursor: search['cursor'] }));
  return (
    <MoneyTable
      label="Findings"
      query={query}
      columns={COLUMNS}
      keyOf={(one) => one.id}
      names={['finding', 'findings']}
      empty={
        <EmptyState title="Nothing differs.">
          As far as this run has compared, both books say the same.
        </EmptyState>
      }
    />
  );
}
