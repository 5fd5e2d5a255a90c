/** What stands where a list would be: what is not there, and the next step. */
import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** An empty place with a next step. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Stack align="center" gap="xs" py="xl">
      <Title order={2} size="h4">
        {title}
      </Title>
      <Text component="div" size="sm" ta="center" maw={480}>
        {children}
      </Text>
    </Stack>
  );
}
