/** The actions that the server allows on an order, one button each, with the reason in words where one is not allowed. */
import { Badge, Group } from '@mantine/core';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { ReasonedButton } from './ReasonedButton.tsx';
import { useActionsSent } from './useCommand.ts';
import { useScopes } from './useRights.ts';
import { ACTION_WORDS, whyNot, type AllowedAction, type OrderAction } from './words.ts';

/** The buttons of an order's actions. */
export function OrderActions({
  order,
  onAsk,
}: {
  order: Pick<OrderDetail, 'number' | 'allowedActions' | 'commands'>;
  onAsk: (action: AllowedAction) => void;
}) {
  const scopes = useScopes();
  const sent = useActionsSent(order.number);
  return (
    <Group gap="xs">
      {order.allowedActions.map((action) => (
        <ReasonedButton
          key={action.action}
          why={whyNot(action, scopes)}
          variant={action.action === 'cancel' ? 'outline' : 'default'}
          color={action.action === 'cancel' ? 'red' : 'indigo'}
          onClick={() => onAsk(action)}
        >
          {ACTION_WORDS[action.action].verb}
          {opensForm(action) ? '…' : ''}
        </ReasonedButton>
      ))}
      <span role="status">
        {askedOf(order, sent).map((action) => (
          <Badge key={action} color="yellow">
            {ACTION_WORDS[action].asked}…
          </Badge>
        ))}
      </span>
    </Group>
  );
}

/** True when more than a yes is asked for. */
function opensForm({ action, needsReason }: AllowedAction): boolean {
  return needsReason || ['refund', 'change_payment', 'write_off'].includes(action);
}

/** What is on its way or not answered yet: shown from the moment the button is pressed. */
function askedOf(order: Pick<OrderDetail, 'commands'>, sent: readonly OrderAction[]): OrderAction[] {
  const pending = order.commands.filter((one) => one.state === 'pending').map((one) => one.kind);
  const actions: readonly OrderAction[] = ['cancel', 'retry', 'change_payment', 'write_off', 'refund'];
  return actions.filter((action) => sent.includes(action) || pending.includes(action));
}
