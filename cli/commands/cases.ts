/** `holdfast cases`: what waits for a person, grouped by nothing, oldest first. */
import { Option, type Command } from 'commander';
import type { z } from 'zod';
import type { CaseBody } from '../../api/schemas/feeds.ts';
import { ATTENTIONS } from '../../domain/order.ts';
import { instant, orDash } from '../format.ts';
import { limit } from './inputs.ts';
import type { Act } from '../run.ts';

type Case = z.output<typeof CaseBody>;

/** Adds the commands. */
export function registerCases(program: Command, act: Act): void {
  program
    .command('cases')
    .description('what waits for a person')
    .command('list')
    .description('open cases')
    .addOption(new Option('--attention <kind>', 'of one kind').choices(ATTENTIONS))
    .option('--all', 'resolved ones too')
    .option('--limit <n>', 'at most so many', limit, 50)
    .action((flags: { attention?: string; all?: boolean; limit: number }, command: Command) =>
      act(command, async (context) => {
        const rows: Case[] = [];
        const query = { attention: flags.attention, ...(flags.all ? {} : { open: 'true' }) };
        for await (const row of context.api().pages<Case>('/v1/cases', query, flags.limit)) rows.push(row);
        context.table(
          rows,
          [
            { head: 'Order', right: true, cell: (row) => orDash(row.orderNumber) },
            { head: 'Attention', cell: (row) => row.attention },
            { head: 'Cause', cell: (row) => row.code },
            { head: 'Owner', cell: (row) => row.owner },
            { head: 'Opened', cell: (row) => instant(row.openedAt) },
            { head: 'Detail', cell: (row) => row.detail },
          ],
          'Nothing waits for a person.',
        );
        const first = rows.find((row) => row.orderNumber !== null);
        if (first) context.next(`holdfast orders show ${first.orderNumber}`);
      }),
    );
}
