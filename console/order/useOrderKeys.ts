/** The keys of the order page. */
import { notifications } from '@mantine/notifications';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { useAssign } from '../actions/useCaseWrites.ts';
import { useScopes } from '../actions/useRights.ts';
import { whyNot, type AllowedAction, type OrderAction } from '../actions/words.ts';
import { useKeys } from '../shell/useKeys.ts';
import { NOTE_FIELD } from './Notes.tsx';
import { moveSection } from './Section.tsx';
import { openCases } from './Trouble.tsx';

/** Has the page's keys answer; an action that is not allowed says why. */
export function useOrderKeys(order: OrderDetail, ask: (action: AllowedAction) => void): void {
  const scopes = useScopes();
  const assign = useAssign();

  function askFor(name: OrderAction): void {
    const action = order.allowedActions.find((one) => one.action === name);
    if (!action) return;
    const why = whyNot(action, scopes);
    if (why === undefined) ask(action);
    else notifications.show({ color: 'orange', message: why });
  }

  function take(): void {
    const ids = openCases(order).map((one) => one.id);
    if (ids.length > 0) return assign.mutate({ ids, assignee: 'me' });
    notifications.show({ color: 'gray', message: 'Nothing of this order needs a person now.' });
  }

  useKeys(
    {
      c: { does: 'Cancel the order', run: () => askFor('cancel') },
      r: { does: 'Retry now', run: () => askFor('retry') },
      f: { does: 'Refund', run: () => askFor('refund') },
      p: { does: 'Pay in another way', run: () => askFor('change_payment') },
      n: { does: 'Write a note', run: () => document.getElementById(NOTE_FIELD)?.focus() },
      a: { does: 'Assign its cases to me', run: take },
      j: { does: 'Next part of the page', run: () => moveSection(1) },
      k: { does: 'Previous part of the page', run: () => moveSection(-1) },
    },
    'Order',
  );
}
