/** One action over the selected orders: what and why, then how far it is, then what became of each. */
import { Modal } from '@mantine/core';
import { useState } from 'react';
import { useIsThere } from '../parts/lazyDialog.tsx';
import { ordersText, type BulkJob } from './bulk.ts';
import { BulkForm } from './BulkForm.tsx';
import { BulkResult } from './BulkResult.tsx';
import { useBulk } from './useBulk.ts';

const TITLES: Readonly<Record<BulkJob['kind'], string>> = {
  cancel: 'Cancel',
  retry: 'Retry',
  tag: 'Tag',
};

/** The dialog. `onDealtWith` gets the ids of the orders that need nothing more, when it closes. */
export function BulkDialog({
  job,
  onDealtWith,
  onClose,
}: {
  job: BulkJob;
  onDealtWith: (ids: ReadonlySet<string>) => void;
  onClose: () => void;
}) {
  const bulk = useBulk(job);
  const isThere = useIsThere();
  const [isOver, setOver] = useState(false);
  const { outcomes, isRunning } = bulk;

  function close(): void {
    // Requests that are under way can't be taken back: first stop, then see what became of each.
    if (isRunning) bulk.stop();
    else setOver(true);
  }

  function closed(): void {
    const dealtWith = outcomes.filter(({ kind }) => kind === 'done' || kind === 'accepted');
    onDealtWith(new Set(dealtWith.map(({ order }) => order.id)));
    onClose();
  }

  return (
    <Modal
      opened={isThere && !isOver}
      onClose={close}
      onExitTransitionEnd={closed}
      closeOnClickOutside={!isRunning}
      size="lg"
      title={`${TITLES[job.kind]} ${ordersText(job.orders.length)}`}
    >
      {outcomes.length === 0 && !isRunning ? (
        <BulkForm job={job} onRun={bulk.run} />
      ) : (
        <BulkResult bulk={bulk} total={job.orders.length} onClose={close} />
      )}
    </Modal>
  );
}
