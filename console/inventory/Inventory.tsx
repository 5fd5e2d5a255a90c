/** The inventory: what lies where, what moved it, and adjusting it. */
import { Anchor, Button, Code, Group, NativeSelect, Stack, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { Stock } from '../../api/schemas/catalogue.ts';
import { PagerBar } from '../orders/PagerBar.tsx';
import { pagerOf } from '../orders/pager.ts';
import { SearchBox } from '../orders/SearchBox.tsx';
import { EmptyState } from '../parts/EmptyState.tsx';
import { ProblemNotice } from '../parts/ProblemNotice.tsx';
import { useSession, whyNot } from '../shell/session.ts';
import { AdjustDialog } from './AdjustDialog.tsx';
import { StockDrawer } from './StockDrawer.tsx';
import { StockTable, type StockActions } from './StockTable.tsx';
import { rowId, useLocationNames, useStockPage, useStockSearch, type StockSearch } from './useStock.ts';
import { useStockKeys } from './useStockKeys.ts';

const NONE: readonly Stock[] = [];

/** The page. */
export function Inventory() {
  const { search, change, show } = useStockSearch();
  const { data, error, isPlaceholderData } = useStockPage(search);
  const names = useLocationNames();
  const why = whyNot(useSession(), 'inventory:write', 'adjust stock');
  const [adjusting, setAdjusting] = useState<Stock>();
  const field = useRef<HTMLInputElement>(null);
  const pager = pagerOf(search, data?.nextCursor, change);
  const open = useCallback((row: Stock) => show(row.sku), [show]);
  const { onId, setOnId, move } = useStockKeys(data?.data ?? NONE, {
    open,
    adjust: setAdjusting,
    why,
    pager,
    field,
  });
  const actions: StockActions = useMemo(
    () => ({ open, adjust: setAdjusting, onFocus: (row) => setOnId(rowId(row)) }),
    [open, setOnId],
  );
  return (
    <Stack gap="sm">
      <Title order={1} size="h2">
        Inventory
      </Title>
      <Group gap="sm" align="flex-end">
        <SearchBox
          q={search['q'] ?? ''}
          onSearch={(q) => change({ q: q === '' ? undefined : q }, { replace: true })}
          onLeave={() => move(1)}
          field={field}
          label="Search stock"
          placeholder="SKU or name begins with …"
        />
        <NativeSelect
          aria-label="Location"
          data={placesOf(names, search['location'])}
          value={search['location'] ?? ''}
          onChange={(event) => change({ location: event.currentTarget.value || undefined })}
        />
      </Group>
      <ProblemNotice error={error} />
      {data?.data.length === 0 ? (
        <Nothing search={search} onClear={() => change({ q: undefined, location: undefined })} />
      ) : (
        <StockTable
          rows={data?.data}
          names={names}
          onId={onId}
          onMove={move}
          actions={actions}
          why={why}
          isBusy={isPlaceholderData}
        />
      )}
      {data && <PagerBar pager={pager} count={data.data.length} one="row" many="rows" />}
      <StockDrawer
        sku={search['item']}
        onClose={() => show(undefined)}
        onAdjust={setAdjusting}
        why={why}
        isCovered={adjusting !== undefined}
      />
      <AdjustDialog row={adjusting} onClose={() => setAdjusting(undefined)} />
    </Stack>
  );
}

/** The locations to choose from; the one that is chosen stays there even when it is unknown. */
function placesOf(names: ReadonlyMap<string, string>, chosen: string | undefined) {
  const known = [...names].map(([value, label]) => ({ value, label }));
  const isMissing = chosen !== undefined && !names.has(chosen);
  return [
    { value: '', label: 'All locations' },
    ...known,
    ...(isMissing ? [{ value: chosen, label: chosen }] : []),
  ];
}

function Nothing({ search, onClear }: { search: StockSearch; onClear: () => void }) {
  if (search['q'] !== undefined || search['location'] !== undefined || search['cursor'] !== undefined)
    return (
      <EmptyState title="Nothing in stock matches">
        <Button variant="default" onClick={onClear}>
          Show all stock
        </Button>
      </EmptyState>
    );
  return (
    <EmptyState title="No stock yet">
      Items and locations come by the API or by <Code>holdfast stock import</Code>; see the{' '}
      <Anchor href="/docs" underline="always">
        reference
      </Anchor>
      . The{' '}
      <Anchor component={Link} to="/" underline="always">
        home page
      </Anchor>{' '}
      says the first steps.
    </EmptyState>
  );
}
