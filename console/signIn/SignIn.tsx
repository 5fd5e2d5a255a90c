/**
 * Signing in with an API key of a person's role. The key is exchanged for a session that only the browser holds; it is
 * kept nowhere.
 */
import { Alert, Button, Center, Code, List, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useRef, useState, type FormEvent } from 'react';
import type { Session } from '../../api/schemas/session.ts';
import { useGuard } from '../actions/useGuard.ts';
import { ApiProblem, call } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';
import { fieldError, ProblemNotice } from '../parts/ProblemNotice.tsx';
import { safePath } from '../shell/safePath.ts';
import { tellOtherTabs } from '../shell/session.ts';

const POINTER = '/apiKey';

/** The page. */
export function SignIn() {
  useDocumentTitle('Sign in · Holdfast');
  const { ended, next } = useSearch({ from: '/sign-in' });
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder p="xl" w={460} maw="100%">
        <Stack gap="md">
          <Title order={1} size="h2">
            Sign in to Holdfast
          </Title>
          {ended !== undefined && (
            <Alert color="orange" role="status" title="Your session has ended">
              Sign in again to go on where you were.
            </Alert>
          )}
          <KeyForm next={safePath(next)} />
          <AboutKeys />
        </Stack>
      </Paper>
    </Center>
  );
}

function KeyForm({ next }: { next: string }) {
  const router = useRouter();
  const client = useQueryClient();
  const field = useRef<HTMLInputElement>(null);
  const [apiKey, setApiKey] = useState('');
  const [isMissing, setMissing] = useState(false);
  const guard = useGuard();
  const signIn = useMutation({
    mutationFn: (key: string) => call<Session>('/v1/session', { body: { apiKey: key } }),
    onSuccess(session) {
      tellOtherTabs();
      client.clear();
      client.setQueryData(sessionQuery.queryKey, session);
      router.history.push(next);
    },
    onError: () => field.current?.focus(),
    onSettled: guard.end,
  });
  const refusal = isMissing ? 'Paste or type your key.' : refusalOf(signIn.error);

  function submit(event: FormEvent): void {
    event.preventDefault();
    // What is pasted from a terminal often brings a line end.
    const key = apiKey.trim();
    setMissing(key === '');
    if (key === '') field.current?.focus();
    if (key !== '' && guard.begin()) signIn.mutate(key);
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <PasswordInput
          ref={field}
          label="API key"
          description="A key of role viewer, support or ops; it begins with hf_live_"
          name="apiKey"
          value={apiKey}
          onChange={(event) => {
            setMissing(false);
            setApiKey(event.currentTarget.value);
          }}
          error={refusal}
          autoComplete="off"
          spellCheck={false}
          autoFocus
          required
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the key', tabIndex: 0 }}
        />
        {refusal === undefined && <ProblemNotice error={signIn.error} />}
        <Button type="submit" size="sm" loading={signIn.isPending}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}

/** What the API says about the key itself stands beside the field. */
function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  if (error.status === 401) return 'This key is not known here: it was mistyped, revoked or has expired.';
  return fieldError(error, POINTER) ?? (error.status === 403 ? (error.detail ?? error.title) : undefined);
}

function AboutKeys() {
  return (
    <section aria-labelledby="about-keys">
      <Title order={2} size="h6" id="about-keys">
        What is a key, and where do I get one?
      </Title>
      <Text size="sm">
        A key says who you are and what you may do. Whoever runs this installation makes one for you:
      </Text>
      <List size="sm" mt={4}>
        <List.Item>
          on your own machine <Code>npm start</Code> prints three, and <Code>npm run keys -- support</Code>{' '}
          makes another;
        </List.Item>
        <List.Item>
          elsewhere somebody with a key of role ops makes one:{' '}
          <Code>holdfast keys create &quot;your name&quot; --role support</Code>
        </List.Item>
      </List>
      <Text size="sm" mt={4}>
        The console exchanges it for a session and forgets it.
      </Text>
    </section>
  );
}
