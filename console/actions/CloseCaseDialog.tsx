/** The dialog that closes a case by hand: what was done about it has to be said. */
import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { fieldError, ProblemNotice } from '../parts/ProblemNotice.tsx';
import { sendByCtrlEnter } from './CommandDialog.tsx';
import { useCloseCase } from './useCaseWrites.ts';
import { useDraft } from './useDraft.ts';
import { useGuard } from './useGuard.ts';
import { useIntention } from './useIntention.ts';

/** The case to close, and its cause in words. */
export interface CaseToClose {
  id: string;
  title: string;
}

const PLACED = ['/note'];

/** Asks what was done before a case is closed. `onDone` is called when it was closed. */
export function CloseCaseDialog({
  asked,
  onClose,
  onDone,
}: {
  asked: CaseToClose | undefined;
  onClose: () => void;
  onDone?: () => void;
}) {
  return (
    <Modal
      opened={asked !== undefined}
      onClose={onClose}
      title="Close the case?"
      transitionProps={{ duration: 0 }}
    >
      {asked && <CloseForm key={asked.id} asked={asked} onClose={onClose} onDone={onDone} />}
    </Modal>
  );
}

function CloseForm({
  asked,
  onClose,
  onDone,
}: {
  asked: CaseToClose;
  onClose: () => void;
  onDone: (() => void) | undefined;
}) {
  const note = useDraft(`close ${asked.id}`);
  const [isMissing, setMissing] = useState(false);
  const close = useCloseCase();
  const intention = useIntention();
  const guard = useGuard();

  function submit(event: FormEvent): void {
    event.preventDefault();
    const text = note.text.trim();
    if (text === '') return setMissing(true);
    if (!guard.begin()) return;
    close.mutate(
      { id: asked.id, note: text, key: intention.keyFor(text) },
      {
        onSuccess() {
          note.change('');
          onDone?.();
          onClose();
        },
        onError: intention.failed,
        onSettled: guard.end,
      },
    );
  }

  return (
    <form onSubmit={submit} onKeyDown={sendByCtrlEnter} noValidate>
      <Stack gap="sm">
        <Text size="sm">{asked.title}. Closing it only says that somebody has seen to it.</Text>
        <Textarea
          label="What was done"
          description={`${note.kept}Stands on the case, for colleagues. No personal data. Ctrl-Enter closes the case.`}
          required
          data-autofocus
          value={note.text}
          maxLength={500}
          autosize
          minRows={3}
          onChange={(event) => {
            note.change(event.currentTarget.value);
            setMissing(false);
          }}
          error={isMissing ? 'Say what was done about it.' : fieldError(close.error, '/note')}
        />
        <ProblemNotice error={close.error} placed={PLACED} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Leave it open
          </Button>
          <Button type="submit" loading={close.isPending}>
            Close the case
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
