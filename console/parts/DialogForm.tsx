/** What the forms of dialogs share: sent by Ctrl-Enter from any field, the API's refusal above two buttons, never native checks. */
import { Button, Group, Stack } from '@mantine/core';
import type { FormEvent, KeyboardEvent, ReactNode } from 'react';
import { ProblemNotice } from './ProblemNotice.tsx';

interface Given {
  onSubmit: () => void;
  onClose: () => void;
  error: unknown;
  /** The pointers of a refusal that stand beside their fields already. */
  placed: readonly string[];
  isPending: boolean;
  /** On the button that sends: what it does. */
  confirm: string;
  children: ReactNode;
}

/** The form. */
export function DialogForm({ onSubmit, onClose, error, placed, isPending, confirm, children }: Given) {
  function submit(event: FormEvent): void {
    event.preventDefault();
    onSubmit();
  }
  function onKeyDown(event: KeyboardEvent<HTMLFormElement>): void {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.currentTarget.requestSubmit();
  }
  return (
    <form onSubmit={submit} onKeyDown={onKeyDown} noValidate>
      <Stack gap="sm">
        {children}
        <ProblemNotice error={error} placed={placed} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Keep as it is
          </Button>
          <Button type="submit" loading={isPending}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
