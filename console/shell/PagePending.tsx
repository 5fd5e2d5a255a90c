/** What stands in place of a page while its part of the program is fetched. */
import { Skeleton, Stack } from '@mantine/core';

/** A heading and rows to come. */
export function PagePending() {
  return (
    <Stack gap="xs" aria-busy="true" aria-label="Loading" role="status">
      <Skeleton h={28} w={220} mb="sm" />
      {['a', 'b', 'c', 'd', 'e', 'f'].map((row) => (
        <Skeleton key={row} h={24} />
      ))}
    </Stack>
  );
}
