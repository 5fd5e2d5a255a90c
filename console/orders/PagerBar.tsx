/** How many rows are shown, and the pages before and after. */
import { Button, Group, Text } from '@mantine/core';
import { formatCount } from '../format.ts';
import type { Pager } from './pager.ts';

/** The line under the table. */
export function PagerBar({
  pager,
  count,
  one = 'order',
  many = 'orders',
}: {
  pager: Pager;
  count: number;
  /** What a row is called, and several of them. */
  one?: string;
  many?: string;
}) {
  const { page, next, previous, first } = pager;
  return (
    <Group justify="space-between" mt="sm" component="nav" aria-label="Pages">
      <Text size="sm" role="status">
        {formatCount(count)} {count === 1 ? one : many}
        {next === undefined && first === undefined
          ? ''
          : page === undefined
            ? ' on this page'
            : ` on page ${formatCount(page)}`}
      </Text>
      {(next !== undefined || first !== undefined) && (
        <Group gap="xs">
          {first && (
            <Button variant="default" onClick={first}>
              First page
            </Button>
          )}
          <Button variant="default" disabled={previous === undefined} onClick={previous}>
            Previous page
          </Button>
          <Button variant="default" disabled={next === undefined} onClick={next}>
            Next page
          </Button>
        </Group>
      )}
    </Group>
  );
}
