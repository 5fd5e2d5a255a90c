/** The causes of open cases: how many, how old the oldest is, when the next is tried by itself, who works on them. */
import { Badge, Group, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import type { CaseCause } from '../../api/schemas/feeds.ts';
import { formatCount } from '../format.ts';
import { Instant, useNow } from '../parts/Instant.tsx';
import { ageOf } from './age.ts';

/** The list of causes; the chosen one is pressed. */
export function Causes({
  causes,
  chosen,
  onChoose,
}: {
  causes: readonly CaseCause[];
  chosen: string | undefined;
  onChoose: (code: string | undefined) => void;
}) {
  const total = causes.reduce((sum, cause) => sum + cause.open, 0);
  return (
    <Stack gap={4} component="section" aria-label="Causes">
      <Title order={2} size="h5">
        Causes
      </Title>
      <CauseButton isChosen={chosen === undefined} onChoose={() => onChoose(undefined)}>
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" fw={600}>
            All causes
          </Text>
          <Count value={total} />
        </Group>
      </CauseButton>
      {causes.map((cause) => (
        <CauseButton key={cause.code} isChosen={chosen === cause.code} onChoose={() => onChoose(cause.code)}>
          <Cause cause={cause} />
        </CauseButton>
      ))}
    </Stack>
  );
}

function CauseButton({
  isChosen,
  onChoose,
  children,
}: {
  isChosen: boolean;
  onChoose: () => void;
  children: React.ReactNode;
}) {
  return (
    <UnstyledButton className="pick" aria-pressed={isChosen} data-on={isChosen} onClick={onChoose}>
      {children}
    </UnstyledButton>
  );
}

function Cause({ cause }: { cause: CaseCause }) {
  return (
    <>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text size="sm" fw={600}>
          {cause.title}
        </Text>
        <Count value={cause.open} />
      </Group>
      <Group gap={6}>
        <AgeBadge since={cause.oldestAt} />
        <Text size="xs">
          oldest <Instant iso={cause.oldestAt} />
        </Text>
      </Group>
      <Text size="xs">
        {cause.nextRetryAt !== null && (
          <>
            next try by itself <Instant iso={cause.nextRetryAt} isDeadline />
            {' · '}
          </>
        )}
        {cause.nextRetryAt === null && cause.code !== 'short_stock' && 'not tried again by itself · '}
        {`for ${cause.owner}`}
      </Text>
    </>
  );
}

function Count({ value }: { value: number }) {
  return (
    <Text size="sm" fw={700} className="figures">
      {formatCount(value)}
    </Text>
  );
}

/** How old something is: a dot with a colour, and the word for it. */
export function AgeBadge({ since }: { since: string }) {
  const { word, color } = ageOf(since, useNow());
  return (
    <Badge size="sm" color={color}>
      {word}
    </Badge>
  );
}
