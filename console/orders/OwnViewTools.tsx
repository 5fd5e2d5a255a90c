/** Keeping the filters under a name, and deleting what was kept. */
import { Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import type { SavedView } from '../../api/schemas/desk.ts';
import { useGuard } from '../actions/useGuard.ts';
import { call } from '../api/client.ts';
import { savedViewsQuery } from '../api/queries.ts';
import { described } from '../parts/bound.ts';
import { fieldError, ProblemNotice } from '../parts/ProblemNotice.tsx';
import { announce } from '../shell/announce.tsx';

const NAME_MAX = 60;

/** "Save view" when what is shown is no view yet; "Delete view" on an own one. */
export function OwnViewTools({ query, own }: { query: string; own: SavedView | undefined }) {
  if (own) return <DeleteView view={own} />;
  // A view that everybody has, as it is, needs no keeping.
  return query === '' || /^view=\w+$/.test(query) ? null : <SaveView query={query} />;
}

function SaveView({ query }: { query: string }) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus returnFocus position="bottom-end" width={280}>
      <Popover.Target>
        <Button variant="default" onClick={() => setOpened(!opened)}>
          Save view…
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Save view">
        <SaveForm query={query} onSaved={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

function SaveForm({ query, onSaved }: { query: string; onSaved: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const guard = useGuard();
  const save = useMutation({
    mutationFn: (body: { name: string; query: string }) => call<SavedView>('/v1/views', { body }),
    async onSuccess(view) {
      await client.invalidateQueries({ queryKey: savedViewsQuery.queryKey });
      announce(`View ${view.name} saved`);
      onSaved();
    },
    onSettled: guard.end,
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (name.trim() !== '' && guard.begin()) save.mutate({ name: name.trim(), query });
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <TextInput
          label="Name of the view"
          description={described(
            'For you alone: filters, search and sorting. The name of an own view replaces it.',
            name,
            NAME_MAX,
          )}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fieldError(save.error, '/name')}
          maxLength={NAME_MAX}
          required
          data-autofocus
        />
        <ProblemNotice error={save.error} placed={['/name']} />
        <Button type="submit" loading={save.isPending}>
          Save
        </Button>
      </Stack>
    </form>
  );
}

function DeleteView({ view }: { view: SavedView }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [opened, setOpened] = useState(false);
  const guard = useGuard();
  const remove = useMutation({
    mutationFn: () => call(`/v1/views/${encodeURIComponent(view.id)}`, { method: 'DELETE' }),
    async onSuccess() {
      await navigate({ to: '/orders', search: {} });
      await client.invalidateQueries({ queryKey: savedViewsQuery.queryKey });
      announce(`View ${view.name} deleted`);
    },
    onSettled: guard.end,
  });
  function send(): void {
    if (guard.begin()) remove.mutate();
  }

  return (
    <Popover opened={opened} onChange={setOpened} trapFocus returnFocus position="bottom-end" width={280}>
      <Popover.Target>
        <Button variant="default" onClick={() => setOpened(!opened)} aria-label={`Delete view ${view.name}…`}>
          Delete view…
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Delete view">
        <Stack gap="xs">
          <Text size="sm" className="breaks">
            Delete your view “{view.name}”? The orders stay as they are.
          </Text>
          <ProblemNotice error={remove.error} />
          <Group gap="xs" justify="flex-end">
            <Button variant="default" onClick={() => setOpened(false)} data-autofocus>
              Keep it
            </Button>
            <Button color="red" onClick={send} loading={remove.isPending}>
              Delete view
            </Button>
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
