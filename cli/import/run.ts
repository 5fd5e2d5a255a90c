/**
 * The import itself: read, build, send, write down. Every order of the file ends as accepted, replayed or refused; a
 * run that was stopped goes on where it stopped; a run that is repeated changes nothing.
 */
import { buildOrder, type Built } from './build.ts';
import { readGroups, scanFile, type Group } from './groups.ts';
import { importIdentity, openJournal, type Journal, type JournalEntry } from './journal.ts';
import type { Mapping } from './mapping.ts';
import type { Progress } from './progress.ts';
import { openRejects, type RejectsFile } from './rejects.ts';
import type { FileFormat } from './rows.ts';
import { Chunker, sendChunk, type ImportMode, type Outgoing, type Sent } from './send.ts';
import type { Target } from './patience.ts';

/** One import: what is read, how it becomes orders, and where they go. */
export interface ImportOptions {
  file: string;
  format: FileFormat;
  /** Undefined: JSON lines that hold orders as POST /v1/orders takes them. */
  mapping?: Mapping;
  mode: ImportMode;
  /** Undefined: nothing is sent (a dry run); orders count as accepted. */
  target?: Target;
  rejectsFile: string;
  progressFile: string;
  /** Requests in flight. */
  concurrency: number;
  startProgress: (total: number) => Progress;
  signal?: AbortSignal;
}

/** What became of the file. */
export interface ImportSummary {
  orders: number;
  accepted: number;
  replayed: number;
  /** Refused orders by reason. */
  refused: Record<string, number>;
  rejectedRows: number;
  /** How many were settled by an earlier run of the same import. */
  resumed: number;
  /** False when it was stopped by the signal; run it again to go on. */
  complete: boolean;
}

/** Runs the import. Throws ApiProblem (e.g. a wrong key) or Unreachable; what was settled until then is kept. */
export async function runImport(options: ImportOptions): Promise<ImportSummary> {
  const { mapping } = options;
  const shape = {
    file: options.file,
    format: options.format,
    ...(mapping && { groupBy: mapping.groupBy, delimiter: mapping.delimiter }),
  };
  const scan = await scanFile(shape);
  const identity = importIdentity({
    sha256: scan.sha256,
    mapping,
    mode: options.mode,
    url: options.target?.url ?? 'dry run',
  });
  const journal = await openJournal(options.progressFile, identity);
  const rejects = await openRejects(options.rejectsFile);
  const run = new Run({ options, journal, rejects, progress: options.startProgress(scan.groupCount) });
  try {
    for await (const group of readGroups(shape, scan)) {
      if (options.signal?.aborted) break;
      await run.take(group);
    }
    await run.finish();
  } finally {
    const complete = run.summary.complete && !options.signal?.aborted;
    run.summary.complete = complete;
    await Promise.all([journal.close(complete), rejects.close()]);
    run.progress.end();
  }
  return run.summary;
}

interface RunParts {
  options: ImportOptions;
  journal: Journal;
  rejects: RejectsFile;
  progress: Progress;
}

class Run {
  readonly summary: ImportSummary = {
    orders: 0,
    accepted: 0,
    replayed: 0,
    refused: {},
    rejectedRows: 0,
    resumed: 0,
    complete: false,
  };
  readonly progress: Progress;
  readonly #parts: RunParts;
  readonly #chunker = new Chunker();
  readonly #inFlight = new Set<Promise<void>>();
  #failure: Error | undefined;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.progress = parts.progress;
  }

  async take(group: Group): Promise<void> {
    const { options, journal } = this.#parts;
    const rows = group.rows.map((row) => row.row);
    const built = build(group, options);
    this.summary.orders += 1;
    if ('refusal' in built) return this.#refuse({ ...built.refusal, rows });
    const externalId = typeof built.body['externalId'] === 'string' ? built.body['externalId'] : group.key;
    const outgoing: Outgoing = { key: group.key, externalId, rows, body: built.body };
    const settled = journal.settled.get(group.key);
    if (settled) {
      this.summary.resumed += 1;
      return this.#count({ ...settled, outgoing });
    }
    if (!options.target) return this.#count({ outgoing, outcome: 'accepted' });
    const chunk = this.#chunker.add(outgoing);
    if (chunk) await this.#dispatch(chunk);
  }

  /** Sends what is left and waits for all answers. */
  async finish(): Promise<void> {
    const rest = this.#parts.options.signal?.aborted ? [] : this.#chunker.flush();
    if (rest.length > 0) await this.#dispatch(rest);
    await Promise.all(this.#inFlight);
    if (this.#failure !== undefined) throw this.#failure;
    this.summary.complete = true;
  }

  async #dispatch(chunk: Outgoing[]): Promise<void> {
    const task: Promise<void> = this.#send(chunk)
      .catch((error: unknown) => {
        this.#failure ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => this.#inFlight.delete(task));
    this.#inFlight.add(task);
    if (this.#inFlight.size >= this.#parts.options.concurrency) await Promise.race(this.#inFlight);
    if (this.#failure !== undefined) {
      await Promise.all(this.#inFlight);
      throw this.#failure;
    }
  }

  async #send(chunk: Outgoing[]): Promise<void> {
    const { target, mode } = this.#parts.options;
    if (!target) return;
    // A stop lets the requests in flight end: their answers are part of the progress file.
    const results = await sendChunk(target, chunk, { mode });
    await this.#parts.journal.append(results.map(toEntry));
    for (const result of results) await this.#count(result);
  }

  async #count(sent: Sent): Promise<void> {
    if (sent.outcome === 'refused') {
      const { externalId, rows } = sent.outgoing;
      return this.#refuse({ externalId, rows, reason: sent.reason ?? 'unknown', detail: sent.detail ?? '' });
    }
    this.summary[sent.outcome] += 1;
    this.progress.add(1);
  }

  async #refuse(reject: {
    externalId: string;
    rows: readonly number[];
    reason: string;
    detail: string;
  }): Promise<void> {
    const { refused } = this.summary;
    refused[reject.reason] = (refused[reject.reason] ?? 0) + 1;
    this.summary.rejectedRows += reject.rows.length;
    await this.#parts.rejects.write(reject);
    this.progress.add(1);
  }
}

function toEntry(sent: Sent): JournalEntry {
  return {
    key: sent.outgoing.key,
    outcome: sent.outcome,
    ...(sent.reason !== undefined && { reason: sent.reason }),
    ...(sent.detail !== undefined && { detail: sent.detail }),
  };
}

type Prepared = { body: Record<string, unknown> } | Extract<Built, { refusal: unknown }>;

function build(group: Group, options: ImportOptions): Prepared {
  if (options.mapping) {
    const built = buildOrder(group, options.mapping);
    if ('refusal' in built) return built;
    return { body: { ...built.order, ...(options.mode === 'history' && built.history) } };
  }
  const row = group.rows[0];
  const value = row?.value;
  if (!row || row.broken !== undefined || typeof value !== 'object' || value === null) {
    const detail = row?.broken ?? 'no JSON object';
    return { refusal: { externalId: '', reason: 'invalid_row', detail } };
  }
  return { body: { ...value } };
}
