/** `holdfast credit`: gift cards and customers' store credit that Holdfast keeps itself. */
import { createHash, randomUUID } from 'node:crypto';
import { Option, type Command } from 'commander';
import type {
  CreditAccount,
  CreditAccountDetail,
  CreditIssued,
  CreditMovement,
} from '../../api/schemas/credit.ts';
import { CREDIT_STATES, DISABLE_REASONS } from '../../domain/credit.ts';
import { CREDIT_METHODS } from '../../domain/method.ts';
import { isCurrency, parseDecimal } from '../../domain/money.ts';
import { UsageError, type Context } from '../context.ts';
import { instant, money, orDash } from '../format.ts';
import type { Act } from '../run.ts';
import { limit } from './inputs.ts';

const ACCOUNT = 'id (crd_…), from: holdfast credit list';
const PATH = '/v1/credit-accounts';

/** Adds the commands. */
export function registerCredit(program: Command, act: Act): void {
  const credit = program.command('credit').description('gift cards and store credit');
  addIssue(credit, act);
  addList(credit, act);
  addShow(credit, act);
  addAdjust(credit, act);
  addDisable(credit, act);
  addEnable(credit, act);
}

interface IssueFlags {
  holder?: string;
  expires?: string;
  reason?: string;
  key?: string;
}

function addIssue(credit: Command, act: Act): void {
  credit
    .command('issue')
    .description('makes a gift card or store credit; a gift card’s code is shown this once')
    .argument('<kind>', CREDIT_METHODS.join(' or '))
    .argument('<amount>', 'what is on it, e.g. 50.00')
    .argument('<currency>', 'e.g. EUR')
    .option('--holder <id>', 'the customer’s id in your system')
    .option('--expires <instant>', 'from then on nothing more can be paid with it, e.g. 2029-12-31T23:59:59Z')
    .option('--reason <text>', 'why')
    .option('--key <text>', 'makes running the same command again harmless')
    .addHelpText(
      'after',
      '\nExample:\n  holdfast credit issue gift_card 50.00 EUR --expires 2029-12-31T23:59:59Z',
    )
    .action((...[kind, amount, currency, flags, command]: [string, string, string, IssueFlags, Command]) =>
      act(command, async (context) => {
        const made = await context.change<CreditIssued>(PATH, {
          body: {
            kind,
            amount: amountOf(amount, currency),
            ...(flags.holder !== undefined && { holder: flags.holder }),
            ...(flags.expires !== undefined && { expiresAt: flags.expires }),
            ...(flags.reason !== undefined && { reason: flags.reason }),
          },
          idempotencyKey: keyOf(flags.key),
        });
        if (made) context.print(made, () => issuedLines(made));
      }),
    );
}

function issuedLines(made: CreditIssued): string[] {
  const line = `${made.kind} ${made.id}: ${money(made.balance)}`;
  if (made.kind !== 'gift_card') return [line];
  if (made.code === null)
    return [line, 'It was issued before; its code is not shown again. Lost? Disable it and issue another.'];
  return [line, `Code: ${made.code}`, 'Keep it: it is not shown again.'];
}

/** Text to minor units; throws UsageError when it is no amount in the currency. */
function amountOf(text: string, currency: string) {
  const amount = isCurrency(currency) ? parseDecimal(text.replace(/^\+/, ''), currency) : undefined;
  if (amount === undefined) throw new UsageError(`${text} ${currency} is not an amount`);
  return { amount, currency };
}

function keyOf(text: string | undefined): string {
  return text ? `cli-${createHash('sha256').update(text).digest('hex')}` : randomUUID();
}

const COLUMNS = [
  { head: 'Account', cell: (row: CreditAccount) => row.id },
  { head: 'Kind', cell: (row: CreditAccount) => row.kind },
  { head: 'Code', cell: (row: CreditAccount) => (row.codeLast4 === null ? '-' : `…${row.codeLast4}`) },
  { head: 'Holder', cell: (row: CreditAccount) => orDash(row.holder) },
  { head: 'Balance', right: true, cell: (row: CreditAccount) => money(row.balance) },
  { head: 'Held', right: true, cell: (row: CreditAccount) => money(row.held) },
  { head: 'State', cell: (row: CreditAccount) => row.state },
  { head: 'Expires', cell: (row: CreditAccount) => instant(row.expiresAt) },
  { head: 'Issued', cell: (row: CreditAccount) => instant(row.createdAt) },
];

interface ListFlags {
  kind?: string;
  holder?: string;
  state?: string;
  limit: number;
}

function addList(credit: Command, act: Act): void {
  credit
    .command('list')
    .description('accounts, newest first')
    .addOption(new Option('--kind <kind>', 'of one kind').choices(CREDIT_METHODS))
    .option('--holder <id>', 'of one customer')
    .addOption(new Option('--state <state>', 'in one state').choices(CREDIT_STATES))
    .option('--limit <n>', 'at most so many', limit, 50)
    .action((flags: ListFlags, command: Command) =>
      act(command, async (context) => {
        const query = { kind: flags.kind, holder: flags.holder, state: flags.state };
        const rows: CreditAccount[] = [];
        for await (const row of context.api().pages<CreditAccount>(PATH, query, flags.limit)) rows.push(row);
        context.table(rows, COLUMNS, 'No accounts.');
      }),
    );
}

function addShow(credit: Command, act: Act): void {
  credit
    .command('show')
    .description('one account with its newest movements')
    .argument('<account>', ACCOUNT)
    .action((account: string, _: unknown, command: Command) =>
      act(command, async (context) =>
        print(context, await context.api().call<CreditAccountDetail>(pathOf(account))),
      ),
    );
}

interface ChangeFlags {
  reason: string;
  key?: string;
}

function addAdjust(credit: Command, act: Act): void {
  credit
    .command('adjust')
    .description('adds to an account, or takes from it')
    .argument('<account>', ACCOUNT)
    .requiredOption('--by <amount>', 'e.g. 12.50; taken away: --by=-12.50')
    .requiredOption('--reason <text>', 'why')
    .option('--key <text>', 'makes running the same command again harmless')
    .action((account: string, ...[flags, command]: [ChangeFlags & { by: string }, Command]) =>
      act(command, async (context) => {
        const { currency } = await context.api().call<CreditAccountDetail>(pathOf(account));
        const amount = amountOf(flags.by, currency);
        if (!(await context.confirm(`Change the balance of ${account} by ${money(amount)}?`))) return;
        const changed = await context.change<CreditAccountDetail>(`${pathOf(account)}/adjustments`, {
          body: { amount, reason: flags.reason },
          idempotencyKey: keyOf(flags.key),
        });
        if (changed) print(context, changed);
      }),
    );
}

function addDisable(credit: Command, act: Act): void {
  credit
    .command('disable')
    .description('nothing new can be paid with it; what is held can still be taken and given back')
    .argument('<account>', ACCOUNT)
    .addOption(new Option('--reason <reason>', 'why').choices(DISABLE_REASONS))
    .action((account: string, flags: { reason?: string }, command: Command) =>
      act(command, (context) =>
        turn(context, `${pathOf(account)}/disable`, {
          ...(flags.reason !== undefined && { reason: flags.reason }),
        }),
      ),
    );
}

function addEnable(credit: Command, act: Act): void {
  credit
    .command('enable')
    .description('it can be paid with again; also prolongs it')
    .argument('<account>', ACCOUNT)
    .option('--expires <instant>', 'a new end, or "never"; left out: as it is')
    .action((account: string, flags: { expires?: string }, command: Command) =>
      act(command, (context) =>
        turn(context, `${pathOf(account)}/enable`, {
          ...(flags.expires !== undefined && { expiresAt: flags.expires === 'never' ? null : flags.expires }),
        }),
      ),
    );
}

async function turn(context: Context, path: string, body: object): Promise<void> {
  const changed = await context.change<CreditAccountDetail>(path, { body });
  if (changed) print(context, changed);
}

function pathOf(account: string): string {
  return `${PATH}/${encodeURIComponent(account)}`;
}

function print(context: Context, account: CreditAccountDetail): void {
  context.print(account, () => [
    `${account.kind} ${account.id}, ${account.state}${account.codeLast4 === null ? '' : `, code …${account.codeLast4}`}`,
    `Balance ${money(account.balance)}, held ${money(account.held)}, available ${money(account.available)}`,
    `Holder ${orDash(account.holder)}, issued ${instant(account.createdAt)} by ${account.createdBy}, expires ${instant(account.expiresAt)}`,
    ...account.movements.map(movementLine),
    ...(account.hasMoreMovements ? ['… and older ones'] : []),
  ]);
}

function movementLine(one: CreditMovement): string {
  const order = one.orderNumber === null ? '' : `, order ${one.orderNumber}`;
  const reason = one.reason === null ? '' : `: ${one.reason}`;
  return `  ${instant(one.at)}  ${one.kind}  balance ${money(one.balance)}, held ${money(one.held)}${order}  (${one.actor}${reason})`;
}
