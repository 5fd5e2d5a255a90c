/**
 * The program `holdfast`: puts the commands together, makes global options work before and after the command, and
 * turns every end into an exit code: 0 done, 1 failed, 2 wrong use or refused input, 3 not found, 4 refused by the
 * state of things.
 */
import { Command, CommanderError, Option } from 'commander';
import { registerCases } from './commands/cases.ts';
import { registerChannels } from './commands/channels.ts';
import { registerCredit } from './commands/credit.ts';
import { registerDemo } from './commands/demo.ts';
import { registerEvents } from './commands/events.ts';
import { registerItems } from './commands/items.ts';
import { registerKeys } from './commands/keys.ts';
import { registerLedger } from './commands/ledger.ts';
import { registerLocations } from './commands/locations.ts';
import { registerOrders } from './commands/orders.ts';
import { registerReceipts } from './commands/receipts.ts';
import { registerReconcile } from './commands/reconcile.ts';
import { registerRefunds } from './commands/refunds.ts';
import { registerReports } from './commands/reports.ts';
import { NotWell, registerStatus } from './commands/status.ts';
import { registerStock } from './commands/stock.ts';
import { contextOf, PartlyRefused, UsageError, type CliIo, type Context } from './context.ts';
import { ApiProblem, ApiUnreachable, type Problem } from './http.ts';

/** Runs a command's work with its context; the way every command file starts its actions. */
export type Act = (command: Command, work: (context: Context) => Promise<void>) => Promise<void>;

/** Adds commands that need more than the API, such as imports. */
export type Register = (program: Command) => void;

const GLOBAL_OPTIONS: readonly (readonly [flags: string, description: string])[] = [
  ['--json', 'print data as JSON'],
  ['--url <url>', 'address of the API (HOLDFAST_URL, else the local stack)'],
  ['--api-key <key>', 'key to use (HOLDFAST_API_KEY)'],
  ['--yes', 'ask nothing'],
  ['--dry-run', 'print what would be sent, send nothing'],
  ['--no-color', 'no colors (also NO_COLOR)'],
];

const EXAMPLES = `
Examples:
  holdfast orders list --attention stock
  holdfast orders show 100042
  holdfast orders cancel 100042 --reason customer --yes
  holdfast stock adjust MUG-BLUE wh-east --by 20 --reason received
  holdfast keys create "night shift" --role support
  holdfast reports show sales --group-by product

Exit codes: 0 done · 1 failed · 2 wrong use or refused input · 3 not found · 4 refused by the state of things`;

/** Runs the program with `args` (without node and script) and returns the exit code; never throws. */
export async function runCli(
  args: readonly string[],
  io: CliIo,
  more: readonly Register[] = [],
): Promise<number> {
  const program = buildProgram(io, more);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    return explain(error, io);
  }
}

function buildProgram(io: CliIo, more: readonly Register[]): Command {
  const program = new Command('holdfast')
    .description('Orders, stock and keys of a Holdfast installation, over its API.')
    .enablePositionalOptions()
    .showHelpAfterError('(add --help for what is possible)')
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.say(text.trimEnd()),
    })
    .addHelpText('after', EXAMPLES)
    .exitOverride();
  const act: Act = (command, work) => work(contextOf(command, io));
  for (const register of [registerOrders, registerItems, registerStock, registerLocations, registerChannels])
    register(program, act);
  for (const register of [
    registerKeys,
    registerEvents,
    registerCases,
    registerReceipts,
    registerRefunds,
    registerCredit,
    registerReconcile,
    registerLedger,
    registerReports,
    registerDemo,
    registerStatus,
  ])
    register(program, act);
  for (const register of more) register(program);
  for (const [flags, description] of GLOBAL_OPTIONS) program.option(flags, description);
  if (io.url) program.setOptionValueWithSource('url', io.url, 'env');
  if (io.apiKey) program.setOptionValueWithSource('apiKey', io.apiKey, 'env');
  for (const leaf of leavesOf(program)) addGlobals(leaf);
  // An option given on either side of the command counts on both: commands of others look at the one or the other.
  program.hook('preAction', (_, leaf) => shareGlobals(program, leaf));
  return program;
}

function leavesOf(command: Command): Command[] {
  for (const child of command.commands) child.copyInheritedSettings(command);
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
}

function addGlobals(leaf: Command): void {
  const known = new Set(leaf.options.map((option) => option.long));
  for (const [flags, description] of GLOBAL_OPTIONS) {
    const option = new Option(flags, description);
    if (!known.has(option.long)) leaf.addOption(option.hideHelp());
  }
  leaf.addHelpText(
    'after',
    '\nAlso: --json, --url, --api-key, --yes, --dry-run, --no-color (holdfast --help)',
  );
}

function shareGlobals(program: Command, leaf: Command): void {
  for (const { name } of GLOBAL_OPTIONS.map(([flags]) => ({ name: new Option(flags).attributeName() }))) {
    const value: unknown = leaf.getOptionValue(name);
    if (leaf.getOptionValueSource(name) === 'cli') program.setOptionValueWithSource(name, value, 'cli');
    else if (program.getOptionValueSource(name) === 'cli')
      leaf.setOptionValueWithSource(name, program.getOptionValue(name), 'cli');
  }
}

/** Says what went wrong and returns the exit code for it. */
function explain(error: unknown, io: CliIo): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError) {
    io.say(error.message);
    return 2;
  }
  if (error instanceof PartlyRefused) {
    io.say(error.message);
    return 4;
  }
  if (error instanceof ApiProblem) {
    for (const line of problemLines(error.problem)) io.say(line);
    return exitCodeOf(error.status);
  }
  if (error instanceof ApiUnreachable) {
    io.say(error.message);
    io.say('Next:  holdfast status    (or start a local stack: npm start)');
    return 1;
  }
  if (io.signal.aborted) return 130;
  if (error instanceof NotWell) return 1;
  io.say(error instanceof Error ? error.message : String(error));
  return 1;
}

function exitCodeOf(status: number): number {
  if (status === 400 || status === 413 || status === 422) return 2;
  if (status === 404) return 3;
  return status === 402 || status === 409 ? 4 : 1;
}

/** A problem document in lines: what, why, each field, what may be done instead, and the id to quote to support. */
export function problemLines(problem: Problem): string[] {
  const lines = [`${problem.title}${problem.code ? ` (${problem.code})` : ''}`];
  if (problem.detail && problem.detail !== problem.title) lines.push(`  ${problem.detail}`);
  for (const { pointer, detail } of problem.errors ?? [])
    lines.push(`  ${pointer ? `${pointer}: ` : ''}${detail}`);
  const allowed = (problem.allowedActions ?? [])
    .filter((action) => action.enabled)
    .map((action) => action.action);
  if (allowed.length > 0) lines.push(`  possible now: ${allowed.join(', ')}`);
  if (problem.status === 401)
    lines.push('  set HOLDFAST_API_KEY to a key that is valid; a local one: npm run keys -- ops');
  if (problem.requestId) lines.push(`  request ${problem.requestId}`);
  return lines;
}
