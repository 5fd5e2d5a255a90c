/**
 * `npm start`: brings the local stack up on .holdfast, prints where everything is, places demo orders when asked, and
 * stays until Ctrl-C. The first Ctrl-C stops in order, a second one at once.
 */
import { Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { startStack, type Stack, type StackOptions } from '../stack.ts';
import { openApi } from '../http.ts';
import { tableLines } from '../table.ts';
import { runDemo, type DemoResult } from './demoRun.ts';
import { DATA_FOLDER } from './files.ts';
import { StackRunning } from './lock.ts';
import { StackFailed } from './processes.ts';
import { sayOnStderr } from './say.ts';
import { TemporalNotFound } from './temporal.ts';

interface Options {
  demo?: number;
  seed: number;
  exitWhenSettled?: boolean;
  data: string;
  pace?: number;
}

/** npm hands a Ctrl-C on that the terminal has sent already: a second one this soon is the same one. */
const SAME_PRESS_MILLIS = 700;
const PARENT_LOOK_MILLIS = 1_000;
const EXIT_INTERRUPTED = 130;

const program = new Command('npm start --')
  .description('Runs Holdfast on this machine: PostgreSQL, Temporal, simulators, worker and API.')
  .option('--demo <orders>', 'places so many varied orders and shows their way', wholeNumber)
  .option('--seed <number>', 'other demo orders with another seed', wholeNumber, 1)
  .option('--exit-when-settled', 'with --demo: stops the stack when every order has settled')
  .option('--pace <seconds>', 'seconds between two steps of a simulated parcel (10)', seconds)
  .option('--data <folder>', 'where everything is kept', DATA_FOLDER)
  .addHelpText(
    'after',
    '\nExamples:\n  npm start\n  npm start -- --demo 200\n  npm start -- --demo 50 --pace 1 --exit-when-settled',
  );

process.exitCode = await run(program.parse().opts<Options>());

async function run(options: Options): Promise<number> {
  const say = sayOnStderr();
  const controller = new AbortController();
  const current: { stack?: Stack } = {};
  const ended = onStop(controller, () => current.stack?.abort());
  const begun = Date.now();
  try {
    const stackOptions: StackOptions = {
      dataDir: options.data,
      signal: controller.signal,
      ...(options.pace === undefined ? {} : { pace: options.pace }),
    };
    const stack = await startStack(stackOptions);
    current.stack = stack;
    printPlaces(stack, (Date.now() - begun) / 1000);
    const code = options.demo === undefined ? 0 : await demo(stack, options, controller.signal);
    if (!options.exitWhenSettled || options.demo === undefined) await ended;
    say.line('Stopping: API, worker, simulators, Temporal, PostgreSQL …');
    await stack.stop();
    say.line('Stopped. Everything is kept; `npm start` goes on from here.');
    return code;
  } catch (error) {
    await current.stack?.stop();
    if (controller.signal.aborted) {
      say.line('Stopped before it was up.');
      return EXIT_INTERRUPTED;
    }
    if (!(error instanceof StackFailed || error instanceof StackRunning || error instanceof TemporalNotFound))
      throw error;
    say.line(pc.red(error.message));
    return 1;
  }
}

/** Resolves at the first request to stop; a later one ends the process at once, and the guardian sees to the rest. */
function onStop(controller: AbortController, abort: () => void): Promise<void> {
  const parent = process.ppid;
  return new Promise((resolve) => {
    let firstAt = 0;
    const stop = () => {
      if (firstAt === 0) {
        firstAt = Date.now();
        process.stderr.write('\n');
        controller.abort();
        resolve();
      } else if (Date.now() - firstAt > SAME_PRESS_MILLIS) {
        process.stderr.write('Stopping at once.\n');
        abort();
        process.exit(EXIT_INTERRUPTED);
      }
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
    // npm or the shell in between may die without handing its signal on.
    const watch = setInterval(() => {
      if (process.ppid !== parent && firstAt === 0) stop();
    }, PARENT_LOOK_MILLIS);
    watch.unref();
    // A closed terminal must not turn the last words into a crash.
    process.stderr.on('error', () => undefined);
    process.stdout.on('error', () => undefined);
  });
}

function printPlaces(stack: Stack, seconds: number): void {
  const places = [
    ['Console', `${stack.apiUrl}/`],
    ['API', `${stack.apiUrl}/v1`],
    ['API page', `${stack.apiUrl}/docs`],
    ['OpenAPI', `${stack.apiUrl}/openapi.json`],
    ['Temporal Web', stack.temporalUiUrl],
    ...(stack.temporalProgram === null ? [] : [['temporal command', stack.temporalProgram]]),
    ['Payment simulator', stack.simulators.payment],
    ['Warehouse simulator', stack.simulators.warehouse],
    ['Carrier simulator', stack.simulators.carrier],
    ['Metrics', stack.metricsUrl],
    ['Logs', `${stack.dataDir}/logs`],
    ['Data', stack.dataDir],
  ];
  out('');
  out(pc.bold(`Holdfast is up (${seconds.toFixed(1)} s).`));
  out('');
  for (const line of tableLines([{ head: 'What' }, { head: 'Where' }], places)) out(`  ${line}`);
  out('');
  printKeys(stack);
  out(`Next:  open ${stack.apiUrl}/ and sign in with a key of viewer, support or ops`);
  out('       npx holdfast orders list     (with HOLDFAST_API_KEY set to one of the keys)');
  out('       npm start -- --demo 200      places 200 orders and shows their way');
  out('       Ctrl-C                       stops everything in order; a second one stops at once');
  out('');
}

function printKeys(stack: Stack): void {
  if (!stack.firstKeys) {
    out(
      'Keys were printed at the first start and are stored as hashes only; a new one:  npm run keys -- ops',
    );
    out('');
    return;
  }
  out(pc.bold('API keys, shown this once (only their hashes are stored):'));
  const rows = [
    ['channel', stack.firstKeys.channel, 'places orders for the channel demo and reads them'],
    ['viewer', stack.firstKeys.viewer, 'reads everything, personal data masked'],
    [
      'support',
      stack.firstKeys.support,
      'reads everything, cancels, retries, asks for refunds, records money that came',
    ],
    [
      'ops',
      stack.firstKeys.ops,
      'also approves refunds, gift cards and credit, catalogue, stock, channels, keys',
    ],
  ];
  for (const line of tableLines([{ head: 'Role' }, { head: 'Key' }, { head: 'May' }], rows)) out(`  ${line}`);
  out('');
}

async function demo(stack: Stack, options: Options, signal: AbortSignal): Promise<number> {
  const say = sayOnStderr();
  const key = await stack.createKey('channel', 'demo orders');
  try {
    const result = await runDemo({
      api: openApi({ url: stack.apiUrl, key: key.key }),
      count: options.demo ?? 0,
      seed: options.seed,
      tag: Date.now().toString(36),
      say,
      signal,
    });
    printResult(result);
    return result.refused.length === 0 && result.settled === result.placed ? 0 : 1;
  } finally {
    await stack.revokeKey(key.id).catch(() => undefined);
  }
}

function printResult(result: DemoResult): void {
  const rows = [...result.table].flatMap(([kind, words]) =>
    [...words].map(([word, count]) => [kind, word, String(count)]),
  );
  out('');
  const columns = [{ head: 'Meant to be' }, { head: 'Stands at' }, { head: 'Orders', right: true }];
  for (const line of tableLines(columns, rows.toSorted(byText))) out(`  ${line}`);
  out('');
  out(
    `${result.settled} of ${result.placed} orders have settled: delivered, ended, or waiting for a person with a reason.`,
  );
  for (const line of result.refused.slice(0, 10)) out(pc.red(`refused: ${line}`));
  if (result.refused.length > 10) out(pc.red(`… and ${result.refused.length - 10} more refused`));
}

function byText(a: readonly string[], b: readonly string[]): number {
  return a.join(' ').localeCompare(b.join(' '));
}

function out(text: string): void {
  process.stdout.write(`${text}\n`);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It has to be a whole number.');
  return Number(text);
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 3600))
    throw new InvalidArgumentError('It has to be a number of seconds from 0 to 3600.');
  return value;
}
