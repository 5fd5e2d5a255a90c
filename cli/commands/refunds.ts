/** `holdfast refunds`: give money back, decide on what others asked for, and see what became of it. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { CommandShown, OrderDetail } from '../../api/schemas/orders.ts';
import type { Refund, RefundPreview, RefundRequestBody } from '../../api/schemas/refunds.ts';
import { FAILURES } from '../../domain/failures.ts';
import { REFUND_ROUTES } from '../../domain/method.ts';
import { parseDecimal } from '../../domain/money.ts';
import { FEE_KINDS, REFUND_REASONS } from '../../domain/refund.ts';
import { REFUND_STATES } from '../../domain/refundStates.ts';
import { UsageError, type Context } from '../context.ts';
import { instant, money, orDash } from '../format.ts';
import { ApiProblem } from '../http.ts';
import type { Act } from '../run.ts';
import { followCommand } from './followCommand.ts';
import { limit, NUMBER_OR_ID } from './inputs.ts';

const REFUND_ID = 'id (rfd_…), from: holdfast refunds list';
const NOTE = 'in your words, for colleagues; shown to those who may see personal data';

/** Adds the commands. */
export function registerRefunds(program: Command, act: Act): void {
  const refunds = program.command('refunds').description('money that goes back to customers');
  addCreate(refunds, act);
  addList(refunds, act);
  addDecision(refunds, act, { name: 'approve', description: 'approves what somebody else asked for' });
  addDecision(refunds, act, { name: 'decline', description: 'declines it: nothing moves' });
  addDecision(refunds, act, {
    name: 'withdraw',
    description: 'takes a refund back of which nothing has moved and nothing is under way',
  });
  addDecision(refunds, act, { name: 'retry', description: 'tries what failed again, under a new key' });
  addRecord(refunds, act);
}

interface CreateFlags {
  reason: (typeof REFUND_REASONS)[number];
  amount?: string;
  line?: { lineNo: number; units: number }[];
  shipping?: string;
  goodwill?: string;
  fee?: [string, string][];
  payment?: string;
  note?: string;
}

function addCreate(refunds: Command, act: Act): void {
  refunds
    .command('create')
    .description('gives money of an order back; above your limit it waits for a second person')
    .argument('<order>', NUMBER_OR_ID)
    .addOption(new Option('--reason <reason>', 'why').choices(REFUND_REASONS).makeOptionMandatory())
    .option('--amount <amount>', 'a plain amount, e.g. 12.50')
    .option('--line <line:units...>', 'units of a line at what was paid for them, e.g. 1:2', lineUnits)
    .option('--shipping <amount>', 'of the shipping')
    .option('--goodwill <amount>', 'on top, without a line')
    .option('--fee <kind:amount...>', `kept back; kinds: ${FEE_KINDS.join(', ')}`, feeAmount)
    .option('--payment <id>', 'give it back on this payment first')
    .option('--note <text>', NOTE)
    .addHelpText(
      'after',
      '\nWith --dry-run it shows what the refund would be and sends nothing.\n\nExamples:\n  holdfast refunds create 100042 --reason defective --line 1:1 --dry-run\n  holdfast refunds create 100042 --reason goodwill --amount 12.50',
    )
    .action((order: string, flags: CreateFlags, command: Command) =>
      act(command, (context) => create(context, order, flags)),
    );
}

function lineUnits(text: string, before: { lineNo: number; units: number }[] = []) {
  const [, lineNo, units] = /^(\d{1,6}):(\d{1,7})$/.exec(text) ?? [];
  if (lineNo === undefined || units === undefined)
    throw new InvalidArgumentError('It is the number of a line and its units, e.g. 1:2.');
  return [...before, { lineNo: Number(lineNo), units: Number(units) }];
}

function feeAmount(text: string, before: [string, string][] = []): [string, string][] {
  const [kind, amount] = text.split(':');
  if (!FEE_KINDS.some((one) => one === kind) || kind === undefined || amount === undefined)
    throw new InvalidArgumentError(
      `It is a kind (${FEE_KINDS.join(', ')}) and an amount, e.g. restocking:2.50.`,
    );
  return [...before, [kind, amount]];
}

async function create(context: Context, order: string, flags: CreateFlags): Promise<void> {
  const { currency } = (await context.api().call<OrderDetail>(pathOf(order))).total;
  const body = bodyOf(flags, currency);
  const preview = await context
    .api()
    .call<RefundPreview>(`${pathOf(order)}/refunds/preview`, { method: 'POST', body });
  if (context.dryRun) return context.print(preview, () => previewLines(preview));
  if (!preview.plan) throw refusalOf(preview);
  const waits = preview.needsApproval ? ' It then waits for a second person.' : '';
  if (
    !(await context.confirm(`Give back a refund of ${money(preview.plan.amount)} of order ${order}?${waits}`))
  )
    return;
  await send(context, { order, path: `${pathOf(order)}/refunds`, body });
}

function bodyOf(flags: CreateFlags, currency: string): RefundRequestBody {
  const amountOf = (text: string) => {
    const amount = parseDecimal(text, currency);
    if (amount === undefined) throw new UsageError(`${text} is not an amount in ${currency}`);
    return { amount, currency };
  };
  const { reason, amount, line, shipping, goodwill, fee, payment, note } = flags;
  return {
    reason,
    ...(amount !== undefined && { amount: amountOf(amount) }),
    ...(line && { lines: line }),
    ...(shipping !== undefined && { shipping: amountOf(shipping) }),
    ...(goodwill !== undefined && { goodwill: amountOf(goodwill) }),
    ...(fee && {
      fees: fee.map(([name, text]) => ({
        kind: FEE_KINDS.find((one) => one === name) ?? 'other',
        amount: amountOf(text),
      })),
    }),
    ...(payment !== undefined && { paymentId: payment }),
    ...(note !== undefined && { note }),
  };
}

/** What the API would answer, before anybody is asked whether they mean it. */
function refusalOf({ problem }: RefundPreview): ApiProblem {
  const { code = 'refused_by_state', detail } = problem ?? {};
  const { title, status } =
    Object.entries(FAILURES).find(([name]) => name === code)?.[1] ?? FAILURES.refused_by_state;
  return new ApiProblem({ title, status, code, ...(detail !== undefined && { detail }) });
}

/** What a refund would be, in lines of text. */
function previewLines({ plan, problem, refundable, needsApproval, limit: most }: RefundPreview): string[] {
  const left = `Could be given back at most: ${money(refundable)}`;
  if (!plan)
    return [`It would be refused: ${problem?.detail ?? ''}${problem ? ` (${problem.code})` : ''}`, left];
  return [
    `It would give back ${money(plan.amount)}`,
    ...plan.lines.map(
      (one) => `  ${one.units} of line ${one.lineNo}: ${money(one.total)} (tax ${money(one.tax)})`,
    ),
    ...(plan.shipping.amount > 0 ? [`  shipping: ${money(plan.shipping)}`] : []),
    ...(plan.goodwill.amount > 0 ? [`  goodwill: ${money(plan.goodwill)}`] : []),
    ...plan.fees.map((fee) => `  less ${fee.kind.replace('_', ' ')}: ${money(fee.amount)}`),
    ...plan.movements.map(
      (one) => `On ${one.method} ${one.paymentId}: ${money(one.amount)}${one.byHand ? ', by hand' : ''}`,
    ),
    needsApproval
      ? `A second person has to approve it (yours: up to ${money(most)}).`
      : 'Nobody has to approve it.',
    left,
  ];
}

function addList(refunds: Command, act: Act): void {
  refunds
    .command('list')
    .description('refunds, newest first')
    .argument('[order]', `of one order: ${NUMBER_OR_ID}`)
    .addOption(new Option('--state <state>', 'in one state').choices(REFUND_STATES))
    .option('--channel <channel>', 'of one channel')
    .option('--limit <n>', 'at most so many', limit, 50)
    .action(
      (
        order: string | undefined,
        flags: { state?: string; channel?: string; limit: number },
        command: Command,
      ) =>
        act(command, async (context) => {
          const rows = await find(context, order, flags);
          context.table(rows, COLUMNS, 'No refunds.');
          const waiting = rows.find((row) => row.state === 'awaiting_approval');
          if (waiting) context.next(approvalOf(waiting));
        }),
    );
}

async function find(
  context: Context,
  order: string | undefined,
  flags: { state?: string; channel?: string; limit: number },
): Promise<Refund[]> {
  if (order !== undefined) {
    const { data } = await context.api().call<{ data: Refund[] }>(`${pathOf(order)}/refunds`);
    return data.filter((row) => flags.state === undefined || row.state === flags.state).toReversed();
  }
  const rows: Refund[] = [];
  const query = { state: flags.state, channel: flags.channel };
  for await (const row of context.api().pages<Refund>('/v1/refunds', query, flags.limit)) rows.push(row);
  return rows;
}

const COLUMNS = [
  { head: 'Refund', cell: (row: Refund) => row.id },
  { head: 'Order', right: true, cell: (row: Refund) => String(row.orderNumber) },
  { head: 'State', cell: (row: Refund) => row.state },
  { head: 'Amount', right: true, cell: (row: Refund) => money(row.amount) },
  { head: 'Reason', cell: (row: Refund) => row.reason },
  { head: 'Asked for', cell: (row: Refund) => instant(row.createdAt) },
  { head: 'By', cell: (row: Refund) => row.requestedBy },
  { head: 'Decided by', cell: (row: Refund) => orDash(row.decidedBy) },
  { head: 'Failure', cell: (row: Refund) => orDash(row.attempts.at(-1)?.failureCode) },
];

function addDecision(refunds: Command, act: Act, given: { name: string; description: string }): void {
  const { name, description } = given;
  refunds
    .command(name)
    .description(description)
    .argument('<order>', NUMBER_OR_ID)
    .argument('<refund>', REFUND_ID)
    .option('--note <text>', NOTE)
    .action((order: string, ...[refund, flags, command]: [string, { note?: string }, Command]) =>
      act(command, (context) =>
        send(context, {
          order,
          path: `${pathOf(order)}/refunds/${encodeURIComponent(refund)}/${name}`,
          body: flags.note === undefined ? {} : { note: flags.note },
          refund,
        }),
      ),
    );
}

interface RecordFlags {
  reference: string;
  route?: string;
  note?: string;
}

function addRecord(refunds: Command, act: Act): void {
  refunds
    .command('record')
    .description('says that the money went back by another route')
    .argument('<order>', NUMBER_OR_ID)
    .argument('<refund>', REFUND_ID)
    .requiredOption('--reference <reference>', 'under which that route knows it')
    .addOption(new Option('--route <route>', 'on which way it went back').choices(REFUND_ROUTES))
    .option('--note <text>', NOTE)
    .action((order: string, ...[refund, flags, command]: [string, RecordFlags, Command]) =>
      act(command, (context) =>
        send(context, {
          order,
          path: `${pathOf(order)}/refunds/${encodeURIComponent(refund)}/record`,
          body: {
            reference: flags.reference,
            ...(flags.route !== undefined && { route: flags.route }),
            ...(flags.note !== undefined && { note: flags.note }),
          },
          refund,
        }),
      ),
    );
}

function pathOf(order: string): string {
  return `/v1/orders/${encodeURIComponent(order)}`;
}

interface Sent {
  order: string;
  path: string;
  body: object;
  /** The refund it is about; left out for a new one. */
  refund?: string;
}

async function send(context: Context, { order, path, body, refund }: Sent): Promise<void> {
  const answer = await context.changeAnswer<OrderDetail | CommandShown>(path, { body });
  if (!answer) return;
  if (answer.status === 202) {
    if (!answer.location) throw new UsageError('the API accepted the command without saying where it is');
    return followCommand(context, answer.location, order);
  }
  const { body: changed } = answer;
  const all = 'money' in changed ? changed.money.refunds : [];
  const one = all.find((row) => row.id === refund) ?? all.at(-1);
  context.print(one ?? changed, () =>
    one ? [`Refund ${one.id} of order ${one.orderNumber}: ${money(one.amount)}, ${one.state}`] : [],
  );
  const isWaiting = one?.state === 'awaiting_approval';
  context.next(isWaiting ? approvalOf(one) : `holdfast orders show ${order}`);
}

/** Who asked for it can not approve it: it is what somebody else has to do. */
function approvalOf(refund: Refund): string {
  return `someone other than ${refund.requestedBy}, who may approve:  holdfast refunds approve ${refund.orderNumber} ${refund.id}`;
}
