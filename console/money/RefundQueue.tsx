/** The refunds of all orders: begins with those that wait for approval, have failed, or are to be given back by hand. */
import { NativeSelect, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Refund } from '../../api/schemas/refunds.ts';
import { refundsQuery } from '../api/queries.ts';
import { EmptyState } from '../parts/EmptyState.tsx';
import { Instant } from '../parts/Instant.tsx';
import { Money } from '../parts/Money.tsx';
import { StatusBadge } from '../parts/StatusBadge.tsx';
import { RefundButtons } from '../refund/RefundButtons.tsx';
import { usePersonName } from '../refund/usePersonName.ts';
import { isByHandNow, refundReasonWords, refundStateWords } from '../refund/words.ts';
import { MoneyTable, OrderLink, type MoneyColumn } from './MoneyTable.tsx';
import { choiceOf, NEEDS_PERSON, paramsOf, REFUND_CHOICES } from './tabs.ts';
import { useMoneySearch } from './useMoneySearch.ts';

const COLUMNS: readonly MoneyColumn<Refund>[] = [
  { title: 'Order', cell: (one) => <OrderLink number={one.orderNumber} /> },
  { title: 'Refund', cell: (one) => one.seq },
  { title: 'Asked for', cell: (one) => <AskedFor refund={one} /> },
  { title: 'Why', cell: (one) => refundReasonWords(one.reason) },
  { title: 'Channel', cell: (one) => one.channel },
  { title: 'State', cell: (one) => <RefundState refund={one} /> },
  { title: 'Amount', isFigure: true, cell: (one) => <Money money={one.amount} /> },
  { title: 'What to do', cell: (one) => <RefundButtons refund={one} /> },
];

/** The list. */
export function RefundQueue() {
  const { search, change } = useMoneySearch();
  const choice = choiceOf(REFUND_CHOICES, search['state']);
  const query = useQuery(refundsQuery({ ...paramsOf(choice), cursor: search['cursor'] }));
  return (
    <Stack gap="sm">
      <NativeSelect
        label="State"
        w={240}
        data={[...REFUND_CHOICES]}
        value={choice}
        onChange={(event) => change({ state: event.currentTarget.value })}
      />
      <MoneyTable
        label="Refunds"
        query={query}
        columns={COLUMNS}
        keyOf={(one) => one.id}
        names={['refund', 'refunds']}
        empty={
          <EmptyState title={choice === NEEDS_PERSON ? 'No refund needs a person.' : 'No such refund.'}>
            A refund is begun on the page of its order.
          </EmptyState>
        }
      />
    </Stack>
  );
}

function AskedFor({ refund }: { refund: Refund }) {
  const nameOf = usePersonName();
  return (
    <>
      <Instant iso={refund.createdAt} />
      <Text size="xs">by {nameOf(refund.requestedBy, refund.requestedByName)}</Text>
    </>
  );
}

function RefundState({ refund }: { refund: Refund }) {
  if (isByHandNow(refund)) return <StatusBadge status="by_hand" label="To be given back by hand" />;
  return <StatusBadge status={refund.state} label={refundStateWords(refund.state)} />;
}
