/** `holdfast orders note` and `holdfast orders tag`: what people write on an order. */
import type { Command } from 'commander';
import type { Note, OrderDetail } from '../../api/schemas/orders.ts';
import { UsageError } from '../context.ts';
import { NUMBER_OR_ID } from './inputs.ts';
import type { Act } from '../run.ts';

/** Adds the commands to `orders`. */
export function addDesk(orders: Command, act: Act): void {
  orders
    .command('note')
    .description('writes a note on an order, for colleagues; the order goes on as before')
    .argument('<order>', NUMBER_OR_ID)
    .argument('<text>', 'what you have to say')
    .addHelpText(
      'after',
      '\nExample:\n  holdfast orders note 100042 "Customer called: leave it with the porter"',
    )
    .action((...[order, text, , command]: [string, string, unknown, Command]) =>
      act(command, async (context) => {
        const path = `/v1/orders/${encodeURIComponent(order)}/notes`;
        const note = await context.change<Note>(path, { body: { text } });
        if (!note) return;
        context.print(note, () => [`The note stands on order ${order} (${note.id})`]);
        context.next(`holdfast orders show ${order}`);
      }),
    );
  orders
    .command('tag')
    .description('adds and removes tags of an order; what is there already, or is not there, changes nothing')
    .argument('<order>', NUMBER_OR_ID)
    .option('--add <tag>', 'a tag to add; may be given several times', collect, [])
    .option('--remove <tag>', 'a tag to remove; may be given several times', collect, [])
    .addHelpText('after', '\nExample:\n  holdfast orders tag 100042 --add vip --add call-back --remove new')
    .action((order: string, flags: { add: string[]; remove: string[] }, command: Command) =>
      act(command, async (context) => {
        const { add, remove } = flags;
        if (add.length + remove.length === 0) throw new UsageError('which tags? Give --add or --remove');
        const path = `/v1/orders/${encodeURIComponent(order)}/tags`;
        const changed = await context.change<OrderDetail>(path, { body: { add, remove } });
        if (!changed) return;
        const { tags } = changed;
        context.print(changed, () => [
          `Order ${changed.number} has ${tags.length === 0 ? 'no tags' : `the tags ${tags.join(', ')}`}`,
        ]);
        context.next(`holdfast orders show ${order}`);
      }),
    );
}

function collect(tag: string, before: string[]): string[] {
  return [...before, tag];
}
