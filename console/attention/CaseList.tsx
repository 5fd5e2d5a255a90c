/** The open cases of the chosen cause, oldest first: picked by mouse, by Tab and Enter, or by j and k. */
import { Button, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { Case } from '../../api/schemas/feeds.ts';
import { Instant } from '../parts/Instant.tsx';
import { detailWords } from '../actions/words.ts';
import { AgeBadge } from './Causes.tsx';
import type { Queue } from './useQueue.ts';

/** The list with its pages. `onOpen` opens the order of a case that is picked already. */
export function CaseList({ queue, onOpen }: { queue: Queue; onOpen: (one: Case) => void }) {
  const { rows, selected, cursor, cases } = queue;
  const list = useRef<HTMLUListElement>(null);
  useFocusFollows(list, selected?.id, rows.length);
  return (
    <Stack gap="xs">
      <ul className="plain" ref={list} aria-label="Cases, oldest first">
        {rows.map((one) => (
          <li key={one.id}>
            <CaseRow
              one={one}
              isSelected={one.id === selected?.id}
              withTitle={queue.code === undefined}
              onSelect={() => queue.select(one.id)}
              onOpen={() => onOpen(one)}
            />
          </li>
        ))}
      </ul>
      <Group justify="space-between">
        {cursor !== undefined ? (
          <Button variant="default" onClick={() => queue.turnTo(undefined)}>
            Oldest cases
          </Button>
        ) : (
          <span />
        )}
        {cases.data?.nextCursor && (
          <Button variant="default" onClick={() => queue.turnTo(cases.data.nextCursor ?? undefined)}>
            Next page
          </Button>
        )}
      </Group>
    </Stack>
  );
}

/** The focus goes with the selection while it is in the list, or nowhere: never out of a field or a dialog. */
function useFocusFollows(
  list: React.RefObject<HTMLUListElement | null>,
  selected: string | undefined,
  length: number,
): void {
  useEffect(() => {
    const active = document.activeElement;
    const isFree = active === null || active === document.body || list.current?.contains(active);
    if (isFree && selected !== undefined)
      list.current?.querySelector<HTMLElement>(`[data-case="${CSS.escape(selected)}"]`)?.focus();
  }, [list, selected, length]);
}

function CaseRow({
  one,
  isSelected,
  withTitle,
  onSelect,
  onOpen,
}: {
  one: Case;
  isSelected: boolean;
  withTitle: boolean;
  onSelect: () => void;
  onOpen: () => void;
}) {
  return (
    <UnstyledButton
      className="pick"
      data-case={one.id}
      data-on={isSelected}
      aria-current={isSelected ? 'true' : undefined}
      // Enter on what is picked already opens it; a press of a key has no clicks to count.
      onClick={(event) => (isSelected && event.detail === 0 ? onOpen() : onSelect())}
    >
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text size="sm" fw={600}>
          {one.orderNumber ?? one.subject}
          {withTitle && ` · ${one.title}`}
        </Text>
        <AgeBadge since={one.openedAt} />
      </Group>
      <Text size="sm" lineClamp={2}>
        {detailWords(one.detail)}
      </Text>
      <Text size="xs">
        since <Instant iso={one.openedAt} />
        {one.tries > 0 && ` · ${one.tries} ${one.tries === 1 ? 'try' : 'tries'}`}
        {one.nextRetryAt !== null && (
          <>
            {' '}
            · next <Instant iso={one.nextRetryAt} isDeadline />
          </>
        )}
        {` · ${one.assignee === null ? 'nobody has it' : (one.assigneeName ?? one.assignee)}`}
      </Text>
    </UnstyledButton>
  );
}
