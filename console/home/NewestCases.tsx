/** The newest open cases: what went wrong last, with its order. */
import { Anchor, Paper, Skeleton, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Case } from '../../api/schemas/feeds.ts';
import { casesQuery } from '../api/queries.ts';
import { Instant } from '../parts/Instant.tsx';
import { ProblemNotice } from '../parts/ProblemNotice.tsx';

const CASES = { open: 'true', sort: '-openedAt', limit: '6' };

/** The cases, and the way to all of them. */
export function NewestCases() {
  const { data, error } = useQuery(casesQuery(CASES));
  return (
    <Paper component="section" withBorder p="md" aria-labelledby="cases">
      <Title order={2} size="h5" id="cases" mb="xs">
        Newest open cases
      </Title>
      <ProblemNotice error={error} />
      {!data && error === null && <Skeleton h={140} />}
      {data?.data.length === 0 && <Text size="sm">No case is open: nothing needs a person now.</Text>}
      {data && data.data.length > 0 && <Rows cases={data.data} />}
      <Anchor component={Link} to="/attention" size="sm" underline="always" mt="xs" display="inline-block">
        All that needs attention
      </Anchor>
    </Paper>
  );
}

function Rows({ cases }: { cases: readonly Case[] }) {
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Order</Table.Th>
          <Table.Th scope="col">What happened</Table.Th>
          <Table.Th scope="col">Opened</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {cases.map((one) => (
          <Table.Tr key={one.id}>
            <Table.Td>
              {one.orderNumber === null ? (
                'none'
              ) : (
                <Anchor component={Link} to={`/orders/${one.orderNumber}`} underline="always" size="sm">
                  {one.orderNumber}
                </Anchor>
              )}
            </Table.Td>
            <Table.Td>{one.title}</Table.Td>
            <Table.Td>
              <Instant iso={one.openedAt} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
