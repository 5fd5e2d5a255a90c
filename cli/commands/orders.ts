/** `holdfast orders`: find, read, place, cancel and retry orders. */
import { createHash } from 'node:crypto';
import { Option, type Command } from 'commander';
import type { OrderDetail, OrderListItem } from '../../api/schemas/orders.ts';
import type { TimelineEntry } from '../../api/schemas/feeds.ts';
import { LIFECYCLES, ATTENTIONS } from '../../domain/order.ts';
import { ORDER_VIEWS } from '../../domain/orderViews.ts';
import { STAGES } from '../../domain/stage.ts';
import { dataText, instant, money, statusText } from '../format.ts';
import type { Page } from '../http.ts';
import { jsonObject, limit, NUMBER_OR_ID, readText } from './inputs.ts';
import { addDesk } from './orderDesk.ts';
import { addOrderCommands } from './orderCommands.ts';
import { orderLines } from './orderPage.ts';
import { addPaymentLink } from './paymentLink.ts';
import type { Act } from '../run.ts';

type AllowedAction = OrderDetail['allowedActions'][number]['action'];

interface ListFlags {
  view?: string;
  stage?: string;
  country?: string;
  q?: string;
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
  addOrderCommands(orders, act);
  addPaymentLink(orders, act);
  addDesk(orders, act);
}

function addList(orders: Command, act: Act): void {
  orders
    .command('list')
    .description('orders that fit, newest first')
    .addOption(new Option('--view <view>', 'what everybody looks at').choices(ORDER_VIEWS))
    .addOption(new Option('--stage <state>', 'what it is doing now').choices(STAGES))
    .option('--country <code>', 'where it is sent, e.g. DE')
    .addOption(new Option('--lifecycle <state>', 'where it stands in its life').choices(LIFECYCLES))
    .addOption(new Option('--attention <kind>', 'what it needs a person for').choices(ATTENTIONS))
    .option('--channel <id>', 'where it was sold')
    .option('--external-id <id>', 'the channel’s own id of it')
    .option(
      '--search <text>',
      'number, external id, SKU, tracking code; e-mail or name if your key may see them',
    )
    .addOption(new Option('--q <text>', 'the same as --search').hideHelp())
    .option('--since <instant>', 'placed here after, e.g. 2026-03-14T00:00:00Z')
    .option('--sort <field>', 'a minus first is descending', '-createdAt')
    .option('--limit <n>', 'at most so many', limit, 50)
    .addHelpText(
      'after',
      '\nExamples:\n  holdfast orders list --view late\n  holdfast orders list --attention payment_action\n  holdfast orders list --search jane@example.com --limit 10',
    )
    .action((flags: ListFlags, command: Command) =>
      act(command, async (context) => {
        const { limit: most, search, q, since, ...filters } = flags;
        const query = { ...pick(filters), q: search ?? q, createdAfter: since };
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
function pick(flags: Partial<ListFlags>) {
  const { view, stage, country, lifecycle, attention, channel, externalId, sort } = flags;
  return { view, stage, country, lifecycle, attention, channel, externalId, sort };
}

/** What is typed for each action that an order may allow. */
const COMMAND_OF: Readonly<Record<AllowedAction, (order: number) => string>> = {
  cancel: (order) => `holdfast orders cancel ${order} --reason <reason>`,
  retry: (order) => `holdfast orders retry ${order}`,
  change_payment: (order) => `holdfast orders pay ${order} …`,
  write_off: (order) => `holdfast orders write-off ${order} --note <why>`,
  refund: (order) => `holdfast refunds create ${order} --reason <reason> …`,
};

function addReading(orders: Command, act: Act): void {
  orders
    .command('show')
    .description('one order: where it stands in words, lines, money, parcels, waits and notes')
    .argument('<order>', NUMBER_OR_ID)
    .action((order: string, _: unknown, command: Command) =>
      act(command, async (context) => {
        const found = await context.api().call<OrderDetail>(`/v1/orders/${encodeURIComponent(order)}`);
        context.print(found, () => orderLines(found));
        const action = found.allowedActions.find((one) => one.enabled)?.action;
        const act = action ? `   ·   ${COMMAND_OF[action](found.number)}` : '';
        context.next(`holdfast orders timeline ${found.number}${act}`);
      }),
    );
  orders
    .command('timeline')
    .description('what happened to an order, oldest first')
    .argument('<order>', NUMBER_OR_ID)
    .addOption(
      new Option('--who <who>', 'what people did, or what came by itself').choices([
        'all',
        'people',
        'system',
      ]),
    )
    .addHelpText('after', '\nExample:\n  holdfast orders timeline 100042 --who people')
    .action((order: string, flags: { who?: string }, command: Command) =>
      act(command, async (context) => {
        const path = `/v1/orders/${encodeURIComponent(order)}/timeline`;
        const query = { who: flags.who };
        const { data } = await context.api().call<Page<TimelineEntry>>(path, { query });
        context.table(
          data,
          [
            { head: 'When', cell: (row) => instant(row.at) },
            { head: 'What', cell: (row) => row.type },
            { head: 'Who', cell: (row) => row.actorName ?? row.actor },
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
