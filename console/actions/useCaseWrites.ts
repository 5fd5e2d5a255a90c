/** Writes to cases: who has it, and closing it by hand. */
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import type { Case } from '../../api/schemas/feeds.ts';
import type { CommandShown } from '../../api/schemas/orders.ts';
import { ApiProblem } from '../api/client.ts';
import { assignCase, closeCase, followCommand } from './calls.ts';
import { refresh } from './refresh.ts';
import { failureWords } from './words.ts';

/** Takes cases or gives them back; a failure is said in a toast, with its request id. */
export function useAssign() {
  const client = useQueryClient();
  return useMutation<void, Error, { ids: readonly string[]; assignee: 'me' | null }>({
    networkMode: 'always',
    async mutationFn({ ids, assignee }) {
      for (const id of ids) await assignCase({ id, assignee });
    },
    onSuccess(_done, { assignee }) {
      notifications.show({
        color: 'green',
        message: assignee === 'me' ? 'It is yours now.' : 'It is nobody’s now: others see it as free.',
      });
    },
    onError(error) {
      const id =
        error instanceof ApiProblem && error.requestId !== undefined ? ` Request ${error.requestId}.` : '';
      notifications.show({
        color: 'red',
        title: 'It could not be assigned',
        message: `${error.message}.${id}`,
      });
    },
    onSettled: () => refresh(client),
  });
}

/** Closes a case with a note. The dialog shows its refusal; what is not finished yet is followed until it is. */
export function useCloseCase() {
  const client = useQueryClient();
  return useMutation<Case | CommandShown, Error, { id: string; note: string; key: string }>({
    networkMode: 'always',
    mutationFn: closeCase,
    onSuccess(answer) {
      if ('kind' in answer) void follow(client, answer);
      notifications.show(
        'kind' in answer
          ? { color: 'blue', message: 'Closing the case is asked for. It is not finished yet.' }
          : { color: 'green', message: 'The case is closed.' },
      );
    },
    onSettled: () => refresh(client),
  });
}

async function follow(client: QueryClient, command: CommandShown): Promise<void> {
  const last = await followCommand(command).catch(() => undefined);
  if (last?.state === 'refused')
    notifications.show({
      color: 'red',
      autoClose: false,
      title: 'The case could not be closed',
      message: last.detail ?? failureWords(last.code ?? 'refused_by_state'),
    });
  await refresh(client);
}
