/** Who is signed in, until when, and the way out. */
import { Button, Menu, Text } from '@mantine/core';
import { IconChevronDown, IconKeyboard, IconLogout, IconSearch } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { notifications } from '@mantine/notifications';
import { clearDrafts } from '../actions/drafts.ts';
import { ApiProblem, call } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';
import { formatInstant } from '../format.ts';
import { forgetPerson, tellOtherTabs, useSession } from './session.ts';

/** The menu in the header. */
export function UserMenu({ onHelp, onPalette }: { onHelp: () => void; onPalette: () => void }) {
  const session = useSession();
  const signOut = useSignOut();
  if (!session) return null;
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          {session.name} ({session.role})
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Text size="xs" px="sm" py={6}>
          Signed in as {session.name}, role {session.role}, until {formatInstant(session.expiresAt)}
        </Text>
        <Menu.Divider />
        <Menu.Item leftSection={<IconSearch size={16} aria-hidden />} onClick={onPalette}>
          Find and jump (Ctrl K)
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} aria-hidden />} onClick={onHelp}>
          Keys (?)
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => signOut.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function useSignOut() {
  const client = useQueryClient();
  const navigate = useNavigate();
  async function leave(): Promise<void> {
    tellOtherTabs();
    // While somebody is signed in the sign-in page leads back.
    client.removeQueries({ queryKey: sessionQuery.queryKey });
    await navigate({ to: '/sign-in' });
    forgetPerson(client);
    clearDrafts();
  }
  return useMutation({
    mutationFn: () => call('/v1/session', { method: 'DELETE' }),
    onSuccess: leave,
    async onError(error) {
      // A session that ended by itself is what was asked for; one that could not be ended still stands.
      if (error instanceof ApiProblem && error.status === 401) return leave();
      notifications.show({ color: 'red', title: 'You are still signed in', message: error.message });
    },
  });
}
