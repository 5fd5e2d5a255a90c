/**
 * A simulator's memory: an append-only file of JSON lines that is on the disk before an answer leaves, and is read
 * again at the start, so that what a simulator did survives its own death. Holdfast's books are compared with it.
 */
import { mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What every entry carries: a number without gaps, the instant, and what happened. */
export interface Entry {
  seq: number;
  at: string;
  kind: string;
}

/** An entry before it has a number and an instant. */
export type Draft<E extends Entry> = E extends Entry ? Omit<E, 'seq' | 'at'> : never;

/** An open ledger. */
export interface Ledger<E extends Entry> {
  /** Adds one entry and applies it at once; it is durable only after `settled()`. */
  append(draft: Draft<E>): E;
  /** Resolves when everything appended so far is on the disk. Rejects when the disk refused it. */
  settled(): Promise<void>;
  /** Entries with a number above `after`, oldest first. */
  entries(after: number, limit: number): E[];
  close(): Promise<void>;
}

/** Where a ledger lies and what its lines mean. */
export interface LedgerOptions<E extends Entry> {
  file: string;
  /** Checks one line of the file; throws when it isn't an entry. */
  parse(line: unknown): E;
  /** Folds an entry into the state: called for every old entry before openLedger returns, then for every new one. */
  apply(entry: E): void;
}

/**
 * Opens (or makes) the file and folds what it holds. A last line that a kill cut off is dropped: it was never
 * answered. Any other unreadable line is an error: the books must not be guessed at.
 */
export async function openLedger<E extends Entry>(options: LedgerOptions<E>): Promise<Ledger<E>> {
  await mkdir(dirname(options.file), { recursive: true });
  const handle = await open(options.file, 'a+');
  let all: E[];
  try {
    all = await readEntries(handle, options);
  } catch (error) {
    await handle.close();
    throw error;
  }
  const disk = createDisk(handle);
  let seq = all.at(-1)?.seq ?? 0;
  return {
    append(draft) {
      seq += 1;
      const entry = options.parse({ seq, at: new Date().toISOString(), ...draft });
      all.push(entry);
      disk.write(`${JSON.stringify(entry)}\n`);
      options.apply(entry);
      return entry;
    },
    settled: disk.settled,
    entries: (after, limit) => {
      // Numbers have no gaps, so an entry's place follows from its number.
      const first = Math.max(0, after - (all[0]?.seq ?? 1) + 1);
      return all.slice(first, first + limit);
    },
    async close() {
      await disk.settled();
      await handle.close();
    },
  };
}

async function readEntries<E extends Entry>(handle: FileHandle, options: LedgerOptions<E>): Promise<E[]> {
  const text = await handle.readFile('utf8');
  const end = text.lastIndexOf('\n') + 1;
  if (end < text.length) await handle.truncate(Buffer.byteLength(text.slice(0, end)));
  const lines = text.slice(0, end).split('\n');
  const entries = lines.filter((line) => line !== '').map((line) => options.parse(JSON.parse(line)));
  for (const entry of entries) options.apply(entry);
  return entries;
}

/**
 * Group commit: all lines that arrive while one fsync runs share the next one (one fsync a line allowed ~300/s).
 * Whoever waits, waits for the batch of their own line only; after a failed write every later one fails as well.
 */
function createDisk(handle: FileHandle): { write(line: string): void; settled(): Promise<void> } {
  let open: string[] | undefined;
  let last = Promise.resolve();

  async function commit(lines: string[]): Promise<void> {
    if (open === lines) open = undefined;
    await handle.appendFile(lines.join(''));
    await handle.datasync();
  }

  return {
    write(line) {
      if (open === undefined) {
        const lines: string[] = [];
        open = lines;
        last = last.then(() => commit(lines));
        // Whoever waits for the batch hears of a failure; a line that nobody waits for must not end the process.
        last.catch(() => undefined);
      }
      open.push(line);
    },
    settled: () => last,
  };
}
