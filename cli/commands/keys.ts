/** `holdfast keys`: API keys. A key is shown once, when it is made; Holdfast keeps its hash only. */
import { Option, type Command } from 'commander';
import type { z } from 'zod';
import type { ApiKeyBody, ApiKeyCreated } from '../../api/schemas/administration.ts';
import { ROLES } from '../../domain/access.ts';
import { instant, orDash } from '../format.ts';
import { limit } from './inputs.ts';
import type { Act } from '../run.ts';

type ApiKey = z.output<typeof ApiKeyBody>;

/** Adds the commands. */
export function registerKeys(program: Command, act: Act): void {
  const keys = program.command('keys').description('API keys');
  keys
    .command('list')
    .description('keys, without their secrets')
    .option('--limit <n>', 'at most so many', limit, 100)
    .action((flags: { limit: number }, command: Command) =>
      act(command, async (context) => {
        const rows: ApiKey[] = [];
        for await (const row of context.api().pages<ApiKey>('/v1/api-keys', {}, flags.limit)) rows.push(row);
        context.table(
          rows,
          [
            { head: 'Id', cell: (row) => row.id },
            { head: 'Name', cell: (row) => row.name },
            { head: 'Role', cell: (row) => row.role },
            { head: 'Channel', cell: (row) => orDash(row.channel) },
            { head: 'State', cell: stateOf },
            { head: 'Last used', cell: (row) => instant(row.lastUsedAt) },
          ],
          'No keys.',
        );
      }),
    );
  keys
    .command('create')
    .description('makes a key and prints it, once')
    .argument('<name>', 'what it is for')
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).makeOptionMandatory())
    .option('--channel <id>', 'for role channel')
    .option('--expires <instant>', 'e.g. 2027-01-01T00:00:00Z; left out: until it is revoked')
    .addHelpText('after', '\nExample:\n  holdfast keys create "night shift" --role support')
    .action((name: string, flags: { role: string; channel?: string; expires?: string }, command: Command) =>
      act(command, async (context) => {
        const body = { name, role: flags.role, channel: flags.channel, expiresAt: flags.expires };
        const made = await context.change<ApiKeyCreated>('/v1/api-keys', { body });
        if (!made) return;
        if (!context.json) context.io.say(`Key ${made.id} (${made.role}); it is shown this once:`);
        context.print(made, () => [made.key]);
        context.next(`holdfast keys revoke ${made.id}   when it is no longer needed`);
      }),
    );
  keys
    .command('revoke')
    .description('ends a key for good')
    .argument('<id>', 'the public part: hf_live_<id>_…')
    .action((id: string, _: unknown, command: Command) =>
      act(command, async (context) => {
        if (!(await context.confirm(`Revoke key ${id}? Whoever uses it is locked out within seconds.`)))
          return;
        const answer = await context.changeAnswer<unknown>(`/v1/api-keys/${encodeURIComponent(id)}`, {
          method: 'DELETE',
        });
        if (answer) context.print({ id, revoked: true }, () => [`Key ${id} revoked`]);
      }),
    );
}

function stateOf(key: ApiKey): string {
  if (key.revokedAt) return 'revoked';
  if (!key.expiresAt) return 'live';
  return new Date(key.expiresAt) < new Date() ? 'expired' : `until ${instant(key.expiresAt)}`;
}
