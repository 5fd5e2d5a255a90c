/** `holdfast receipts`: money that came in outside every gateway is recorded, brought in from a file, and put in its place. */
import { Option, type Command } from 'commander';
import type { NewReceiptInput, Receipt, ReceiptResults } from '../../api/schemas/receipts.ts';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { OFFLINE_METHODS } from '../../domain/method.ts';
import { parseDecimal } from '../../domain/money.ts';
import { RECEIPT_STATES } from '../../domain/receipt.ts';
import { PartlyRefused, UsageError, type Context } from '../context.ts';
import { instant, money, orDash } from '../format.ts';
import type { Act } from '../run.ts';
import { limit } from './inputs.ts';
import { addReceiptImport, nextOf, problemOf } from './receiptImport.ts';

const ORDER = 'number (100042), id (ord_…), or the number it has elsewhere';
const RECEIPT_ID = 'id (rcp_…), from: holdfast receipts list';
const NOTE = 'in your words, for colleagues; shown to those who may see personal data';

type Result = ReceiptResults['results'][number];

/** Adds the commands. */
export function registerReceipts(program: Command, act: Act): void {
  const receipts = program
    .command('receipts')
    .description('bank transfers, paid invoices and cash: money that came in outside every gateway');
  addRecord(receipts, act);
  addReceiptImport(receipts, act);
  addList(receipts, act);
  addAssign(receipts, act);
  addReturn(receipts, act);
}

interface RecordFlags {
  number: string;
  amount: string;
  currency?: string;
  receivedAt?: string;
  method?: (typeof OFFLINE_METHODS)[number];
  note?: string;
}

function addRecord(receipts: Command, act: Act): void {
  receipts
    .command('record')
    .description('records that money has come in for an order')
    .argument('<order>', ORDER)
    .requiredOption(
      '--number <number>',
      'the bank’s or carrier’s own number of it; the same number is booked once',
    )
    .requiredOption('--amount <amount>', 'e.g. 12.50')
    .option('--currency <code>', 'when left out: the currency of the order, named by number or id')
    .option('--received-at <instant>', 'when it came in, e.g. 2026-03-14T09:00:00Z; now when left out')
    .addOption(
      new Option('--method <method>', 'how it came; when left out, as the order is to be paid').choices(
        OFFLINE_METHODS,
      ),
    )
    .option('--note <text>', NOTE)
    .addHelpText(
      'after',
      '\nExamples:\n  holdfast receipts record 100042 --number 2026-03-14/117 --amount 59.90',
    )
    .action((order: string, flags: RecordFlags, command: Command) =>
      act(command, (context) => record(context, order, flags)),
    );
}

async function record(context: Context, order: string, flags: RecordFlags): Promise<void> {
  const { number, receivedAt, method, note } = flags;
  const currency = flags.currency?.toUpperCase() ?? (await currencyOf(context, order));
  const amount = parseAmount(flags.amount, currency);
  const receipt: NewReceiptInput = {
    ...{ order, number, amount, currency },
    ...(receivedAt !== undefined && { receivedAt }),
    ...(method && { method }),
    ...(note !== undefined && { note }),
  };
  const answer = await context.change<ReceiptResults>('/v1/receipts', { body: { receipts: [receipt] } });
  const [result] = answer?.results ?? [];
  if (!result) return;
  if (!result.receipt) throw new PartlyRefused(`refused: ${problemOf(result)}`);
  context.print(result.receipt, () => [`Receipt ${result.receipt?.id}: ${wordsOf(result)}`]);
  nextOf(context, [result]);
  if (result.receipt.state === 'unmatched') throw new PartlyRefused('It is not booked.');
}

function parseAmount(text: string, currency: string): number {
  let amount: number | undefined;
  try {
    amount = parseDecimal(text, currency);
  } catch {
    throw new UsageError(`${currency} is not a currency`);
  }
  if (amount === undefined || amount <= 0) throw new UsageError(`${text} is not an amount in ${currency}`);
  return amount;
}

async function currencyOf(context: Context, order: string): Promise<string> {
  const found = await context.api().call<OrderDetail>(`/v1/orders/${encodeURIComponent(order)}`);
  return found.total.currency;
}

/** "booked on order 100042", and the same for what was not. */
function wordsOf(result: Result): string {
  const { receipt } = result;
  const order = receipt?.orderNumber ?? receipt?.orderRef ?? '';
  switch (result.result) {
    case 'booked':
      return `${money(receipt?.amount)} booked on order ${order}`;
    case 'given':
      return `${money(receipt?.amount)} recorded for order ${order}; it is booked within seconds`;
    case 'repeated':
      return `recorded before, ${receipt?.state ?? ''}`;
    case 'unmatched':
      return `kept, but it fits no order: ${problemOf(result)}`;
    case 'refused':
      return `refused: ${problemOf(result)}`;
  }
}

function addList(receipts: Command, act: Act): void {
  receipts
    .command('list')
    .description('receipts, newest first')
    .argument('[order]', `of one order: ${ORDER}`)
    .addOption(new Option('--state <state>', 'in one state').choices(RECEIPT_STATES))
    .option('--limit <n>', 'at most so many', limit, 50)
    .action((order: string | undefined, flags: { state?: string; limit: number }, command: Command) =>
      act(command, async (context) => {
        const rows: Receipt[] = [];
        const query = { state: flags.state, order };
        for await (const row of context.api().pages<Receipt>('/v1/receipts', query, flags.limit))
          rows.push(row);
        context.table(rows, COLUMNS, 'No receipts.');
        const open = rows.find((row) => row.state === 'unmatched');
        if (open) context.next(`holdfast receipts assign ${open.id} <order>`);
      }),
    );
}

const COLUMNS = [
  { head: 'Receipt', cell: (row: Receipt) => row.id },
  { head: 'Number', cell: (row: Receipt) => row.number },
  { head: 'Order', right: true, cell: (row: Receipt) => String(row.orderNumber ?? row.orderRef) },
  { head: 'Amount', right: true, cell: (row: Receipt) => money(row.amount) },
  { head: 'Method', cell: (row: Receipt) => row.method },
  { head: 'Received', cell: (row: Receipt) => instant(row.receivedAt) },
  { head: 'State', cell: (row: Receipt) => row.state },
  { head: 'Problem', cell: (row: Receipt) => orDash(row.problem) },
];

function addAssign(receipts: Command, act: Act): void {
  receipts
    .command('assign')
    .description('gives a receipt that fits no order to the one it belongs to')
    .argument('<receipt>', RECEIPT_ID)
    .argument('<order>', ORDER)
    .action((receipt: string, ...[order, , command]: [string, object, Command]) =>
      act(command, (context) => decide(context, `${pathOf(receipt)}/assign`, { order })),
    );
}

function addReturn(receipts: Command, act: Act): void {
  receipts
    .command('return')
    .description('says that the money of a receipt that fits no order was given back')
    .argument('<receipt>', RECEIPT_ID)
    .requiredOption('--note <text>', `how, and to whom; ${NOTE}`)
    .action((receipt: string, flags: { note: string }, command: Command) =>
      act(command, (context) => decide(context, `${pathOf(receipt)}/return`, { note: flags.note })),
    );
}

function pathOf(receipt: string): string {
  return `/v1/receipts/${encodeURIComponent(receipt)}`;
}

async function decide(context: Context, path: string, body: object): Promise<void> {
  const receipt = await context.change<Receipt>(path, { body });
  if (!receipt) return;
  const order = receipt.orderNumber === null ? '' : ` of order ${receipt.orderNumber}`;
  context.print(receipt, () => [`Receipt ${receipt.id}${order}: ${money(receipt.amount)}, ${receipt.state}`]);
  if (receipt.orderNumber !== null) context.next(`holdfast orders show ${receipt.orderNumber}`);
}
