/** The command `holdfast`: connects the program to this machine's terminal, files, settings and local stack. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { readConfig } from '../config.ts';
import type { CliIo } from './context.ts';
import { runCli, type Register } from './run.ts';
import { announcedStack, DATA_FOLDER } from './stack/files.ts';

const args = process.argv.slice(2);
const { HOLDFAST_URL, HOLDFAST_API_KEY } = readConfig(['HOLDFAST_URL', 'HOLDFAST_API_KEY']);
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
// `holdfast … | head` closes the pipe early: that is an end, not a failure.
process.stdout.on('error', () => process.exit(0));

const local = announcedStack(DATA_FOLDER);
const io: CliIo = {
  out: (line) => void process.stdout.write(`${line}\n`),
  say: (line) => void process.stderr.write(`${line}\n`),
  canAsk: process.stdin.isTTY && process.stderr.isTTY,
  ask,
  readFile: (path) => (path === '-' ? text(process.stdin) : readFile(path, 'utf8')),
  url: HOLDFAST_URL ?? local?.apiUrl,
  apiKey: HOLDFAST_API_KEY,
  local,
  signal: stop.signal,
};

const code = await runCli(args, io, needsImports(args) ? await imports() : []);
if (code !== 0) process.exitCode = code;

async function ask(question: string): Promise<boolean> {
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({ message: question, initialValue: false, output: process.stderr });
  return !isCancel(answer) && answer;
}

/** The import commands load parsers that the others don't need; help shows them too. */
function needsImports(words: readonly string[]): boolean {
  const help = words.length < 2 || words.some((word) => ['help', '--help', '-h'].includes(word));
  return help || words.includes('import');
}

async function imports(): Promise<Register[]> {
  const [orders, stock] = await Promise.all([import('./import.ts'), import('./importStock.ts')]);
  return [
    (program: Command) => orders.registerOrdersImport(program),
    (program: Command) => stock.registerStockImport(program),
  ];
}
