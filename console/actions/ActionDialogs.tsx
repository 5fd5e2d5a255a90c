/** The dialogs of the actions on an order: each action opens the one that asks for what it needs. */
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { RefundDialog } from '../refund/RefundDialog.tsx';
import { CommandDialog, type PlainAsked } from './CommandDialog.tsx';
import { WayToPayDialog, type WayAsked } from './WayToPayDialog.tsx';
import type { AllowedAction } from './words.ts';

/** An action that was chosen, on the order as it was shown then. */
export interface ActionAsked {
  order: OrderDetail;
  action: AllowedAction;
}

/** Asks before anything is sent. `onDone` is called when it was taken; `onClose` whenever a dialog goes. */
export function ActionDialogs({
  asked,
  onClose,
  onDone,
}: {
  asked: ActionAsked | undefined;
  onClose: () => void;
  onDone?: () => void;
}) {
  const done = onDone ?? nothing;
  return (
    <>
      <CommandDialog asked={plainOf(asked)} onClose={onClose} onDone={done} />
      <WayToPayDialog asked={wayOf(asked)} onClose={onClose} onDone={done} />
      <RefundDialog
        order={asked?.action.action === 'refund' ? asked.order : undefined}
        onClose={onClose}
        onDone={done}
      />
    </>
  );
}

function nothing(): void {
  // Nobody waits for it.
}

function plainOf(asked: ActionAsked | undefined): PlainAsked | undefined {
  const name = asked?.action.action;
  return asked && (name === 'cancel' || name === 'retry' || name === 'write_off')
    ? { order: asked.order, action: { ...asked.action, action: name } }
    : undefined;
}

function wayOf(asked: ActionAsked | undefined): WayAsked | undefined {
  return asked?.action.action === 'change_payment'
    ? { order: asked.order, effects: asked.action.effects }
    : undefined;
}
