/** What stands in place of a page, or of a part of one, that could not be read. */
import { Alert, Button, Code, Group, List, Stack, Text } from '@mantine/core';
import { ApiProblem } from '../api/client.ts';
import { words } from '../format.ts';

/** Says what failed, with the request id that support can look for, and offers to try again. */
export function PageError({ error, reset }: { error: unknown; reset?: () => void }) {
  const problem = error instanceof ApiProblem ? error : undefined;
  return (
    <Alert color="red" title={problem?.title ?? 'This could not be read'} role="alert" m="md">
      <Stack gap="xs">
        <Details error={error} />
        {problem?.requestId !== undefined && (
          <Text size="xs">
            Request <Code>{problem.requestId}</Code>
          </Text>
        )}
        {reset && (
          <Group>
            <Button variant="default" onClick={reset}>
              Try again
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}

function Details({ error }: { error: unknown }) {
  if (!(error instanceof ApiProblem))
    return <Text size="sm">{error instanceof Error ? error.message : 'Something failed.'}</Text>;
  return (
    <>
      {error.detail !== undefined && <Text size="sm">{error.detail}</Text>}
      {error.errors.length > 0 && (
        <List size="sm">
          {error.errors.map(({ pointer, detail }) => (
            <List.Item key={`${pointer} ${detail}`}>
              {words(pointer.replace(/^[/?]/, ''))}: {detail}
            </List.Item>
          ))}
        </List>
      )}
    </>
  );
}
