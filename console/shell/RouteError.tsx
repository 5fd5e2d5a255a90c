/** What stands in place of a page that broke: what failed, and the way to try again. */
import { Alert, Button, Stack, Text, Title } from '@mantine/core';
import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { PartMissing } from '../parts/loading.ts';
import { PageError } from './PageError.tsx';
import { useRecovery } from './useRecovery.ts';

/** The router's error page. Trying again reads everything anew that the page needs. */
export function RouteError({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  const queries = useQueryErrorResetBoundary();
  useRecovery(error instanceof PartMissing);
  function again(): void {
    queries.reset();
    void router.invalidate().then(reset);
  }
  return (
    <>
      <Title order={1} size="h3" mx="md" mt="md">
        This page could not be shown
      </Title>
      {error instanceof PartMissing ? <MissingPart /> : <PageError error={error} reset={again} />}
    </>
  );
}

function MissingPart() {
  return (
    <Alert color="orange" title="This part of the console could not be loaded" role="alert" m="md">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          The connection may be lost, or a newer console was put in place. The page is loaded anew as soon as
          Holdfast answers.
        </Text>
        <Button variant="default" onClick={() => window.location.reload()}>
          Load the page anew
        </Button>
      </Stack>
    </Alert>
  );
}
