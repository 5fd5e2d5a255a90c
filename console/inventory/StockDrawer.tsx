/** One SKU: its levels at all locations, and what moved them. */
import { Drawer, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Stock } from '../../api/schemas/catalogue.ts';
import { ReasonedButton } from '../actions/ReasonedButton.tsx';
import { stockQuery } from '../api/queries.ts';
import { formatCount } from '../format.ts';
import { ProblemNotice } from '../parts/ProblemNotice.tsx';
import { Movements } from './Movements.tsx';
import { useLocationNames } from './useStock.ts';

interface DrawerProps {
  /** The SKU; closed while there is none. */
  sku: string | undefined;
  onClose: () => void;
  onAdjust: (row: Stock) => void;
  /** Why the person may not adjust; undefined when they may. */
  why: string | undefined;
  /** True while a dialog stands over it, which Escape then closes first. */
  isCovered: boolean;
}

/** The drawer. */
export function StockDrawer({ sku, onClose, onAdjust, why, isCovered }: DrawerProps) {
  return (
    <Drawer
      opened={sku !== undefined}
      onClose={onClose}
      position="right"
      size="xl"
      title={sku}
      closeOnEscape={!isCovered}
      closeButtonProps={{ 'aria-label': 'Close this panel' }}
    >
      {sku !== undefined && (
        <Stack gap="lg">
          <Levels sku={sku} onAdjust={onAdjust} why={why} />
          <Movements sku={sku} />
        </Stack>
      )}
    </Drawer>
  );
}

function Levels({ sku, onAdjust, why }: Pick<DrawerProps, 'onAdjust' | 'why'> & { sku: string }) {
  const { data, error } = useQuery(stockQuery({ sku }));
  const names = useLocationNames();
  // While another SKU is read the one before is still there.
  const rows = data?.data.filter((row) => row.sku === sku);
  const [first] = rows ?? [];
  return (
    <section aria-labelledby="levels">
      {first && (
        <Text size="sm" mb="sm">
          {first.name}
          {first.variant !== null && `, ${first.variant}`}
        </Text>
      )}
      <Title order={3} size="h6" id="levels" mb="xs">
        Levels
      </Title>
      <ProblemNotice error={error} />
      {!rows && error === null && <Skeleton h={120} />}
      {rows?.length === 0 && <Text size="sm">No location holds {sku}.</Text>}
      {rows && rows.length > 0 && (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Location</Table.Th>
              <Table.Th scope="col" ta="right">
                On hand
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Allocated
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Available
              </Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.location}>
                <Table.Th scope="row" fw={400}>
                  {names.get(row.location) ?? row.location}
                </Table.Th>
                <Table.Td className="figures">{formatCount(row.onHand)}</Table.Td>
                <Table.Td className="figures">{formatCount(row.allocated)}</Table.Td>
                <Table.Td className="figures">{formatCount(row.available)}</Table.Td>
                <Table.Td ta="right">
                  <ReasonedButton variant="default" why={why} onClick={() => onAdjust(row)}>
                    Adjust {row.location}…
                  </ReasonedButton>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  );
}
