/** `holdfast ledger`: whether the books balance and are explained to the last row. */
import type { Command } from 'commander';
import type { LedgerVerification } from '../../api/schemas/ledger.ts';
import type { Context } from '../context.ts';
import { instant, money, orDash } from '../format.ts';
import { NotWell } from './status.ts';
import type { Act } from '../run.ts';

/** Adds the commands. */
export function registerLedger(program: Command, act: Act): void {
  const ledger = program
    .command('ledger')
    .description('the books: postings, and the events that explain them');
  ledger
    .command('verify')
    .description('proves that the books balance and are explained to the last row; 1 = a row is wrong')
    .action((_: unknown, command: Command) => act(command, verify));
}

/** So many wrong rows are printed after the first. */
const MORE_SHOWN = 20;

async function verify(context: Context): Promise<void> {
  const found = await context.api().call<LedgerVerification>('/v1/ledger/verification');
  context.print(found, () => linesOf(found));
  if (!found.ok) throw new NotWell();
}

function linesOf({ ok, payments, events, postings, wrong, problems }: LedgerVerification): string[] {
  const looked = `${payments} payments, ${events} events, ${postings} postings`;
  if (ok) return [`The books are right: ${looked}.`];
  const [first, ...others] = problems;
  if (!first) return [`${wrong} rows are wrong: ${looked}.`];
  return [
    `${wrong} rows are wrong: ${looked}.`,
    `First: ${rowLine(first)}`,
    `       ${first.detail}`,
    ...others.slice(0, MORE_SHOWN).map((one) => `Then:  ${rowLine(one)}`),
  ];
}

function rowLine(row: LedgerVerification['problems'][number]): string {
  const when = row.at === null ? 'in total' : instant(row.at);
  const sums = `expected ${money(row.expected)}, is ${money(row.actual)}`;
  return `${when}  ${row.kind}  ${row.row}  (order ${orDash(row.orderNumber)}): ${sums}`;
}
