/** What happened to the order: business, people and system in one list, newest first, each entry in plain words. */
import { Alert, Button, Group, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { TimelineEntry } from '../../api/schemas/feeds.ts';
import { timelineQuery } from '../api/queries.ts';
import { formatCount } from '../format.ts';
import { Instant } from '../parts/Instant.tsx';
import { ProblemNotice } from '../parts/ProblemNotice.tsx';
import { Section } from './Section.tsx';
import { actorWords, entryWords, filterOf, timelineShown, type TimelineFilter } from './timelineWords.ts';

const SHOWN_AT_FIRST = 60;
const FILTERS: { value: TimelineFilter; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'people', label: 'People' },
  { value: 'system', label: 'System' },
];

/** The timeline of one order; the filter stands in the address as `show`. */
export function Timeline({ order }: { order: string }) {
  const search = useSearch({ from: '/shell/orders/$order' });
  const navigate = useNavigate({ from: '/orders/$order' });
  const filter = filterOf(search['show']);
  const { data, error } = useQuery(timelineQuery(order));

  function choose(value: string): void {
    const show = filterOf(value);
    void navigate({
      search: (before) => ({ ...before, show: show === 'all' ? undefined : show }),
      replace: true,
      resetScroll: false,
    });
  }

  return (
    <Section
      title="Timeline"
      aside={
        <SegmentedControl
          size="xs"
          aria-label="Entries of the timeline"
          data={FILTERS}
          value={filter}
          onChange={choose}
        />
      }
    >
      {data === undefined && error === null && <Skeleton height={120} role="status" aria-label="Loading" />}
      <ProblemNotice error={error} />
      {data && <Entries key={filter} entries={timelineShown(data, filter)} filter={filter} />}
    </Section>
  );
}

function Entries({ entries, filter }: { entries: readonly TimelineEntry[]; filter: TimelineFilter }) {
  const [isWhole, setWhole] = useState(false);
  if (entries.length === 0)
    return (
      <Alert color="gray" title={filter === 'people' ? 'No person has done anything yet' : 'Nothing yet'} />
    );
  const shown = isWhole ? entries : entries.slice(0, SHOWN_AT_FIRST);
  return (
    <Stack gap={0}>
      <Stack gap={0} component="ol" m={0} p={0} style={{ listStyle: 'none' }}>
        {shown.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </Stack>
      {shown.length < entries.length && (
        <Group mt="sm">
          <Button variant="default" onClick={() => setWhole(true)}>
            Show all {formatCount(entries.length)} entries
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Entry({ entry }: { entry: TimelineEntry }) {
  const { title, detail } = entryWords(entry);
  const known = Object.entries(entry.data).filter(([, value]) => value !== null);
  return (
    <li className="entry" data-person={entry.isPerson} data-kind={entry.kind}>
      <Group justify="space-between" gap="xs" align="baseline">
        <Text size="sm" fw={600} component="span">
          {title}
        </Text>
        <Text size="xs" className="quiet" component="span">
          {actorWords(entry)} · <Instant iso={entry.at} />
        </Text>
      </Group>
      {detail !== undefined && <Text size="sm">{detail}</Text>}
      {known.length > 0 && (
        <details>
          <summary>
            <Text size="xs" span td="underline">
              Details
            </Text>
          </summary>
          <pre className="data" tabIndex={0} aria-label={`Details: ${title}`}>
            {[`type: ${entry.type}`, ...known.map(([name, value]) => `${name}: ${shownAs(value)}`)].join(
              '\n',
            )}
          </pre>
        </details>
      )}
    </li>
  );
}

function shownAs(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
