/** The home page: how it stands today, in seven numbers, fourteen days and the newest cases. */
import { Group, SimpleGrid, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ReasonedButton } from '../actions/ReasonedButton.tsx';
import { orderViewsQuery, reportQuery } from '../api/queries.ts';
import { ProblemNotice } from '../parts/ProblemNotice.tsx';
import { useToday } from '../reports/useToday.ts';
import { DaysChart } from './DaysChart.tsx';
import { DemoDialog } from './DemoDialog.tsx';
import { NewestCases } from './NewestCases.tsx';
import { hasNoOrders, homeQuery } from './numbers.ts';
import { Numbers } from './Numbers.tsx';
import { useDemoOffer } from './useDemo.ts';
import { Welcome } from './Welcome.tsx';

/** The page. */
export function Home() {
  const [isPlacing, setPlacing] = useState(false);
  const { isOffered, why } = useDemoOffer();
  const views = useQuery(orderViewsQuery);
  const isEmpty = views.data !== undefined && hasNoOrders(views.data);
  const placeDemo = () => setPlacing(true);
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={1} size="h2">
          Home
        </Title>
        {isOffered && !isEmpty && (
          <ReasonedButton why={why} onClick={placeDemo} variant="default">
            Place demo orders
          </ReasonedButton>
        )}
      </Group>
      <ProblemNotice error={views.error} />
      {isEmpty && <Welcome isDemo={isOffered} why={why} onDemo={placeDemo} />}
      <Today />
      <DemoDialog opened={isPlacing} onClose={() => setPlacing(false)} />
    </Stack>
  );
}

function Today() {
  const now = useToday();
  const query = now && homeQuery(now.today);
  const sales = useQuery({ ...reportQuery('sales', { ...query }), enabled: query !== undefined });
  return (
    <>
      <ProblemNotice error={sales.error} />
      {now && <Numbers report={sales.data} today={now.today} timeZone={now.timeZone} />}
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <DaysChart report={sales.data} />
        <NewestCases />
      </SimpleGrid>
    </>
  );
}
