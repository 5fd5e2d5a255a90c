/** `holdfast orders cancel`, `retry` and `pay`: of one order, or of several with one line for each. */
import { Option, type Command } from 'commander';
import type { CommandShown, OrderDetail } from '../../api/schemas/orders.ts';
import { CANCEL_REASONS } from '../../domain/order.ts';
import { PartlyRefused, UsageError, type Context } from '../context.ts';
import { statusText } from '../format.ts';
import { ApiProblem, type Answer } from '../http.ts';
import { followCommand } from './followCommand.ts';
import { NUMBER_OR_ID } from './inputs.ts';
import type { Act } from '../run.ts';

/** Adds the commands. */
export function addOrderCommands(orders: Command, act: Act): void {
  orders
    .command('cancel')
    .description('cancels orders: money and stock go back; refused once it is too late')
    .argument('<order...>', NUMBER_OR_ID)
    .addOption(new Option('--reason <reason>', 'why').choices(CANCEL_REASONS).makeOptionMandatory())
    .option('--note <text>', 'in your words, for colleagues; shown to those who may see personal data')
    .addHelpText(
      'after',
      '\nExamples:\n  holdfast orders cancel 100042 --reason customer --note "called, wrong size"\n  holdfast orders cancel 100042 100043 --reason fraud',
    )
    .action((numbers: string[], flags: { reason: string; note?: string }, command: Command) =>
      act(command, async (context) => {
        const question =
          numbers.length === 1
            ? `Cancel order ${numbers[0]}, void its payment and give its stock back?`
            : `Cancel ${numbers.length} orders, void their payments and give their stock back?`;
        if (!(await context.confirm(question))) return;
        const body = { reason: flags.reason, ...noted(flags.note) };
        await sendToAll(context, { orders: numbers, action: 'cancel', body });
      }),
    );
  orders
    .command('retry')
    .description('runs the step that waits once more')
    .argument('<order...>', NUMBER_OR_ID)
    .option('--note <text>', 'in your words, for colleagues; shown to those who may see personal data')
    .action((numbers: string[], flags: { note?: string }, command: Command) =>
      act(command, (context) =>
        sendToAll(context, { orders: numbers, action: 'retry', body: noted(flags.note) }),
      ),
    );
  orders
    .command('write-off')
    .description('gives up money that was to come after the goods and will not')
    .argument('<order>', NUMBER_OR_ID)
    .requiredOption('--note <text>', 'why, in your words, for colleagues')
    .action((order: string, flags: { note: string }, command: Command) =>
      act(command, async (context) => {
        if (!(await context.confirm(`Give up what order ${order} still owes?`))) return;
        await sendToOne(context, { order, action: 'write-off', body: { note: flags.note } });
      }),
    );
  orders
    .command('pay')
    .description('pays in another way, when the one the order has can not be charged or does not come')
    .argument('<order>', NUMBER_OR_ID)
    .option('--token <token>', "the payment provider's token of another card, never a card number")
    .option('--gift-card <code>', 'the code of a gift card')
    .option('--store-credit <account>', 'the id of an account with store credit (crd_…)')
    .option('--bank-transfer', 'the order waits for a transfer')
    .option('--invoice [days]', 'the goods go first; due so many days later, or as the channel has it')
    .option('--cash', 'the carrier collects it')
    .option('--tender <seq>', 'which of several ways to pay is replaced; the refused one when left out')
    .addHelpText(
      'after',
      '\nExamples:\n  holdfast orders pay 100042 --token pm_1QXyZ\n  holdfast orders pay 100042 --invoice 30',
    )
    .action((order: string, flags: PayFlags, command: Command) =>
      act(command, (context) => sendToOne(context, { order, action: 'payments', body: wayToPay(flags) })),
    );
}

interface PayFlags {
  token?: string;
  giftCard?: string;
  storeCredit?: string;
  bankTransfer?: true;
  invoice?: string | true;
  cash?: true;
  tender?: string;
}

/** The body for exactly one way to pay. */
function wayToPay({ tender, ...flags }: PayFlags): object {
  const ways: object[] = [];
  if (flags.token !== undefined) ways.push({ method: 'card', token: flags.token });
  if (flags.giftCard !== undefined) ways.push({ method: 'gift_card', code: flags.giftCard });
  if (flags.storeCredit !== undefined) ways.push({ method: 'store_credit', account: flags.storeCredit });
  if (flags.bankTransfer) ways.push({ method: 'bank_transfer' });
  if (flags.invoice !== undefined)
    ways.push({ method: 'invoice', ...(flags.invoice !== true && { termsDays: Number(flags.invoice) }) });
  if (flags.cash) ways.push({ method: 'cash_on_delivery' });
  const [way] = ways;
  if (!way || ways.length > 1)
    throw new UsageError(
      'give one way to pay: --token, --gift-card, --store-credit, --bank-transfer, --invoice or --cash',
    );
  return { ...way, ...(tender !== undefined && { tender: Number(tender) }) };
}

function noted(note: string | undefined): { note?: string } {
  return note === undefined ? {} : { note };
}

interface OrderCommands {
  orders: readonly string[];
  action: 'cancel' | 'retry';
  body: object;
}

function sendToAll(context: Context, { orders, action, body }: OrderCommands): Promise<void> {
  const [only] = orders;
  return orders.length === 1 && only !== undefined
    ? sendToOne(context, { order: only, action, body })
    : sendToSeveral(context, { orders, action, body });
}

type CommandAnswer = Answer<OrderDetail | CommandShown>;

function pathOf(order: string, action: string): string {
  return `/v1/orders/${encodeURIComponent(order)}/${action}`;
}

async function sendToOne(
  context: Context,
  {
    order,
    action,
    body,
  }: { order: string; action: 'cancel' | 'retry' | 'payments' | 'write-off'; body: object },
): Promise<void> {
  const answer: CommandAnswer | undefined = await context.changeAnswer(pathOf(order, action), { body });
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

/** What became of one order's command. */
interface Outcome {
  order: string;
  outcome: 'done' | 'accepted' | 'refused';
  /** The order's status, or why it was refused. */
  detail: string;
}

/**
 * Sends the command to each order, one after the other, and prints a line for each. A refusal stops nothing; throws
 * PartlyRefused at the end when there was one. With --dry-run it only names the orders.
 */
export async function sendToSeveral(
  context: Context,
  { orders, action, body }: OrderCommands,
): Promise<void> {
  if (context.dryRun) {
    context.io.say(`Nothing is sent (--dry-run). To ${action}:`);
    return context.print(orders, () => orders);
  }
  const outcomes: Outcome[] = [];
  for (const order of orders) {
    const outcome = await outcomeOf(context, { order, action, body });
    outcomes.push(outcome);
    if (!context.json) context.io.out(`${order}  ${outcome.outcome}  ${outcome.detail}`);
  }
  if (context.json) context.print(outcomes, () => []);
  const refused = outcomes.filter((one) => one.outcome === 'refused').length;
  if (refused > 0) throw new PartlyRefused(`${refused} of ${orders.length} were refused`);
}

async function outcomeOf(
  context: Context,
  { order, action, body }: { order: string; action: string; body: object },
): Promise<Outcome> {
  try {
    const answer = await context
      .api()
      .answer<CommandAnswer['body']>(pathOf(order, action), { method: 'POST', body });
    // Not followed: many orders that wait for a system that is away would be waited for one after the other.
    if (answer.status === 202) return { order, outcome: 'accepted', detail: 'it is kept and will be taken' };
    return { order, outcome: 'done', detail: 'status' in answer.body ? answer.body.status : '' };
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    const { title, code, detail } = error.problem;
    return { order, outcome: 'refused', detail: `${detail ?? title}${code ? ` (${code})` : ''}` };
  }
}
