/** `holdfast demo`: places demo orders, so that a newcomer sees each kind of life at once. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { z } from 'zod';
import type { DemoOrdersBody } from '../../api/schemas/desk.ts';
import { DEMO_STORIES } from '../../domain/demo.ts';
import { instant, money } from '../format.ts';
import type { Act } from '../run.ts';

type Placed = z.output<typeof DemoOrdersBody>;

const COUNT_MAX = 20;

/** Adds the commands. */
export function registerDemo(program: Command, act: Act): void {
  program
    .command('demo')
    .description('orders to look at, in the demo channel')
    .command('place')
    .description(
      'places orders of a story: all well, two parcels, a declined card, short stock, a lost parcel',
    )
    .addOption(
      new Option('--story <name>', 'what they are to meet').choices(DEMO_STORIES).makeOptionMandatory(),
    )
    .option('--count <n>', `how many, at most ${COUNT_MAX}`, count, 1)
    .addHelpText(
      'after',
      '\nExamples:\n  holdfast demo place --story all_well\n  holdfast demo place --story declined_card --count 5',
    )
    .action((flags: { story: string; count: number }, command: Command) =>
      act(command, async (context) => {
        const body = { story: flags.story, count: flags.count };
        const placed = await context.change<Placed>('/v1/demo/orders', { body });
        if (!placed) return;
        context.table(
          placed.data,
          [
            { head: 'Number', right: true, cell: (row) => String(row.number) },
            { head: 'Channel', cell: (row) => row.channel },
            { head: 'External id', cell: (row) => row.externalId },
            { head: 'Total', right: true, cell: (row) => money(row.total) },
            { head: 'Promised', cell: (row) => instant(row.promisedBy) },
          ],
          'No order was placed.',
        );
        const first = placed.data[0];
        if (first) context.next(`holdfast orders show ${first.number}`);
      }),
    );
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > COUNT_MAX)
    throw new InvalidArgumentError(`It has to be a whole number from 1 to ${COUNT_MAX}.`);
  return value;
}
