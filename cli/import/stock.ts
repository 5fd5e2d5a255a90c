/**
 * Stock levels from a CSV file: counted numbers by default (running it again changes nothing), differences with
 * `add`. Rows that can't be used go to the rejects file; what one row does wrong never stops the others.
 */
import { createHash, randomUUID } from 'node:crypto';
import { canonicalSku } from '../../domain/order.ts';
import { scanFile } from './groups.ts';
import { ApiProblem, type Problem } from '../http.ts';
import { ask, describeProblem, type Target } from './patience.ts';
import type { Progress } from './progress.ts';
import { openRejects, type RejectsFile, type Reject } from './rejects.ts';
import { readRows, type Row } from './rows.ts';

/** One usable row. */
interface Level {
  row: number;
  sku: string;
  location: string;
  quantity: number;
  name?: string;
  weightGrams?: number;
}

/** One import of stock: the file, the API and what its quantities mean. */
export interface StockImportOptions {
  file: string;
  delimiter: string;
  target: Target;
  /** Items that the catalogue lacks are made, named by the column `name` or else by their SKU. */
  createItems: boolean;
  /** The quantities are differences instead of counted numbers. */
  add: boolean;
  rejectsFile: string;
  startProgress: (total: number) => Progress;
  signal?: AbortSignal;
}

/** What an import of stock came to, in rows. */
export interface StockSummary {
  rows: number;
  adjusted: number;
  itemsCreated: number;
  /** Rejected rows by reason. */
  rejected: Record<string, number>;
  complete: boolean;
}

const CHUNK_ROWS_MAX = 400;
/** Items made at the same time. */
const AT_ONCE = 8;
const UNITS_MAX = 1_000_000_000;

/** Runs the import. Throws ApiProblem or Unreachable; running it again goes on without harm. */
export async function runStockImport(options: StockImportOptions): Promise<StockSummary> {
  const scan = await scanFile({ file: options.file, format: 'csv', delimiter: options.delimiter });
  const rejects = await openRejects(options.rejectsFile);
  const progress = options.startProgress(scan.groupCount);
  // Counted numbers may be sent anew at any time; a difference must count once for the file, however often it is run.
  const keyBase = options.add ? `stock-${scan.sha256.slice(0, 24)}` : `stock-${randomUUID()}`;
  const run = new StockRun({ options, rejects, progress, keyBase });
  try {
    for await (const row of readRows(options.file, { format: 'csv', delimiter: options.delimiter })) {
      if (options.signal?.aborted) break;
      await run.take(row);
    }
    await run.flush();
    run.summary.complete = !options.signal?.aborted;
  } finally {
    await rejects.close();
    progress.end();
  }
  return run.summary;
}

interface StockRunParts {
  options: StockImportOptions;
  rejects: RejectsFile;
  progress: Progress;
  keyBase: string;
}

class StockRun {
  readonly summary: StockSummary = { rows: 0, adjusted: 0, itemsCreated: 0, rejected: {}, complete: false };
  readonly #parts: StockRunParts;
  readonly #seen = new Set<string>();
  #chunk: Level[] = [];

  constructor(parts: StockRunParts) {
    this.#parts = parts;
  }

  async take(row: Row): Promise<void> {
    this.summary.rows += 1;
    const level = readLevel(row, this.#parts.options.add);
    if ('problem' in level)
      return this.#reject({
        row: row.row,
        externalId: row.cells['sku'] ?? '',
        reason: 'invalid_row',
        detail: level.problem,
      });
    const place = `${level.sku} ${level.location}`;
    if (this.#seen.has(place))
      return this.#reject({
        row: level.row,
        externalId: level.sku,
        reason: 'invalid_row',
        detail: `${place} stands in the file twice`,
      });
    this.#seen.add(place);
    this.#chunk.push(level);
    if (this.#chunk.length >= CHUNK_ROWS_MAX) await this.flush();
  }

  /** Sends what has gathered. */
  async flush(): Promise<void> {
    const chunk = this.#chunk;
    this.#chunk = [];
    if (chunk.length === 0) return;
    if (this.#parts.options.createItems) await this.#createItems(chunk);
    await this.#adjust(chunk);
    this.#parts.progress.add(chunk.length);
  }

  async #createItems(chunk: readonly Level[]): Promise<void> {
    const bySku = new Map(chunk.map((level) => [level.sku, level]));
    const bodies = [...bySku.values()].map(({ sku, name, weightGrams }) => ({
      sku,
      name: name ?? sku,
      ...(weightGrams !== undefined && { weightGrams }),
    }));
    for (let at = 0; at < bodies.length; at += AT_ONCE) {
      const made = await Promise.all(bodies.slice(at, at + AT_ONCE).map((body) => this.#createItem(body)));
      this.summary.itemsCreated += made.filter(Boolean).length;
    }
  }

  async #createItem(body: Record<string, unknown>): Promise<boolean> {
    try {
      await ask(this.#parts.options.target, '/v1/items', { body });
      return true;
    } catch (error) {
      // An item that is there keeps its name; one that can't be made shows when its stock is refused.
      if (error instanceof ApiProblem && (error.status === 409 || error.status === 422)) return false;
      throw error;
    }
  }

  async #adjust(chunk: readonly Level[]): Promise<void> {
    let open = [...chunk];
    while (open.length > 0) {
      const problem = await this.#post(open);
      if (!problem) {
        this.summary.adjusted += open.length;
        return;
      }
      const wrong = wrongRows(problem, open);
      const refused =
        wrong.size > 0 ? wrong : new Map(open.map((level) => [level, describeProblem(problem)]));
      for (const [level, detail] of refused)
        await this.#reject({
          row: level.row,
          externalId: level.sku,
          reason: problem.code ?? 'unknown',
          detail,
        });
      open = open.filter((level) => !refused.has(level));
    }
  }

  async #post(levels: readonly Level[]): Promise<Problem | undefined> {
    const { add, target } = this.#parts.options;
    const adjustments = levels.map(({ sku, location, quantity }) => ({
      sku,
      location,
      ...(add ? { delta: quantity } : { setTo: quantity }),
    }));
    const body = { reason: add ? 'received' : 'count', note: 'stock import', adjustments };
    const digest = createHash('sha256').update(JSON.stringify(adjustments)).digest('hex').slice(0, 24);
    const idempotencyKey = `${this.#parts.keyBase}-${digest}`;
    try {
      await ask(target, '/v1/inventory/adjustments', { body, idempotencyKey });
      return undefined;
    } catch (error) {
      if (error instanceof ApiProblem && (error.status === 409 || error.status === 422)) return error.problem;
      throw error;
    }
  }

  async #reject({ row, ...reject }: Omit<Reject, 'rows'> & { row: number }): Promise<void> {
    this.summary.rejected[reject.reason] = (this.summary.rejected[reject.reason] ?? 0) + 1;
    await this.#parts.rejects.write({ rows: [row], ...reject });
  }
}

/** The rows that a problem points at: "/adjustments/3/sku". */
function wrongRows(problem: Problem, levels: readonly Level[]): Map<Level, string> {
  const wrong = new Map<Level, string>();
  for (const { pointer, detail } of problem.errors ?? []) {
    const index = /^\/adjustments\/(\d+)(?:\/|$)/.exec(pointer ?? '')?.[1];
    const level = index === undefined ? undefined : levels[Number(index)];
    if (level) wrong.set(level, detail || problem.title);
  }
  return wrong;
}

function readLevel(row: Row, add: boolean): Level | { problem: string } {
  if (row.broken !== undefined) return { problem: row.broken };
  const cell = (name: string) => row.cells[name]?.trim() ?? '';
  const [sku, location, quantityText] = [canonicalSku(cell('sku')), cell('location'), cell('quantity')];
  if (sku === '' || location === '') return { problem: 'sku and location must not be empty' };
  const quantity = /^-?\d{1,10}$/.test(quantityText) ? Number(quantityText) : Number.NaN;
  const inRange = Math.abs(quantity) <= UNITS_MAX && (add || quantity >= 0);
  if (!inRange) return { problem: `"${quantityText}" is no usable quantity` };
  const weight = cell('weightGrams');
  if (weight !== '' && !/^\d{1,8}$/.test(weight)) return { problem: `"${weight}" is no weight in grams` };
  return {
    ...{ row: row.row, sku, location, quantity },
    ...(cell('name') !== '' && { name: cell('name') }),
    ...(weight !== '' && { weightGrams: Number(weight) }),
  };
}
