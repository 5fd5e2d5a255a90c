/** The reports: one tab each, with its filters in the address. */
import { Skeleton, Stack, Tabs, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { reportListQuery } from '../api/queries.ts';
import { ProblemNotice } from '../parts/ProblemNotice.tsx';
import { reportIn, type ReportSearch } from './choices.ts';
import { ReportView } from './ReportView.tsx';
import { useToday } from './useToday.ts';

/** The page. */
export function Reports() {
  const search = useSearch({ from: '/shell/reports' });
  const navigate = useNavigate();
  const { data, error } = useQuery(reportListQuery);
  const now = useToday(search['channel']);
  const reports = data?.data ?? [];
  const chosen = reportIn(search, reports);

  function change(next: ReportSearch): void {
    void navigate({ to: '/reports', search: { ...next }, replace: true, resetScroll: false });
  }

  function choose(id: string | null): void {
    // Groupings and sortings are the report's own; period and filters stay.
    const { groupBy: _groupBy, sort: _sort, ...kept } = search;
    void navigate({ to: '/reports', search: { ...kept, report: id ?? undefined }, resetScroll: false });
  }

  return (
    <Stack gap="sm">
      <Title order={1} size="h2">
        Reports
      </Title>
      <ProblemNotice error={error} />
      {!chosen && error === null && <Skeleton h={320} />}
      {chosen && (
        <Tabs value={chosen.id} onChange={choose} activateTabWithKeyboard={false}>
          <Tabs.List aria-label="Reports">
            {reports.map((report) => (
              <Tabs.Tab key={report.id} value={report.id}>
                {report.title}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {reports.map((report) => (
            <Tabs.Panel key={report.id} value={report.id}>
              {report.id === chosen.id && now && (
                <ReportView description={report} search={search} today={now.today} onChange={change} />
              )}
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </Stack>
  );
}
