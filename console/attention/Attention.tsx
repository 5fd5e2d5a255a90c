/**
 * Needs attention: what people have to look at, by cause, oldest first. Built to be worked off without the mouse: after
 * each action the next case is selected.
 */
import './attention.css';
import { Anchor, Button, Grid, Group, SegmentedControl, Skeleton, Stack, Text, Title } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Case, CaseCause } from '../../api/schemas/feeds.ts';
import { CloseCaseDialog, type CaseToClose } from '../actions/CloseCaseDialog.tsx';
import { ActionDialogs, type ActionAsked } from '../actions/ActionDialogs.tsx';
import { useScopes } from '../actions/useRights.ts';
import { formatCount } from '../format.ts';
import { EmptyState } from '../parts/EmptyState.tsx';
import { PageError } from '../shell/PageError.tsx';
import { CaseList } from './CaseList.tsx';
import { CasePanel, useCaseOrder } from './CasePanel.tsx';
import { Causes } from './Causes.tsx';
import { isRetryable } from './retryable.ts';
import { RetryAll } from './RetryAll.tsx';
import { useQueueKeys } from './useQueueKeys.ts';
import { ASSIGNEES, useQueue, type Queue } from './useQueue.ts';

/** The page. */
export function Attention() {
  const queue = useQueue();
  const error = queue.causes.error ?? queue.cases.error;
  const isLoaded = queue.causes.data !== undefined && queue.cases.data !== undefined;
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={1} size="h2">
          Needs attention
        </Title>
        <SegmentedControl
          size="xs"
          aria-label="Whose cases"
          data={ASSIGNEES}
          value={queue.assignee ?? 'all'}
          onChange={(value) => queue.filter({ assignee: value === 'all' ? undefined : value })}
        />
      </Group>
      {isLoaded && <Loaded queue={queue} causes={queue.causes.data?.data ?? []} />}
      {!isLoaded && error && (
        <PageError
          error={error}
          reset={() => {
            void queue.causes.refetch();
            void queue.cases.refetch();
          }}
        />
      )}
      {!isLoaded && !error && <Skeleton height={320} role="status" aria-label="Loading the cases" />}
    </Stack>
  );
}

function Loaded({ queue, causes }: { queue: Queue; causes: readonly CaseCause[] }) {
  if (causes.length === 0 && queue.rows.length === 0) return <NothingToDo queue={queue} />;
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 4, lg: 3 }}>
        <Causes causes={causes} chosen={queue.code} onChoose={(code) => queue.filter({ code })} />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 8, lg: 9 }}>
        <Work queue={queue} causes={causes} />
      </Grid.Col>
    </Grid>
  );
}

function NothingToDo({ queue }: { queue: Queue }) {
  if (queue.assignee === undefined)
    return (
      <EmptyState title="Nothing needs a person now.">
        What fails for good or waits for too long comes up here by itself.{' '}
        <Anchor underline="always" renderRoot={(props) => <Link to="/orders" {...props} />}>
          Look at the orders
        </Anchor>
      </EmptyState>
    );
  return (
    <EmptyState
      title={queue.assignee === 'me' ? 'No case is assigned to you.' : 'Every open case has somebody.'}
    >
      <Button variant="default" onClick={() => queue.filter({ assignee: undefined, code: undefined })}>
        Show all cases
      </Button>
    </EmptyState>
  );
}

/** What is asked in a dialog stays, with what was typed, when its case leaves the list meanwhile. */
interface Asked {
  caseId: string;
  command: ActionAsked;
}

function Work({ queue, causes }: { queue: Queue; causes: readonly CaseCause[] }) {
  const [retrying, setRetrying] = useState<CaseCause>();
  const [asked, setAsked] = useState<Asked>();
  const [closing, setClosing] = useState<CaseToClose>();
  const cause = causes.find((one) => one.code === queue.code);
  return (
    <>
      <Grid>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Stack gap="xs">
            <ListHead queue={queue} cause={cause} onRetryAll={setRetrying} />
            <CasesOrNone queue={queue} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 6 }} className="stays">
          {queue.selected && (
            <Selected queue={queue} one={queue.selected} onAsk={setAsked} onClose={setClosing} />
          )}
        </Grid.Col>
      </Grid>
      <RetryAll cause={retrying} assignee={queue.assignee} onClose={() => setRetrying(undefined)} />
      <ActionDialogs
        asked={asked?.command}
        onClose={() => setAsked(undefined)}
        onDone={() => asked && queue.done(asked.caseId)}
      />
      <CloseCaseDialog
        asked={closing}
        onClose={() => setClosing(undefined)}
        onDone={() => closing && queue.done(closing.id)}
      />
    </>
  );
}

function CasesOrNone({ queue }: { queue: Queue }) {
  const navigate = useNavigate();
  function open(one: Case): void {
    if (one.orderNumber !== null)
      void navigate({ to: '/orders/$order', params: { order: String(one.orderNumber) } });
  }
  if (queue.rows.length > 0) return <CaseList queue={queue} onOpen={open} />;
  return (
    <EmptyState title="No open case here">
      <Button variant="default" onClick={() => queue.filter({ code: undefined })}>
        Show all causes
      </Button>
    </EmptyState>
  );
}

function ListHead({
  queue,
  cause,
  onRetryAll,
}: {
  queue: Queue;
  cause: CaseCause | undefined;
  onRetryAll: (cause: CaseCause) => void;
}) {
  const mayRetry = useScopes().includes('orders:write');
  const hasOrders = queue.rows.some((one) => one.orderId !== null);
  return (
    <Group justify="space-between">
      <Title order={2} size="h5">
        {cause?.title ?? 'All causes'}
      </Title>
      {cause && hasOrders && mayRetry && isRetryable(cause.code) && (
        <Button variant="default" onClick={() => onRetryAll(cause)}>
          Retry all {formatCount(cause.open)}
        </Button>
      )}
      {!cause && <Text size="xs">Choose a cause to retry all of it.</Text>}
    </Group>
  );
}

/** The case that is worked on, and its keys. */
function Selected({
  queue,
  one,
  onAsk,
  onClose,
}: {
  queue: Queue;
  one: Case;
  onAsk: (asked: Asked) => void;
  onClose: (asked: CaseToClose) => void;
}) {
  const { order, error } = useCaseOrder(one);
  function ask(action: ActionAsked['action']): void {
    if (!order) return;
    queue.select(one.id);
    onAsk({ caseId: one.id, command: { order, action } });
  }
  function close(asked: CaseToClose): void {
    queue.select(one.id);
    onClose(asked);
  }
  useQueueKeys(queue, { one, order, ask, close });
  return <CasePanel key={one.id} one={one} order={order} error={error} onAsk={ask} onCloseCase={close} />;
}
