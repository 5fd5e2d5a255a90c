/** Runs a job over its orders and keeps what became of each. */
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { OrderListItem } from '../../api/schemas/orders.ts';
import type { CancelReason } from '../../domain/order.ts';
import { changeTags, sendCommand } from '../actions/calls.ts';
import { refresh } from '../actions/refresh.ts';
import { newKey } from '../api/client.ts';
import { announce } from '../shell/announce.tsx';
import { checkSession } from '../shell/session.ts';
import { runBulk, summaryText, type BulkJob, type Outcome } from './bulk.ts';

/** What is to be done with each order. */
export type Deed =
  | { kind: 'cancel'; reason: CancelReason; note: string }
  | { kind: 'retry'; note: string }
  | { kind: 'tag'; add: string[]; remove: string[] };

/** A job's run. */
export interface Bulk {
  outcomes: readonly Outcome[];
  isRunning: boolean;
  run(this: void, deed: Deed): void;
  /** Sends nothing more; what is under way gets its outcome. */
  stop(this: void): void;
  /** Sends what failed or was not sent once more, with the keys it had. */
  again(this: void): void;
}

/** The run of one job. */
export function useBulk(job: BulkJob): Bulk {
  const client = useQueryClient();
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);
  const [isRunning, setRunning] = useState(false);
  const state = useRef<{ isStopped: boolean; deed: Deed | undefined }>({ isStopped: false, deed: undefined });
  // One key an order for as long as the dialog is open: what was done already is answered, not done again.
  const [keys] = useState(() => new Map(job.orders.map(({ id }) => [id, newKey()])));

  async function work(deed: Deed, orders: readonly OrderListItem[], kept: readonly Outcome[]): Promise<void> {
    state.current = { isStopped: false, deed };
    let all = kept;
    setOutcomes(all);
    setRunning(true);
    await runBulk(orders, {
      act: (order) => act(deed, order, keys.get(order.id) ?? newKey()),
      isStopped: () => state.current.isStopped,
      onDone(outcome) {
        all = [...all, outcome];
        setOutcomes(all);
      },
    });
    setRunning(false);
    announce(summaryText(all));
    await refresh(client);
    // These calls are no query's: whether the session ended meanwhile has to be asked.
    if (all.some(({ kind }) => kind === 'failed')) await checkSession(client);
  }

  return {
    outcomes,
    isRunning,
    run: (deed) => void work(deed, job.orders, []),
    stop() {
      state.current.isStopped = true;
    },
    again() {
      const { deed } = state.current;
      const isOpen = ({ kind }: Outcome) => kind === 'failed' || kind === 'unsent';
      const orders = outcomes.filter(isOpen).map(({ order }) => order);
      if (deed)
        void work(
          deed,
          orders,
          outcomes.filter((one) => !isOpen(one)),
        );
    },
  };
}

async function act(deed: Deed, { id }: OrderListItem, key: string): Promise<'done' | 'accepted'> {
  if (deed.kind === 'tag') {
    const { add, remove } = deed;
    // Tags are a set: the same change again changes nothing, so it needs no key.
    await changeTags({ order: id, ...(add.length > 0 && { add }), ...(remove.length > 0 && { remove }) });
    return 'done';
  }
  const reason = deed.kind === 'cancel' ? { reason: deed.reason } : {};
  return (await sendCommand({ order: id, action: deed.kind, ...reason, note: deed.note, key })).kind;
}
