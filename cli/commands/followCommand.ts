/** Waits, for a bounded time, until a command that was accepted has been applied or refused. */
import { setTimeout as pause } from 'node:timers/promises';
import type { CommandShown } from '../../api/schemas/orders.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http.ts';

const WITHIN_MILLIS = 20_000;
const LOOK_EVERY_MILLIS = 500;

/** Follows the command at `location`; throws ApiProblem (409) when it is refused, and says so when it is still open. */
export async function followCommand(context: Context, location: string, order: string): Promise<void> {
  const api = context.api();
  const path = location.startsWith('http') ? new URL(location).pathname : location;
  const until = Date.now() + WITHIN_MILLIS;
  let command = await api.call<CommandShown>(path);
  while (command.state === 'pending' && Date.now() < until) {
    await pause(LOOK_EVERY_MILLIS, undefined, { signal: context.io.signal });
    command = await api.call<CommandShown>(path);
  }
  if (command.state === 'refused')
    throw new ApiProblem({
      title: 'The order does not allow this now',
      status: 409,
      ...(command.code === null ? {} : { code: command.code }),
      ...(command.detail === null ? {} : { detail: command.detail }),
    });
  const words =
    command.state === 'applied' ? 'is done' : 'is accepted and not done yet: it is kept and will be taken';
  context.print(command, () => [
    `The ${command.kind.replace('command.', '').replaceAll('_', ' ')} of order ${order} ${words} (${command.id})`,
  ]);
  context.next(`holdfast orders show ${order}`);
}
