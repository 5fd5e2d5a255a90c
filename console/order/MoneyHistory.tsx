/** Everything that was asked for or happened to the money of an order, and its other calls to outside systems. */
import { Table, Text, Title } from '@mantine/core';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { failureWords } from '../actions/words.ts';
import { Instant } from '../parts/Instant.tsx';
import { Money } from '../parts/Money.tsx';
import { StatusBadge } from '../parts/StatusBadge.tsx';
import { words } from '../format.ts';
import { Head, Identifier } from './ledgerParts.tsx';
import { MONEY_KIND_WORDS, sourceWords } from './moneyWords.ts';
import { Sideways } from './Section.tsx';

const NO_WRAP = { whiteSpace: 'nowrap' } as const;

/** One row of the two tables: they say the same of what they show. */
interface Row {
  key: string;
  time: string;
  number: string;
  kind: string;
  amount: { amount: number; currency: string } | null;
  state: string;
  reference: string | null;
  failureCode: string | null;
  /** Who said so, where it was not Holdfast itself. */
  source?: string | undefined;
}

/** The history of the money; nothing while nothing has happened. */
export function MoneyHistory({ order }: { order: Pick<OrderDetail, 'money'> }) {
  const rows = order.money.operations.map((one, index): Row => ({
    ...one,
    key: `${one.number} ${one.kind} ${index}`,
    kind: MONEY_KIND_WORDS[one.kind],
    source: sourceWords(one.source),
  }));
  return <Calls title="What happened to the money" rows={rows} />;
}

/** Calls that are no part of the history of the money: to warehouses and carriers, and those of money that only began. */
export function OtherCalls({ order }: { order: Pick<OrderDetail, 'money' | 'payment'> }) {
  const told = new Set(order.money.operations.map((one) => one.number));
  const rows = order.payment.operations
    .filter((one) => !told.has(one.number))
    .map((one): Row => ({ ...one, key: one.number, kind: words(one.kind) }));
  return <Calls title="Calls to outside systems" rows={rows} />;
}

function Calls({ title, rows }: { title: string; rows: readonly Row[] }) {
  if (rows.length === 0) return null;
  return (
    <div>
      <Title order={3} size="h6">
        {title}
      </Title>
      <Sideways label={title}>
        <Table horizontalSpacing={6}>
          <Head titles={['Time', 'Number and reference', 'Kind', 'State']} amounts={['Amount']} />
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.key}>
                <Table.Td>
                  <Instant iso={row.time} />
                </Table.Td>
                <Table.Td>
                  <Identifier text={row.number} what="the number of the call" width={190} />
                  {row.reference !== null && (
                    <Identifier text={row.reference} what="the reference" width={190} />
                  )}
                </Table.Td>
                <Table.Td>
                  {row.kind}
                  {row.source !== undefined && (
                    <Text size="xs" style={NO_WRAP}>
                      {row.source}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <StatusBadge status={row.state} />
                  {row.failureCode !== null && <Text size="xs">{failureWords(row.failureCode)}</Text>}
                </Table.Td>
                <Table.Td className="figures">
                  <Money money={row.amount} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Sideways>
    </div>
  );
}
