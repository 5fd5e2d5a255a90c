/** The runs of the reconciliation, what each found, and starting one. */
import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { notifications } from '@mantine/notifications';
import type { Reconciliation } from '../../api/schemas/reconciliation.ts';
import { ReasonedButton } from '../actions/ReasonedButton.tsx';
import { useScopes } from '../actions/useRights.ts';
import { lacksScope } from '../actions/words.ts';
import { call } from '../api/client.ts';
import { reconciliationsQuery } from '../api/queries.ts';
import { formatCount } from '../format.ts';
import { EmptyState } from '../parts/EmptyState.tsx';
import { Instant } from '../parts/Instant.tsx';
import { ProblemNotice } from '../parts/ProblemNotice.tsx';
import { StatusBadge } from '../parts/StatusBadge.tsx';
import { Findings } from './Findings.tsx';
import { countWords, runWords } from './findingWords.ts';
import { MoneyTable, type MoneyColumn } from './MoneyTable.tsx';
import { useMoneySearch } from './useMoneySearch.ts';

/** The runs, or the findings of the one that was chosen. */
export function Reconciliations() {
  const { search, change } = useMoneySearch();
  const lacks = lacksScope('ops:admin', useScopes());
  const run = search['run'];
  return (
    <Stack gap="sm">
      <Text size="sm">
        Our books are compared with the payment provider’s, payment by payment. What can be repaired safely
        is; everything else opens a case.
      </Text>
      <StartButtons why={lacks} />
      {lacks !== undefined && <Text size="sm">{lacks}</Text>}
      {lacks === undefined && run === undefined && <Runs onOpen={(id) => change({ run: id })} />}
      {lacks === undefined && run !== undefined && (
        <section aria-labelledby="findings">
          <Group justify="space-between">
            <Title order={2} size="h5" id="findings">
              Findings of <code>{run}</code>
            </Title>
            <Button variant="default" onClick={() => change({ run: undefined })}>
              All runs
            </Button>
          </Group>
          <Findings run={run} />
        </section>
      )}
    </Stack>
  );
}

function StartButtons({ why }: { why: string | undefined }) {
  const client = useQueryClient();
  const start = useMutation<Reconciliation, Error, boolean>({
    mutationFn: (dryRun) => call<Reconciliation>('/v1/reconciliations', { body: { dryRun } }),
    onSuccess(_run, dryRun) {
      notifications.show({
        color: 'blue',
        message: dryRun
          ? 'A dry run has begun: it only reports.'
          : 'A run has begun. What it finds comes up here.',
      });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['reconciliations'] }),
  });
  const begin = (dryRun: boolean) => {
    if (!start.isPending) start.mutate(dryRun);
  };
  return (
    <>
      <Group gap="xs">
        <ReasonedButton why={why} loading={start.isPending} onClick={() => begin(false)}>
          Run now
        </ReasonedButton>
        <ReasonedButton why={why} variant="default" disabled={start.isPending} onClick={() => begin(true)}>
          Dry run
        </ReasonedButton>
      </Group>
      <ProblemNotice error={start.error} />
    </>
  );
}

function Runs({ onOpen }: { onOpen: (id: string) => void }) {
  const { search } = useMoneySearch();
  const query = useQuery(reconciliationsQuery({ cursor: search['cursor'] }));
  const columns: readonly MoneyColumn<Reconciliation>[] = [
    {
      title: 'Run',
      cell: (run) => (
        <Anchor component="button" size="sm" underline="always" mih={24} onClick={() => onOpen(run.id)}>
          <code>{run.id}</code>
        </Anchor>
      ),
    },
    { title: 'Started', cell: (run) => <Instant iso={run.startedAt} /> },
    { title: 'Payments since', cell: (run) => <Instant iso={run.since} exact /> },
    { title: 'Kind', cell: (run) => (run.dryRun ? 'dry run' : 'with repairs') },
    { title: 'State', cell: (run) => <RunState run={run} /> },
    { title: 'Compared', isFigure: true, cell: (run) => formatCount(run.compared) },
    { title: 'Paid out', isFigure: true, cell: (run) => formatCount(run.settled) },
  ];
  return (
    <MoneyTable
      label="Runs of the reconciliation"
      query={query}
      columns={columns}
      keyOf={(run) => run.id}
      names={['run', 'runs']}
      empty={<EmptyState title="No run yet.">One begins by itself every quarter of an hour.</EmptyState>}
    />
  );
}

function RunState({ run }: { run: Reconciliation }) {
  const counts = countWords(run);
  return (
    <>
      <StatusBadge {...runWords(run)} />
      {counts !== '' && <Text size="xs">{counts}</Text>}
      {run.problem !== null && <Text size="xs">{run.problem}</Text>}
    </>
  );
}
