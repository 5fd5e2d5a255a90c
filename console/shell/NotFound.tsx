/** What stands at an address that is no page. */
import { Anchor, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '../parts/EmptyState.tsx';

/** Says so, and leads home. */
export function NotFound() {
  return (
    <main>
      <Title order={1} size="h3" ta="center" pt="xl">
        Not found
      </Title>
      <EmptyState title="There is no page at this address">
        <Anchor component={Link} to="/" underline="always">
          To the home page
        </Anchor>
      </EmptyState>
    </main>
  );
}
