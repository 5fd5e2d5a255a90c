/** The filters of a report: which days, grouped by what, of which channel, country and currency. All in the address. */
import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { ReportDescription } from '../../api/schemas/reports.ts';
import { channelsQuery, reportQuery } from '../api/queries.ts';
import { fieldError } from '../parts/ProblemNotice.tsx';
import { groupingIn, isDay, periodChoiceIn, periodIn, withPeriod, type ReportSearch } from './choices.ts';
import { PRESET_WORDS, PRESETS, type Period } from './period.ts';
import { countryName } from './values.ts';

const PERIODS = [
  ...PRESETS.map((preset) => ({ value: preset, label: PRESET_WORDS[preset] })),
  { value: 'custom', label: 'Days of your own' },
];

interface Given {
  search: ReportSearch;
  onChange: (search: ReportSearch) => void;
  report: ReportDescription;
  today: string;
  error: unknown;
}

/** The filters; `error` is what the API said to the choices as they are. */
export function ReportFilters(given: Given) {
  const { search, onChange, report, today, error } = given;
  const choice = periodChoiceIn(search);
  const period = periodIn(search, today);
  const set = (name: string, value: string) =>
    onChange({ ...search, [name]: value === '' ? undefined : value });
  return (
    <Group gap="sm" align="flex-start" role="group" aria-label="Filters">
      <NativeSelect
        label="Period"
        data={PERIODS}
        value={choice}
        onChange={(event) => onChange(withPeriod(search, event.currentTarget.value, period))}
      />
      {choice === 'custom' && (
        <OwnDays
          key={`${period.from} ${period.to}`}
          period={period}
          error={error}
          onChange={(days) => onChange({ ...search, ...days })}
        />
      )}
      <NativeSelect
        label="Group by"
        data={report.groupings.map(({ id, title }) => ({ value: id, label: title }))}
        value={groupingIn(search, report) ?? ''}
        onChange={(event) => onChange({ ...search, groupBy: event.currentTarget.value, sort: undefined })}
      />
      {report.filters.includes('channel') && <ChannelFilter given={given} set={set} />}
      {report.filters.some((name) => name !== 'channel') && (
        <Places given={given} period={period} set={set} />
      )}
    </Group>
  );
}

type SetFilter = (name: string, value: string) => void;

function ChannelFilter({ given: { search, error }, set }: { given: Given; set: SetFilter }) {
  const channels = useQuery(channelsQuery).data?.data ?? [];
  return (
    <NativeSelect
      label="Channel"
      data={options(
        'All channels',
        channels.map((channel) => ({ value: channel.id, label: channel.name })),
        search['channel'],
      )}
      value={search['channel'] ?? ''}
      onChange={(event) => set('channel', event.currentTarget.value)}
      error={fieldError(error, '?channel')}
    />
  );
}

/** Countries and currencies that there are orders of in these days. */
function Places({
  given: { search, report, error },
  period,
  set,
}: {
  given: Given;
  period: Period;
  set: SetFilter;
}) {
  const { data } = useQuery(
    reportQuery('sales', { ...period, groupBy: 'country', channel: search['channel'] }),
  );
  const codes = [...new Set(data?.rows.map((row) => row.key) ?? [])].filter((code) =>
    /^[A-Z]{2}$/.test(code),
  );
  const countries = codes
    .map((code) => ({ value: code, label: countryName(code) }))
    .toSorted((a, b) => a.label.localeCompare(b.label));
  const currencies = (data?.totals ?? []).flatMap(({ currency }) =>
    currency === null ? [] : [{ value: currency, label: currency }],
  );
  return (
    <>
      {report.filters.includes('country') && (
        <NativeSelect
          label="Country"
          data={options('All countries', countries, search['country'])}
          value={search['country'] ?? ''}
          onChange={(event) => set('country', event.currentTarget.value)}
          error={fieldError(error, '?country')}
        />
      )}
      {report.filters.includes('currency') && (
        <NativeSelect
          label="Currency"
          data={options('All currencies', currencies, search['currency'])}
          value={search['currency'] ?? ''}
          onChange={(event) => set('currency', event.currentTarget.value)}
          error={fieldError(error, '?currency')}
        />
      )}
    </>
  );
}

interface Option {
  value: string;
  label: string;
}

/** What can be chosen; what is chosen stays there even when it is not among it. */
function options(all: string, known: Option[], chosen: string | undefined): Option[] {
  const isMissing = chosen !== undefined && !known.some((one) => one.value === chosen);
  return [
    { value: '', label: all },
    ...known,
    ...(isMissing
      ? [{ value: chosen, label: /^[A-Z]{2}$/.test(chosen) ? countryName(chosen) : chosen }]
      : []),
  ];
}

/** Two days to type; they count when they are sent, since half a date is another date. */
function OwnDays({
  period,
  error,
  onChange,
}: {
  period: Period;
  error: unknown;
  onChange: (period: Period) => void;
}) {
  const [from, setFrom] = useState(period.from);
  const [to, setTo] = useState(period.to);
  const [isAsked, setAsked] = useState(false);

  function submit(event: FormEvent): void {
    event.preventDefault();
    setAsked(true);
    if (isDay(from) && isDay(to)) onChange({ from, to });
  }

  const missing = (day: string) => (isAsked && !isDay(day) ? 'Give a day.' : undefined);
  return (
    <form onSubmit={submit} noValidate>
      <Group gap="sm" align="flex-start">
        <TextInput
          type="date"
          label="From"
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
          error={missing(from) ?? fieldError(error, '?from')}
        />
        <TextInput
          type="date"
          label="To, included"
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
          error={missing(to) ?? fieldError(error, '?to')}
        />
        <Button type="submit" variant="default" mt={25} size="sm">
          Show these days
        </Button>
      </Group>
    </form>
  );
}
