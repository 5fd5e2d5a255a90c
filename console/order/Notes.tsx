/** Notes of colleagues on an order. They may hold personal data, so only those with pii:read see and write them. */
import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import type { Note, OrderDetail } from '../../api/schemas/orders.ts';
import { addNote } from '../actions/calls.ts';
import { sendByCtrlEnter } from '../actions/CommandDialog.tsx';
import { refresh } from '../actions/refresh.ts';
import { useDraft } from '../actions/useDraft.ts';
import { useGuard } from '../actions/useGuard.ts';
import { useIntention } from '../actions/useIntention.ts';
import { useScopes } from '../actions/useRights.ts';
import { Instant } from '../parts/Instant.tsx';
import { fieldError, ProblemNotice } from '../parts/ProblemNotice.tsx';
import { Section } from './Section.tsx';

/** The id of the field for a new note: the key `n` puts the cursor there. */
export const NOTE_FIELD = 'new-note';
const PLACED = ['/text'];

/** The notes and the field for a new one. */
export function Notes({ order }: { order: Pick<OrderDetail, 'id' | 'notes'> }) {
  const scopes = useScopes();
  if (!scopes.includes('pii:read'))
    return (
      <Section title="Notes">
        <Text size="sm">Notes may hold personal data; your key may not read them (pii:read).</Text>
      </Section>
    );
  return (
    <Section title="Notes">
      <Stack gap="sm">
        {order.notes.length === 0 && <Text size="sm">No notes yet.</Text>}
        {order.notes.map((note) => (
          <NoteShown key={note.id} note={note} />
        ))}
        {scopes.includes('orders:write') && <NewNote order={order.id} />}
      </Stack>
    </Section>
  );
}

function NoteShown({ note }: { note: Note }) {
  return (
    <div>
      <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {note.text}
      </Text>
      <Text size="xs" className="quiet">
        {note.actorName ?? note.actor} · <Instant iso={note.createdAt} />
      </Text>
    </div>
  );
}

function NewNote({ order }: { order: string }) {
  const draft = useDraft(`note ${order}`);
  const client = useQueryClient();
  const intention = useIntention();
  const guard = useGuard();
  const add = useMutation<Note, Error, string>({
    networkMode: 'always',
    mutationFn: (written) => addNote({ order, text: written, key: intention.keyFor(written) }),
    async onSuccess() {
      intention.answered();
      draft.change('');
      await refresh(client);
    },
    onSettled: guard.end,
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    const written = draft.text.trim();
    if (written !== '' && guard.begin()) add.mutate(written);
  }

  return (
    <form onSubmit={submit} onKeyDown={sendByCtrlEnter}>
      <Stack gap="xs">
        <Textarea
          id={NOTE_FIELD}
          label="New note"
          description={`${draft.kept}For colleagues only. Ctrl-Enter adds it.`}
          value={draft.text}
          maxLength={4000}
          autosize
          minRows={2}
          onChange={(event) => draft.change(event.currentTarget.value)}
          error={fieldError(add.error, '/text')}
        />
        <ProblemNotice error={add.error} placed={PLACED} />
        <Group justify="flex-end">
          <Button type="submit" variant="default" loading={add.isPending}>
            Add note
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
