/** Which columns the list shows. */
import { Button, Checkbox, Popover, Stack } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { COLUMNS, USUAL_COLUMNS, type Column } from './columns.tsx';

/** The button with a checkbox for each column. */
export function ColumnChooser({
  columns,
  choose,
}: {
  columns: readonly Column[];
  choose: (ids: readonly string[]) => void;
}) {
  const shown = columns.map(({ id }) => id);
  return (
    <Popover trapFocus returnFocus position="bottom-end" shadow="md">
      <Popover.Target>
        <Button size="sm" variant="default" leftSection={<IconColumns3 size={16} aria-hidden />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <Stack gap={6}>
          {COLUMNS.map(({ id, label }) => (
            <Checkbox
              key={id}
              size="sm"
              label={label}
              checked={shown.includes(id)}
              onChange={(event) =>
                choose(event.currentTarget.checked ? [...shown, id] : shown.filter((one) => one !== id))
              }
            />
          ))}
          <Button variant="default" onClick={() => choose(USUAL_COLUMNS)}>
            The usual ones
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
