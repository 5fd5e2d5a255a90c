/** The dialog of a cancel or a retry: reason and note, what it will do, and a button named by what it does. */
import { Alert, Button, Group, List, Modal, NativeSelect, Stack, Text, Textarea } from '@mantine/core';
import { useState, type FormEvent, type KeyboardEvent } from 'react';
import { fieldError, ProblemNotice } from '../parts/ProblemNotice.tsx';
import type { PlainAction } from './calls.ts';
import { useCommand, type CommandRequest } from './useCommand.ts';
import { useDraft } from './useDraft.ts';
import { useGuard } from './useGuard.ts';
import { useIntention } from './useIntention.ts';
import { CANCEL_REASON_CHOICES, reasonOf } from './reasons.ts';
import { ACTION_WORDS, effectLines, type AllowedAction } from './words.ts';

/** What the dialog is opened with: fixed for as long as it is open, whatever the page shows meanwhile. */
export interface PlainAsked {
  order: { id: string; number: number };
  action: Omit<AllowedAction, 'action'> & { action: PlainAction };
}

const PLACED = ['/reason', '/note'];

/** Asks before a command is sent. `onDone` is called when it was taken; `onClose` whenever the dialog goes. */
export function CommandDialog({
  asked,
  onClose,
  onDone,
}: {
  asked: PlainAsked | undefined;
  onClose: () => void;
  onDone?: () => void;
}) {
  return (
    <Modal
      opened={asked !== undefined}
      onClose={onClose}
      title={asked && `${ACTION_WORDS[asked.action.action].confirm} ${asked.order.number}?`}
      transitionProps={{ duration: 0 }}
    >
      {asked && (
        <CommandForm
          key={`${asked.order.id} ${asked.action.action}`}
          asked={asked}
          onClose={onClose}
          onDone={onDone}
        />
      )}
    </Modal>
  );
}

/** Sends a form by Ctrl-Enter from inside a field of several lines. */
export function sendByCtrlEnter(event: KeyboardEvent<HTMLFormElement>): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}

interface FormGiven {
  asked: PlainAsked;
  onClose: () => void;
  onDone: (() => void) | undefined;
}

function useCommandForm({ asked: { order, action }, onClose, onDone }: FormGiven) {
  const [reason, setReason] = useState('');
  const note = useDraft(`${action.action} ${order.id}`);
  const [isMissing, setMissing] = useState(false);
  const command = useCommand();
  const intention = useIntention();
  const guard = useGuard();

  function submit(event: FormEvent): void {
    event.preventDefault();
    const chosen = reasonOf(reason);
    const text = note.text.trim();
    const lacksNote = needsNote(action) && text === '';
    if ((action.needsReason && chosen === undefined) || lacksNote) return setMissing(true);
    if (!guard.begin()) return;
    const content = { ...(chosen && { reason: chosen }), ...(text !== '' && { note: text }) };
    const request: CommandRequest = {
      order: order.id,
      orderNumber: order.number,
      action: action.action,
      ...content,
      key: intention.keyFor(content),
    };
    command.mutate(request, {
      onSuccess() {
        note.change('');
        onDone?.();
        onClose();
      },
      onError: intention.failed,
      onSettled: guard.end,
    });
  }

  function chooseReason(value: string): void {
    setReason(value);
    setMissing(false);
  }
  return { reason, chooseReason, note, isMissing, submit, command };
}

/** Giving up money needs words, not only a yes. */
function needsNote({ action }: PlainAsked['action']): boolean {
  return action === 'write_off';
}

function CommandForm(given: FormGiven) {
  const { order, action } = given.asked;
  const { reason, chooseReason, note, isMissing, submit, command } = useCommandForm(given);
  return (
    <form onSubmit={submit} onKeyDown={sendByCtrlEnter} noValidate>
      <Stack gap="sm">
        <EffectPreview effects={action.effects} />
        {action.needsReason && (
          <NativeSelect
            label="Reason"
            required
            data-autofocus
            data={[{ value: '', label: 'Choose a reason' }, ...CANCEL_REASON_CHOICES]}
            value={reason}
            onChange={(event) => chooseReason(event.currentTarget.value)}
            error={isMissing ? 'Choose why.' : fieldError(command.error, '/reason')}
          />
        )}
        <Textarea
          label="Note"
          required={needsNote(action)}
          description={`${note.kept}For colleagues; stands in the timeline. No personal data.`}
          value={note.text}
          maxLength={500}
          autosize
          minRows={2}
          onChange={(event) => note.change(event.currentTarget.value)}
          error={isMissing && needsNote(action) ? 'Say why.' : fieldError(command.error, '/note')}
        />
        <ProblemNotice error={command.error} placed={PLACED} />
        <Group justify="flex-end">
          <Button variant="default" onClick={given.onClose}>
            Keep as it is
          </Button>
          <Button
            type="submit"
            // In dark mode white on the theme's red has a contrast of 3.8 only.
            color={action.action === 'cancel' ? 'red.9' : 'indigo'}
            loading={command.isPending}
            data-autofocus={action.needsReason ? undefined : true}
          >
            {`${ACTION_WORDS[action.action].confirm} ${order.number}`}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What an action would do, as the server has worked it out. */
export function EffectPreview({ effects }: { effects: AllowedAction['effects'] }) {
  const lines = effectLines(effects);
  return (
    <Alert color="blue" variant="light" title="What this does">
      {lines.length === 0 ? (
        <Text size="sm">Nothing outside has to be undone.</Text>
      ) : (
        <List size="sm">
          {lines.map((line) => (
            <List.Item key={line}>{line}</List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
