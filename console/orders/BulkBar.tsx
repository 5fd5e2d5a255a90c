/** What can be done with the selected orders; stays in sight at the foot of the window. */
import { Button, Group, Paper, Text } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { OrderListItem } from '../../api/schemas/orders.ts';
import { ReasonedButton } from '../actions/ReasonedButton.tsx';
import { formatCount } from '../format.ts';
import { useSession, whyNot } from '../shell/session.ts';
import type { BulkJob } from './bulk.ts';
import { ordersCsv } from './csv.ts';
import { saveFile } from './saveFile.ts';
import type { Selecting } from './useSelection.ts';

const BulkDialog = lazy(async () => ({ default: (await import('./BulkDialog.tsx')).BulkDialog }));

/** The bar and its dialogs; nothing while no order is selected and none is being worked on. */
export function BulkBar({ selecting }: { selecting: Selecting }) {
  const { selection, clear, drop } = selecting;
  const [job, setJob] = useState<BulkJob>();
  const orders = [...selection.values()];
  useLeftFocus(orders.length === 0);
  return (
    <>
      {orders.length > 0 && (
        <BulkActions orders={orders} onClear={clear} onChoose={(kind) => setJob({ kind, orders })} />
      )}
      {job && (
        <Suspense>
          <BulkDialog job={job} onDealtWith={drop} onClose={() => setJob(undefined)} />
        </Suspense>
      )}
    </>
  );
}

/** When the bar goes with the focus in it, the row that the keyboard is on gets it. */
function useLeftFocus(isGone: boolean): void {
  useEffect(() => {
    if (!isGone || document.activeElement !== document.body) return;
    document.querySelector<HTMLElement>('.orderRow[tabindex="0"]')?.focus({ preventScroll: true });
  }, [isGone]);
}

function BulkActions({
  orders,
  onClear,
  onChoose,
}: {
  orders: readonly OrderListItem[];
  onClear: () => void;
  onChoose: (kind: BulkJob['kind']) => void;
}) {
  const session = useSession();
  const mayNotWrite = whyNot(session, 'orders:write', 'change orders');
  return (
    <Paper
      component="section"
      aria-label="Selected orders"
      className="bulkBar"
      withBorder
      shadow="md"
      px="md"
      py="xs"
    >
      <Group gap="xs">
        <Text size="sm" fw={600} role="status">
          {formatCount(orders.length)} selected
        </Text>
        <ReasonedButton
          color="red"
          why={whyNot(session, 'orders:cancel', 'cancel orders')}
          onClick={() => onChoose('cancel')}
        >
          Cancel…
        </ReasonedButton>
        <ReasonedButton variant="default" why={mayNotWrite} onClick={() => onChoose('retry')}>
          Retry…
        </ReasonedButton>
        <ReasonedButton variant="default" why={mayNotWrite} onClick={() => onChoose('tag')}>
          Tag…
        </ReasonedButton>
        <Button variant="default" onClick={() => exportCsv(orders)}>
          Export CSV
        </Button>
        <Button variant="default" onClick={onClear}>
          Clear selection
        </Button>
      </Group>
    </Paper>
  );
}

/** Saves these orders as a CSV file. */
export function exportCsv(orders: readonly OrderListItem[]): void {
  const day = new Date().toISOString().slice(0, 10);
  saveFile(`orders-${day}.csv`, ordersCsv(orders), 'text/csv;charset=utf-8');
}
