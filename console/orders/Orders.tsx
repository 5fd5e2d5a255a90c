/** The list of orders: views, search, filters, rows, and what can be done with many at once. */
import { Button, Group, Loader, Stack, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useRef } from 'react';
import { PageError } from '../shell/PageError.tsx';
import { BulkBar, exportCsv } from './BulkBar.tsx';
import { ColumnChooser } from './ColumnChooser.tsx';
import type { Column } from './columns.tsx';
import { FilterButton, FilterChips } from './FilterBar.tsx';
import { cleared, type Search } from './filters.ts';
import { Nothing } from './Nothing.tsx';
import { OrderTable } from './OrderTable.tsx';
import { PagerBar } from './PagerBar.tsx';
import { SearchBox } from './SearchBox.tsx';
import { useColumns } from './useColumns.ts';
import { useOrderList, type OrderList } from './useOrderList.ts';
import { useOrderSearch, type ChangeSearch } from './useOrderSearch.ts';
import { ViewTabs } from './ViewTabs.tsx';

/** The page. */
export function Orders() {
  const { search, change } = useOrderSearch();
  const field = useRef<HTMLInputElement>(null);
  const { columns, choose } = useColumns();
  const list = useOrderList(search, change, field);
  const { rows, query } = list;
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={1} size="h3">
          Orders
        </Title>
        <Group gap="xs">
          {query.isPlaceholderData && <Loader size="xs" aria-label="Loading" />}
          <Button
            size="sm"
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            disabled={!rows || rows.length === 0}
            onClick={() => rows && exportCsv(rows)}
          >
            Export CSV
          </Button>
          <ColumnChooser columns={columns} choose={choose} />
        </Group>
      </Group>
      <ViewTabs search={search} />
      <Group gap="xs">
        <SearchBox
          field={field}
          q={search['q'] ?? ''}
          onSearch={(q) => change({ q: q || undefined }, { replace: true })}
          onLeave={() => list.move(1)}
        />
        <FilterButton search={search} change={change} />
      </Group>
      <FilterChips search={search} change={change} />
      <Rows list={list} columns={columns} search={search} change={change} />
      <BulkBar selecting={list.selecting} />
    </Stack>
  );
}

interface RowsProps {
  list: OrderList;
  columns: readonly Column[];
  search: Search;
  change: ChangeSearch;
}

/** The rows, or why there are none. */
function Rows({ list, columns, search, change }: RowsProps) {
  const { rows, query, selecting, pager } = list;
  if (query.isError && !rows)
    return (
      <>
        <PageError error={query.error} reset={() => void query.refetch()} />
        <Group px="md">
          <Button
            variant="default"
            onClick={() => change({ ...cleared(), view: undefined, sort: undefined })}
          >
            Clear search and filters
          </Button>
        </Group>
      </>
    );
  if (rows?.length === 0) return <Nothing search={search} change={change} />;
  return (
    <>
      <OrderTable
        rows={rows}
        columns={columns}
        sort={search['sort']}
        onSort={(sort) => change({ sort })}
        onId={list.onId}
        onMove={list.move}
        selection={selecting.selection}
        onSelectAll={selecting.selectAll}
        flashes={list.flashes}
        actions={list.actions}
        isBusy={query.isPending || query.isPlaceholderData}
      />
      {rows && <PagerBar pager={pager} count={rows.length} />}
    </>
  );
}
