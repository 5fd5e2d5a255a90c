/** `holdfast orders`: find, read, place, cancel and retry orders. */
import { createHash } from 'node:crypto';
import { Option, type Command } from 'commander';
import type { CommandShown, OrderDetail, OrderListItem } from '../../api/schemas/orders.ts';
import type { TimelineEntry } from '../../api/schemas/feeds.ts';
import { CANCEL_REASONS, LIFECYCLES, ATTENTIONS } from '../../domain/order.ts';
import { UsageError, type Context } from '../context.ts';
import { dataText, instant, money, statusText } from '../format.ts';
import type { Page } from '../http.ts';
import { followCommand } from './followCommand.ts';
import { jsonObject, limit, NUMBER_OR_ID, readText } from './inputs.ts';
import { orderLines } from './orderPage.ts';
import type { Act } from '../run.ts';

interface ListFlags {
  lifecycle?: string;
  attention?: string;
  channel?: string;
  externalId?: string;
  search?: string;
  since?: string;
  sort: string;
  limit: number;
}

/** Adds the commands. */
export function registerOrders(program: Command, act: Act): void {
  const orders = program.command('orders').description('find, read, place, cancel and retry orders');
  addList(orders, act);
  addReading(orders, act);
  addCreate(orders, act);
  addCommands(orders, act);
}

function addList(orders: Command, act: Act): void {
  orders
    .command('list')
    .description('orders that fit, newest first')
    .addOption(new Option('--lifecycle <state>', 'where it stands in its life').choices(LIFECYCLES))
    .addOption(new Option('--attention <kind>', 'what it needs a person for').choices(ATTENTIONS))
    .option('--channel <id>', 'where it was sold')
    .option('--external-id <id>', 'the channel’s own id of it')
    .option(
      '--search <text>',
      'number, external id, SKU, tracking code; e-mail or name if your key may see them',
    )
    .option('--since <instant>', 'placed here after, e.g. 2026-03-14T00:00:00Z')
    .option('--sort <field>', 'a minus first is descending', '-createdAt')
    .option('--limit <n>', 'at most so many', limit, 50)
    .addHelpText(
      'after',
      '\nExamples:\n  holdfast orders list --attention payment_action\n  holdfast orders list --search MUG-BLUE --limit 10',
    )
    .action((flags: ListFlags, command: Command) =>
      act(command, async (context) => {
        const { limit: most, search, since, ...filters } = flags;
        const query = { ...pick(filters), q: search, createdAfter: since };
        const rows: OrderListItem[] = [];
        for await (const row of context.api().pages<OrderListItem>('/v1/orders', query, most)) rows.push(row);
        context.table(rows, COLUMNS, 'No order fits.');
        const first = rows[0];
        if (first) context.next(`holdfast orders show ${first.number}`);
      }),
    );
}

const COLUMNS = [
  { head: 'Number', right: true, cell: (row: OrderListItem) => String(row.number) },
  { head: 'Channel', cell: (row: OrderListItem) => row.channel },
  { head: 'External id', cell: (row: OrderListItem) => row.externalId },
  { head: 'Status', cell: (row: OrderListItem) => statusText(row.status, row.attention) },
  { head: 'Total', right: true, cell: (row: OrderListItem) => money(row.total) },
  { head: 'Lines', right: true, cell: (row: OrderListItem) => String(row.lineCount) },
  { head: 'Placed', cell: (row: OrderListItem) => instant(row.placedAt) },
];

// Global options stand beside the command's own in what commander hands over.
function pick({ lifecycle, attention, channel, externalId, sort }: Partial<ListFlags>) {
  return { lifecycle, attention, channel, externalId, sort };
}

function addReading(orders: Command, act: Act): void {
  orders
    .command('show')
    .description('one order with lines, money, parcels and what it waits for')
    .argument('<order>', NUMBER_OR_ID)
    .action((order: string, _: unknown, command: Command) =>
      act(command, async (context) => {
        const found = await context.api().call<OrderDetail>(`/v1/orders/${encodeURIComponent(order)}`);
        context.print(found, () => orderLines(found));
        const action = found.allowedActions.find((one) => one.enabled)?.action;
        context.next(
          `holdfast orders timeline ${found.number}${action ? `   ·   holdfast orders ${action} ${found.number}` : ''}`,
        );
      }),
    );
  orders
    .command('timeline')
    .description('what happened to an order, oldest first')
    .argument('<order>', NUMBER_OR_ID)
    .action((order: string, _: unknown, command: Command) =>
      act(command, async (context) => {
        const path = `/v1/orders/${encodeURIComponent(order)}/timeline`;
        const { data } = await context.api().call<Page<TimelineEntry>>(path);
        context.table(
          data,
          [
            { head: 'When', cell: (row) => instant(row.at) },
            { head: 'What', cell: (row) => row.type },
            { head: 'Who', cell: (row) => row.actor },
            { head: 'Details', cell: (row) => dataText(row.data) },
          ],
          'Nothing happened yet.',
        );
      }),
    );
}

function addCreate(orders: Command, act: Act): void {
  orders
    .command('create')
    .description('places an order from a JSON file; running it again with the same file changes nothing')
    .argument('<file>', 'a JSON body as POST /v1/orders takes it; - reads standard input')
    .option('--idempotency-key <key>', 'left out: made from the content')
    .addHelpText(
      'after',
      '\nExamples:\n  holdfast orders create order.json\n  jq .order export.json | holdfast orders create -',
    )
    .action((file: string, flags: { idempotencyKey?: string }, command: Command) =>
      act(command, async (context) => {
        const text = await readText(context, file);
        const body = jsonObject(text, file);
        const idempotencyKey =
          flags.idempotencyKey ?? `cli-${createHash('sha256').update(text).digest('hex').slice(0, 40)}`;
        const made = await context.change<OrderListItem>('/v1/orders', { body, idempotencyKey });
        if (!made) return;
        context.print(made, () => [
          `Order ${made.number} (${made.id}) accepted: ${money(made.total)}, ${made.status}`,
        ]);
        context.next(`holdfast orders show ${made.number}`);
      }),
    );
}

function addCommands(orders: Command, act: Act): void {
  orders
    .command('cancel')
    .description('cancels an order: money and stock go back; refused once it is too late')
    .argument('<order>', NUMBER_OR_ID)
    .addOption(new Option('--reason <reason>', 'why').choices(CANCEL_REASONS).makeOptionMandatory())
    .option('--note <text>', 'in your words, for the timeline')
    .addHelpText(
      'after',
      '\nExample:\n  holdfast orders cancel 100042 --reason customer --note "called, wrong size"',
    )
    .action((order: string, flags: { reason: string; note?: string }, command: Command) =>
      act(command, async (context) => {
        if (!(await context.confirm(`Cancel order ${order}, void its payment and give its stock back?`)))
          return;
        await send(context, {
          order,
          action: 'cancel',
          body: { reason: flags.reason, ...noted(flags.note) },
        });
      }),
    );
  orders
    .command('retry')
    .description('runs the step that waits once more')
    .argument('<order>', NUMBER_OR_ID)
    .option('--note <text>', 'in your words, for the timeline')
    .action((order: string, flags: { note?: string }, command: Command) =>
      act(command, (context) => send(context, { order, action: 'retry', body: noted(flags.note) })),
    );
}

function noted(note: string | undefined): { note?: string } {
  return note === undefined ? {} : { note };
}

interface OrderCommand {
  order: string;
  action: 'cancel' | 'retry';
  body: object;
}

async function send(context: Context, { order, action, body }: OrderCommand): Promise<void> {
  const path = `/v1/orders/${encodeURIComponent(order)}/${action}`;
  const answer = await context.changeAnswer<OrderDetail | CommandShown>(path, { body });
  if (!answer) return;
  if (answer.status === 202) {
    if (!answer.location) throw new UsageError('the API accepted the command without saying where it is');
    return followCommand(context, answer.location, order);
  }
  const { body: changed } = answer;
  context.print(changed, () =>
    'status' in changed ? [`Order ${changed.number}: ${statusText(changed.status, changed.attention)}`] : [],
  );
  context.next(`holdfast orders show ${order}`);
}
