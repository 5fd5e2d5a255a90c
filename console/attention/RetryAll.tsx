/** The dialog that retries all orders of a cause, with what became of each. */
import { Anchor, Button, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { CaseCause } from '../../api/schemas/feeds.ts';
import { formatCount } from '../format.ts';
import { ProblemNotice } from '../parts/ProblemNotice.tsx';
import { summaryOf, type Outcome } from './bulk.ts';
import { useRetryAll } from './useRetryAll.ts';

/** Asks, runs and tells. Stays open while it runs; closing it stops what was not sent yet. */
export function RetryAll({
  cause,
  assignee,
  onClose,
}: {
  cause: CaseCause | undefined;
  assignee: string | undefined;
  onClose: () => void;
}) {
  return (
    <Modal
      opened={cause !== undefined}
      onClose={onClose}
      size="lg"
      title={cause && `Retry all: ${cause.title}`}
      transitionProps={{ duration: 0 }}
      closeOnClickOutside={false}
    >
      {cause && <Run key={cause.code} cause={cause} assignee={assignee} onClose={onClose} />}
    </Modal>
  );
}

function Run({
  cause,
  assignee,
  onClose,
}: {
  cause: CaseCause;
  assignee: string | undefined;
  onClose: () => void;
}) {
  const run = useRetryAll({ code: cause.code, assignee });
  const { state, outcomes, count } = run;
  const isLeft = outcomes.some((one) => one.state === 'unknown' || one.state === 'stopped');
  return (
    <Stack gap="sm">
      {state === 'ready' && (
        <Text size="sm">
          Every order with an open case of this cause is tried again now, four at a time
          {assignee === undefined ? '' : ' (only the cases of the chosen filter)'}. What can’t be retried says
          why.
        </Text>
      )}
      <Text size="sm" role="status">
        {state === 'running' && `${formatCount(outcomes.length)} of ${formatCount(count)} answered…`}
        {state === 'following' && `${summaryOf(outcomes)}. Looking what becomes of them…`}
        {state === 'finished' && `${summaryOf(outcomes)}.`}
      </Text>
      {state === 'running' && (
        <Progress
          value={count === 0 ? 0 : (outcomes.length / count) * 100}
          aria-label="Orders that were answered"
        />
      )}
      <ProblemNotice error={run.error} />
      {outcomes.length > 0 && <Outcomes outcomes={outcomes} />}
      <Group justify="space-between">
        {state === 'running' ? (
          <Button variant="default" onClick={run.stop}>
            Stop
          </Button>
        ) : (
          <Button variant="default" onClick={onClose}>
            {state === 'ready' ? 'Leave them' : 'Done'}
          </Button>
        )}
        {state === 'ready' && (
          <Button data-autofocus onClick={() => void run.start()}>
            Retry {formatCount(cause.open)} {cause.open === 1 ? 'case' : 'cases'}
          </Button>
        )}
        {state === 'finished' && isLeft && (
          <Button onClick={() => void run.again()}>Send the rest again</Button>
        )}
      </Group>
    </Stack>
  );
}

function Outcomes({ outcomes }: { outcomes: readonly Outcome[] }) {
  return (
    <div className="outcomes" role="region" aria-label="What became of each order" tabIndex={0}>
      <ul className="plain">
        {outcomes.map((one) => (
          <li key={one.order} data-outcome={one.state}>
            <Text size="sm">
              <Anchor
                underline="always"
                renderRoot={(props) => (
                  <Link to="/orders/$order" params={{ order: String(one.orderNumber) }} {...props} />
                )}
              >
                {one.orderNumber}
              </Anchor>
              : {one.text}
            </Text>
          </li>
        ))}
      </ul>
    </div>
  );
}
