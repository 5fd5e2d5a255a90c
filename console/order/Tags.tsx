/** The tags of an order: put on and taken off by people who may write. */
import { ActionIcon, Badge, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { changeTags } from '../actions/calls.ts';
import { refresh, showOrder } from '../actions/refresh.ts';
import { useScopes } from '../actions/useRights.ts';
import { fieldError, ProblemNotice } from '../parts/ProblemNotice.tsx';
import { Section } from './Section.tsx';

const PLACED = ['/add/0'];

/** Tags with a way to add and remove them. */
export function Tags({ order }: { order: Pick<OrderDetail, 'id' | 'tags'> }) {
  const [typed, setTyped] = useState('');
  const client = useQueryClient();
  const mayWrite = useScopes().includes('orders:write');
  const change = useMutation<OrderDetail, Error, { add?: string[]; remove?: string[] }>({
    networkMode: 'always',
    mutationFn: (given) => changeTags({ order: order.id, ...given }),
    async onSuccess(answer, { add }) {
      showOrder(client, answer);
      if (add) setTyped('');
      await refresh(client);
    },
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    const tag = typed.trim();
    if (tag !== '' && !change.isPending) change.mutate({ add: [tag] });
  }

  return (
    <Section title="Tags">
      <Stack gap="xs">
        {order.tags.length === 0 && <Text size="sm">No tags.</Text>}
        <Group gap={6}>
          {order.tags.map((tag) => (
            <TagShown
              key={tag}
              tag={tag}
              onRemove={mayWrite ? () => change.mutate({ remove: [tag] }) : undefined}
            />
          ))}
        </Group>
        {mayWrite && (
          <form onSubmit={submit}>
            <Group gap="xs" align="flex-end">
              <TextInput
                size="xs"
                label="Add a tag"
                maxLength={50}
                value={typed}
                onChange={(event) => setTyped(event.currentTarget.value)}
                error={fieldError(change.error, '/add/0')}
              />
              <Button type="submit" variant="default" loading={change.isPending}>
                Add
              </Button>
            </Group>
          </form>
        )}
        <ProblemNotice error={change.error} placed={PLACED} />
      </Stack>
    </Section>
  );
}

function TagShown({ tag, onRemove }: { tag: string; onRemove: (() => void) | undefined }) {
  return (
    <Group gap={0} wrap="nowrap">
      <Badge variant="outline" color="gray">
        {tag}
      </Badge>
      {onRemove && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size={24}
          aria-label={`Remove the tag ${tag}`}
          onClick={onRemove}
        >
          <IconX size={14} aria-hidden />
        </ActionIcon>
      )}
    </Group>
  );
}
