/**
 * The progress file of an import: one line a settled order, appended and flushed as answers come, so that a second run
 * of the same file goes on where the first one stopped. It is removed when the import has ended; a repeated import
 * then sends everything again and the API answers with replays.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { z } from 'zod';

const ENTRY = z.strictObject({
  key: z.string(),
  outcome: z.enum(['accepted', 'replayed', 'refused']),
  reason: z.string().optional(),
  detail: z.string().optional(),
});
/** What became of one order of the file. */
export type JournalEntry = z.infer<typeof ENTRY>;

/** What an import has settled so far, kept in a file: a stopped run goes on from it. */
export interface Journal {
  /** What earlier runs settled, by group key. */
  readonly settled: ReadonlyMap<string, JournalEntry>;
  append(entries: readonly JournalEntry[]): Promise<void>;
  /** Ends the writing; removes the file when the import is complete. */
  close(complete: boolean): Promise<void>;
}

/** A short hash of what an import is: file, mapping, target and mode. Another import never resumes this one. */
export function importIdentity(parts: Record<string, unknown>): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** Opens the progress file, taking over what it holds when it belongs to the same import. */
export async function openJournal(file: string, identity: string): Promise<Journal> {
  const settled = await readSettled(file, identity);
  const stream = createWriteStream(file, { flags: settled ? 'a' : 'w' });
  await once(stream, 'open');
  const write = (text: string) =>
    new Promise<void>((resolve, reject) => {
      stream.write(text, (error) => (error ? reject(error) : resolve()));
    });
  // On resuming, the last line may be torn: the line break ends it.
  await write(settled ? '\n' : `${JSON.stringify({ import: identity })}\n`);
  return {
    settled: settled ?? new Map(),
    append: (entries) => write(entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')),
    async close(complete) {
      stream.end();
      await once(stream, 'close');
      if (complete) await rm(file, { force: true });
    },
  };
}

async function readSettled(file: string, identity: string): Promise<Map<string, JournalEntry> | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const [head, ...lines] = text.split('\n');
  if (head !== JSON.stringify({ import: identity })) return undefined;
  const settled = new Map<string, JournalEntry>();
  for (const line of lines) {
    const entry = parseEntry(line);
    // The last line may be torn when the process was killed; its order is simply sent again.
    if (entry) settled.set(entry.key, entry);
  }
  return settled;
}

function parseEntry(line: string): JournalEntry | undefined {
  try {
    const result = ENTRY.safeParse(JSON.parse(line));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}
