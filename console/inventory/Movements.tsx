/** What moved the stock of one SKU: when, what, for which order, why, and who. */
import './inventory.css';
import { Anchor, Button, Skeleton, Table, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Movement } from '../../api/schemas/catalogue.ts';
import { Instant } from '../parts/Instant.tsx';
import { ProblemNotice } from '../parts/ProblemNotice.tsx';
import { useMovements } from './useStock.ts';
import { MOVEMENT_WORDS, signed } from './words.ts';

/** The movements of the SKU, newest first. */
export function Movements({ sku }: { sku: string }) {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useMovements(sku);
  const rows = data?.pages.flatMap((page) => page.data);
  return (
    <section aria-labelledby="movements">
      <Title order={3} size="h6" id="movements" mb="xs">
        Movements
      </Title>
      <ProblemNotice error={error} />
      {!rows && error === null && <Skeleton h={200} />}
      {rows?.length === 0 && <Text size="sm">Nothing has moved yet.</Text>}
      {rows && rows.length > 0 && (
        <div className="stockScroll" role="region" aria-label={`Movements of ${sku}`} tabIndex={0}>
          <Rows rows={rows} />
        </div>
      )}
      {hasNextPage && (
        <Button variant="default" mt="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Older movements
        </Button>
      )}
    </section>
  );
}

function Rows({ rows }: { rows: readonly Movement[] }) {
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">When</Table.Th>
          <Table.Th scope="col">What</Table.Th>
          <Table.Th scope="col">Where</Table.Th>
          <Table.Th scope="col" ta="right">
            On hand
          </Table.Th>
          <Table.Th scope="col" ta="right">
            Allocated
          </Table.Th>
          <Table.Th scope="col">Why</Table.Th>
          <Table.Th scope="col">By</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.id}>
            <Table.Td>
              <Instant iso={row.createdAt} />
            </Table.Td>
            <Table.Td>{MOVEMENT_WORDS[row.kind]}</Table.Td>
            <Table.Td>{row.location}</Table.Td>
            <Table.Td className="figures">{signed(row.onHandDelta)}</Table.Td>
            <Table.Td className="figures">{signed(row.allocatedDelta)}</Table.Td>
            <Table.Td>
              <Why movement={row} />
            </Table.Td>
            <Table.Td>{row.actorName ?? row.actor}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Why({ movement: { orderNumber, reason } }: { movement: Movement }) {
  return (
    <>
      {orderNumber !== null && (
        <Anchor component={Link} to={`/orders/${orderNumber}`} underline="always" size="sm">
          Order {orderNumber}
        </Anchor>
      )}
      {orderNumber !== null && reason !== null && ': '}
      {reason ?? (orderNumber === null ? '–' : '')}
    </>
  );
}
