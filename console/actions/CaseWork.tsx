/** What the order page and the queue show of a case, and the buttons to take it, give it back and close it. */
import { Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Case } from '../../api/schemas/feeds.ts';
import type { Standing } from '../../api/schemas/orders.ts';
import { Instant } from '../parts/Instant.tsx';
import { caseNext } from './caseNext.ts';
import type { CaseToClose } from './CloseCaseDialog.tsx';
import { ReasonedButton } from './ReasonedButton.tsx';
import { useAssign } from './useCaseWrites.ts';
import { useKeyId, useScopes } from './useRights.ts';
import { failureWords, lacksScope } from './words.ts';

/** Since when, what happens by itself, and who has it. `standing` is that of its order, when it is known. */
export function CaseFacts({
  one,
  standing,
}: {
  one: Pick<Case, 'code' | 'openedAt' | 'nextRetryAt' | 'tries' | 'owner' | 'assigneeName' | 'assignee'>;
  standing: Standing | undefined;
}) {
  const next = caseNext(one, standing);
  return (
    <Text size="sm">
      Open since <Instant iso={one.openedAt} />
      {one.tries > 0 && ` · failed ${one.tries} ${one.tries === 1 ? 'time' : 'times'}`}
      {next && ' · '}
      {next?.at && (
        <>
          <Instant iso={next.at} isDeadline />:{' '}
        </>
      )}
      {next?.text}
      {' · '}
      {one.assignee === null
        ? `nobody has it (for ${one.owner})`
        : `${one.assigneeName ?? one.assignee} has it`}
    </Text>
  );
}

/** Taking a case, giving it back, closing it by hand where that is up to people. */
export function CaseButtons({
  one,
  onCloseCase,
  children,
}: {
  one: Pick<Case, 'id' | 'code' | 'assignee' | 'isClosable'>;
  onCloseCase: (asked: CaseToClose) => void;
  children?: ReactNode;
}) {
  const scopes = useScopes();
  const keyId = useKeyId();
  const assign = useAssign();
  const why = lacksScope('orders:write', scopes);
  const isMine = one.assignee !== null && one.assignee === keyId;
  return (
    <Group gap="xs">
      <ReasonedButton
        why={why}
        variant="default"
        loading={assign.isPending}
        onClick={() => assign.mutate({ ids: [one.id], assignee: isMine ? null : 'me' })}
      >
        {isMine ? 'Release' : 'Assign to me'}
      </ReasonedButton>
      {one.isClosable && why === undefined && (
        <Button variant="default" onClick={() => onCloseCase({ id: one.id, title: failureWords(one.code) })}>
          Close with note…
        </Button>
      )}
      {children}
    </Group>
  );
}
