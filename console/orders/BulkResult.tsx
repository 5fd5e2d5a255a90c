/** How far a job is, and what became of each order. */
import { Button, Code, Group, Progress, Stack, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { StatusBadge } from '../parts/StatusBadge.tsx';
import { outcomeWord, summaryText, type Outcome, type OutcomeKind } from './bulk.ts';
import type { Bulk } from './useBulk.ts';

/** What a person has to look at stands first. */
const RANK: Readonly<Record<OutcomeKind, number>> = {
  failed: 0,
  unsent: 1,
  refused: 2,
  accepted: 3,
  done: 4,
};

/** The progress, then the list. */
export function BulkResult({ bulk, total, onClose }: { bulk: Bulk; total: number; onClose: () => void }) {
  const { outcomes, isRunning } = bulk;
  const open = outcomes.filter(({ kind }) => kind === 'failed' || kind === 'unsent').length;
  return (
    <Stack gap="sm">
      {isRunning && (
        <Progress.Root size="lg">
          <Progress.Section
            value={(outcomes.length / total) * 100}
            aria-label={`${outcomes.length} of ${total} orders`}
          />
        </Progress.Root>
      )}
      <Text size="sm" fw={600} role="status">
        {isRunning ? `${outcomes.length} of ${total} …` : summaryText(outcomes)}
      </Text>
      {!isRunning && outcomes.some(({ kind }) => kind === 'accepted') && (
        <Text size="sm">The lists show what becomes of those that were accepted.</Text>
      )}
      <OutcomeTable outcomes={outcomes} />
      <Group justify="flex-end">
        {isRunning ? (
          <Button variant="default" onClick={bulk.stop}>
            Stop
          </Button>
        ) : (
          <>
            {open > 0 && (
              <Button variant="default" onClick={bulk.again}>
                Try {open === 1 ? 'the one' : `the ${open}`} that failed again
              </Button>
            )}
            <Button onClick={onClose} data-autofocus>
              Close
            </Button>
          </>
        )}
      </Group>
    </Stack>
  );
}

function OutcomeTable({ outcomes }: { outcomes: readonly Outcome[] }) {
  const sorted = outcomes.toSorted((a, b) => RANK[a.kind] - RANK[b.kind] || a.order.number - b.order.number);
  return (
    <div className="outcomes" role="region" aria-label="What became of each order" tabIndex={0}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Order</Table.Th>
            <Table.Th>Outcome</Table.Th>
            <Table.Th>Why</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sorted.map(({ order, kind, why, requestId }) => (
            <Table.Tr key={order.id}>
              <Table.Th scope="row">
                <Link to="/orders/$order" params={{ order: String(order.number) }} preload={false}>
                  {order.number}
                </Link>
              </Table.Th>
              <Table.Td>
                <StatusBadge status={BADGES[kind]} label={outcomeWord(kind)} />
              </Table.Td>
              <Table.Td>
                {why}{' '}
                {requestId !== undefined && (
                  <Text span size="xs">
                    Request <Code>{requestId}</Code>
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

const BADGES: Readonly<Record<OutcomeKind, string>> = {
  done: 'done',
  accepted: 'pending',
  refused: 'needs_attention',
  failed: 'failed',
  unsent: 'cancelled',
};
