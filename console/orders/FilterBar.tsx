/** The filters that are set, as chips that can be taken away, and the form that sets more. */
import { Button, Group, Pill, Popover, Text } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useState } from 'react';
import { chipsOf, cleared, type Search } from './filters.ts';
import { FilterForm } from './FilterForm.tsx';
import type { ChangeSearch } from './useOrderSearch.ts';

/** The button with the form. */
export function FilterButton({ search, change }: { search: Search; change: ChangeSearch }) {
  const [opened, setOpened] = useState(false);
  const count = chipsOf(search).length;
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      trapFocus
      returnFocus
      position="bottom-start"
      width={460}
      shadow="md"
    >
      <Popover.Target>
        <Button
          size="sm"
          variant="default"
          leftSection={<IconFilter size={16} aria-hidden />}
          onClick={() => setOpened(!opened)}
        >
          {count === 0 ? 'Filter' : `Filter (${count})`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Filter orders">
        <FilterForm search={search} change={change} onDone={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

/** The chips; nothing when no filter is set. */
export function FilterChips({ search, change }: { search: Search; change: ChangeSearch }) {
  const chips = chipsOf(search);
  const q = search['q'];
  if (chips.length === 0) return null;
  return (
    <Group gap="xs" role="group" aria-label="Filters that are set">
      {chips.map(({ name, label, text }) => (
        <Pill
          key={name}
          size="lg"
          withRemoveButton
          onRemove={() => change({ [name]: undefined })}
          removeButtonProps={{
            'aria-label': `Remove the filter ${label}: ${text}`,
            'aria-hidden': false,
            tabIndex: 0,
          }}
        >
          <Text span size="sm">
            {label}: <strong>{text}</strong>
          </Text>
        </Pill>
      ))}
      <Button variant="default" onClick={() => change(cleared())}>
        {q === undefined ? 'Clear all' : 'Clear all and the search'}
      </Button>
    </Group>
  );
}
