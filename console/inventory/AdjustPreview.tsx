/** What a level is and what it would be. */
import { Alert, Table } from '@mantine/core';
import { formatCount } from '../format.ts';
import { previewOf, type Amount, type Level } from './level.ts';

/** The level now and after; without an amount only now. Its change is said to screen readers. */
export function AdjustPreview({ level, amount }: { level: Level; amount: Amount | undefined }) {
  const preview = amount && previewOf(level, amount);
  return (
    <div aria-live="polite">
      <Table withTableBorder captionSide="top">
        <Table.Caption>What it will be</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            <Table.Th scope="col" ta="right">
              On hand
            </Table.Th>
            <Table.Th scope="col" ta="right">
              Allocated
            </Table.Th>
            <Table.Th scope="col" ta="right">
              Available
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Row name="Now" onHand={level.onHand} allocated={level.allocated} />
          {preview && <Row name="After" onHand={preview.onHand} allocated={level.allocated} />}
        </Table.Tbody>
      </Table>
      {preview?.warning !== undefined && (
        <Alert color="orange" mt="xs" title="This will be refused">
          {preview.warning}
        </Alert>
      )}
    </div>
  );
}

function Row({ name, onHand, allocated }: { name: string; onHand: number; allocated: number }) {
  return (
    <Table.Tr>
      <Table.Th scope="row">{name}</Table.Th>
      <Table.Td className="figures">{formatCount(onHand)}</Table.Td>
      <Table.Td className="figures">{formatCount(allocated)}</Table.Td>
      <Table.Td className="figures">{formatCount(onHand - allocated)}</Table.Td>
    </Table.Tr>
  );
}
