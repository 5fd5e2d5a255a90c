/** One field for each filter; a choice holds at once, text when the field is left or on Enter. */
import { Button, Group, NativeSelect, SimpleGrid, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { channelsQuery } from '../api/queries.ts';
import { dayOfInstant, instantOfDay, type DayEnd } from './days.ts';
import { choiceText, FILTERS, type Filter, type Search } from './filters.ts';
import type { ChangeSearch } from './useOrderSearch.ts';

interface FieldProps {
  filter: Filter;
  value: string | undefined;
  set: (value: string | undefined) => void;
}

/** The form. */
export function FilterForm({
  search,
  change,
  onDone,
}: {
  search: Search;
  change: ChangeSearch;
  onDone: () => void;
}) {
  function submit(event: FormEvent): void {
    event.preventDefault();
    onDone();
  }
  return (
    <form onSubmit={submit}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" verticalSpacing="xs">
        {FILTERS.filter(({ isOffered }) => isOffered).map((filter) => (
          <Field
            key={filter.name}
            filter={filter}
            value={search[filter.name]}
            set={(value) => change({ [filter.name]: value })}
          />
        ))}
      </SimpleGrid>
      <Group justify="flex-end" mt="sm">
        <Button type="submit">Done</Button>
      </Group>
    </form>
  );
}

function Field(props: FieldProps) {
  switch (props.filter.kind) {
    case 'choice':
      return <Choice {...props} choices={props.filter.choices} />;
    case 'channel':
      return <ChannelChoice {...props} />;
    case 'text':
      return <TextField {...props} />;
    case 'country':
      return <CountryField {...props} />;
    case 'from':
    case 'to':
      return <DayField {...props} end={props.filter.kind} />;
  }
}

function Choice({ filter, value, set, choices }: FieldProps & { choices: readonly string[] }) {
  return (
    <NativeSelect
      label={filter.label}
      value={value ?? ''}
      onChange={(event) => set(event.currentTarget.value || undefined)}
      data={[
        { value: '', label: 'Any' },
        ...choices.map((choice) => ({ value: choice, label: choiceText(filter.name, choice) })),
      ]}
    />
  );
}

function ChannelChoice(props: FieldProps) {
  const { filter, value, set } = props;
  const channels = useQuery(channelsQuery);
  // Whoever may not list the channels can still name one.
  if (channels.isError) return <TextField {...props} />;
  const known = channels.data?.data ?? [];
  return (
    <NativeSelect
      label={filter.label}
      value={value ?? ''}
      onChange={(event) => set(event.currentTarget.value || undefined)}
      data={[
        { value: '', label: 'Any' },
        ...known.map(({ id, name }) => ({ value: id, label: name })),
        ...(value !== undefined && !known.some(({ id }) => id === value) ? [value] : []),
      ]}
    />
  );
}

function TextField({ filter, value, set }: FieldProps) {
  const [text, setText] = useState(value ?? '');
  return (
    <TextInput
      label={filter.label}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => set(text.trim() || undefined)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') set(text.trim() || undefined);
      }}
      maxLength={100}
    />
  );
}

const COUNTRY = /^[a-z]{2}$/i;

function CountryField({ filter, value, set }: FieldProps) {
  const [text, setText] = useState(value ?? '');
  const isWrong = text !== '' && !COUNTRY.test(text);
  function settle(): void {
    if (!isWrong) set(text === '' ? undefined : text.toUpperCase());
  }
  return (
    <TextInput
      label={filter.label}
      placeholder="DE"
      value={text}
      onChange={(event) => setText(event.currentTarget.value.trim())}
      onBlur={settle}
      onKeyDown={(event) => {
        if (event.key === 'Enter') settle();
      }}
      error={isWrong ? 'Two letters, such as DE or US' : undefined}
      maxLength={2}
    />
  );
}

function DayField({ filter, value, set, end }: FieldProps & { end: DayEnd }) {
  return (
    <TextInput
      type="date"
      label={filter.label}
      value={dayOfInstant(end, value)}
      onChange={(event) => {
        const day = event.currentTarget.value;
        const instant = instantOfDay(end, day);
        // Years that are being typed (0002, 0020, 0202) are no filter yet.
        if (day === '') set(undefined);
        else if (instant !== undefined && instant > '1990') set(instant);
      }}
    />
  );
}
