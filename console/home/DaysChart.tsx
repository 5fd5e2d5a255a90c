/** Orders of the last fourteen days as a chart, and the same numbers as a table. */
import { Paper, Skeleton, Table, Text, Title } from '@mantine/core';
import type { Report } from '../../api/schemas/reports.ts';
import type { ReportColumn } from '../../domain/report.ts';
import { formatCount } from '../format.ts';
import { ChangeText } from '../reports/ChangeText.tsx';
import { ChartPlace } from '../reports/ChartPlace.tsx';
import { formatDay, formatDayShort } from '../reports/values.ts';
import { HOME_DAYS, ordersByDay } from './numbers.ts';

const ORDERS: ReportColumn = {
  id: 'orders',
  title: 'Orders',
  kind: 'count',
  definition: 'Orders placed.',
  higherIsBetter: true,
};
const HEIGHT = 280;

/** The chart with its table, which opens below it. */
export function DaysChart({ report }: { report: Report | undefined }) {
  if (!report) return <Skeleton h={HEIGHT} />;
  const days = ordersByDay(report);
  const points = days.map(({ day, now, before }) => ({ label: formatDayShort(day), now, before }));
  return (
    <Paper component="section" withBorder p="md" aria-labelledby="days">
      <Title order={2} size="h5" id="days" mb="xs">
        Orders of the last {HOME_DAYS} days
      </Title>
      <ChartPlace
        drawing={{ kind: 'bar', column: ORDERS, currency: null, points, left: 0 }}
        title="Orders by day"
        names={{ now: 'the last two weeks', before: 'the two weeks before' }}
        table="The table below holds the same numbers."
      />
      <details>
        <summary>
          <Text span size="sm">
            The same numbers as a table
          </Text>
        </summary>
        <Table mt="xs" striped withTableBorder>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Day</Table.Th>
              <Table.Th scope="col" ta="right">
                Orders
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Two weeks before
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Change
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {days.toReversed().map(({ day, now, before }) => (
              <Table.Tr key={day}>
                <Table.Th scope="row" fw={400}>
                  {formatDay(day)}
                </Table.Th>
                <Table.Td className="figures">{formatCount(now)}</Table.Td>
                <Table.Td className="figures">{formatCount(before)}</Table.Td>
                <Table.Td className="figures">
                  <ChangeText column={ORDERS} now={now} before={before} brief />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </details>
    </Paper>
  );
}
