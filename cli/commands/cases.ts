/** `holdfast cases`: what waits for a person, by cause, and working it off. */
import { Option, type Command } from 'commander';
import type { Case, CaseCause } from '../../api/schemas/feeds.ts';
import type { CommandShown } from '../../api/schemas/orders.ts';
import { ATTENTIONS } from '../../domain/order.ts';
import { UsageError, type Context } from '../context.ts';
import { instant, orDash } from '../format.ts';
import { followCommand } from './followCommand.ts';
import { limit } from './inputs.ts';
import { sendToSeveral } from './orderCommands.ts';
import type { Act } from '../run.ts';

interface ListFlags {
  attention?: string;
  code?: string;
  mine?: boolean;
  unassigned?: boolean;
  all?: boolean;
  limit: number;
}

/** Adds the commands. */
export function registerCases(program: Command, act: Act): void {
  const cases = program.command('cases').description('what waits for a person');
  addList(cases, act);
  addCauses(cases, act);
  addAssign(cases, act);
  addResolve(cases, act);
  addRetry(cases, act);
}

const COLUMNS = [
  { head: 'Case', cell: (row: Case) => row.id },
  { head: 'Order', right: true, cell: (row: Case) => orDash(row.orderNumber) },
  { head: 'Cause', cell: (row: Case) => row.code },
  { head: 'Attention', cell: (row: Case) => row.attention },
  { head: 'Owner', cell: (row: Case) => row.owner },
  { head: 'Has it', cell: (row: Case) => orDash(row.assigneeName) },
  { head: 'Opened', cell: (row: Case) => instant(row.openedAt) },
  { head: 'Next try', cell: (row: Case) => instant(row.nextRetryAt) },
  { head: 'Detail', cell: (row: Case) => row.detail },
];

function addList(cases: Command, act: Act): void {
  cases
    .command('list')
    .description('open cases, oldest first')
    .addOption(new Option('--attention <kind>', 'of one kind').choices(ATTENTIONS))
    .option('--code <cause>', 'of one cause, e.g. parcel_lost')
    .addOption(new Option('--mine', 'those you have taken on').conflicts('unassigned'))
    .option('--unassigned', 'those nobody has taken on')
    .option('--all', 'resolved ones too')
    .option('--limit <n>', 'at most so many', limit, 50)
    .action((flags: ListFlags, command: Command) =>
      act(command, async (context) => {
        const rows: Case[] = [];
        const assignee = flags.mine ? 'me' : flags.unassigned ? 'nobody' : undefined;
        const query = {
          ...{ attention: flags.attention, code: flags.code, assignee },
          ...(flags.all ? {} : { open: 'true' }),
        };
        for await (const row of context.api().pages<Case>('/v1/cases', query, flags.limit)) rows.push(row);
        context.table(rows, COLUMNS, 'Nothing waits for a person.');
        const first = rows.find((row) => row.orderNumber !== null);
        if (first) context.next(`holdfast orders show ${first.orderNumber}`);
      }),
    );
}

function addCauses(cases: Command, act: Act): void {
  cases
    .command('causes')
    .description('how many are open for each cause, the cause with the oldest first')
    .action((_: unknown, command: Command) =>
      act(command, async (context) => {
        const { data } = await context.api().call<{ data: CaseCause[] }>('/v1/cases/causes');
        context.table(
          data,
          [
            { head: 'Open', right: true, cell: (row) => String(row.open) },
            { head: 'Cause', cell: (row) => row.code },
            { head: 'In words', cell: (row) => row.title },
            { head: 'Owner', cell: (row) => row.owner },
            { head: 'Oldest', cell: (row) => instant(row.oldestAt) },
            { head: 'Next try', cell: (row) => instant(row.nextRetryAt) },
            { head: 'By hand', cell: (row) => (row.isClosable ? 'can be closed' : 'ends when cured') },
          ],
          'Nothing waits for a person.',
        );
        const [first] = data;
        if (first) context.next(`holdfast cases list --code ${first.code}`);
      }),
    );
}

const CASE_ID = 'id (cas_…), from: holdfast cases list';

function pathOf(id: string, action: string): string {
  return `/v1/cases/${encodeURIComponent(id)}/${action}`;
}

function addAssign(cases: Command, act: Act): void {
  cases
    .command('assign')
    .description('takes a case on, or gives it to somebody')
    .argument('<case>', CASE_ID)
    .option('--to <whom>', 'me, nobody, or the id of a key', 'me')
    .action((id: string, flags: { to: string }, command: Command) =>
      act(command, async (context) => {
        const assignee = flags.to === 'nobody' ? null : flags.to;
        const changed = await context.change<Case>(pathOf(id, 'assign'), { body: { assignee } });
        if (!changed) return;
        context.print(changed, () => [`Case ${changed.id} is with ${changed.assigneeName ?? 'nobody'}`]);
      }),
    );
}

function addResolve(cases: Command, act: Act): void {
  cases
    .command('resolve')
    .description('closes a case by hand; refused for one that ends when its cause is cured')
    .argument('<case>', CASE_ID)
    .requiredOption('--note <text>', 'what was done about it')
    .addHelpText('after', '\nExample:\n  holdfast cases resolve cas_0190… --note "claimed, new parcel sent"')
    .action((id: string, flags: { note: string }, command: Command) =>
      act(command, async (context) => {
        const body = { note: flags.note };
        const answer = await context.changeAnswer<Case | CommandShown>(pathOf(id, 'resolve'), { body });
        if (!answer) return;
        if (answer.status === 202 && 'state' in answer.body) {
          if (!answer.location) throw new UsageError('the API accepted it without saying where it is');
          return followCommand(context, answer.location, answer.body.orderId);
        }
        context.print(answer.body, () => [`Case ${id} is closed`]);
        context.next('holdfast cases list');
      }),
    );
}

/** The most orders one bulk retry takes on. */
const RETRIED_MAX = 1_000;

function addRetry(cases: Command, act: Act): void {
  cases
    .command('retry')
    .description('retries the order of every open case with one cause, one line for each')
    .requiredOption('--code <cause>', 'of one cause, e.g. provider_unavailable')
    .option('--note <text>', 'in your words, for colleagues; shown to those who may see personal data')
    .addHelpText('after', '\nExample:\n  holdfast cases retry --code carrier_refused --dry-run')
    .action((flags: { code: string; note?: string }, command: Command) =>
      act(command, async (context) => {
        const orders = await ordersOf(context, flags.code);
        if (orders.length === 0) return context.io.say(`No order waits because of ${flags.code}.`);
        if (!(await context.confirm(`Retry ${orders.length} orders?`))) return;
        const body = flags.note === undefined ? {} : { note: flags.note };
        await sendToSeveral(context, { orders, action: 'retry', body });
      }),
    );
}

/** The orders with an open case of this cause, each once, the longest waiting first. */
async function ordersOf(context: Context, code: string): Promise<string[]> {
  const orders = new Set<string>();
  const rows = context.api().pages<Case>('/v1/cases', { code, open: 'true' }, RETRIED_MAX);
  for await (const row of rows) if (row.orderNumber !== null) orders.add(String(row.orderNumber));
  return [...orders];
}
