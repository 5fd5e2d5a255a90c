/** The keys of the queue: to work it off without the mouse. */
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import type { Case } from '../../api/schemas/feeds.ts';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import type { CaseToClose } from '../actions/CloseCaseDialog.tsx';
import { useAssign } from '../actions/useCaseWrites.ts';
import { useKeyId, useScopes } from '../actions/useRights.ts';
import { failureWords, lacksScope, whyNot, type AllowedAction, type OrderAction } from '../actions/words.ts';
import { useKeys } from '../shell/useKeys.ts';
import type { Queue } from './useQueue.ts';

/** The case that the keys act on. */
export interface Worked {
  one: Case;
  order: OrderDetail | undefined;
  ask: (action: AllowedAction) => void;
  close: (asked: CaseToClose) => void;
}

/** Has the keys answer; what can't be done says why. */
export function useQueueKeys(queue: Queue, { one, order, ask, close }: Worked): void {
  const scopes = useScopes();
  const keyId = useKeyId();
  const assign = useAssign();
  const navigate = useNavigate();
  const say = (message: string) => notifications.show({ color: 'orange', message });

  function askFor(name: OrderAction): void {
    if (one.orderId === null) return void say('No order came of this message: there is nothing to do to it.');
    const action = order?.allowedActions.find((candidate) => candidate.action === name);
    if (!action) return void say('The order is still being read. Press again.');
    const why = whyNot(action, scopes);
    if (why === undefined) ask(action);
    else say(why);
  }

  function take(): void {
    const why = lacksScope('orders:write', scopes);
    if (why !== undefined) return void say(why);
    const isMine = one.assignee !== null && one.assignee === keyId;
    assign.mutate({ ids: [one.id], assignee: isMine ? null : 'me' });
  }

  function closeIt(): void {
    const why = lacksScope('orders:write', scopes);
    if (why !== undefined) return void say(why);
    if (one.isClosable) close({ id: one.id, title: one.title });
    else say(`${failureWords('case_not_closable')}.`);
  }

  function open(): void {
    if (one.orderNumber === null) return void say('No order came of this message.');
    void navigate({ to: '/orders/$order', params: { order: String(one.orderNumber) } });
  }

  useKeys(
    {
      j: { does: 'Next case', run: () => queue.move(1) },
      k: { does: 'Previous case', run: () => queue.move(-1) },
      Enter: { does: 'Open its order', run: open },
      r: { does: 'Retry now', run: () => askFor('retry') },
      c: { does: 'Cancel the order', run: () => askFor('cancel') },
      a: { does: 'Assign to me, or release', run: take },
      d: { does: 'Close the case with a note', run: closeIt },
    },
    'Needs attention',
  );
}
