/** A status as a dot and a word: colour never stands alone. */
import { Badge } from '@mantine/core';
import { words } from '../format.ts';

const COLORS: Readonly<Record<string, string>> = {
  delivered: 'green',
  completed: 'green',
  captured: 'green',
  succeeded: 'green',
  done: 'green',
  settled: 'green',
  won: 'green',
  authorized: 'teal',
  paid: 'teal',
  ready: 'teal',
  booked: 'green',
  active: 'green',
  disabled: 'gray',
  granted: 'blue',
  executing: 'blue',
  shipped: 'blue',
  partially_shipped: 'blue',
  in_transit: 'blue',
  out_for_delivery: 'blue',
  in_warehouse: 'cyan',
  processing: 'cyan',
  needs_attention: 'orange',
  unmatched: 'orange',
  unknown: 'orange',
  by_hand: 'orange',
  action_required: 'orange',
  disputed: 'red',
  open: 'orange',
  pending: 'yellow',
  awaiting_approval: 'yellow',
  pending_at_provider: 'yellow',
  cancelling: 'yellow',
  failed: 'red',
  declined: 'red',
  lost: 'red',
  failure: 'red',
  error: 'red',
  cancelled: 'gray',
  expired: 'gray',
  returned: 'gray',
  given: 'blue',
  rejected: 'gray',
  voided: 'gray',
};

/** Shows any status word of the system; gray when the word has no colour of its own. */
export function StatusBadge({ status, label }: { status: string; label?: string }) {
  return <Badge color={COLORS[status] ?? 'gray'}>{label ?? words(status)}</Badge>;
}
