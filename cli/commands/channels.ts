/** `holdfast channels`: where goods are sold, each with its policy. */
import { Option, type Command } from 'commander';
import type { Channel } from '../../api/schemas/administration.ts';
import { jsonObject, limit, readText } from './inputs.ts';
import type { Act } from '../run.ts';

interface CreateFlags {
  name: string;
  kind: string;
  timeZone?: string;
  policy?: string;
  webhookSecretFile?: string;
}

/** Adds the commands. */
export function registerChannels(program: Command, act: Act): void {
  const channels = program.command('channels').description('where goods are sold');
  channels
    .command('list')
    .description('channels')
    .option('--limit <n>', 'at most so many', limit, 100)
    .action((flags: { limit: number }, command: Command) =>
      act(command, async (context) => {
        const rows: Channel[] = [];
        for await (const row of context.api().pages<Channel>('/v1/channels', {}, flags.limit)) rows.push(row);
        context.table(
          rows,
          [
            { head: 'Id', cell: (row) => row.id },
            { head: 'Name', cell: (row) => row.name },
            { head: 'Kind', cell: (row) => row.kind },
            { head: 'Time zone', cell: (row) => row.timeZone },
            { head: 'Policy', right: true, cell: (row) => String(row.policyVersion) },
            {
              head: 'Release delay',
              right: true,
              cell: (row) => `${String(row.policy['releaseDelaySeconds'])} s`,
            },
          ],
          'No channels. Add one:  holdfast channels create web --name "Web shop"',
        );
      }),
    );
  channels
    .command('create')
    .description('adds a channel; refused when the id is there')
    .argument('<id>', 'lower case letters, digits, hyphens')
    .requiredOption('--name <text>', 'what it is called')
    .addOption(new Option('--kind <kind>', 'how its orders come').choices(['api', 'shopify']).default('api'))
    .option('--time-zone <name>', 'e.g. Europe/Berlin')
    .option('--policy <json>', 'what differs from the defaults, e.g. {"releaseDelaySeconds":900}')
    .option('--webhook-secret-file <file>', 'holds what the shop signs with; - reads standard input')
    .addHelpText(
      'after',
      '\nExample:\n  holdfast channels create web --name "Web shop" --policy \'{"releaseDelaySeconds":900}\'',
    )
    .action((id: string, flags: CreateFlags, command: Command) =>
      act(command, async (context) => {
        const { name, kind, timeZone, policy, webhookSecretFile } = flags;
        // Read from a file: an argument would stand in the process list and in the shell's history.
        const secret =
          webhookSecretFile === undefined ? undefined : (await readText(context, webhookSecretFile)).trim();
        const body = {
          ...{ id, name, kind, timeZone, webhookSecret: secret },
          ...(policy === undefined ? {} : { policy: jsonObject(policy, '--policy') }),
        };
        const made = await context.change<Channel>('/v1/channels', { body });
        if (!made) return;
        context.print(made, () => [`Channel ${made.id} added`]);
        context.next(`holdfast keys create "${made.id} shop" --role channel --channel ${made.id}`);
      }),
    );
}
