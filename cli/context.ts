/**
 * What a command works with: the API, the global options, and where to write. Data goes to stdout, talk to stderr;
 * nothing here knows a command.
 */
import type { Command } from 'commander';
import { z } from 'zod';
import { openApi, type Answer, type Api, type Sending } from './http.ts';
import { tableLines, type Column } from './table.ts';

/** The outside world of the command line; tests give their own. */
export interface CliIo {
  out(text: string): void;
  say(text: string): void;
  /** True when a person can be asked. */
  canAsk: boolean;
  /** Asks yes or no; only called when `canAsk`. */
  ask(question: string): Promise<boolean>;
  readFile(path: string): Promise<string>;
  /** HOLDFAST_URL, or where the local stack runs; undefined when neither is known. */
  url: string | undefined;
  /** HOLDFAST_API_KEY. */
  apiKey: string | undefined;
  /** The local stack, when one runs here. */
  local: { temporalAddress: string } | undefined;
  signal: AbortSignal;
}

/** The program was called without what it needs, or with something it cannot use: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const NO_KEY = 'who is asking? Set HOLDFAST_API_KEY (or --api-key); a local one: npm run keys -- ops';

/** Some of several things were not done, and each was said: exit code 4. */
export class PartlyRefused extends Error {
  override readonly name = 'PartlyRefused';
}

/** The global options, as every command accepts them. */
const GLOBALS = z.looseObject({
  url: z.string().optional(),
  apiKey: z.string().optional(),
  json: z.boolean().optional(),
  yes: z.boolean().optional(),
  dryRun: z.boolean().optional(),
});

/** One call of the program, for the command that runs. */
export interface Context {
  io: CliIo;
  json: boolean;
  /** Nothing is to be sent. */
  dryRun: boolean;
  /** The API; throws UsageError when address or key is missing. */
  api(): Api;
  /** The API without a key, for what needs none; throws UsageError when the address is missing. */
  openly(): Api;
  /** Prints data: as JSON when asked for, else as the lines given. */
  print(data: unknown, lines: () => readonly string[]): void;
  /** Prints a list as a table, as JSON rows when asked for, and in words on stderr when it is empty. */
  table<T>(rows: readonly T[], columns: readonly TableColumn<T>[], empty: string): void;
  /** What to run next, on stderr; left out with --json. */
  next(text: string): void;
  /** Sends a change; with --dry-run it is printed instead and undefined comes back. */
  change<T>(path: string, sending: Sending): Promise<T | undefined>;
  /** As `change`, with status and Location. */
  changeAnswer<T>(path: string, sending: Sending): Promise<Answer<T> | undefined>;
  /** Makes sure that a person means it: --yes, or a question. Throws UsageError when nobody can be asked. */
  confirm(question: string): Promise<boolean>;
}

/** A column of a list and where its cells come from. */
export interface TableColumn<T> extends Column {
  cell(row: T): string;
}

/** Makes the context for a command from its options and those of the program. */
export function contextOf(command: Command, io: CliIo): Context {
  const options = GLOBALS.parse(command.optsWithGlobals());
  const json = options.json === true;
  const openly = () => {
    const url = options.url ?? io.url;
    if (!url)
      throw new UsageError(
        'where is the API? Set HOLDFAST_URL (or --url), or start a local stack here: npm start',
      );
    return openApi({ url, key: undefined });
  };
  const api = () => {
    const key = options.apiKey ?? io.apiKey;
    const { url } = openly();
    if (!key) throw new UsageError(NO_KEY);
    return openApi({ url, key });
  };
  const changeAnswer = async <T>(path: string, sending: Sending): Promise<Answer<T> | undefined> => {
    if (!options.dryRun) return api().answer<T>(path, { method: 'POST', ...sending });
    io.say('Nothing is sent (--dry-run). It would be:');
    io.out(JSON.stringify({ method: sending.method ?? 'POST', path, body: sending.body ?? null }, null, 2));
    return undefined;
  };
  return {
    io,
    json,
    dryRun: options.dryRun === true,
    api,
    openly,
    print(data, lines) {
      if (json) io.out(JSON.stringify(data, null, 2));
      else for (const line of lines()) io.out(line);
    },
    table(rows, columns, empty) {
      const cells = rows.map((row) => columns.map((column) => column.cell(row)));
      if (json) io.out(JSON.stringify(rows, null, 2));
      else if (rows.length === 0) io.say(empty);
      else for (const line of tableLines(columns, cells)) io.out(line);
    },
    next: (text) => (json ? undefined : io.say(`Next:  ${text}`)),
    changeAnswer,
    change: async <T>(path: string, sending: Sending) => (await changeAnswer<T>(path, sending))?.body,
    async confirm(question) {
      if (options.yes || options.dryRun) return true;
      if (!io.canAsk) throw new UsageError(`${question} Nobody can be asked here: add --yes to go on`);
      return io.ask(question);
    },
  };
}
